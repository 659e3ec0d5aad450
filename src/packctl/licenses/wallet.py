"""What this machine was given: license tokens with the nonce of the next proof, status lists, and what the clock guard knows.

One file, `wallet.json`, replaced as a whole under a lock, mode 0600. Nothing in it is trusted when it is read: tokens and lists are
verified each time they are used, and the clock's part has a code that only the device's key can make.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from packctl.durable import PRIVATE, Folder, KernelLock
from packctl.licenses.clock import Seen
from packctl.licenses.device import Device
from packctl.licenses.faults import WalletBroken
from packspec import wire

FILE = "wallet.json"
LOCK = "wallet.lock"
TURN = "turn.lock"
FILE_BYTES = 16 * 1024 * 1024


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place that this machine has in a license. `registry` is the origin of the log whose registry gave it."""

    registry: str
    address: str
    license: str
    activation: str
    pack: str
    """What it covers, for people: verified is only what the token says."""
    token: str
    nonce: str = ""
    label: str = ""
    slot: int = 0
    is_offline: bool = False
    """It came as a file: the registry is not asked to renew it."""
    refused: str = ""
    """The code with which the registry refused to renew it; what it said counts without network, too."""


class KeptList(msgspec.Struct, frozen=True):
    """A status list as it came, and when."""

    registry: str
    path: str
    text: str
    fetched_at: int


class KeptClock(msgspec.Struct, frozen=True):
    """What the clock guard knows, and its code."""

    signed: int
    ran: int
    mac: str


class Book(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The file."""

    v: int
    places: tuple[Place, ...] = ()
    lists: tuple[KeptList, ...] = ()
    clock: KeptClock | None = None

    def with_place(self, place: Place) -> "Book":
        """The same with this place; one of the same license is replaced."""
        others = [one for one in self.places if (one.registry, one.license) != (place.registry, place.license)]
        return msgspec.structs.replace(self, places=(*others, place))

    def without(self, activation: str, registry: str) -> "Book":
        """The same without the place of this activation."""
        left = [one for one in self.places if (one.registry, one.activation) != (registry, activation)]
        return msgspec.structs.replace(self, places=tuple(left))

    def with_list(self, kept: KeptList) -> "Book":
        """The same with this status list in the place of the one before."""
        others = [one for one in self.lists if (one.registry, one.path) != (kept.registry, kept.path)]
        return msgspec.structs.replace(self, lists=(*others, kept))

    def list_of(self, registry: str, path: str) -> KeptList | None:
        """The status list that lies at this path of a registry."""
        return next((one for one in self.lists if (one.registry, one.path) == (registry, path)), None)

    def seen(self, device: Device) -> Seen:
        """What the clock guard knows; nothing where somebody changed it."""
        if self.clock is None or self.clock.mac != _code(device, Seen(self.clock.signed, self.clock.ran)):
            return Seen()
        return Seen(self.clock.signed, self.clock.ran)

    def with_clock(self, seen: Seen, device: Device) -> "Book":
        """The same with what the clock guard knows now."""
        return msgspec.structs.replace(self, clock=KeptClock(seen.signed, seen.ran, _code(device, seen)))


class Wallet:
    """The file of one person on this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / FILE

    def read(self) -> Book:
        """What is there. Raises WalletBroken, DiskFailed."""
        if not self.path.exists():
            return Book(v=1)
        with Folder.open(self._folder) as folder:
            return self._read(folder)

    def change(self, edit: Callable[[Book], Book]) -> Book:
        """Edits the file; nobody else's change is lost. An edit that changes nothing writes nothing. Raises WalletBroken, DiskFailed."""
        known = self.read()
        if edit(known) == known:
            return known
        with self._alone(LOCK) as folder:
            before = self._read(folder) if folder.stat(FILE) else Book(v=1)
            after = edit(before)
            if after != before:
                folder.replace(FILE, msgspec.json.format(wire.encode(after), indent=1) + b"\n", PRIVATE)
            return after

    @contextmanager
    def turn(self, on_wait: Callable[[], None]) -> Iterator[None]:
        """Being the only process that asks a registry for what is kept here: each answer holds the nonce of the next question, so two that
        ask at once look like two machines. The file can be read and changed meanwhile. Raises DiskFailed where nothing can be kept.
        """
        with self._alone(TURN, on_wait):
            yield

    @contextmanager
    def _alone(self, name: str, on_wait: Callable[[], None] = lambda: None) -> Iterator[Folder]:
        with Folder.open(self._folder, create=True, mode=0o700) as folder, KernelLock.take(folder, name, on_wait):
            yield folder

    def _read(self, folder: Folder) -> Book:
        try:
            found = wire.decode(folder.read(FILE, FILE_BYTES), Book)
        except msgspec.DecodeError as error:
            raise WalletBroken(self.path, str(error)) from error
        if found.v != 1:
            raise WalletBroken(self.path, f"format {found.v}, this packctl knows 1")
        return found


def _code(device: Device, seen: Seen) -> str:
    return device.mac(f"clock\n{seen.signed}\n{seen.ran}".encode())
