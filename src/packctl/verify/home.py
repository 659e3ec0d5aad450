"""A registry on this machine: its address, its pinned root, and where everything about it lies."""

from msgspec import Struct

from packctl.session import Session
from packctl.trust.faults import RootUnknown
from packctl.trust.kept import KeptFiles
from packctl.trust.memory import Memory
from packctl.trust.metadata import MetadataFolder
from packctl.trust.roots import NamedRoot, cache_folder, named_roots, plain_address, state_folder
from packspec.digests import Digest
from packspec.labels import Label


class Home(Struct, frozen=True):
    """A registry on this machine: its address, the roots that were named for it, and its folders. A `HasPins`."""

    address: str
    named: tuple[NamedRoot, ...]
    state: KeptFiles
    cache: KeptFiles
    metadata: MetadataFolder
    memory: Memory

    @property
    def pinned(self) -> Digest:
        """The digest of the pinned root."""
        return self.named[0].digest


def home_of(session: Session, alias: str) -> Home:
    """The registry called `alias`, by its pinned root. Raises RootUnknown, PinsBroken, and what reading the configuration raises."""
    address = address_of(session, alias)
    named = named_roots(session, alias, address) if address else ()
    if not named:
        raise RootUnknown(address or f"the registry {alias!r}")
    folder = state_folder(session.places, address, named[0].digest)
    cache = cache_folder(session.places, address, named[0].digest)
    return Home(address, named, KeptFiles(folder), KeptFiles(cache), MetadataFolder(folder / "tuf"), Memory(folder))


def address_of(session: Session, alias: str) -> str:
    """The address behind an alias of the lock; empty if nothing names one."""
    registry = session.rules.registries.get(Label(alias)) if alias else None
    if registry is not None:
        return plain_address(str(registry.url))
    named = session.settings.registry
    return plain_address(named) if "://" in named else ""
