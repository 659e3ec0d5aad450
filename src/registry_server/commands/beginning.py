"""Beginning a registry, and serving it."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from registry_server import telling
from registry_server.commands.shell import Data, opened, say, settings_from


def init(
    data: Data = None,
    name: Annotated[
        str,
        typer.Option(
            "--name", metavar="NAME", help="The registry's name, for ever: by default the host's.", show_default=False
        ),
    ] = "",
    offline_keys: Annotated[
        Path | None,
        typer.Option(
            "--offline-keys",
            metavar="DIR",
            help="Where the offline keys go: by default beside the data folder.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Make data folder, database and keys. Doing it again completes what is missing.

    The offline keys sign the registry's root and the list of reviewers. They are written into a folder of their own, which belongs off
    this machine.
    """
    from registry_server.steps import Beginning, begin

    with opened(settings_from(data), begun=False, serving=True) as world:
        made = begin(world, Beginning(name, offline_keys))
        _tell_beginning(made)
        if not made:
            say([f"nothing to do: there is a registry in {world.folder.root}"])
        elif "root" in made:
            say(telling.next_steps(data, made["offline keys"]))


def _tell_beginning(made: dict[str, str]) -> None:
    """What was made, as facts that can be cut out with grep; and the one thing that must not be missed."""
    for line in telling.facts(made, indent=0):
        typer.echo(line)
    if "offline keys" in made:
        say(telling.OFFLINE_KEYS)


def serve(
    data: Data = None,
    host: Annotated[
        str | None,
        typer.Option("--host", metavar="ADDRESS", help="Address to listen on: 127.0.0.1.", show_default=False),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="PORT", min=0, max=65535, help="8787; 0 chooses a free one.", show_default=False
        ),
    ] = None,
) -> None:
    """Serve the registry until Ctrl-C or TERM. On an empty data folder, what `init` does comes first."""
    from registry_server.serve import serve as run
    from registry_server.steps import Beginning, begin

    with opened(settings_from(data, host=host, port=port), begun=False, serving=True) as world:
        made = begin(world, Beginning(""))
        is_new = "offline keys" in made

        def listening(url: str) -> None:
            lines = telling.next_steps(data, made["offline keys"], serving=True) if is_new else []
            _tell([f"registry-server: listening on {url}", *lines])

        _tell([*telling.facts(made, indent=0), *(telling.OFFLINE_KEYS if is_new else ())])
        run(world, listening)


def _tell(lines: Iterable[str]) -> None:
    """Everything on one stream, so that packctl serve and a log keep the order."""
    for line in lines:
        typer.echo(line)
