"""Lifting a yank or a recall: a signed document about the statement that the registry's log has for a release."""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from packctl.trust.proofs import Claim
from packctl.trust.registry import TrustedRegistry
from packspec import limits
from packspec.digests import Digest
from packspec.index.missing import NoSuchRelease
from packspec.names import ReleaseName
from packspec.signing import dsse
from packspec.signing.approval import NotApproved, ReviewerSet, tally_reviewers
from packspec.signing.dsse import Envelope, check_type
from packspec.signing.keys import Signer
from packspec.signing.restore import PAYLOAD_TYPE, Restore, Restores, make_restore, read_restore
from packspec.signing.statement import StatementMismatch

if TYPE_CHECKING:
    from packctl.session import Session


def logged_statement(registry: TrustedRegistry, name: ReleaseName) -> Digest:
    """The digest of the statement that was logged for a release. Raises NoSuchPack, NoSuchRelease, and the fault of a release that fails.

    It comes from the proven log entry, so that a registry cannot have another release lifted in this one's place.
    """
    index = registry.index(name.pack)
    if index.find(name.version.without_build()) is None:
        newest = str(index.releases[0].version) if index.releases else ""
        raise NoSuchRelease(str(name.pack), str(name.version), newest)
    verdict = registry.prove([Claim(name.pack, name.version)])[0].verdict
    if verdict.leaf is None:
        verdict.require()
        raise NoSuchRelease(str(name.pack), str(name.version))
    return verdict.leaf.statement


def signed_restore(statement: Digest, signer: Signer, at: int, restores: Restores = "yank") -> Envelope:
    """The document that lifts the yank or recall. `at` is in seconds, UTC."""
    payload = make_restore(Restore(v=1, statement=statement, restores=restores, at=at))
    return dsse.sign(payload, PAYLOAD_TYPE, [signer])


class Collected(Struct, frozen=True):
    """A document under way that lifts a recall: how many of the reviewers' signatures that it needs it has."""

    envelope: Envelope
    by: str
    signatures: int
    needed: int

    @property
    def is_enough(self) -> bool:
        """Whether it may be handed in."""
        return self.signatures >= self.needed


def collect(session: "Session", name: ReleaseName, key: str | None, document: Path | None) -> Collected:
    """The document that lifts a recall with one signature more: the one begun in `document`, or a new one.

    Raises NotApproved where nobody may sign, StatementMismatch for a document about something else, DiskFailed, and what opening the
    registry, finding a key and opening it raise.
    """
    from packctl.publish.review import open_trusted
    from packctl.publish.signer import find_key, open_key, shown
    from packctl.registry.choose import choose_registry

    chosen = choose_registry(session, name.pack.publisher)
    registry = open_trusted(session, chosen)
    statement = logged_statement(registry, name)
    reviewers = _reviewers(registry, name)
    begun = _begun(document, statement) if document is not None and document.exists() else None
    stored = find_key(session, key, reviewers.keys, "a reviewer's key")
    session.ask.must_confirm(f"Sign that {name.pack} {name.version} is recalled no longer on {chosen.name}?")
    session.console.say(f"Signing   with key {shown(stored)}")
    signer = open_key(session, stored)
    envelope = begun.signed_by(signer) if begun else signed_restore(statement, signer, session.clock(), "recall")
    tally = tally_reviewers(envelope, PAYLOAD_TYPE, reviewers, registry.publisher(name.pack.publisher).keys)
    return Collected(envelope, stored.name, len(tally.signers), reviewers.threshold)


def _reviewers(registry: TrustedRegistry, name: ReleaseName) -> ReviewerSet:
    found = registry.trust.reviewers.in_force(registry.checkpoint.checkpoint.size)
    if found is None:
        raise NotApproved(f"{name.pack} {name.version}", 0, 1, ("the registry's list of reviewers is empty",))
    return found


def _begun(path: Path, statement: Digest) -> Envelope:
    """What another reviewer began, if it lifts the recall of this very statement."""
    from packctl.durable import read_named

    envelope = Envelope.parse(read_named(path, limits.ENVELOPE_BYTES))
    check_type(envelope, PAYLOAD_TYPE)
    restore = read_restore(envelope.payload)
    for field, expected, found in (
        ("statement", statement, restore.statement),
        ("measure", "recall", restore.restores),
    ):
        if expected != found:
            raise StatementMismatch("restore", field, expected, found)
    return envelope
