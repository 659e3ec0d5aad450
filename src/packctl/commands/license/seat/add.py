"""`packctl license seat add`: gives persons a seat in a license."""

from typing import Annotated

import msgspec
import typer

from packctl.commands.license.seat.list import Seating, seating
from packctl.commands.options import DryRun, LicenseName
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import many
from packspec.errors import Conflict

EXAMPLES = (
    "packctl license seat add acme/farm-animals-pro mia",
    "packctl license seat add acme/farm-animals-pro --csv class-3b.csv --dry-run",
)


class Line(msgspec.Struct, frozen=True):
    """What became of one line of the file: `assigned`, `had-one`, or the code of what is wrong with it."""

    line: int
    member: str
    outcome: str
    reason: str


class Seated(msgspec.Struct, frozen=True):
    """Who has a seat now. Of a file each line is told; `done` is false where nothing was changed."""

    seating: Seating
    lines: list[Line]
    done: bool = True


class SeatsNotGiven(Conflict):
    """Lines of a file are wrong, so nobody of it got a seat."""

    wrong: tuple[str, ...]

    code = "licensing.seats-not-given"

    def what(self) -> str:
        verb = "is" if len(self.wrong) == 1 else "are"
        return f"{many(len(self.wrong), 'line')} of the file {verb} wrong, so nobody got a seat"

    def facts(self) -> dict[str, str]:
        return {f"line {one.partition(' ')[0]}": one.partition(" ")[2] for one in self.wrong[:20]}

    def why(self) -> str:
        return "a file is taken as a whole or not at all"

    def fix(self) -> list[str]:
        return ["put those lines right and run the command again"]


def run(
    session: Session,
    name: LicenseName,
    member: Annotated[str | None, typer.Argument(metavar="MEMBER", help="Who gets a seat, by account")] = None,
    csv: Annotated[
        str, typer.Option("--csv", metavar="FILE", help="A file with a column `member`: all of them, or nobody")
    ] = "",
    dry_run: DryRun = False,
) -> Outcome[Seated]:
    """Give persons a seat in a license.

    Of a file all persons get one, or nobody: every line that is wrong is told.
    """
    from packctl.durable import read_named
    from packctl.licenses.named import asked_license
    from packspec.commandline import MissingArgument
    from packspec.protocol.licenses import AskLicense
    from packspec.protocol.seats import ASSIGN_SEAT, IMPORT_SEATS, SEATS, AssignSeat, ImportSeats

    if bool(member) == bool(csv):
        raise MissingArgument("MEMBER or --csv FILE", "license seat add")
    client, license = asked_license(session, name)
    if member:
        return Outcome(Seated(seating(license, client.call(ASSIGN_SEAT, AssignSeat(id=license, member=member))), []))
    table = read_named(session.folder / csv, 512 * 1024, "--csv").decode("utf-8-sig", "replace")
    report = client.call(IMPORT_SEATS, ImportSeats(id=license, csv=table, dry_run=dry_run))
    lines = [Line(one.line, one.member, one.outcome, one.reason) for one in report.lines]
    wrong = tuple(
        f"{one.line} {one.reason or one.outcome}" for one in lines if one.outcome not in ("assigned", "had-one")
    )
    result = Seated(seating(license, client.call(SEATS, AskLicense(id=license))), lines, report.done)
    return Outcome(result, errors=(SeatsNotGiven(wrong),) if wrong else ())


def text(result: Seated, console: Console) -> None:
    """One line, on stderr."""
    taken, there = len(result.seating.seats), result.seating.persons
    if result.lines and not result.done:
        would = sum(one.outcome == "assigned" for one in result.lines)
        console.say(f"{many(would, 'person')} would get a seat; nothing was changed")
    console.say(f"{taken} of {there} seats of {safe(result.seating.license)} are taken")
