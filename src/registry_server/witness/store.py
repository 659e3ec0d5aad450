"""What a witness remembers: its key, the logs it trusts, and per log the newest checkpoint that it signed.

The key and what it signed lie in one folder, because a key whose memory is lost would sign a fork. What is decided is stored, synced,
before the signature leaves; a kill at any moment leaves the old or the new checkpoint.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from packspec.digests import Digest
from packspec.errors import Conflict, Damaged, Invalid, PackError
from packspec.log.checkpoint import Checkpoint, SignedNote, cosign
from packspec.log.note import LOG, WITNESS, BadNote, NoteKey, is_note_name
from packspec.log.witnessing import AddCheckpoint, Judged, judge
from packspec.signing.keys import PrivateKey
from registry_server.durable import Disk
from registry_server.signer import keep_key

KEY = "witness.key"
NAME = "name"
LOGS = "logs.txt"


class WitnessNamed(Conflict):
    """A witness has another name, which stands in everything it signed."""

    name: str
    wanted: str

    code = "witness.has-name"

    def what(self) -> str:
        return f"this witness is called {self.name} and cannot be renamed"

    def facts(self) -> dict[str, str]:
        return {"expected": self.name, "found": self.wanted[:140]}

    def fix(self) -> list[str]:
        return ["leave --name out, or begin another witness in another folder"]


class WitnessUnnamed(Invalid):
    """A new witness needs a name."""

    code = "witness.no-name"

    def what(self) -> str:
        return "a new witness needs a name"

    def why(self) -> str:
        return "it stands in front of every signature, and operators of logs list it with the key"

    def fix(self) -> list[str]:
        return ["registry-server witness --state DIR --name w1.example --log KEY"]


class BadWitnessName(Invalid):
    """A name that cannot stand in front of a signature."""

    name: str

    code = "witness.bad-name"

    def what(self) -> str:
        return f"a witness cannot be called {self.name[:140]!r}"

    def why(self) -> str:
        return "the name stands in a line of every note that it signs, so it has no blanks and no +"

    def fix(self) -> list[str]:
        return ["registry-server witness --state DIR --name w1.example --log KEY"]


class NotALog(Invalid):
    """A key is not that of a log."""

    key: str

    code = "witness.not-a-log"

    def what(self) -> str:
        return f"{self.key[:140]} is not the key of a log"

    def why(self) -> str:
        return "a witness trusts logs by their keys, NAME+ID+KEY with signature type 1"

    def fix(self) -> list[str]:
        return ["take the key from trust/log.json of the registry: registry-server keys log"]


class WitnessDamaged(Damaged):
    """A file of a witness cannot be read. It signs nothing then: it could sign a fork."""

    path: str
    reason: str

    code = "witness.damaged"

    def what(self) -> str:
        return f"cannot read {self.path}"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "a witness that does not know what it signed last could sign a second history"

    def fix(self) -> list[str]:
        return ["put the file back as it was; if it is lost, begin a new witness with a new key"]


@dataclass
class Witness:
    """A witness on its folder. One process holds it (`registry_server.world.DataFolder.hold`), and one thread at a time decides."""

    folder: Path
    disk: Disk
    name: str
    key: PrivateKey
    logs: tuple[NoteKey, ...]

    def __post_init__(self) -> None:
        self._deciding = threading.Lock()

    @classmethod
    def open(cls, folder: Path, disk: Disk, randomness: Callable[[int], bytes], name: str, logs: Iterable[str]) -> Self:
        """The witness in `folder`, made if there is none; `logs` are trusted besides those that were. The key is never written over.

        Raises WitnessNamed, WitnessUnnamed, BadWitnessName, NotALog, WitnessDamaged, KeyUnreadable.
        """
        added = [_log_key(text) for text in logs]
        kept = _text(folder / NAME).strip()
        if not (kept or name):
            raise WitnessUnnamed()
        if kept and name not in ("", kept):
            raise WitnessNamed(kept, name)
        if not is_note_name(kept or name):
            raise BadWitnessName(kept or name)
        _check_whole(folder, kept)
        disk.make_folder(folder)
        key = keep_key(disk, folder / KEY, "ed25519", randomness)
        if not kept:
            disk.write(folder / NAME, [f"{name}\n".encode()])
        before = [_log_key(line) for line in _text(folder / LOGS).split()]
        known = tuple(dict.fromkeys((*before, *added)))
        if len(known) > len(before):
            disk.write(folder / LOGS, ["".join(f"{one}\n" for one in known).encode()])
        found = cls(folder, disk, kept or name, key, known)
        for origin in {one.name for one in known}:
            found.latest(origin)  # what cannot be read is told at the start
        return found

    @property
    def public(self) -> NoteKey:
        """What operators of logs list."""
        return NoteKey.of(self.name, WITNESS, self.key.public)

    def latest(self, origin: str) -> Checkpoint | None:
        """The newest checkpoint of a log that was signed. Raises WitnessDamaged."""
        path = self._path(origin)
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise WitnessDamaged(str(path), error.strerror or str(error)) from error
        try:
            note = SignedNote.parse(data)
            if self.public not in note.valid_signers([self.public]):
                raise BadNote("checkpoint", "it is not signed by this witness")
            return Checkpoint.parse(note.text)
        except PackError as error:
            raise WitnessDamaged(str(path), str(error)) from error

    def answer(self, asked: AddCheckpoint, now: int) -> tuple[Judged, bytes]:
        """What is decided, and the body of the answer: a signature line for 200. Raises WitnessDamaged, NoSpace; then nothing is signed."""
        with self._deciding:
            origin = asked.note.text.partition("\n")[0]
            known = any(key.name == origin for key in self.logs)
            judged = judge(asked, self.logs, self.latest(origin) if known else None)
            if judged.checkpoint is None:
                return judged, f"{judged.size}\n".encode() if judged.size is not None else b""
            note = cosign(SignedNote(asked.note.text, ()), self.name, self.key, now)
            self.disk.write(self._path(origin), [note.encode()])
            return judged, note.encode().rpartition(b"\n\n")[2]

    def _path(self, origin: str) -> Path:
        return self.folder / "logs" / f"{Digest.of(origin.encode())}.checkpoint"


def _check_whole(folder: Path, name: str) -> None:
    """A folder that was in use has key and name: with others made in their place the witness would sign a second history."""
    signed = (folder / "logs").exists()
    if (name or signed) and not (folder / KEY).exists():
        raise WitnessDamaged(str(folder / KEY), "it is missing")
    if signed and not name:
        raise WitnessDamaged(str(folder / NAME), "it is missing")


def _log_key(text: str) -> NoteKey:
    try:
        key = NoteKey.parse(text.strip())
    except PackError as error:
        raise NotALog(text) from error
    if key.kind != LOG:
        raise NotALog(text)
    return key


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise WitnessDamaged(str(path), str(error)) from error
