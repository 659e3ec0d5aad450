"""`packctl trust list`: the pinned registries."""

from collections.abc import Iterator

import msgspec

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.table import Column, write_table

EXAMPLES = ("packctl trust list", "packctl trust list --json")


class Pinned(msgspec.Struct, frozen=True):
    """A pinned registry. `alias` is how the configuration calls it, empty if it does not; `at` is RFC 3339 UTC."""

    address: str
    alias: str
    root: str
    at: str


class Listing(msgspec.Struct, frozen=True):
    """Every pinned registry, by address."""

    registries: list[Pinned]


def run(session: Session) -> Outcome[Listing]:
    """Show the pinned registries.

    Those whose root was pinned on this machine. A root that only a project's pack.toml names counts in that project and is not listed.
    """
    from packctl.trust.roots import Pins, plain_address
    from packspec.moments import moment

    aliases = {plain_address(str(one.url)): str(alias) for alias, one in session.rules.registries.items()}
    pins = Pins(session.places.registries).all()
    return Outcome(
        Listing([Pinned(pin.address, aliases.get(pin.address, ""), pin.root.labelled, moment(pin.at)) for pin in pins])
    )


def text(result: Listing, console: Console) -> None:
    """Aligned addresses, aliases and digests."""
    if not result.registries:
        console.line("No registry is pinned on this machine.")
        return
    columns = [
        Column("REGISTRY", whole=True),
        Column("ALIAS", whole=True),
        Column("ROOT", whole=True),
        Column("PINNED", whole=True),
    ]
    write_table(columns, plain(result), console)


def plain(result: Listing) -> Iterator[tuple[str, ...]]:
    """Address, alias, root, time."""
    for one in result.registries:
        yield one.address, one.alias, one.root, one.at
