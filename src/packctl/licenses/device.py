"""This machine's key: made once, kept in a file that nobody else can read, and never sent. What is told of the machine is made here.

Its name is the thumbprint of the key, which says nothing about the hardware. The host's name goes out only as an HMAC under the key, so
that its owner's list shows the same machine as the same one, and nobody can look up what it is called.
"""

import hashlib
import hmac
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from packctl.keys import RANDOM_BYTES, KeyIsThere, Keys
from packctl.licenses.faults import DeviceKeyLost
from packspec.digests import Digest
from packspec.licenses.jwk import Jwk
from packspec.licenses.proof import LICENSE_HEADER, PROOF_HEADER, prove
from packspec.signing.keys import PrivateKey

NAME = "device"


class Device(Struct, frozen=True):
    """A machine, or one run in CI, by its key."""

    key: PrivateKey

    @property
    def name(self) -> str:
        """The thumbprint of the key: 43 characters."""
        return self.jwk.thumbprint

    @property
    def jwk(self) -> Jwk:
        """The public key, as it is sent."""
        return Jwk.of(self.key.public)

    def host_hash(self, host: str) -> str:
        """What is sent instead of the host's name."""
        return self.mac(f"host\n{host}".encode())

    def mac(self, data: bytes) -> str:
        """A code over `data` that only this machine can make, 64 hex digits."""
        secret = hashlib.sha256(b"packctl device\n" + self.key.pkcs8).digest()
        return hmac.new(secret, data, hashlib.sha256).hexdigest()

    def headers(
        self, method: str, path: str, body: Digest, now: int, *, nonce: str = "", token: str = ""
    ) -> dict[str, str]:
        """What shows, with one request, that this machine's key is here; and the license token, where one is needed."""
        proof = {PROOF_HEADER: prove(self.key, method, path, now, body=body, nonce=nonce)}
        return {**proof, LICENSE_HEADER: token} if token else proof


class Devices:
    """The key of this machine, in the folder of its licenses."""

    def __init__(self, folder: Path) -> None:
        self._keys = Keys(folder)
        self.path = folder / f"{NAME}.key"

    def find(self) -> Device | None:
        """The key, if one was made. Raises KeyReadable where others may read it, KeyFileDamaged, DiskFailed."""
        if not self.path.exists():
            return None
        return Device(self._keys.find(str(self.path)).open(lambda name: None))

    def require(self) -> Device:
        """The key. Raises DeviceKeyLost, and as `find`."""
        found = self.find()
        if found is None:
            raise DeviceKeyLost(self.path)
        return found

    def keep(self, random_bytes: Callable[[int], bytes]) -> Device:
        """The key, made now if there is none. Two processes that make it at once agree on one. Raises as `find`."""
        found = self.find()
        if found is None:
            with suppress(KeyIsThere):  # another process was faster
                self._keys.make(NAME, random_bytes(RANDOM_BYTES), None)
            found = self.require()
        return found


def passing_device(random_bytes: Callable[[int], bytes]) -> Device:
    """A key for one run, kept nowhere."""
    return Device(PrivateKey.from_seed("p256", random_bytes(48)))
