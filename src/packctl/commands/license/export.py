"""`packctl license export`: reserves places of a license for a closed network."""

from typing import Annotated

import msgspec
import typer

from packctl.commands.options import LicenseName
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = ("packctl license export acme/farm-animals-pro --machines 10 --until 2027-06-30 -o school.pool",)


class Exported(msgspec.Struct, frozen=True):
    """The file, and how many places it holds until when (RFC 3339 UTC)."""

    license: str
    file: str
    machines: int
    until: str


def run(
    session: Session,
    name: LicenseName,
    machines: Annotated[int, typer.Option("--machines", metavar="N", help="How many places", min=1)],
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="The last day, such as 2027-06-30")],
    output: Annotated[str, typer.Option("-o", "--output", metavar="FILE", help="Where the pool is written")],
    label: Annotated[str, typer.Option("--label", metavar="TEXT", help="What the list of machines calls it")] = "",
) -> Outcome[Exported]:
    """Reserve places of a license for the machines of a closed network.

    The registry inside hands them out. They are free again when their time is over, or when the receipt of that network is handed in.
    """
    from packctl.licenses.named import asked_license
    from packctl.licenses.paper import write_text
    from packctl.usage import BadValue, read_day
    from packspec.limits import DAY_SECONDS
    from packspec.moments import moment
    from packspec.protocol.activations import MAKE_POOL, MakePool

    last = read_day("--until", until, "2027-06-30") + DAY_SECONDS - 1
    if last <= session.clock():
        raise BadValue("--until", until, "a day that is not over")
    client, license = asked_license(session, name)
    pool = client.call(MAKE_POOL, MakePool(id=license, machines=machines, until=last, label=label))
    path = write_text(session.folder / output, pool.file)
    return Outcome(Exported(license, str(path), len(pool.places), moment(min(one.expires_at for one in pool.places))))


def text(result: Exported, console: Console) -> None:
    """One line, on stderr."""
    console.say(f"Wrote {safe(result.file)}: {result.machines} machines of {result.license} until {result.until[:10]}")
