"""Who may approve releases: the list that the offline keys sign."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from registry_server.commands.shell import Data, registry, say

if TYPE_CHECKING:
    from packspec.trustfiles import ReviewerRow
    from registry_server.index.reviewers import Change

OfflineFolder = Annotated[
    str | None,
    typer.Option("--keys", metavar="DIR", help="The offline keys, where they are all at hand.", show_default=False),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        help="Else a document for them to sign, as by keys ceremony.",
        show_default=False,
    ),
]


def _listed_name(text: str) -> str:
    """A name as it can stand in the public list for ever, and in a line of output."""
    if not 0 < len(text) <= 100 or not text.isprintable() or text != text.strip():
        raise typer.BadParameter(
            f"{text[:120]!r} is no name: 1 to 100 characters that can be seen, no blank around them"
        )
    return text


def add(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="The reviewer's account; the public list says it too.", callback=_listed_name
        ),
    ],
    key: Annotated[
        str, typer.Argument(metavar="PUBLIC-KEY", help="As packctl key export prints it, or a file that holds it.")
    ],
    keys: OfflineFolder = None,
    output: Output = None,
    threshold: Annotated[
        int | None,
        typer.Option(
            "--threshold", metavar="N", min=1, help="How many reviewers must approve: as before.", show_default=False
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Put a reviewer's public key on the list. It works while the registry is being served.

    NAME is the reviewer's account: it opens the queue, and what that account publishes this key cannot approve. One is made with
    registry-server account add NAME --role reviewer
    """
    from registry_server.commands.at_hand import public_key
    from registry_server.index.reviewers import adding

    public = public_key(key, "packctl key export KEY")
    if row := _change(adding(name, public, threshold), keys, output, data):
        typer.echo(f"{name} may approve from log entry {row.start} on; {row.threshold} of {len(row.keys)} must")


def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name in the list.")],
    keys: OfflineFolder = None,
    output: Output = None,
    stolen_since: Annotated[
        int | None,
        typer.Option(
            "--stolen-since",
            metavar="ENTRY",
            min=0,
            help="Their key counts for nothing from this log entry on.",
            show_default=False,
        ),
    ] = None,
    data: Data = None,
) -> None:
    """Take a reviewer off the list. What they approved before stays approved, up to the entry from which on the key was stolen."""
    from registry_server.index.reviewers import removing

    if row := _change(removing(name, stolen_since), keys, output, data):
        typer.echo(f"{name} cannot approve from log entry {row.start} on; {row.threshold} of {len(row.keys)} must")


def _change(change: "Change", keys: str | None, output: Path | None, data: Path | None) -> "ReviewerRow | None":
    """The row that holds now; None where a document was written instead."""
    from registry_server.commands.at_hand import private_keys
    from registry_server.commands.documents import prepare_document
    from registry_server.index.ceremony import OfflineKeys
    from registry_server.index.offline.preparing import Changes
    from registry_server.index.reviewers import planned, write

    if (keys is None) == (output is None):
        raise typer.BadParameter(
            "either --keys or --output: the offline keys, or where the document for them goes", param_hint="--keys"
        )
    with registry(data) as world:
        if keys is not None:
            return write(world, OfflineKeys(tuple(private_keys(keys)), keys), change)
        assert output is not None
        prepare_document(world, Changes(reviewers=planned(world, change)), output)
    return None


def show(data: Data = None) -> None:
    """Show who may approve releases: name, fingerprint and public key."""
    from registry_server.index.reviewers import reviewers

    with registry(data) as world:
        row = reviewers(world)
        for one in row.keys if row else ():
            typer.echo(f"{one.name}  {one.key.fingerprint}  {one.key.base64}")
        say([f"{row.threshold} of {len(row.keys)} must approve" if row else "nobody can approve anything yet"])
