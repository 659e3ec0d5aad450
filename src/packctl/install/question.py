"""The question why a pack is not in a project: the same resolution with one more wish, and nothing changed (docs/spec/resolver.md)."""

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from packctl.install.begin import begin
from packctl.install.choose import wanted_of
from packctl.install.edits import Asked
from packctl.install.entitled import Entitled
from packctl.install.order import Order
from packctl.install.registries import Registries
from packctl.install.wayout import add_ways_out, command_of, look_for_ways_out
from packctl.resolve.refusals import NoSolution, WayOut
from packctl.resolve.run import Resolver
from packctl.resolve.wanted import ASKER, Wish
from packctl.resolve.ways import ANY
from packspec.ranges import Range
from packspec.versions import Version

if TYPE_CHECKING:
    from packctl.session import Session


class Answer(Struct, frozen=True):
    """`refusal` is the proof that the wish cannot be had, its ways out included; None if `version` can be had by `commands`.

    `beyond` is the proof that it could not be had either if the project itself asked for nothing of this pack.
    """

    wish: Wish
    locked: Version | None
    refusal: NoSolution | None = None
    beyond: NoSolution | None = None
    version: Version | None = None
    commands: tuple[WayOut, ...] = ()


def why_not(session: "Session", asked: Asked) -> Answer:
    """Resolves the project with one wish more.

    Without a range any version is asked for, of a locked pack the newest. Raises what a resolution raises; but that this wish cannot be
    had, because its release was yanked or for any other reason, is an answer.
    """
    work = begin(session, Order(doing="asking"))
    registries = Registries(session, work)
    registries.refresh()
    locked = work.lock.find(asked.pack) if work.lock else None
    wish = Wish(asked.pack, _range(asked, registries, is_locked=locked is not None), file=ASKER)
    wanted = wanted_of(session, work, work.project, Entitled(session, registries, is_asked=True))
    resolver = Resolver(wanted, registries)
    before = None if locked is None else locked.version
    try:
        found = resolver.resolve(wanted.wishes, question=wish)
    except NoSolution as refusal:
        if not refusal.proof.names(wish):  # nothing fits, whatever is asked about
            add_ways_out(session, work.order, wanted, wanted.locked, registries, refusal)
            raise
        look_for_ways_out(session, work.order, resolver, refusal, wish)
        own = {one for one in wanted.wishes if one.pack == wish.pack}
        is_named = any(refusal.proof.names(one) for one in own)
        if refusal.ways_out or not is_named or any(one.group or one.file != wanted.file for one in own):
            return Answer(wish, before, refusal)
        deeper = Resolver(replace(wanted, wishes=tuple(one for one in wanted.wishes if one not in own)), registries)
        return Answer(wish, before, refusal, _beyond(session, work.order, deeper, wish))
    version = found.packs[wish.pack].version
    return Answer(wish, before, version=version, commands=(command_of(work.order, wish, found, wanted.file),))


def _beyond(session: "Session", order: Order, resolver: Resolver, wish: Wish) -> NoSolution | None:
    """What keeps a pack out besides the project's own wish for it: a command that adds it replaces that one."""
    try:
        resolver.resolve(resolver.wanted.wishes, question=wish)
    except NoSolution as refusal:
        if refusal.proof.names(wish):
            look_for_ways_out(session, order, resolver, refusal, wish)
            return refusal
    return None


def _range(asked: Asked, registries: Registries, *, is_locked: bool) -> Range:
    if asked.range is not None:
        return asked.range
    return Range.parse(str(registries.newest(asked.pack))) if asked.latest or is_locked else ANY
