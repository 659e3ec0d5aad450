"""Checkpoints: the size and root of the log as a signed note, with the lines of its witnesses (docs/spec/checkpoint.md).

C2SP signed-note, tlog-checkpoint and tlog-cosignature; Ed25519 alone, no extension lines. `open_checkpoint` is the one way to a checkpoint
that may be believed; `check_extends` compares it with one seen before.
"""

import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, Self, TypeAlias

from packspec import limits
from packspec.errors import Untrusted
from packspec.log.proofs import EMPTY_ROOT, HASH_BYTES, SIZE_LIMIT, ReadHashes, consistency_proof, verify_consistency
from packspec.signing.encoding import from_base64, to_base64
from packspec.signing.keys import BadKey, PublicKey, Signer, verify
from packspec.wire import checked

NoteKeyKind: TypeAlias = Literal[1, 4]
"""The signature types of signed-note that we use: 1 is Ed25519 over the text, 4 is a witness's Ed25519 over text and time."""
LOG: NoteKeyKind = 1
WITNESS: NoteKeyKind = 4
SIGNATURES_MAX = 100
"""Most signature lines of a note. signed-note asks for at least 16."""

_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(eq=False)
class BadNote(Untrusted, ValueError):
    """A signed note, a checkpoint or a verifier key is not written as its format asks."""

    document: str
    reason: str

    code = "trust.note-malformed"

    def what(self) -> str:
        return f"{self.document} is malformed: {self.reason}"

    def why(self) -> str:
        return "it was damaged on the way, or other software made it"

    def fix(self) -> list[str]:
        return ["try again, or use another mirror"]


@dataclass(eq=False)
class LogSignature(Untrusted):
    """No key that counts for this log has signed the checkpoint."""

    origin: str
    reason: str

    code = "trust.log-signature"

    def what(self) -> str:
        return f"the checkpoint of {self.origin} is not signed by its log"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "the registry's trust file `log` says which keys sign checkpoints, and none of them signed this one"

    def fix(self) -> list[str]:
        return ["do not use this registry until its operator explains it"]


@dataclass(eq=False)
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


@dataclass(eq=False)
class LogShrank(Untrusted):
    """A log is shorter than it was."""

    origin: str
    seen: int
    found: int

    code = "trust.log-shrank"

    def what(self) -> str:
        return f"the log {self.origin} is shorter than before"

    def facts(self) -> dict[str, str]:
        return {"seen before": f"{self.seen} entries", "found": f"{self.found} entries"}

    def why(self) -> str:
        return "a log only grows: this is an old copy, or the registry has taken entries back"

    def fix(self) -> list[str]:
        return ["use another mirror; if all show the same, keep both checkpoints as evidence and report it"]


@dataclass(eq=False)
class LogForked(Untrusted):
    """Two checkpoints of one log contradict one another."""

    origin: str
    seen: str
    found: str

    code = "trust.log-forked"

    def what(self) -> str:
        return f"the log {self.origin} does not extend the one seen before"

    def facts(self) -> dict[str, str]:
        return {"seen before": self.seen, "found": self.found}

    def why(self) -> str:
        return "the registry has shown two histories; one of them was made for somebody to see alone"

    def fix(self) -> list[str]:
        return ["install nothing from it; keep both checkpoints as evidence and report it"]


def _is_name(name: str) -> bool:
    """Whether signed-note allows this as the name of a key."""
    return bool(name) and "+" not in name and name.isprintable() and not any(character.isspace() for character in name)


@checked
@dataclass(frozen=True, slots=True)
class NoteKey:
    """A key that signs notes, as documents hold it: a verifier key `NAME+ID+BASE64` of signed-note."""

    name: str
    kind: NoteKeyKind
    public: PublicKey
    """An Ed25519 key."""

    PATTERN: ClassVar[str] = r"^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a verifier key. Raises BadNote, and BadKey for 32 bytes that are no key."""
        name, _, rest = text.partition("+")
        key_id, _, encoded = rest.partition("+")
        try:
            data = from_base64(encoded)
        except binascii.Error as error:
            raise BadNote("verifier key", "its key is not padded standard base64") from error
        if not _is_name(name) or len(data) != 33:
            raise BadNote("verifier key", f"not NAME+ID+KEY with 33 bytes of key: {text[:120]!r}")
        if data[0] == LOG:
            kind = LOG
        elif data[0] == WITNESS:
            kind = WITNESS
        else:
            raise BadNote("verifier key", f"signature type {data[0]} is neither 1 (Ed25519) nor 4 (cosignature)")
        key = cls(name, kind, PublicKey.from_ed25519(data[1:]))
        if str(key) != text:
            raise BadNote("verifier key", f"its id is {key.key_id.hex()}, not {key_id[:16]!r}")
        return key

    @classmethod
    def of(cls, name: str, kind: NoteKeyKind, public: PublicKey) -> Self:
        """The verifier key of `public` under `name`. Raises BadNote for a name that notes cannot hold, BadKey for another kind of key."""
        if not _is_name(name):
            raise BadNote("verifier key", f"not a name of a key: {name[:120]!r} (no blanks, no +)")
        if public.kind != "ed25519":
            raise BadKey(f"a note is signed with Ed25519, not {public.kind}")
        return cls(name, kind, public)

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell keys of one name apart: the beginning of SHA-256 over name, newline, type and key."""
        return hashlib.sha256(self.name.encode() + b"\n" + bytes((self.kind,)) + self.public.raw).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes((self.kind,)) + self.public.raw)}"

    def signs(self, text: str, signature: bytes) -> bool:
        """Whether `signature` (without key id) over a note's text is by this key."""
        if self.kind == LOG:
            return verify(self.public, text.encode(), signature)
        at = int.from_bytes(signature[:8], "big")
        return at < 2**63 and verify(self.public, _cosigned(text, at), signature[8:])


def _cosigned(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: whose it claims to be, and the bytes behind the key id."""

    name: str
    key_id: bytes
    raw: bytes

    @property
    def base64(self) -> str:
        """Key id and signature as the line has them."""
        return to_base64(self.key_id + self.raw)

    @classmethod
    def parse(cls, name: str, text: str) -> Self:
        """Reads the base64 of a line. Raises BadNote."""
        try:
            data = from_base64(text)
        except binascii.Error as error:
            raise BadNote("signed note", "a signature is not padded standard base64") from error
        if not _is_name(name) or len(data) < 5:
            raise BadNote("signed note", "a signature line is not a name, a blank and a signature")
        return cls(name, data[:4], data[4:])


@dataclass(frozen=True, slots=True)
class SignedNote:
    """A text, which ends with a newline, and its signatures, none of them verified."""

    text: str
    signatures: tuple[NoteSignature, ...]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Reads a note: UTF-8, at most 16 KiB and 100 signatures. Raises BadNote."""
        if len(data) > limits.CHECKPOINT_BYTES:
            raise BadNote("signed note", f"more than {limits.CHECKPOINT_BYTES} bytes")
        try:
            whole = data.decode("utf-8")
        except UnicodeDecodeError as error:
            raise BadNote("signed note", "not UTF-8") from error
        if any(character < " " and character != "\n" for character in whole):
            raise BadNote("signed note", "a control character occurs")
        text, blank, block = whole.rpartition("\n\n")
        if not blank or not block.endswith("\n"):
            raise BadNote("signed note", "no signatures after an empty line")
        lines = block[:-1].split("\n")
        if len(lines) > SIGNATURES_MAX:
            raise BadNote("signed note", f"more than {SIGNATURES_MAX} signatures")
        return cls(text + "\n", tuple(_signature(line) for line in lines))

    def encode(self) -> bytes:
        """The bytes of the note."""
        lines = "".join(f"— {one.name} {one.base64}\n" for one in self.signatures)
        return f"{self.text}\n{lines}".encode()

    def signed(self, key: NoteKey, raw: bytes) -> Self:
        """The same with one signature more, at the end. One that this key has made before is replaced."""
        others = tuple(one for one in self.signatures if (one.name, one.key_id) != (key.name, key.key_id))
        return type(self)(self.text, (*others, NoteSignature(key.name, key.key_id, raw)))

    def valid_signers(self, keys: Iterable[NoteKey]) -> tuple[NoteKey, ...]:
        """Which of `keys` signed, each once. Unknown signers are passed over; a known one whose signature is wrong refuses the note, as
        signed-note advises: LogSignature."""
        found = []
        for key in dict.fromkeys(keys):
            claimed = [one.raw for one in self.signatures if (one.name, one.key_id) == (key.name, key.key_id)]
            if not all(key.signs(self.text, raw) for raw in claimed):
                raise LogSignature(self.text.partition("\n")[0][:120], f"the signature of {key.name} is wrong")
            if claimed:
                found.append(key)
        return tuple(found)


def _signature(line: str) -> NoteSignature:
    dash, name, encoded = [*line.split(" "), "", ""][:3]
    if dash != "—" or line.count(" ") != 2:
        raise BadNote("signed note", "a signature line is not a dash, a name and a signature")
    return NoteSignature.parse(name, encoded)


@dataclass(frozen=True, slots=True)
class Checkpoint:
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
        if not _is_name(origin):
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
    raw = at.to_bytes(8, "big") + signer.sign(_cosigned(note.text, at))
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


@dataclass(frozen=True, slots=True)
class OpenedCheckpoint:
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
