"""Opens desks: that of the registry which a command means, and those of every registry that gave this machine something."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from packctl.licenses.desk import Counter, Desk
from packctl.licenses.wallet import Wallet
from packctl.registry.choose import Chosen, choose_registry, registry_at
from packctl.trust.freshness import Purpose
from packctl.trust.opening import open_root
from packctl.trust.registry import TrustedRegistry
from packspec.errors import Unavailable
from packspec.names import PublisherName

if TYPE_CHECKING:
    from packctl.session import Session


def desk_for(session: "Session", publisher: PublisherName | None = None) -> tuple[Chosen, Desk]:
    """The desk of the registry that is bound to a publisher, or the default one, brought up to date. Raises as opening a registry."""
    chosen = choose_registry(session, publisher)
    return chosen, _desk(session, chosen.alias, chosen.address)


def desks_here(session: "Session", *, online: bool = False) -> Iterator[Desk]:
    """The desks of all registries that gave this machine a place, by address. Without `online` nobody is asked.

    One whose trust files are not on this machine is asked for them once. Raises WalletBroken, and as opening a registry.
    """
    book = Wallet(session.places.licenses).read()
    for address in sorted({place.address for place in book.places}):
        yield _desk(session, registry_at(session, address).alias, address, at_hand=not online)


def _desk(session: "Session", alias: str, address: str, *, at_hand: bool = False) -> Desk:
    opened = open_root(session, alias, address)
    if at_hand:
        try:
            return Desk(session, _counter(TrustedRegistry(opened.offline(), session)))
        except Unavailable:
            if opened.source is None:
                raise
    return Desk(session, _counter(TrustedRegistry(opened, session)))


def _counter(registry: TrustedRegistry) -> Counter:
    registry.refresh(Purpose.VERIFY)
    return Counter.of(registry)
