"""People, before they can log in."""

from typing import Annotated

import typer

from registry_server import telling
from registry_server.actor import TERMINAL, Role
from registry_server.commands.shell import Data, opened, say, settings_from


def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, digits and inner hyphens.")],
    roles: Annotated[
        list[Role] | None,
        typer.Option("--role", metavar="ROLE", help="admin or reviewer; may be repeated.", show_default=False),
    ] = None,
    data: Data = None,
) -> None:
    """Add a person and print a token for them, once. For somebody who is there already: add the roles and print a new token.

    The token alone is stdout, so that it can go into a file: registry-server account add mia > mia.token
    """
    from registry_server.db.migrate import check_schema
    from registry_server.people import add_person

    with opened(settings_from(data), alone=False) as world:
        check_schema(world.database)
        added = add_person(world, TERMINAL, name, roles or [])
        typer.echo(added.token)
        say(telling.account(name, added))
