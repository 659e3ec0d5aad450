"""What the commands that change a publisher's keys have in common: their options, their result, and how it reads."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import many

if TYPE_CHECKING:
    from packctl.publish.owners.change import Sent
    from packctl.publish.owners.present import Present

PublisherName = Annotated[str, typer.Argument(metavar="PUBLISHER", help="Whose keys")]
"""The publisher."""
NewKey = Annotated[
    str,
    typer.Argument(
        metavar="KEY", help="A key of yours (agent:COMMENT in an ssh agent), or NAME=FILE with its public half"
    ),
]
"""A key that comes."""
ListedKey = Annotated[
    str, typer.Argument(metavar="KEY", help="Its name in the publisher's list, or its id or the beginning of it")
]
"""A key that is there."""
OwnerKeys = Annotated[
    list[str] | None,
    typer.Option("--key", metavar="KEY", help="Sign with this owner key: its id, or a file; may be repeated"),
]
"""Which owner keys sign, where it should not be all that are here."""
Owners = Annotated[
    int | None, typer.Option("--threshold", min=1, metavar="N", help="How many owners must sign a change of keys")
]
"""Threshold of the owners."""
Releases = Annotated[
    int | None, typer.Option("--threshold", min=1, metavar="N", help="How many release keys must sign each release")
]
"""Threshold of the release keys."""


class KeyChange(msgspec.Struct, frozen=True):
    """A change of a publisher's keys. `state`: `in force`, `waiting` for more owners, or `unchanged`, if it was so already.

    `root` is the digest of root `version`; `changes` and `waits` are sentences; `signed` of `needed` owners until now and `signed_new` of
    `needed_new` owners from then on have signed; `log_index` is null while it waits.
    """

    registry: str
    publisher: str
    state: str
    version: int
    root: str
    changes: list[str]
    waits: list[str]
    signed: int
    needed: int
    signed_new: int
    needed_new: int
    log_index: int | None


def changed(present: "Present", sent: "Sent") -> KeyChange:
    """What came of a change that was sent."""
    view = sent.view
    state = "waiting" if view.log_index is None else "in force"
    return KeyChange(
        present.chosen.origin, str(present.publisher), state, view.version, view.root.labelled, list(sent.changes),
        list(sent.waits), view.before, view.before_needed, view.own, view.own_needed, view.log_index,
    )  # fmt: skip


def unchanged(present: "Present", *waits: str) -> KeyChange:
    """What is so already is no failure: a command whose answer was lost can be given again."""
    newest = present.chain.newest
    return KeyChange(
        present.chosen.origin, str(present.publisher), "unchanged", newest.root.version, newest.digest.labelled, [],
        list(waits), 0, 0, 0, 0, newest.index,
    )  # fmt: skip


def text(result: KeyChange, console: Console) -> None:
    """Where the change stands on stdout; on stderr what is still to do. What it changes was said before it was signed."""
    name = f"{safe(result.publisher)}, root {result.version}"
    if result.state == "waiting":
        console.line(f"{name}, waits for signatures: {missing(result)}")
        console.line(f"  {result.root}")
        console.say(f"Another owner runs: packctl publisher sign {safe(result.publisher)} --root {result.root}")
        return
    if result.state == "unchanged":
        console.line(f"{name}: nothing to change")
        for line in result.waits:
            console.say(f"  {safe(line)}")
        return
    console.line(f"{name}, is in force: log entry {result.log_index}")
    console.line(f"  {result.root}")


def missing(result: KeyChange) -> str:
    """Whose signatures are there, and how many must be."""
    said = f"{result.signed} of {many(result.needed, 'owner')}"
    new = f", and {result.signed_new} of the {result.needed_new} that it asks for itself"
    return said + (new if result.signed_new < result.needed_new else "")
