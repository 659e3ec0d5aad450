"""Ways out of a conflict as commands: what a person can type now, and the versions that it gives (docs/spec/resolver.md)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from packctl.install.result import Installed, Step, WayOut
from packctl.resolve.refusals import NoSolution
from packctl.resolve.refusals import WayOut as Told
from packctl.resolve.run import Resolver
from packctl.resolve.wanted import JUST_ADDED, Indexes, Wanted, Wish
from packctl.resolve.ways import ANY, SECONDS, Way, short_range, ways_out
from packspec.names import PackName
from packspec.versions import Version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from packctl.install.order import Order
    from packctl.session import Session


def add_ways_out(
    session: "Session",
    order: "Order",
    wanted: Wanted,
    locked: "Mapping[PackName, Version]",
    indexes: Indexes,
    refusal: NoSolution,
) -> None:
    """Looks for ways out and notes them in the refusal. `locked` are all versions of pack.lock, which `packctl add` keeps where it can."""
    if _has_command(order, wanted):
        ends = session.monotonic() + SECONDS
        resolver = Resolver(replace(wanted, locked=locked), indexes)
        ways = ways_out(resolver, wanted.wishes, refusal, lambda: session.monotonic() < ends)
        refusal.ways_out = tuple(_told(order, wanted.wishes, way) for way in ways.found)
        refusal.all_tried = ways.all_tried
    refusal.data = Installed(derivation=derivation_of(refusal), ways_out=ways_of(refusal))


def derivation_of(refusal: NoSolution) -> list[Step]:
    """The proof as `--json` writes it."""
    return [Step(id=step.id, because=list(step.because), so=step.so) for step in refusal.derivation]


def ways_of(refusal: NoSolution) -> list[WayOut]:
    """The ways out as `--json` writes them."""
    return [WayOut(command=one.command, gives=one.gives) for one in refusal.ways_out or ()]


def _has_command(order: "Order", wanted: Wanted) -> bool:
    """Whether `packctl add` can bring about what was asked. It cannot where the past is asked for, or where something is taken out."""
    if order.as_of is not None:
        return False
    return order.edit is None or any(wish.origin == JUST_ADDED for wish in wanted.wishes)


def _told(order: "Order", wishes: Sequence[Wish], way: Way) -> Told:
    added = [wish for wish in wishes if wish.origin == JUST_ADDED]
    changed = replace(way.wish, range=way.range)
    before: list[Wish] = []
    if way.wish in added:
        together = [changed if wish == way.wish else wish for wish in added]
    elif all(_options(wish) == _options(way.wish) for wish in added):
        together = [*added, changed]
    else:
        together, before = added, [changed]
    commands = [_command(order, part, way, installs=last) for part, last in ((before, False), (together, True)) if part]
    if order.lowest:
        commands.append("packctl lock --lowest")
    found = way.found.packs
    versions = [str(found[wish.pack].version) for wish in (*before, *together) if wish.pack in found]
    return Told(" && ".join(commands), _and(versions))


def _command(order: "Order", wishes: Sequence[Wish], way: Way, *, installs: bool) -> str:
    """`packctl add` for wishes that stand in one place."""
    flags = _options(wishes[0])
    flags += ["--pre"] if order.prereleases else []
    flags += [] if installs and order.installs else ["--no-install"]
    return " ".join(["packctl", "add", *(_name(wish, way) for wish in wishes), *flags])


def _options(wish: Wish) -> list[str]:
    place = ["--group", wish.group] if wish.group else []
    return place + (["--kind", wish.kind] if wish.kind != "requires" else [])


def _name(wish: Wish, way: Way) -> str:
    """`acme/icons@^2`. One that may be any version is told with the range that it would get."""
    wanted, chosen = wish.range, way.found.packs.get(wish.pack)
    if wanted.text == ANY.text and chosen is not None:
        wanted = short_range(chosen.version)
    named = f"{wish.pack}@{wanted.text.strip()}"
    return f'"{named}"' if set(named) & set(" <>|*?&;()$~") else named


def _and(texts: Iterable[str]) -> str:
    *others, last = texts
    return f"{', '.join(others)} and {last}" if others else last
