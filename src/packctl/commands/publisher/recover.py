"""`packctl publisher recover`: the list of keys that a registry may put in force without the owners before."""

from typing import Annotated

import msgspec
import typer

from packctl.commands.rootchange import Owners, PublisherName
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = (
    "packctl publisher recover acme --owner acme-owner-2 -o acme.root.json",
    "packctl publisher recover acme --owner mine --owner tom=tom.pub --threshold 2 -o acme.root.json",
)


class Recovery(msgspec.Struct, frozen=True):
    """A list of keys for a registry's operator. `root` is its digest; `changes` are sentences."""

    publisher: str
    version: int
    root: str
    file: str
    changes: list[str]


def run(
    session: Session,
    publisher: PublisherName,
    owner: Annotated[
        list[str],
        typer.Option("--owner", metavar="KEY", help="An owner from then on: a key here, or NAME=FILE; may be repeated"),
    ],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where it goes")],
    threshold: Owners = None,
) -> Outcome[Recovery]:
    """Make new owners for a publisher whose owner keys are all lost.

    Writes the next list of keys, with these owners and the release keys as they are, signed by the owner keys that are on this machine.
    Nothing is sent: give the file to the registry's operator, who will want to know who you are. The operator's offline keys announce it in
    the public log; it comes into force days later, unless somebody still has the old keys and objects. Whoever knows the old list must
    accept the new one by its digest, so publish that where your users look.
    """
    from packctl.publish.owners.recover import recovered

    found = recovered(session, publisher, owner, threshold, output)
    return Outcome(Recovery(str(publisher), found.version, found.digest.labelled, output, list(found.changes)))


def text(result: Recovery, console: Console) -> None:
    """The digest, and who needs the file."""
    console.line(f"{safe(result.publisher)}, root {result.version}: {result.root}")
    console.say(
        f"Give {safe(result.file)} to the registry's operator, and this digest to everybody who uses your packs."
    )
