"""Opens a registry: which root it must have (I1), that root's bytes, and where everything about the registry lies on this machine."""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from packctl.registry.failures import BadAnswer, Unreachable
from packctl.registry.network import Origin
from packctl.session import Session
from packctl.trust.chain import PinnedChain, check_own, read_chain
from packctl.trust.faults import IndexRollback, RootMismatch, RootUnknown
from packctl.trust.kept import KeptFiles
from packctl.trust.metadata import ROOTS, MetadataFolder
from packctl.trust.reading import Reads
from packctl.trust.roots import BY_PIN, NamedRoot, Pin, Pins, cache_folder, named_roots, plain_address, state_folder
from packspec import limits, site
from packspec.digests import Digest
from packspec.lockfile import LockedRegistry

ROTATIONS = 256
"""Most roots that are walked."""


class HasPins(Protocol):
    """A registry's address, and the roots that somebody named for it, the pinned one first."""

    @property
    def address(self) -> str: ...
    @property
    def named(self) -> tuple[NamedRoot, ...]: ...


class Opened(Struct, frozen=True):
    """A registry with its pinned root. `named` are all roots that somebody named, the strongest, which is the pinned one, first."""

    alias: str
    address: str
    named: tuple[NamedRoot, ...]
    root: bytes
    """The pinned root, byte for byte."""
    source: Reads | None
    """The registry; None with `--offline`."""
    state: Path
    """What must not be lost: metadata, tiles, trust files, memory."""
    cache: Path
    """What can be fetched again: indexes, packproofs, publisher roots."""
    is_carried: bool = False
    """Whether `source` is a file that was carried here: nobody is asked, and nothing newer can be had."""

    @property
    def is_online(self) -> bool:
        """Whether the registry itself, or a mirror of it, may be asked."""
        return self.source is not None and not self.is_carried

    def offline(self) -> "Opened":
        """The same, for whoever asks nobody."""
        return replace(self, source=None)

    @property
    def pinned(self) -> Digest:
        """The digest of the pinned root."""
        return self.named[0].digest

    @property
    def metadata(self) -> MetadataFolder:
        """The metadata on this machine."""
        return MetadataFolder(self.state / "tuf")


def open_root(session: Session, alias: str, address: str, carried: Reads | None = None) -> Opened:
    """I1: the registry at `address`, with the root that it must have. Asks the registry only if that root is not on this machine yet.

    `carried` is asked in the place of the registry: a file with its static side. At first contact a terminal is asked; without one it is
    RootUnknown. Raises RootMismatch, PinsBroken, BadDigest, BadAddress, Unreachable and its kin.
    """
    address = plain_address(address)
    source = carried or read_from(session, alias, address)
    named = named_roots(session, alias, address) or (_asked(session, address, source),)
    opened = Opened(
        alias,
        address,
        named,
        b"",
        source,
        state_folder(session.places, address, named[0].digest),
        cache_folder(session.places, address, named[0].digest),
        is_carried=carried is not None,
    )
    return replace(opened, root=_pinned_root(opened))


def read_from(session: Session, alias: str, address: str) -> Reads | None:
    """What reads the registry's static side, its mirrors included; None with `--offline`."""
    if session.settings.offline:
        return None
    from packctl.registry.open import open_http, open_reachable, pace_of, tokens_of
    from packctl.trust.static import Static

    mirrors = map(plain_address, session.rules.mirrors_of(alias))

    def authorize(origin: Origin) -> Mapping[str, str]:
        token = tokens_of(session)(origin)
        return {"Authorization": f"Bearer {token}"} if token and origin.keeps_secrets else {}

    return Static(
        session.once(open_http),
        (address, *mirrors),
        pace_of(session),
        session.settings.concurrency,
        authorize,
        session.once(open_reachable),
    )


def _asked(session: Session, address: str, source: Reads | None) -> NamedRoot:
    """Nobody has named a root: what the person at the terminal says. The answer is remembered."""
    if source is None:
        raise RootUnknown(address)
    named = first_contact(session, address, source)
    Pins(session.places.registries).keep(Pin(address, named.digest, session.clock()))
    return named


def first_contact(session: Session, address: str, source: Reads) -> NamedRoot:
    """Shows a registry's own first root to the person at the terminal, and asks. `-y` is no yes.

    Raises RootUnknown without one, and what reading and `check_own` raise.
    """
    root = first_root(source, address)
    check_own(root)  # what a hotel's network answers in the place of a registry is no root
    digest = Digest.of(root)
    refusal = RootUnknown(address, digest)
    if session.console.attended:
        session.console.say(f"First contact with {address}. Everything it says will be checked against its root:")
        session.console.say(f"  {digest.labelled}")
        session.console.say("Compare it with what the registry's operator publishes elsewhere.")
    if not session.ask.trust("Trust this root from now on?", refusal):
        raise refusal
    return NamedRoot(digest, BY_PIN)


def first_root(source: Reads, address: str) -> bytes:
    """Root 1 of a registry. Raises BadAnswer where there is none, and what reading raises."""
    path = site.tuf_metadata("root", 1)
    data = source.read(path, limits.TUF_ROOT_BYTES)
    if data is None:
        raise BadAnswer(address, f"GET /{path}", "it has no root, so it is no registry")
    return data


def _pinned_root(opened: Opened) -> bytes:
    for data in opened.metadata.roots().values():
        if Digest.of(data).same(opened.pinned):
            return data
    if opened.source is None:
        raise Unreachable(opened.address, "--offline, and its root is not on this machine")
    roots = fetch_roots(opened.source, opened.named[0], opened.address)
    KeptFiles(opened.metadata.path / ROOTS).write({f"{version}.root.json": data for version, data in roots.items()})
    return roots[max(roots)]


def fetch_roots(source: Reads, named: NamedRoot, address: str) -> dict[int, bytes]:
    """The registry's roots from 1 up to the named one; nothing of them is read. Raises RootMismatch, BadAnswer, and what reading raises.

    Only digests are compared: the named one is trusted because somebody named its digest.
    """
    found = {1: first_root(source, address)}
    while True:
        newest = max(found)
        if Digest.of(found[newest]).same(named.digest):
            return found
        data = None
        if newest < ROTATIONS:
            data = source.read(site.tuf_metadata("root", newest + 1), limits.TUF_ROOT_BYTES)
        if data is None:
            shown = f"root {newest}, {Digest.of(found[newest]).labelled}"
            raise RootMismatch(address, named.digest, named.by, shown)
        found[newest + 1] = data


def check_chain(
    chain: PinnedChain, roots: Mapping[int, bytes], pinned: HasPins, locked: LockedRegistry | None = None
) -> None:
    """I2: every root that somebody named, and the lock's, is of this chain; one from before the pinned root must lead to it.

    `roots` are all that are at hand. Raises RootMismatch, and IndexRollback for a lock that knows a newer root.
    """
    named = [(one.digest, one.by) for one in pinned.named[1:]]
    newest = chain.root.version
    if locked is not None:
        if locked.root_version > newest:
            raise IndexRollback("root", f"version {locked.root_version} (pack.lock)", f"version {newest}")
        named.append((locked.root, "pack.lock"))
    for digest, by in named:
        if digest in chain.digests.values():
            continue
        try:
            leads = pinned.named[0].digest in read_chain(roots, digest, pinned.address).digests.values()
        except RootMismatch:
            leads = False
        if not leads:
            raise RootMismatch(pinned.address, digest, by, f"root {newest}, {chain.digests[newest].labelled}")
