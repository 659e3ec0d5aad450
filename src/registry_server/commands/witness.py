"""A witness of logs, and what operators tell witnesses."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from registry_server.commands.shell import chance, clock


def witness(
    state: Annotated[Path, typer.Option("--state", metavar="DIR", help="Its key, and what it signed last.")],
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="Its name for ever; for a new one.", show_default=False)
    ] = "",
    log: Annotated[
        list[str] | None,
        typer.Option("--log", metavar="KEY", help="A log to trust, from now on; may be repeated.", show_default=False),
    ] = None,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="PORT", min=0, max=65535, help="0 chooses a free one.")] = 8788,
) -> None:
    """Witness the logs of registries: sign each checkpoint that extends the last one, and no other (C2SP tlog-witness).

    It belongs on a machine of somebody else than the registry's operator. The operator of a registry gives it the key of the log
    (registry-server keys log), lists its key, which is printed here, by registry-server keys ceremony --witness KEY, and names its address
    in REGISTRY_TRUST_WITNESSES. Never run a copy of its folder, and never put an old copy back: it could sign two histories then.
    """
    from registry_server.settings import HttpSettings
    from registry_server.witness.serve import serve
    from registry_server.world import Surroundings

    surroundings = Surroundings(now=clock, randomness=chance, log_to=sys.stderr)

    def ready(found: object, url: str) -> None:
        typer.echo(f"witness key {found.public}")  # type: ignore[attr-defined]
        typer.echo(f"registry-server: listening on {url}")

    serve(state, name, log or (), HttpSettings(host=host, port=port), surroundings, ready)
