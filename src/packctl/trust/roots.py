"""Pinned roots: which registry an address is, said once by a person, a variable or a project, and never by the registry itself (I1).

The digest of any root of the registry's chain may be named. Whoever named one first for this machine (`packctl trust pin`, an answered
question) is strongest; a root that a variable or a file names besides must be of the same chain, and one that only a file names is trusted
in that project and nowhere else. Chapter: docs/spec/tuf.md, section Root.
"""

from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from packctl.durable import PRIVATE, Folder, KernelLock
from packctl.places import Places
from packctl.registry.network import Origin
from packctl.session import Session
from packspec import SPECIFICATION, limits, wire
from packspec.digests import Digest
from packspec.errors import Damaged, NotFound
from packspec.labels import Label
from packspec.registries import DEFAULT

PINS = "pins.json"
PINS_BYTES = limits.MIB
BY_PIN = "packctl trust pin"
BY_OPTION = "--root"
BY_VARIABLE = "PACKCTL_TRUST_ROOT"


class PinsBroken(Damaged):
    """The file with the pinned roots cannot be read."""

    path: Path
    reason: str

    code = "trust.pins-broken"

    def what(self) -> str:
        return f"{self.path} is not a list of pinned roots: {self.reason}"

    def why(self) -> str:
        return "packctl replaces it as a whole, so a disk fault, another program or a person changed it"

    def fix(self) -> list[str]:
        return [f"restore {self.path} from a backup, or remove it and pin every registry again"]


class NotPinned(NotFound):
    """No root is pinned for this address or alias."""

    name: str

    code = "trust.not-pinned"

    def what(self) -> str:
        return f"no root is pinned for {self.name}"

    def fix(self) -> list[str]:
        return ["packctl trust list"]


class Pin(msgspec.Struct, frozen=True):
    """One pinned registry: its address in its one spelling, the digest of a root of its chain, and when it was pinned (seconds, UTC)."""

    address: str
    root: Digest
    at: int


class _File(msgspec.Struct, frozen=True):
    v: int
    pins: list[Pin]


class Pins:
    """The pins of this person on this machine, in `pins.json`. Nothing is cached: a pin made elsewhere counts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / PINS

    def all(self) -> tuple[Pin, ...]:
        """Every pin, by address. Raises PinsBroken, DiskFailed."""
        if not self.path.exists():
            return ()
        with Folder.open(self._folder) as folder:
            return self._read(folder)

    def find(self, address: str) -> Pin | None:
        """The pin of a registry."""
        return next((pin for pin in self.all() if pin.address == plain_address(address)), None)

    def keep(self, pin: Pin) -> None:
        """Pins a registry, in the place of what was pinned for its address."""
        self._change(pin.address, pin)

    def forget(self, address: str) -> bool:
        """Takes a pin away. Whether there was one."""
        return self._change(plain_address(address), None)

    def _change(self, address: str, pin: Pin | None) -> bool:
        with Folder.open(self._folder, create=True, mode=0o700) as folder, KernelLock.take(folder, f"{PINS}.lock"):
            before = self._read(folder)
            others = [one for one in before if one.address != address]
            pins = sorted([*others, *([pin] if pin else [])], key=lambda one: one.address)
            if tuple(pins) != before:
                document = wire.encode(_File(SPECIFICATION, pins))
                folder.replace(PINS, msgspec.json.format(document, indent=1) + b"\n", PRIVATE)
            return len(others) < len(before)

    def _read(self, folder: Folder) -> tuple[Pin, ...]:
        if folder.stat(PINS) is None:
            return ()
        try:
            return tuple(wire.decode(folder.read(PINS, PINS_BYTES), _File).pins)
        except msgspec.DecodeError as error:
            raise PinsBroken(self.path, str(error)) from error


class NamedRoot(Struct, frozen=True):
    """A root that somebody named, and who."""

    digest: Digest
    by: str


def named_roots(session: Session, alias: str, address: str) -> tuple[NamedRoot, ...]:
    """Every root that is named for a registry, the strongest first; none: it is met for the first time.

    Raises PinsBroken, BadDigest for a variable that holds no digest, and what reading the configuration raises.
    """
    found = []
    pin = Pins(session.places.registries).find(address)
    if pin is not None:
        found.append(NamedRoot(pin.root, BY_PIN))
    if session.settings.trust_root and plain_address(address) == _default_address(session):
        found.append(NamedRoot(Digest.parse_labelled(session.settings.trust_root), BY_VARIABLE))
    registry = session.rules.registries.get(Label(alias)) if alias else None
    if registry is not None and registry.root is not None:
        found.append(NamedRoot(registry.root, f"[registries] {alias}"))
    return tuple(found)


def _default_address(session: Session) -> str:
    """The address of the default registry, which is the one that the variable speaks of; empty if there is none."""
    named = session.settings.registry
    if "://" not in named:
        registry = session.rules.registries.get(Label(named or DEFAULT))
        named = str(registry.url) if registry else ""
    return plain_address(named) if named else ""


def plain_address(address: str) -> str:
    """An address in the one spelling under which a registry is known: origin and path, without a slash at the end. Raises BadAddress."""
    return Origin.parse(address) + urlsplit(address).path.rstrip("/")


def state_folder(places: Places, address: str, root: Digest) -> Path:
    """Where this machine keeps what it knows of a registry under a pinned root: another root is another registry."""
    return places.registries / Digest.of(f"{plain_address(address)}\n{root}".encode())[:32]


def cache_folder(places: Places, address: str, root: Digest) -> Path:
    """Where it keeps what can be fetched again."""
    return places.cache / "registries" / Digest.of(f"{plain_address(address)}\n{root}".encode())[:32]
