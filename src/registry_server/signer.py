"""The online keys of a registry: TUF timestamp, snapshot and bins, and the log. Never a publisher's, a reviewer's or an offline key.

Online keys lie in the data folder as key files without a passphrase (docs/spec/keyfile.md), because a server starts alone. What they can
do is bounded: they can hide and freeze, not bring in what was not signed and approved elsewhere (docs/threat-model).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from packspec.errors import Damaged, PackError
from packspec.signing.keyfile import NONCE_BYTES, SALT_BYTES, open_keyfile, read_keyfile, seal
from packspec.signing.keys import SEED_BYTES, KeyKind, PrivateKey
from registry_server.durable import Disk

ONLINE_KINDS: dict[str, KeyKind] = {"timestamp": "p256", "snapshot": "p256", "bins": "p256", "log": "ed25519"}
"""Every online key, by the name of its file, and its kind. No key has two roles, so that losing one loses one."""


class KeyUnreadable(Damaged):
    """A key file of the registry is missing or damaged."""

    path: str
    reason: str

    code = "registry.key-unreadable"

    def what(self) -> str:
        return f"cannot use the registry's key {self.path}"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "without its online keys a registry cannot sign what it lists"

    def fix(self) -> list[str]:
        return ["put the key file back from a backup", "or, for a new registry: registry-server init"]


def make_key(kind: KeyKind, randomness: Callable[[int], bytes]) -> PrivateKey:
    """A new private key of the registry."""
    return PrivateKey.from_seed(kind, randomness(SEED_BYTES))


def write_key(disk: Disk, path: Path, key: PrivateKey) -> None:
    """Writes a key file with mode 0600 and no passphrase."""
    disk.write(path, [seal(key, None, bytes(SALT_BYTES), bytes(NONCE_BYTES))], mode=0o600)


def keep_key(disk: Disk, path: Path, kind: KeyKind, randomness: Callable[[int], bytes]) -> PrivateKey:
    """The key in this file, made if it is not there. A key that is there may be the only one of its kind: it is never written over.

    Raises KeyUnreadable.
    """
    if not path.exists():
        write_key(disk, path, make_key(kind, randomness))
    return read_key(path)


def read_key(path: Path) -> PrivateKey:
    """Reads a key file that has no passphrase. Raises KeyUnreadable."""
    return open_key(path, lambda name: None)


def open_key(path: Path, ask: Callable[[str], str | None]) -> PrivateKey:
    """Reads a key file; for a sealed one `ask` is asked for the passphrase, by the file's name. Raises KeyUnreadable."""
    try:
        data = path.read_bytes()
        return open_keyfile(data, ask(path.name) if read_keyfile(data).is_sealed else None)
    except (OSError, PackError) as error:
        raise KeyUnreadable(str(path), getattr(error, "strerror", None) or str(error)) from error


@dataclass(frozen=True)
class OnlineKeys:
    """The keys that the server signs with by itself: one for each role, and the one that is to follow it after the next ceremony."""

    timestamp: PrivateKey
    snapshot: PrivateKey
    bins: PrivateKey
    log: PrivateKey
    following: Mapping[str, PrivateKey] = field(default_factory=dict)
    """By role: a key that was made for a ceremony (`ROLE.next.key`), and counts once what the offline keys signed is in force."""
    stamp: tuple[object, ...] = ()
    """What the folder looked like when the keys were read."""

    @classmethod
    def keep(cls, disk: Disk, folder: Path, randomness: Callable[[int], bytes]) -> Self:
        """The keys of a new registry, one file per key in `folder`; what an interrupted start made is kept. Raises KeyUnreadable."""
        for name, kind in ONLINE_KINDS.items():
            keep_key(disk, key_path(folder, name), kind, randomness)
        return cls.read(folder)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The keys in `folder`. A key that was lost is no obstacle once its successor was made. Raises KeyUnreadable."""
        stamp = _stamp(folder)
        following = {
            name: read_key(path) for name in ONLINE_KINDS if (path := key_path(folder, name, is_next=True)).exists()
        }
        found = {
            name: following[name] if name in following and not path.exists() else read_key(path)
            for name in ONLINE_KINDS
            if (path := key_path(folder, name))
        }
        return cls(**found, following=following, stamp=stamp)

    def is_of_now(self, folder: Path) -> bool:
        """Whether the files are those that were read: another process may have put new keys in force."""
        return self.stamp == _stamp(folder)

    def at_hand(self, role: str) -> tuple[PrivateKey, ...]:
        """The keys of `role` that can sign: its own, then the one that is to follow it."""
        own: PrivateKey = getattr(self, role)
        after = self.following.get(role)
        return (own,) if after is None or after.public == own.public else (own, after)


def key_path(folder: Path, role: str, *, is_next: bool = False) -> Path:
    """The file of an online key, or of the one that is to follow it."""
    return folder / (f"{role}.next.key" if is_next else f"{role}.key")


def promote(disk: Disk, folder: Path, role: str) -> None:
    """Puts the key that was to follow in the place of the one before. Nothing is done where there is none."""
    path = key_path(folder, role, is_next=True)
    if path.exists():
        disk.rename(path, key_path(folder, role))


def _stamp(folder: Path) -> tuple[object, ...]:
    found = []
    for path in sorted(folder.glob("*.key")):
        try:
            status = path.stat()
        except OSError:
            continue
        found.append((path.name, status.st_ino, status.st_mtime_ns, status.st_size))
    return tuple(found)
