"""What a log asks of a witness, and when a witness may answer with its signature (docs/spec/witness.md, C2SP tlog-witness).

A witness remembers one checkpoint per log, the newest that it signed, and signs only what extends it. `judge` decides; whoever calls it
stores what was decided, as one step, before anybody sees the signature.
"""

import binascii
import re
from collections.abc import Iterable, Sequence
from typing import Self

from msgspec import Struct

from packspec.log.checkpoint import Checkpoint
from packspec.log.note import BadNote, LogSignature, NoteKey, SignedNote
from packspec.log.proofs import HASH_BYTES, SIZE_LIMIT, verify_consistency
from packspec.signing.encoding import from_base64, to_base64

PROOF_LINES = 63
REQUEST_BYTES = 32 * 1024
"""More than a note of 16 KiB and 63 hashes take."""
ADD_CHECKPOINT = "add-checkpoint"
SIZE_TYPE = "text/x.tlog.size"
"""The media type of an answer that names the size of the newest checkpoint."""

_OLD = re.compile(r"old (0|[1-9][0-9]{0,18})")


class AddCheckpoint(Struct, frozen=True):
    """The body of `POST add-checkpoint`: the size that the witness is thought to know, the proof from there, and the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: SignedNote

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Reads a body. Raises BadNote."""
        if len(data) > REQUEST_BYTES:
            raise BadNote("add-checkpoint", f"more than {REQUEST_BYTES} bytes")
        head, blank, note = data.partition(b"\n\n")
        try:
            first, *lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError as error:
            raise BadNote("add-checkpoint", "not ASCII before the checkpoint") from error
        found = _OLD.fullmatch(first)
        if not blank or not found or int(found[1]) >= SIZE_LIMIT:
            raise BadNote("add-checkpoint", "its first line is not the word old and a size")
        if len(lines) > PROOF_LINES:
            raise BadNote("add-checkpoint", f"more than {PROOF_LINES} hashes")
        return cls(int(found[1]), tuple(map(_hash, lines)), SignedNote.parse(note))

    def encode(self) -> bytes:
        """The body."""
        proof = "".join(f"{to_base64(one)}\n" for one in self.proof)
        return f"old {self.old}\n{proof}\n".encode() + self.note.encode()


def _hash(line: str) -> bytes:
    try:
        found = from_base64(line)
    except binascii.Error as error:
        raise BadNote("add-checkpoint", "a hash is not padded standard base64") from error
    if len(found) != HASH_BYTES:
        raise BadNote("add-checkpoint", f"a hash has {len(found)} bytes, not {HASH_BYTES}")
    return found


class Judged(Struct, frozen=True):
    """What a witness answers: 200 and the checkpoint to sign, or the status that refuses. `size`: what a 409 names."""

    status: int
    checkpoint: Checkpoint | None = None
    size: int | None = None


def judge(asked: AddCheckpoint, logs: Iterable[NoteKey], latest: Checkpoint | None) -> Judged:
    """Whether a witness that trusts these keys of logs, and signed `latest` last for this one, may sign what is asked.

    `latest` is that of the origin in the first line of the checkpoint. Never raises.
    """
    origin = asked.note.text.partition("\n")[0]
    keys = [key for key in logs if key.name == origin]
    if not keys:
        return Judged(404)
    try:
        signers: Sequence[NoteKey] = asked.note.valid_signers(keys)
        checkpoint = Checkpoint.parse(asked.note.text) if signers else None
    except (LogSignature, BadNote):
        return Judged(403)
    if checkpoint is None:
        return Judged(403)
    known = latest.size if latest else 0
    if asked.old > checkpoint.size:
        return Judged(400)
    if asked.old != known:
        return Judged(409, size=known)
    before = latest.root if latest else checkpoint.root
    if checkpoint.size == known and checkpoint.root != before:
        return Judged(409, size=known)
    has_grown = 0 < known < checkpoint.size
    if has_grown and not verify_consistency(known, before, checkpoint.size, checkpoint.root, asked.proof):
        return Judged(422)
    if asked.proof and known in (0, checkpoint.size):
        return Judged(422)
    return Judged(200, checkpoint)


def cosignatures(note: SignedNote, answer: bytes, witnesses: Iterable[NoteKey]) -> SignedNote:
    """`note` with the lines of an answer that are valid signatures of `witnesses`; all others are passed over. Raises BadNote."""
    said = SignedNote.parse(note.text.encode() + b"\n" + answer)
    for key in witnesses:
        for line in said.signatures:
            if (line.name, line.key_id) == (key.name, key.key_id) and key.signs(note.text, line.raw):
                note = note.signed(key, line.raw)
    return note
