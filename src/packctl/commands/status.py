"""`packctl status`: where submissions stand, and the thread with the reviewer."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.commands.submission import Submission, described, is_submission, next_step, show, stands, wait
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import Column, write_table
from packspec.errors import PackError

if TYPE_CHECKING:
    from packctl.registry.client import RegistryClient
    from packspec.protocol.publishing import SubmissionView

EXAMPLES = ("packctl status", "packctl status S-1042 --watch", "packctl status acme/farm-animals")


class Standing(msgspec.Struct, frozen=True):
    """Submissions, newest first; one if one was named."""

    registry: str
    submissions: list[Submission]


def run(
    session: Session,
    what: Annotated[
        str | None,
        typer.Argument(metavar="SUBMISSION or NAME", help="S-1042, a pack, or a publisher; by default all of yours"),
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Stay until a reviewer has decided")] = False,
) -> Outcome[Standing]:
    """Show where submissions stand, with every step and what the reviewer said."""
    from packctl.registry.choose import chosen_client
    from packctl.usage import BadValue
    from packspec.protocol.publishing import SHOW, AskSubmission

    chosen, client = chosen_client(session)
    one = what is not None and is_submission(what)
    if watch and not one:
        raise BadValue("--watch", what or "", "one submission beside it, such as S-1042")
    if not one:
        found = [described(chosen, view) for view in listed(client, what)]
        return Outcome(Standing(chosen.origin, found), view=False)
    view = client.call(SHOW, AskSubmission(id=what or ""))
    errors: tuple[PackError, ...] = ()
    if watch:
        view, errors = wait(session, chosen, client, view, ("a week", 7 * 86_400))
    return Outcome(Standing(chosen.origin, [described(chosen, view)]), errors=errors, view=True)


def listed(client: "RegistryClient", what: str | None) -> "list[SubmissionView]":
    """The submissions of a pack, of a publisher, or all that one may see, newest first."""
    from packspec.names import PackName, PublisherName
    from packspec.protocol.publishing import LIST, ListSubmissions

    pack = PackName.parse(what) if what and "/" in what else None
    publisher = PublisherName.parse(what) if what and pack is None else None
    return client.call(LIST, ListSubmissions(publisher=publisher, pack=pack, sort="newest", limit=100)).submissions


def text(result: Standing, console: Console, one: bool) -> None:
    """One submission at length, several as a table."""
    if one:
        show(result.submissions[0], console)
        if step := next_step(result.submissions[0]):
            console.say(f"  {safe(step)}")
        return
    columns = [
        Column("SUBMISSION", whole=True),
        Column("RELEASE", whole=True),
        Column("STANDS"),
        Column("SINCE", whole=True),
    ]
    rows = [
        (row.id, f"{row.pack} {row.version}", stands(row), row.steps[-1].at if row.steps else row.opened)
        for row in result.submissions
    ]
    write_table(columns, rows, console)
    if not rows:
        console.say("no submissions")


def plain(result: Standing) -> Iterator[tuple[str, ...]]:
    """Id, pack, version, state, who sent it, when it was handed in."""
    for one in result.submissions:
        yield one.id, one.pack, one.version, one.state, one.submitted_by, one.handed_in
