"""The licenses of this machine at one registry, for one command: what it holds, verified, and whether that covers a release.

    desk = Desk(session, Counter.of(registry))
    keep_up(desk)                       # `renewal`: leases and lists that are due, where the registry answers
    covered = desk.cover(releases)      # over what is held

`registry` may be one that was opened without network: then nothing is asked.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from packctl.licenses.clock import Seen
from packctl.licenses.cover import Covered, Holding, cover
from packctl.licenses.device import Device, Devices
from packctl.licenses.wallet import Book, KeptList, Place, Wallet
from packctl.outcome import Notice
from packctl.registry.client import Prove, RegistryClient
from packctl.registry.open import open_client
from packspec.digests import Digest
from packspec.errors import PackError, Unlicensed
from packspec.licenses.jwk import KeySet
from packspec.licenses.status_list import StatusList
from packspec.licenses.token import LicenseToken
from packspec.licenses.use import Release
from packspec.moments import moment
from packspec.protocol.activations import Activated, DeviceKey

if TYPE_CHECKING:
    from packctl.session import Session
    from packctl.trust.reading import Reads
    from packctl.trust.registry import TrustedRegistry


Checked: TypeAlias = tuple[tuple[Holding, ...], tuple[tuple[Place, Unlicensed], ...]]


class Counter(Struct, frozen=True):
    """A registry as far as licenses are concerned: what its root vouches for, and how it is asked."""

    name: str
    """How it is called in what it signs: the origin of its log."""
    address: str
    read_keys: "Callable[[], KeySet]"
    signed_at: int
    """The time of its newest timestamp."""
    source: "Reads | None" = None
    """What reads its static side; None: nobody is asked."""

    @classmethod
    def of(cls, registry: "TrustedRegistry") -> "Counter":
        """Of a registry that was brought up to date."""
        opened = registry.opened
        source = opened.source if opened.is_online else None
        name, signed_at = registry.trust.log.origin, registry.freshness.signed_at
        return cls(name, opened.address, registry.license_keys, signed_at, source)


class Desk:
    """What this machine holds at one registry. Raises WalletBroken."""

    def __init__(self, session: "Session", counter: Counter) -> None:
        self.session = session
        self.counter = counter
        self._wallet, self._devices = Wallet(session.places.licenses), Devices(session.places.licenses)
        self.book = self._wallet.read()
        self._fresh = 0
        """The latest moment of what the registry signed that this machine did not have before."""
        self.in_run: list[tuple[Holding, Device]] = []
        """Leases of this run alone, each with the key it is bound to; kept nowhere."""
        self._checked: tuple[Book, Checked] | None = None
        self._told: set[str] = set()

    @property
    def name(self) -> str:
        """How the registry is called in what it signs: the origin of its log."""
        return self.counter.name

    @property
    def is_online(self) -> bool:
        """Whether the registry may be asked."""
        return self.counter.source is not None

    @cached_property
    def keys(self) -> KeySet:
        """The registry's license keys. Raises what reading them raises."""
        return self.counter.read_keys()

    @cached_property
    def client(self) -> RegistryClient:
        """Calls to the registry."""
        return open_client(self.session, self.counter.address)

    @cached_property
    def device(self) -> Device:
        """The key of this machine, made now if there is none. Raises DeviceKeyLost where there are licenses that are bound to one."""
        return self._devices.require() if self.book.places else self._devices.keep(self.session.random_bytes)

    def keep(self, edit: Callable[[Book], Book]) -> None:
        """Changes what is kept. Raises WalletBroken, DiskFailed."""
        self.book = self._wallet.change(edit)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Nobody else on this machine asks for places meanwhile; what others were given before is read. Raises WalletBroken, DiskFailed."""
        with self._wallet.turn(lambda: self.session.console.say("Waiting for another packctl that renews licenses")):
            self.book = self._wallet.read()
            yield

    # What is held

    @property
    def places(self) -> tuple[Place, ...]:
        """The places in licenses of this registry, as they were kept."""
        return tuple(one for one in self.book.places if one.registry == self.name)

    def holdings(self) -> tuple[Holding, ...]:
        """Those whose token a license key of the registry signed for this machine. Others are told of, and left out."""
        good, bad = self.checked()
        for _, error in bad:
            self.warn(error)
        return (*good, *(holding for holding, _ in self.in_run))

    def checked(self) -> Checked:
        """The places whose token counts, and the others, each with what is wrong. Signatures are checked once for each book."""
        if self._checked is None or self._checked[0] is not self.book:
            good: list[Holding] = []
            bad: list[tuple[Place, Unlicensed]] = []
            for place in self.places:
                try:
                    good.append(self.holding(place))
                except Unlicensed as error:
                    bad.append((place, error))
            self._checked = (self.book, (tuple(good), tuple(bad)))
        return self._checked[1]

    def holding(self, place: Place, device: Device | None = None) -> Holding:
        """A place, its token verified. Raises MalformedText, WrongAlgorithm, WrongType, UnknownKey, Forged, OtherRegistry, OtherDevice."""
        token = LicenseToken.read(place.token, self.keys)
        token.check_bound(self.name, (device or self.device).name)
        entry = token.status.status_list
        known = self.known_list(entry.uri)
        if known is None:
            return Holding(place, token)
        return Holding(place, token, known.at if known.is_revoked(entry.idx) else None, known.at)

    def known_list(self, path: str, book: Book | None = None) -> StatusList | None:
        """The status list of this path that is kept, if it is good. Others are told of."""
        kept = (book or self.book).list_of(self.name, path)
        try:
            return None if kept is None else StatusList.read(kept.text, self.keys)
        except Unlicensed as error:
            self.warn(error)
            return None

    def take_list(self, text: str, path: str) -> None:
        """Keeps a status list, unless an older one than is known. Raises what reading it raises."""
        found = StatusList.read(text, self.keys)
        if (found.issuer, found.path) != (self.name, path):
            return

        def edit(book: Book) -> Book:
            kept, known = book.list_of(self.name, path), self.known_list(path, book)
            if known is not None and found.at < known.at:
                return book
            if kept is None or kept.text != text:
                self.met(found.at)
            return book.with_list(KeptList(self.name, path, text, self.session.clock()))

        self.keep(edit)

    def cover(self, releases: Iterable[Release]) -> Covered:
        """Which license covers which release, and what is missing."""
        return cover(releases, self.holdings(), self.now)

    # Time

    @cached_property
    def now(self) -> int:
        """The time to count with. A clock that was set back is told of once, and not believed."""
        clock = self.session.clock()
        if not self.places:
            return clock
        seen = self._seen(self.book)
        if seen.was_set_back(clock):
            facts = {"clock": moment(clock), "known": moment(max(seen.signed, seen.ran))}
            fix = ["set the clock of this machine", "packctl license refresh"]
            said = "the clock of this machine was set back; licenses are counted by the later time"
            self.session.warn(Notice("licensing.clock-back", said, facts, fix))
        return seen.believed(clock)

    @property
    def was_set_back(self) -> bool:
        """Whether the clock shows less than this machine knows."""
        return bool(self.places) and self._seen(self.book).was_set_back(self.session.clock())

    def _seen(self, book: Book) -> Seen:
        known = book.seen(self.device)
        return Seen(max(known.signed, self._signed()), known.ran)

    def _signed(self) -> int:
        """The latest moment that anybody signed, of all that is at hand."""
        held = (max(one.token.iat, one.list_at or 0) for one in self.holdings())
        return max(self.counter.signed_at, *held, 0)

    def met(self, signed_at: int) -> None:
        """The registry signed something then that this machine did not have."""
        self._fresh = max(self._fresh, signed_at)

    def remember(self) -> None:
        """What the clock guard learned in this run."""
        if self.places:
            now, signed = self.session.clock(), self._signed()

            def edit(book: Book) -> Book:
                known = book.seen(self.device)
                if self.counter.signed_at > known.signed:
                    self.met(self.counter.signed_at)
                return book.with_clock(known.after(now, signed, fresh=self._fresh), self.device)

            self.keep(edit)

    # What goes out

    def proving(self, place: Place | None = None, *, token: str = "", device: Device | None = None) -> Prove:
        """Headers that show the key of this machine, or of a run: `client.call(..., prove=desk.proving(place))`."""
        known, nonce = device or self.device, place.nonce if place else ""

        def prove(method: str, path: str, body: Digest) -> dict[str, str]:
            return known.headers(method, path, body, self.session.clock(), nonce=nonce, token=token)

        return prove

    def place(self, got: Activated, label: str = "") -> Place:
        """A place as the registry gave it."""
        return Place(
            registry=self.name,
            address=self.counter.address,
            license=got.activation.license,
            activation=got.activation.id,
            pack=got.license.pack,
            token=got.token,
            nonce=got.nonce,
            label=got.activation.label or label,
            slot=got.activation.slot,
        )

    def warn(self, error: PackError) -> None:
        """Tells, once, of something that is kept here and does not count, or of a renewal that failed."""
        said = f"{error.code} {error.what()} {error.facts()}"
        if said in self._told:
            return
        self._told.add(said)
        self.session.warn(Notice(error.code, error.what(), error.facts(), error.fix()))


def device_key(device: Device) -> DeviceKey:
    """A device's key as calls take it."""
    jwk = device.jwk
    return DeviceKey(kty=jwk.kty, crv=jwk.crv, x=jwk.x, y=jwk.y)
