"""Who may approve releases: the list that the offline keys sign."""

from pathlib import Path
from typing import Annotated

import typer

from registry_server.commands.shell import Data, registry, say

OfflineFolder = Annotated[Path, typer.Option("--keys", metavar="DIR", help="The folder with the offline keys.")]


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
    keys: OfflineFolder,
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
    from packspec.signing.keys import PublicKey
    from registry_server.index.reviewers import add_reviewer

    text = Path(key).read_text(encoding="ascii", errors="replace").strip() if Path(key).is_file() else key
    with registry(data) as world:
        row = add_reviewer(world, keys, name, PublicKey.parse(text), threshold)
        typer.echo(f"{name} may approve from log entry {row.start} on; {row.threshold} of {len(row.keys)} must")


def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name in the list.")],
    keys: OfflineFolder,
    data: Data = None,
) -> None:
    """Take a reviewer off the list. What they approved before stays approved."""
    from registry_server.index.reviewers import remove_reviewer

    with registry(data) as world:
        row = remove_reviewer(world, keys, name)
        typer.echo(f"{name} cannot approve from log entry {row.start} on; {row.threshold} of {len(row.keys)} must")


def show(data: Data = None) -> None:
    """Show who may approve releases: name, fingerprint and public key."""
    from registry_server.index.reviewers import reviewers

    with registry(data) as world:
        row = reviewers(world)
        for one in row.keys if row else ():
            typer.echo(f"{one.name}  {one.key.fingerprint}  {one.key.base64}")
        say([f"{row.threshold} of {len(row.keys)} must approve" if row else "nobody can approve anything yet"])
