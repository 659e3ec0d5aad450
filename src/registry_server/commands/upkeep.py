"""Looking after a registry: its schema, its signatures, its settings."""

from typing import Annotated

import msgspec
import typer

from registry_server.commands.shell import Data, opened, settings_from
from registry_server.settings import all_settings
from registry_server.variables import Secret


def migrate(data: Data = None) -> None:
    """Bring the database to the schema of this version."""
    from registry_server.db.migrate import migrate as run
    from registry_server.db.migrate import newest

    with opened(settings_from(data)) as world:
        applied = run(world.database)
        typer.echo(f"applied {', '.join(applied)}" if applied else f"nothing to do: the schema is {newest()}")


def resign(
    clock_is_right: Annotated[
        bool,
        typer.Option(
            "--clock-is-right", help="Also if it was signed at a later time, because the clock was ahead then."
        ),
    ] = False,
    data: Data = None,
) -> None:
    """Sign what is near its end anew, as the server does by itself while it runs: for a registry that is served by other means.

    It works while the registry is being served. Roles of the offline keys are left as they are.
    """
    from registry_server.index import resigning
    from registry_server.signer import OnlineKeys

    with opened(settings_from(data), alone=False) as world:
        world.signer = OnlineKeys.read(world.folder.keys)
        if clock_is_right:
            resigning.resign_all(world)
        written = clock_is_right or resigning.resign(world)
        typer.echo("signed anew" if written else "nothing to do: nothing is near its end")


def check_trail(data: Data = None) -> None:
    """Follow the trail of who did what from its first entry, and hold it against the public log.

    Once a day the log takes the digest of all of it, so what was changed after that day is found, whoever changed it. It works while the
    registry is being served.
    """
    from packspec.moments import moment
    from registry_server.actor import TERMINAL
    from registry_server.call import call_of
    from registry_server.log import anchoring

    with opened(settings_from(data), alone=False) as world, call_of(world, TERMINAL).reading() as call:
        found = anchoring.check(call)
        since = f", up to {moment(found.at)}" if found.at else ""
        typer.echo(f"the trail holds: {_count(found.entries, 'entry', 'entries')}")
        typer.echo(f"borne out by {_count(found.anchors, 'anchor', 'anchors')} in the log{since}")


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def check_settings(data: Data = None) -> None:
    """Show every setting as this process would see it, and every problem at once. Secrets are not shown."""
    settings = settings_from(data)
    for concern, known in all_settings():
        values = next(value for value in msgspec.structs.astuple(settings) if isinstance(value, concern))
        for setting in known:
            typer.echo(f"{setting.variable}={_shown(getattr(values, setting.field))}")


def _shown(value: object) -> str:
    match value:
        case Secret():
            return "(set, not shown)" if value else ""
        case bool():
            return str(value).lower()
        case _:
            return str(value)
