"""`packctl queue`: submissions that wait for a decision."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer

from packctl.commands.submission import Submission, described
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.table import Column, write_table

EXAMPLES = ("packctl queue", "packctl queue --state approved --publisher acme", "packctl queue take S-1042")
STATES = ("waiting", "draft", "pending_review", "in_review", "approved", "rejected", "published", "any")
SORTS = ("age", "newest")


class Waiting(msgspec.Struct, frozen=True):
    """Submissions, those that wait longest first; `total` counts all that fit."""

    registry: str
    submissions: list[Submission]
    total: int


def run(
    session: Session,
    state: Annotated[str, typer.Option("--state", metavar="STATE", help=f"One of {', '.join(STATES)}")] = "waiting",
    publisher: Annotated[str, typer.Option("--publisher", metavar="P", help="Only of this publisher")] = "",
    kind: Annotated[str, typer.Option("--kind", metavar="K", help="Only packs of kind content, module or tool")] = "",
    sort: Annotated[str, typer.Option("--sort", metavar="ORDER", help="age: oldest first; newest")] = "age",
    page: Annotated[int, typer.Option("--page", min=1, metavar="N", help="Which page of 50")] = 1,
) -> Outcome[Waiting]:
    """Show submissions that wait for a decision."""
    from packctl.registry.choose import chosen_client
    from packctl.usage import BadValue
    from packspec.names import PublisherName
    from packspec.protocol.publishing import LIST, ListSubmissions
    from packspec.wire import convert

    for option, value, known in (("--state", state, STATES), ("--sort", sort, SORTS)):
        if value not in known:
            raise BadValue(option, value, ", ".join(known))
    fields = {"state": "" if state == "any" else state, "kind": kind, "sort": sort, "page": page}
    if publisher:
        fields["publisher"] = str(PublisherName.parse(publisher))
    chosen, client = chosen_client(session)
    found = client.call(LIST, convert(fields, ListSubmissions))
    rows = [described(chosen, view) for view in found.submissions]
    return Outcome(Waiting(chosen.origin, rows, found.total))


def text(result: Waiting, console: Console) -> None:
    """A table; a word where nothing waits."""
    from packctl.ui.progress import megabytes

    columns = [
        Column("SUBMISSION", whole=True),
        Column("RELEASE", whole=True),
        Column("STATE"),
        Column("SIZE", right=True),
    ]
    columns += [Column("SENT BY"), Column("HANDED IN", whole=True)]
    rows = [
        (
            one.id,
            f"{one.pack} {one.version}",
            one.state.replace("_", " "),
            megabytes(one.bytes),
            one.submitted_by,
            one.handed_in or "-",
        )
        for one in result.submissions
    ]
    write_table(columns, rows, console)
    if not rows:
        console.say("nothing waits")
    elif result.total > len(rows):
        console.say(f"{len(rows)} of {result.total}")


def plain(result: Waiting) -> Iterator[tuple[str, ...]]:
    """Id, pack, version, state, who sent it, when it was handed in."""
    for one in result.submissions:
        yield one.id, one.pack, one.version, one.state, one.submitted_by, one.handed_in
