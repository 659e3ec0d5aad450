"""The restore: lifts a yank or a recall of one release (docs/spec/restore.md).

Tightening needs only the right to do it, loosening needs signatures: release keys lift a yank, the reviewers' threshold lifts a recall.
So a stolen server can hide releases, and cannot bring bad ones back: a document lifts only what was logged before it was made, and so
never a later yank or recall of the same release.
"""

from collections.abc import Collection
from typing import Literal, TypeAlias

from packspec.digests import Digest
from packspec.moments import Moment
from packspec.signing import documents
from packspec.signing.approval import ReviewerSet, check_tally, tally_reviewers
from packspec.signing.documents import Format
from packspec.signing.dsse import Envelope
from packspec.signing.keys import PublicKey
from packspec.signing.publisher.counting import CountingKeys, judge_signatures
from packspec.signing.statement import StatementMismatch
from packspec.wire import SignedDocument

PAYLOAD_TYPE = "application/vnd.packctl.restore.v1+json"

Restores: TypeAlias = Literal["yank", "recall"]


class Restore(SignedDocument, frozen=True, kw_only=True):
    """Lifts the yank or the recall of the release that `statement`, a digest, describes."""

    v: Format
    statement: Digest
    restores: Restores
    at: Moment


def make_restore(restore: Restore) -> bytes:
    """The payload to sign. Raises Malformed or NotCanonical."""
    return documents.write(restore, "restore")


def read_restore(payload: bytes) -> Restore:
    """The restore in a payload whose signatures were verified. Raises Malformed, NotCanonical, ClientTooOld."""
    return documents.read(payload, Restore, "restore")


def judge_yank_restore(envelope: Envelope, statement: Digest, counting: CountingKeys, since: int) -> Restore:
    """The restore, if it lifts the yank of `statement` that was logged at `since` (seconds, UTC), and the release keys that count at the
    restore's leaf reach their threshold. Who does not know when the yank was logged gives the time of the release.

    Raises WrongType, NotAuthentic, KeyTooYoung, KeyCompromised, StatementMismatch, and what `read_restore` raises.
    """
    judge_signatures(envelope, PAYLOAD_TYPE, "restore", counting)
    return _about(envelope, statement, "yank", since)


def judge_recall_restore(
    envelope: Envelope, statement: Digest, reviewers: ReviewerSet, publisher_keys: Collection[PublicKey], since: int
) -> Restore:
    """The restore, if it lifts the recall of `statement` that was logged at `since` (seconds, UTC), and the reviewers in force at the
    restore's leaf reach their threshold.

    Raises WrongType, NotApproved, SelfApproved, StatementMismatch, and what `read_restore` raises.
    """
    tally = tally_reviewers(envelope, PAYLOAD_TYPE, reviewers, publisher_keys)
    check_tally("restore", tally, reviewers.threshold)
    return _about(envelope, statement, "recall", since)


def _about(envelope: Envelope, statement: Digest, restores: Restores, since: int) -> Restore:
    restore = read_restore(envelope.payload)
    if restore.statement != statement:
        raise StatementMismatch("restore", "statement", statement, restore.statement)
    if restore.restores != restores:
        raise StatementMismatch("restore", "measure", restores, restore.restores)
    if restore.at < since:
        raise StatementMismatch("restore", restores, f"made at {since} or later", f"made at {restore.at}")
    return restore
