"""The online keys of a registry: TUF timestamp, snapshot and bins, and the log. Never a publisher's, a reviewer's or an offline key.

Online keys lie in the data folder as key files without a passphrase (docs/spec/keyfile.md), because a server starts alone. What they can
do is bounded: they can hide and freeze, not bring in what was not signed and approved elsewhere (docs/threat-model).
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from packspec.errors import Damaged, PackError
from packspec.signing.keyfile import NONCE_BYTES, SALT_BYTES, open_keyfile, seal
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
    try:
        return open_keyfile(path.read_bytes(), None)
    except (OSError, PackError) as error:
        raise KeyUnreadable(str(path), getattr(error, "strerror", None) or str(error)) from error


@dataclass(frozen=True)
class OnlineKeys:
    """The keys that the server signs with by itself."""

    timestamp: PrivateKey
    snapshot: PrivateKey
    bins: PrivateKey
    log: PrivateKey

    @classmethod
    def keep(cls, disk: Disk, folder: Path, randomness: Callable[[int], bytes]) -> Self:
        """The keys of a new registry, one file per key in `folder`; what an interrupted start made is kept. Raises KeyUnreadable."""
        return cls(
            **{name: keep_key(disk, folder / f"{name}.key", kind, randomness) for name, kind in ONLINE_KINDS.items()}
        )

    @classmethod
    def read(cls, folder: Path) -> Self:
        """The keys in `folder`. Raises KeyUnreadable."""
        return cls(**{name: read_key(folder / f"{name}.key") for name in ONLINE_KINDS})
