"""Recalling a release: what is asked for, whom it would hit, and the document that lifts it."""

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from packctl.usage import BadValue
from packspec.commandline import MissingArgument
from packspec.names import ReleaseName
from packspec.versions import Version

if TYPE_CHECKING:
    from packctl.session import Session
    from packctl.ui.console import Console
    from packspec.protocol.endpoint import Endpoint
    from packspec.protocol.publishing import LoggedAct
    from packspec.protocol.recalls import RecallRehearsal, RecallRelease

ACTIONS = ("warn", "stop")


class HitPack(msgspec.Struct, frozen=True):
    """A pack that needs the release, by its highest release that may use it. `stuck`: its range allows no other one."""

    pack: str
    version: str
    range: str
    stuck: bool


class Rehearsal(msgspec.Struct, frozen=True):
    """Whom the recall would hit: packs that need the release (`needed_by` of them, the first are listed), and what new projects would get.

    `downloads` is null: this registry does not count them, so nobody knows how many have it installed.
    """

    needed_by: int
    packs: list[HitPack]
    newest: str
    downloads: int | None = None


class Recalled(msgspec.Struct, frozen=True):
    """The release, what is said about it, its state from now on, and the entry of the log that says so.

    `changed` false: it was so already. With `rehearsal` nothing was done, `state` is that of now and `log_index` null.
    """

    registry: str
    pack: str
    version: str
    action: str
    reason: str
    state: str
    log_index: int | None
    changed: bool = True
    note: str = ""
    replacement: str = ""
    rehearsal: Rehearsal | None = None


class Options(Struct, frozen=True):
    """What the person gave, as text."""

    action: str
    reason: str
    replacement: str
    note: str
    rehearse: bool
    confirm: str


class Rows(Struct, frozen=True):
    """The two calls of whoever recalls: a publisher, or the registry itself. `command` is how they spell it."""

    command: str
    act: "Endpoint[RecallRelease, LoggedAct]"
    rehearse: "Endpoint[RecallRelease, RecallRehearsal]"


def recall(session: "Session", release: str, options: Options, rows: Rows) -> Recalled:
    """Recalls `release`, or says whom that would hit. Raises MissingArgument, BadValue, NeedsAnswer, Declined, and what the call raises."""
    from packctl.registry.choose import chosen_client

    name = ReleaseName.parse(release)
    ask = _asked(name, options, rows.command)
    chosen, client = chosen_client(session, name.pack.publisher)
    if options.rehearse:
        found = client.call(rows.rehearse, ask)
        return _result(client.origin, ask, (found.state, None, False), _told(found))
    _confirm(session, f"{name.pack}@{name.version}", chosen.name, options.confirm)
    act = client.call(rows.act, ask)
    return _result(client.origin, ask, (act.state, act.log_index, act.is_new))


def _result(
    registry: str, ask: "RecallRelease", became: tuple[str, int | None, bool], rehearsal: Rehearsal | None = None
) -> Recalled:
    """`became`: the state, the entry of the log, and whether it is new."""
    state, log_index, changed = became
    return Recalled(
        registry, str(ask.pack), str(ask.version.without_build()), ask.action, ask.reason, state, log_index, changed, ask.note,
        str(ask.replacement or ""), rehearsal,
    )  # fmt: skip


def _asked(name: ReleaseName, options: Options, command: str) -> "RecallRelease":
    from packspec.protocol.recalls import RecallRelease
    from packspec.reasons import REASONS

    for option, text, allowed in (("--action", options.action, ACTIONS), ("--reason", options.reason, REASONS)):
        if not text:
            raise MissingArgument(option, command, allowed)
        if text not in allowed:
            raise BadValue(option, text, ", ".join(allowed))
    return RecallRelease(
        publisher=name.pack.publisher,
        name=name.pack.name,
        version=name.version,
        action="stop" if options.action == "stop" else "warn",
        reason=options.reason,
        note=options.note,
        replacement=Version.parse(options.replacement) if options.replacement else None,
    )


def _confirm(session: "Session", release: str, registry: str, given: str) -> None:
    """What reaches everybody and stays in the log for ever wants the release named once more, by option or by hand."""
    if given == release:
        return
    if given:
        raise BadValue("--confirm", given, release)
    session.console.say("A recall is in the public log for ever and reaches everybody who uses this release.")
    session.ask.typed(f"Type the release to recall it on {registry}", release, option=f"--confirm {release}")


def _told(found: "RecallRehearsal") -> Rehearsal:
    packs = [HitPack(str(one.pack), str(one.version), one.range, one.is_stuck) for one in found.hits]
    return Rehearsal(found.total, packs, str(found.newest or ""))


def write(result: Recalled, console: "Console") -> None:
    """What happened, or what would."""
    from packctl.ui.escape import safe

    name = f"{safe(result.pack)} {safe(result.version)}"
    if result.rehearsal is not None:
        _write_rehearsal(name, result, result.rehearsal, console)
        return
    already = "" if result.changed else " already"
    console.line(f"{name} is {safe(result.state)}{already}: log entry {result.log_index}")
    verb = "refuse" if result.action == "stop" else "warn of"
    console.say(f"  Clients {verb} it from their next index on")
    if result.replacement:
        console.say(f"  They propose {safe(result.replacement)} instead")


def _write_rehearsal(name: str, result: Recalled, hit: Rehearsal, console: "Console") -> None:
    from packctl.ui.escape import safe
    from packctl.ui.table import Column, write_table

    does = "installs refuse it, verify and audit fail" if result.action == "stop" else "installs, verify and audit warn"
    console.line(f"A recall of {name} would reach everybody who has it: {does}")
    console.line("  How many have it is not known: this registry counts no downloads")
    if hit.needed_by:
        packs = "1 pack needs" if hit.needed_by == 1 else f"{hit.needed_by} packs need"
        console.line(f"  {packs} it:")
        rows = [(one.pack, one.version, one.range, "allows no other" if one.stuck else "") for one in hit.packs]
        columns = [Column("PACK", whole=True), Column("VERSION", whole=True), Column("NEEDS"), Column("NOTE")]
        write_table(columns, rows, console)
        if hit.needed_by > len(hit.packs):
            console.line(f"  and {hit.needed_by - len(hit.packs)} more")
    else:
        console.line("  No pack of this registry needs it")
    newest = f"get {safe(hit.newest)}" if hit.newest else "get none: no other release may be chosen"
    console.line(f"  New projects would {newest}")
    console.say("Nothing was done.")
