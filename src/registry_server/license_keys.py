"""What the registry alone knows about licenses: the key that signs tokens, and the pepper that license keys are stored with.

Both lie beside the online keys. Who has them can make tokens until the offline keys put another key into `trust/license-keys.json`; who has
a copy of the database alone can neither make a token nor use, or even check, a license key.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from packspec.licenses.jwk import KeySet
from packspec.licenses.keys import LicenseKey
from packspec.signing.keys import PrivateKey
from registry_server.durable import Disk
from registry_server.signer import KeyUnreadable, keep_key, key_path, promote, read_key

PEPPER_BYTES = 32
NO_KEYS = KeySet(())
LICENSE = "license"
"""What this key is called among the roles of keys."""
PEPPER_FILE = "license.pepper"


@dataclass(frozen=True)
class LicenseKeys:
    """The signing key of licenses, and the pepper."""

    signing: PrivateKey
    pepper: bytes = field(repr=False)

    @classmethod
    def keep(cls, disk: Disk, folder: Path, randomness: Callable[[int], bytes], trusted: KeySet = NO_KEYS) -> Self:
        """Those in `folder`, each made if it is not there; the key as `signing_key` says. Raises KeyUnreadable."""
        signing = signing_key(disk, folder, randomness, trusted)
        return cls(signing, _keep_pepper(disk, folder / PEPPER_FILE, randomness))

    def digest(self, key: LicenseKey) -> str:
        """What is stored of a license key: an HMAC in hex."""
        return hmac.digest(self.pepper, key.encode("ascii"), "sha256").hex()


def signing_key(disk: Disk, folder: Path, randomness: Callable[[int], bytes], trusted: KeySet) -> PrivateKey:
    """The key that signs, made if there is none. The one that is to follow takes its place once `trusted` has it. Raises KeyUnreadable."""
    waiting = key_path(folder, LICENSE, is_next=True)
    if waiting.exists() and read_key(waiting).public in {key.public for key in trusted.keys}:
        promote(disk, folder, LICENSE)
    return keep_key(disk, key_path(folder, LICENSE), "p256", randomness)


def _keep_pepper(disk: Disk, path: Path, randomness: Callable[[int], bytes]) -> bytes:
    if not path.exists():
        disk.write(path, [randomness(PEPPER_BYTES).hex().encode() + b"\n"])
    try:
        pepper = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise KeyUnreadable(str(path), getattr(error, "strerror", None) or "not hexadecimal") from error
    if len(pepper) != PEPPER_BYTES:
        raise KeyUnreadable(str(path), f"{len(pepper)} bytes instead of {PEPPER_BYTES}")
    return pepper
