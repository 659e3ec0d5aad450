"""The statement beside an archive: `FILE.statement`, a DSSE envelope that further keys may sign.

A statement that is there is kept as long as it is about these very bytes, so that a second signature, or a publish that is repeated after
a lost answer, speaks of the same document. One about other bytes is left over from an older build, and is made anew.
"""

from pathlib import Path

from msgspec import Struct

from packctl.durable import Folder
from packctl.publish.anchor import Identity
from packctl.publish.build import Built
from packspec import limits
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.signing.claim import Said, check_claim, claim_of
from packspec.signing.dsse import Envelope, check_type
from packspec.signing.keys import Signer
from packspec.signing.statement import (
    PAYLOAD_TYPE,
    Attached,
    Statement,
    check_statement,
    make_statement,
    read_statement,
)

SUFFIX = ".statement"


class Signed(Struct, frozen=True):
    """A statement about an archive: its file, the claim, and the envelope with the signatures so far."""

    path: Path
    claim: Statement
    envelope: Envelope

    @property
    def digest(self) -> Digest:
        """What an approval will name."""
        return self.envelope.digest


def statement_path(archive: Path) -> Path:
    """Where the statement of an archive lies."""
    return archive.with_name(archive.name + SUFFIX)


def prepare_statement(built: Built, identity: Identity, attached: tuple[Attached, ...] | None, created: str) -> Signed:
    """The statement about an archive: the one beside it if it says the same, else a new one, without signatures.

    `attached` None: as in the one that is there. `created` is RFC 3339 UTC, for a new one.

    Raises DiskFailed, and Malformed for a claim that cannot be written.
    """
    path = statement_path(built.path)
    kept = _kept(path, built, identity)
    if kept is not None and attached in (None, kept.claim.attached):
        return kept
    claim = claim_of(built.archive, built.sha256, built.size, Said(identity.anchor, created, attached or ()))
    return Signed(path, claim, Envelope(make_statement(claim), PAYLOAD_TYPE, ()))


def _kept(path: Path, built: Built, identity: Identity) -> Signed | None:
    with Folder.open(path.parent) as folder:
        if folder.stat(path.name) is None:
            return None
        data = folder.read(path.name, limits.ENVELOPE_BYTES)
    try:
        envelope = Envelope.parse(data)
        return Signed(path, checked(envelope, built, identity), envelope)
    except PackError:
        return None  # of an older build, or no statement at all: replaced, never signed


def checked(envelope: Envelope, built: Built, identity: Identity) -> Statement:
    """The claim in an envelope, if every field of it is true of the archive and of this publisher; its signatures are not looked at.

    Raises WrongType, StatementMismatch, Malformed and their kin.
    """
    check_type(envelope, PAYLOAD_TYPE)
    claim = read_statement(envelope.payload)
    check_claim(claim, built.archive, built.sha256, built.size)
    pack = built.manifest.pack
    check_statement(claim, pack.name, pack.version, identity.anchor)
    return claim


def with_signature(signed: Signed, signer: Signer) -> Signed:
    """With one more signature. Raises Malformed for a seventeenth."""
    return Signed(signed.path, signed.claim, signed.envelope.signed_by(signer))


def write_statement(signed: Signed) -> None:
    """Writes the envelope beside its archive, replacing one that is there. Raises DiskFailed."""
    with Folder.open(signed.path.parent) as folder:
        folder.replace(signed.path.name, signed.envelope.encode())
