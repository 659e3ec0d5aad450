"""`packctl outdated`: which packs have newer releases, and which of the installed ones should no longer be used."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import Column, many, write_table

if TYPE_CHECKING:
    from packctl.install.begin import Work
    from packctl.install.choose import Choice
    from packctl.install.registries import Registries
    from packspec.lockfile import LockedPack

EXAMPLES = ("packctl outdated", "packctl outdated --exit-code", "packctl outdated --plain")


class OutdatedPack(msgspec.Struct, frozen=True):
    """A pack of which there is a newer release, or whose release was taken back.

    `locked` is the version in pack.lock; `installed` says whether that one is here. `in_range` is what `packctl update` would choose, empty
    if nothing would be left of the pack; `newest` is the newest release that anybody may choose, whatever pack.toml says, empty if there
    is none. `state` is that of the locked release in the registry's index: published, deprecated, yanked or recalled.
    """

    name: str
    locked: str
    installed: bool
    in_range: str
    newest: str
    state: str
    reason: str = ""
    use: str = ""
    """The pack to take instead, where a deprecation names one."""
    direct: bool = False


class Outdated(msgspec.Struct, frozen=True):
    """Those packs, by name, of `releases` that pack.lock names. `as_of` is the time of the index (RFC 3339 UTC)."""

    packs: list[OutdatedPack]
    releases: int
    as_of: str


def run(
    session: Session,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit 1 if there is any")] = False,
) -> Outcome[Outdated]:
    """Show which packs have newer releases.

    IN RANGE is what `packctl update` would take, NEWEST the newest release whatever the ranges say. A release that was yanked, deprecated
    or recalled is listed with that word, newer ones or not. Changes nothing. With --offline, or when the registry does not answer, it is
    told from the newest index on this machine.
    """
    from packctl.install.begin import begin
    from packctl.install.order import Order

    # Not a locked run, also in CI: what would be chosen anew is the question.
    work = begin(session, Order(doing="looking for newer releases", upgrade=None))
    if work.lock is None or not work.lock.packs:
        return Outcome(Outdated([], 0, ""))
    from packctl.install.choose import choose
    from packctl.install.registries import Registries
    from packctl.trust.freshness import Purpose
    from packspec.moments import moment

    registries = Registries(session, work, Purpose.LOCKED)
    registries.refresh()
    choice = choose(session, work, registries)
    found = [_judged(work, registries, choice, pack) for pack in sorted(work.lock.packs, key=lambda pack: pack.name)]
    times = [registry.freshness.signed_at for registry in registries.opened.values()]
    packs = [one for one in found if one is not None]
    result = Outdated(packs, len(found), moment(min(times)) if times else "")
    return Outcome(result, exit_code=1 if exit_code and packs else 0)


def _judged(work: "Work", registries: "Registries", choice: "Choice", pack: "LockedPack") -> OutdatedPack | None:
    from packspec.index.missing import NoSuchPack

    chosen = choice.versions.get(pack.name)
    try:
        newest = registries.newest_or_none(pack.name)
        row = registries.of(pack.name).index(pack.name).find(pack.version.without_build())
    except NoSuchPack:  # another registry than the one that it was locked from: `verify` is there for that
        newest = row = None
    state = row.state if row else "unknown"
    is_newer = any(one is not None and one > pack.version for one in (chosen, newest))
    if not is_newer and state == "published":
        return None
    receipt = work.state.receipts.get(pack.name)
    return OutdatedPack(
        name=str(pack.name),
        locked=str(pack.version),
        installed=receipt is not None and receipt.version == pack.version,
        in_range=str(chosen or ""),
        newest=str(newest or ""),
        state=state,
        reason=(row.reason or "") if row else "",
        use=str(row.use or "") if row else "",
        direct=any(wish.pack == pack.name for wish in work.project.wishes()),
    )


def text(result: Outdated, console: Console) -> None:
    """A row per pack; the last line says how much is as new as it can be."""
    if not result.packs:
        console.say(
            f"Nothing is outdated: {many(result.releases, 'pack')}" if result.releases else "No packs are locked"
        )
        return
    columns = [
        Column("NAME", whole=True),
        Column("INSTALLED", whole=True),
        Column("IN RANGE", whole=True),
        Column("NEWEST", whole=True),
        Column("NOTE"),
    ]
    write_table(columns, [_row(one) for one in result.packs], console)
    console.say(f"{len(result.packs)} of {many(result.releases, 'pack')} outdated")
    if any(_moves(one) for one in result.packs):
        console.say("Take what is in range: packctl update")
    held = [one.name for one in result.packs if one.direct and one.newest not in ("", one.in_range)]
    if held:
        console.say(f"Leave the range: packctl update {safe(held[0])} --major")


def _moves(one: OutdatedPack) -> bool:
    return one.in_range not in ("", one.locked)


def _row(one: OutdatedPack) -> tuple[str, ...]:
    installed = one.locked if one.installed else f"({one.locked})"
    return one.name, installed, one.in_range or "-", one.newest or "-", _note(one)


def _note(one: OutdatedPack) -> str:
    if one.state == "published":
        return ""
    reason = f": {one.reason}" if one.reason else ""
    return f"{one.state}{reason}" + (f"; use {one.use}" if one.use else "")


def plain(result: Outdated) -> Iterator[tuple[str, ...]]:
    """Name, locked version, newest in range, newest, state of the locked release, its reason, the pack to use instead."""
    for one in result.packs:
        yield one.name, one.locked, one.in_range, one.newest, one.state, one.reason, one.use
