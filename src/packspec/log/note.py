"""Signed notes: a text and the lines of those who signed it (docs/spec/checkpoint.md, C2SP signed-note).

Two signature types are known, both Ed25519: the log's over the text, and a witness's over text and time (C2SP tlog-cosignature).
"""

import binascii
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Literal, Self, TypeAlias

from msgspec import Struct

from packspec import limits
from packspec.errors import Untrusted
from packspec.signing.encoding import from_base64, to_base64
from packspec.signing.keys import BadKey, PublicKey, verify
from packspec.wire import checked

NoteKeyKind: TypeAlias = Literal[1, 4]
"""The signature types of signed-note that we use: 1 is Ed25519 over the text, 4 is a witness's Ed25519 over text and time."""
LOG: NoteKeyKind = 1
WITNESS: NoteKeyKind = 4
SIGNATURES_MAX = 100
"""Most signature lines of a note. signed-note asks for at least 16."""


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


def is_note_name(name: str) -> bool:
    """Whether signed-note allows this as the name of a key."""
    return bool(name) and "+" not in name and name.isprintable() and not any(character.isspace() for character in name)


@checked
@dataclass(frozen=True)
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
        if not is_note_name(name) or len(data) != 33:
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
        if not is_note_name(name):
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
        return at < 2**63 and verify(self.public, cosigned_message(text, at), signature[8:])


def cosigned_message(text: str, at: int) -> bytes:
    """What a witness signs: a note's text, with the time (seconds since 1970, UTC) before it."""
    return f"cosignature/v1\ntime {at}\n{text}".encode()


class NoteSignature(Struct, frozen=True):
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
        if not is_note_name(name) or len(data) < 5:
            raise BadNote("signed note", "a signature line is not a name, a blank and a signature")
        return cls(name, data[:4], data[4:])


class SignedNote(Struct, frozen=True):
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
