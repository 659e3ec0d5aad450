"""Checkpoints: the size and root of the log as a signed note, with the lines of its witnesses (docs/spec/checkpoint.md).

C2SP tlog-checkpoint over signed notes (`note`), without extension lines. `open_checkpoint` is the one way to a checkpoint that may be
believed; `check_extends` compares it with one seen before.
"""

import binascii
from collections.abc import Sequence
from typing import Protocol, Self

from msgspec import Struct

from packspec.errors import Untrusted
from packspec.log.note import LOG as LOG
from packspec.log.note import WITNESS as WITNESS
from packspec.log.note import BadNote as BadNote
from packspec.log.note import LogSignature as LogSignature
from packspec.log.note import NoteKey as NoteKey
from packspec.log.note import NoteSignature, cosigned_message, is_note_name
from packspec.log.note import SignedNote as SignedNote
from packspec.log.proofs import EMPTY_ROOT, HASH_BYTES, SIZE_LIMIT, ReadHashes, consistency_proof, verify_consistency
from packspec.patterns import pattern
from packspec.signing.encoding import from_base64, to_base64
from packspec.signing.keys import Signer

_NUMBER = pattern(r"0|[1-9][0-9]{0,18}")


class WitnessesMissing(Untrusted):
    """Fewer witnesses have signed the checkpoint than asked for."""

    origin: str
    need: int
    have: int

    code = "trust.witnesses-missing"

    def what(self) -> str:
        return f"the checkpoint of {self.origin} has {self.have} of {self.need} witnesses"

    def facts(self) -> dict[str, str]:
        return {"needed": str(self.need), "found": str(self.have)}

    def why(self) -> str:
        return "without witnesses a registry could show everybody another history"

    def fix(self) -> list[str]:
        return ["try again later; if it stays, ask the registry's operator"]


class LogShrank(Untrusted):
    """A log is shorter than it was."""

    origin: str
    seen: int
    found: int
    kept: str = ""
    """Where both signed notes were kept."""

    code = "trust.log-shrank"

    def what(self) -> str:
        return f"the log {self.origin} is shorter than before"

    def facts(self) -> dict[str, str]:
        facts = {"seen before": f"{self.seen} entries", "found": f"{self.found} entries"}
        return facts | ({"both kept in": self.kept} if self.kept else {})

    def why(self) -> str:
        return "a log only grows: this is an old copy, or the registry has taken entries back"

    def fix(self) -> list[str]:
        return ["use another mirror; if all show the same, keep both checkpoints as evidence and report it"]


class LogForked(Untrusted):
    """Two checkpoints of one log contradict one another."""

    origin: str
    seen: str
    found: str
    kept: str = ""
    """Where both signed notes were kept."""

    code = "trust.log-forked"

    def what(self) -> str:
        return f"the log {self.origin} does not extend the one seen before"

    def facts(self) -> dict[str, str]:
        return {"seen before": self.seen, "found": self.found} | ({"both kept in": self.kept} if self.kept else {})

    def why(self) -> str:
        return "the registry has shown two histories; one of them was made for somebody to see alone"

    def fix(self) -> list[str]:
        return ["install nothing from it; keep both checkpoints as evidence and report it"]


class Checkpoint(Struct, frozen=True):
    """The state of a log: its name, how many entries it has, and the root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The text that is signed: three lines."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads the text of a checkpoint. Raises BadNote, for extension lines too: nobody could audit them."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise BadNote("checkpoint", "expected three lines: origin, size, root")
        return cls._of(lines[0], lines[1], lines[2])

    @property
    def line(self) -> str:
        """The one line that `pack.lock` keeps: `ORIGIN SIZE ROOT`."""
        return f"{self.origin} {self.size} {to_base64(self.root)}"

    @classmethod
    def parse_line(cls, line: str) -> Self:
        """Reads the line of `pack.lock`. Raises BadNote."""
        parts = line.split(" ")
        if len(parts) != 3:
            raise BadNote("checkpoint", "expected origin, size and root with single blanks")
        return cls._of(*parts)

    @classmethod
    def _of(cls, origin: str, size: str, root: str) -> Self:
        if not is_note_name(origin):
            raise BadNote("checkpoint", f"not an origin: {origin[:120]!r} (no blanks, no +)")
        if not _NUMBER.fullmatch(size) or int(size) >= SIZE_LIMIT:
            raise BadNote("checkpoint", f"not a size: {size[:40]!r}")
        try:
            hashed = from_base64(root)
        except binascii.Error as error:
            raise BadNote("checkpoint", "the root is not padded standard base64") from error
        if len(hashed) != HASH_BYTES:
            raise BadNote("checkpoint", f"the root has {len(hashed)} bytes, not {HASH_BYTES}")
        if size == "0" and hashed != EMPTY_ROOT:
            raise BadNote("checkpoint", "a log without entries has another root")
        return cls(origin, int(size), hashed)


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> SignedNote:
    """The checkpoint signed by its log, whose key is named like the log. Raises BadNote, BadKey.

    Whoever calls it has committed (size, root) to durable storage before: no second root for a size is ever signed.
    """
    key = NoteKey.of(checkpoint.origin, LOG, signer.public)
    note = SignedNote(Checkpoint.parse(checkpoint.text).text, ())
    return note.signed(key, signer.sign(note.text.encode()))


def cosign(note: SignedNote, name: str, signer: Signer, at: int) -> SignedNote:
    """The note with the line of a witness called `name`, made at `at` (seconds since 1970, UTC). Raises BadNote, BadKey.

    The witness has checked before that the checkpoint extends the last one it signed.
    """
    if not 0 <= at < 2**63:
        raise BadNote("cosignature", f"not a time: {at}")
    raw = at.to_bytes(8, "big") + signer.sign(cosigned_message(note.text, at))
    return note.signed(NoteKey.of(name, WITNESS, signer.public), raw)


class LogKey(Protocol):
    """A key of the log and the last size it signs for; None: no end."""

    @property
    def key(self) -> NoteKey: ...
    @property
    def until(self) -> int | None: ...


class LogPolicy(Protocol):
    """Who may sign for a log: what `trust/log.json` says."""

    @property
    def origin(self) -> str: ...
    @property
    def keys(self) -> Sequence[LogKey]: ...
    @property
    def witnesses(self) -> Sequence[NoteKey]: ...
    @property
    def quorum(self) -> int: ...


class OpenedCheckpoint(Struct, frozen=True):
    """A checkpoint that its log has signed, and the witnesses that have signed it too."""

    checkpoint: Checkpoint
    witnesses: tuple[NoteKey, ...]
    note: SignedNote


def open_checkpoint(note: SignedNote, policy: LogPolicy, quorum: int = 0) -> OpenedCheckpoint:
    """trust step I4: the checkpoint in `note`, if a key of the log signed it and enough witnesses did; `quorum` may ask for more of them.

    Raises LogSignature, WitnessesMissing, and BadNote for a text that is no checkpoint. Nothing of the text is used before a signature of
    the log is known to be valid.
    """
    signers = note.valid_signers([row.key for row in policy.keys])
    if not signers:
        raise LogSignature(policy.origin, "no signature by a known key of the log")
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != policy.origin:
        raise LogSignature(policy.origin, f"it belongs to another log: {checkpoint.origin[:120]}")
    if not any(row.key in signers and (row.until is None or checkpoint.size <= row.until) for row in policy.keys):
        raise LogSignature(policy.origin, f"its key was replaced before the log had {checkpoint.size} entries")
    witnesses = note.valid_signers(policy.witnesses)
    need = max(quorum, policy.quorum)
    if len(witnesses) < need:
        raise WitnessesMissing(policy.origin, need, len(witnesses))
    return OpenedCheckpoint(checkpoint, witnesses, note)


def lock_note(line: str, signature: str) -> SignedNote:
    """The note behind the lines `log` and `log-signature` of a lock file: with the log's signature alone. Raises BadNote."""
    checkpoint = Checkpoint.parse_line(line)
    return SignedNote(checkpoint.text, (NoteSignature.parse(checkpoint.origin, signature),))


def lock_lines(opened: OpenedCheckpoint, policy: LogPolicy) -> tuple[str, str]:
    """What a lock file keeps of a checkpoint: `log` and `log-signature`."""
    ids = {(row.key.name, row.key.key_id) for row in policy.keys}
    signature = next(one for one in opened.note.signatures if (one.name, one.key_id) in ids)
    return opened.checkpoint.line, signature.base64


def check_extends(seen: Checkpoint, found: Checkpoint, read: ReadHashes) -> None:
    """trust step I4: `found` must begin with all entries of `seen`. `read` gives verified hashes of the log at `found`.

    Raises LogShrank or LogForked, and whatever `read` raises. Both are opened checkpoints of one registry.
    """
    if seen.origin != found.origin:
        raise LogForked(found.origin, seen.line, found.line)
    if seen.size > found.size:
        raise LogShrank(found.origin, seen.size, found.size)
    proof = consistency_proof(seen.size, found.size, read)
    if not verify_consistency(seen.size, seen.root, found.size, found.root, proof):
        raise LogForked(found.origin, seen.line, found.line)
