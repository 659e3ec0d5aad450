"""Ways out of a conflict as commands: what a person can type now, and the versions that it gives (docs/spec/resolver.md)."""

import posixpath
import shlex
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from packctl.install.result import Installed, Step, WayOut
from packctl.resolve.refusals import NoSolution
from packctl.resolve.refusals import WayOut as Told
from packctl.resolve.run import Resolution, Resolver
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
        kept = wanted.locked if order.lowest else locked  # what the last of the commands keeps
        look_for_ways_out(session, order, Resolver(replace(wanted, locked=kept), indexes), refusal)
    refusal.data = Installed(derivation=derivation_of(refusal), ways_out=ways_of(refusal))


def look_for_ways_out(
    session: "Session", order: "Order", resolver: Resolver, refusal: NoSolution, question: Wish | None = None
) -> None:
    """Notes in the refusal what helps. A `question` is a wish that stands in no file, and that the commands then add."""
    ends, wanted = session.monotonic() + SECONDS, resolver.wanted
    ways = ways_out(resolver, wanted.wishes, refusal, lambda: session.monotonic() < ends, question)
    if not ways.tried:
        return
    added = [wish for wish in wanted.wishes if wish.origin == JUST_ADDED]
    refusal.ways_out = tuple(
        _told(order, [*added, *_besides(question, way, wanted.file)], way, wanted.file) for way in ways.found
    )
    refusal.all_tried = ways.all_tried


def _besides(question: Wish | None, way: Way, here: str) -> list[Wish]:
    """The pack asked about, unless the change is one of its own range."""
    return [] if question is None or question.pack == way.wish.pack else [replace(question, file=here)]


def command_of(order: "Order", wish: Wish, found: Resolution, here: str) -> Told:
    """The command that adds a wish that can be had."""
    command = _command(order, [replace(wish, file=here)], found, here, installs=True)
    return Told(command, str(found.packs[wish.pack].version))


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


def _told(order: "Order", added: Sequence[Wish], way: Way, here: str) -> Told:
    changed = replace(way.wish, range=way.range)
    before: list[Wish] = []
    if way.wish in added:
        together = [changed if wish == way.wish else wish for wish in added]
    elif all(_options(wish, here) == _options(way.wish, here) for wish in added):
        together = [*added, changed]
    else:
        together, before = list(added), [changed]
    parts = [(before, False), (together, True)]
    commands = [_command(order, wishes, way.found, here, installs=last) for wishes, last in parts if wishes]
    if order.lowest:
        commands.append("packctl lock --lowest")
    found = way.found.packs
    versions = [str(found[wish.pack].version) for wish in (*before, *together) if wish.pack in found]
    return Told(" && ".join(commands), _and(versions))


def _command(order: "Order", wishes: Sequence[Wish], found: Resolution, here: str, *, installs: bool) -> str:
    """The command for wishes that stand in one place: the update that was asked for, where it is one range that moves, else `packctl add`.

    `here` is the pack.toml that the command would edit by itself.
    """
    if order.moves and len(wishes) == 1 and wishes[0].pack in order.named:
        named, _, wanted = _name(wishes[0], found).strip('"').partition("@")
        return shlex.join(["packctl", "update", named, "--to", wanted, *(["--pre"] if order.prereleases else [])])
    flags = _options(wishes[0], here)
    flags += ["--pre"] if order.prereleases else []
    flags += [] if installs and order.installs else ["--no-install"]
    return " ".join(["packctl", "add", *(_name(wish, found) for wish in wishes), *flags])


def _options(wish: Wish, here: str) -> list[str]:
    place = ["--group", wish.group] if wish.group else []
    if wish.file != here:  # another member of the workspace
        place += ["-C", posixpath.relpath(posixpath.dirname(wish.file) or ".", posixpath.dirname(here) or ".")]
    return place + (["--kind", wish.kind] if wish.kind != "requires" else [])


def _name(wish: Wish, found: Resolution) -> str:
    """`acme/icons@^2`. One that may be any version is told with the range that it would get."""
    wanted, chosen = wish.range, found.packs.get(wish.pack)
    if wanted.text == ANY.text and chosen is not None:
        wanted = short_range(chosen.version)
    named = f"{wish.pack}@{wanted.text.strip()}"
    return f'"{named}"' if set(named) & set(" <>|*?&;()$~") else named


def _and(texts: Iterable[str]) -> str:
    *others, last = texts
    return f"{', '.join(others)} and {last}" if others else last
