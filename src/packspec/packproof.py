"""Packproof: statement, approvals and log proof of one release, in one small file (docs/spec/packproof.md).

It is not signed itself, its parts are. The proof inside is C2SP tlog-proof with the checkpoint of that publish, for tools that read no
tiles; an install proves the entry against the newest checkpoint instead.
"""

import binascii
from functools import cached_property
from typing import Annotated, Self

from msgspec import Meta, Struct

from packspec import canonical, limits
from packspec.canonical import ClientTooOld
from packspec.errors import PackError, Untrusted
from packspec.log.checkpoint import Checkpoint, SignedNote
from packspec.log.proofs import HASH_BYTES, SIZE_LIMIT
from packspec.patterns import pattern
from packspec.signing.documents import Format
from packspec.signing.dsse import Envelope, WireEnvelope, WireSignature
from packspec.signing.encoding import from_base64, to_base64
from packspec.wire import SignedDocument

MEDIA_TYPE = "application/vnd.packctl.packproof.v1+json"
_HEADER = "c2sp.org/tlog-proof@v1"
_INDEX = pattern(r"index (0|[1-9][0-9]{0,18})")
_PROOF_HASHES = 64


class ProofMissing(Untrusted):
    """A release cannot be proven, because a proof is not at hand: of what an install keeps something is gone or damaged.

    `file` is the archive that was named instead, as a shell wants it; `is_asked` tells that the registry itself was asked.
    """

    release: str
    file: str = ""
    is_asked: bool = False

    code = "trust.proof-missing"

    def what(self) -> str:
        if self.is_asked:
            return f"the registry has no packproof of {self.release}"
        return f"no packproof of {self.release}" if self.file else f"not all proofs of {self.release} are here"

    def why(self) -> str:
        return "without it nobody can tell who made and who approved the release"

    def fix(self) -> list[str]:
        if self.is_asked:
            return ["try again, or use another mirror", "if it stays so, report it to the registry's operator"]
        if self.file:
            return [f"packctl verify --online {self.file}", f"packctl verify {self.file} --proof FILE"]
        return ["packctl heal"]


class ProofMalformed(Untrusted):
    """A packproof, or the log proof in it, is not written as its format asks."""

    reason: str

    code = "trust.proof-malformed"

    def what(self) -> str:
        return f"the packproof is malformed: {self.reason}"

    def why(self) -> str:
        return "it was damaged on the way, or other software made it"

    def fix(self) -> list[str]:
        return ["try again, or use another mirror"]


class LogProof(Struct, frozen=True, dict=True):
    """A tlog-proof without extra data: the entry at `index` is in the log of the checkpoint in `note`, by `hashes`. Nothing is verified."""

    index: int
    hashes: tuple[bytes, ...]
    note: SignedNote

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads the text. Raises ProofMalformed, and BadNote for the checkpoint in it."""
        head, blank, note = text.partition("\n\n")
        lines = head.split("\n")
        match = _INDEX.fullmatch(lines[1]) if len(lines) > 1 else None
        if not blank or lines[0] != _HEADER or match is None or int(match[1]) >= SIZE_LIMIT:
            raise ProofMalformed(f"its log proof does not begin with {_HEADER} and an index")
        if len(lines) - 2 > _PROOF_HASHES:
            raise ProofMalformed(f"its log proof has more than {_PROOF_HASHES} hashes")
        proof = cls(
            int(match[1]), tuple(map(_hash, lines[2:])), SignedNote.parse(note.encode("utf-8", "surrogatepass"))
        )
        Checkpoint.parse(proof.note.text)
        return proof

    @cached_property
    def checkpoint(self) -> Checkpoint:
        """What the note says. Its signatures are not verified."""
        return Checkpoint.parse(self.note.text)

    def encode(self) -> str:
        """The text."""
        hashes = "".join(f"{to_base64(one)}\n" for one in self.hashes)
        return f"{_HEADER}\nindex {self.index}\n{hashes}\n{self.note.encode().decode()}"


def _hash(line: str) -> bytes:
    try:
        found = from_base64(line)
    except ValueError as error:
        raise ProofMalformed("a hash in its log proof is not padded standard base64") from error
    if len(found) != HASH_BYTES:
        raise ProofMalformed(f"a hash in its log proof has {len(found)} bytes, not {HASH_BYTES}")
    return found


class _WireEnvelope(SignedDocument, frozen=True, kw_only=True):
    """An envelope as `dsse.WireEnvelope` has it, but without signatures too: then R5 says that it is not authentic (S06)."""

    payload: str
    payloadType: str
    signatures: tuple[WireSignature, ...] = ()


class _WirePackproof(SignedDocument, frozen=True, kw_only=True):
    v: Format
    statement: _WireEnvelope
    approvals: Annotated[tuple[_WireEnvelope, ...], Meta(min_length=1, max_length=limits.ENVELOPE_SIGNATURES)]
    leaf: str
    proof: str


def _envelope(wired: _WireEnvelope) -> Envelope:
    if not wired.signatures:
        return Envelope(from_base64(wired.payload), wired.payloadType, ())
    return Envelope.of(WireEnvelope(payload=wired.payload, payloadType=wired.payloadType, signatures=wired.signatures))


def _wire(envelope: Envelope) -> _WireEnvelope:
    wired = envelope.wire()
    return _WireEnvelope(payload=wired.payload, payloadType=wired.payloadType, signatures=wired.signatures)


class Packproof(Struct, frozen=True):
    """The parts of a packproof, none of them verified. `leaf` is the log entry, byte for byte."""

    statement: Envelope
    approvals: tuple[Envelope, ...]
    leaf: bytes
    proof: LogProof

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """R1: reads a packproof of at most 256 KiB. Raises ProofMalformed, and ClientTooOld for a later format."""
        if len(data) > limits.PACKPROOF_BYTES:
            raise ProofMalformed(f"more than {limits.PACKPROOF_BYTES} bytes")
        try:
            wired = canonical.decode(data, _WirePackproof, "packproof")
            statement = _envelope(wired.statement)
            approvals = tuple(map(_envelope, wired.approvals))
            proof = LogProof.parse(wired.proof)
        except (ClientTooOld, ProofMalformed):
            raise
        except (PackError, binascii.Error) as error:
            raise ProofMalformed(str(error)) from error
        return cls(statement, approvals, wired.leaf.encode(), proof)

    def encode(self) -> bytes:
        """The bytes of the file. Raises what `parse` would raise."""
        wired = _WirePackproof(
            v=1,
            statement=_wire(self.statement),
            approvals=tuple(map(_wire, self.approvals)),
            leaf=self.leaf.decode(),
            proof=self.proof.encode(),
        )
        data = canonical.encode(wired)
        Packproof.parse(data)
        return data
