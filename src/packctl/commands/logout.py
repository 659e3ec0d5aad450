"""`packctl logout`: forgets the token of a registry on this machine."""

from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe


class LoggedOut(msgspec.Struct, frozen=True):
    """Of which registry the token was forgotten, and whether there was one."""

    registry: str
    was_logged_in: bool


def run(
    session: Session,
    registry: Annotated[
        str | None, typer.Argument(metavar="REGISTRY", help="Alias or address; by default the default registry")
    ] = None,
) -> Outcome[LoggedOut]:
    """Forget the token of a registry on this machine.

    The token itself stays valid until it ends; packctl token revoke ends it everywhere.
    """
    if registry is not None:
        session.globals = msgspec.structs.replace(session.globals, registry=registry)
    from packctl.registry.choose import choose_registry
    from packctl.registry.credentials import Credentials

    origin = choose_registry(session).origin
    return Outcome(LoggedOut(origin, Credentials(session.places.credentials.parent).forget(origin)))


def text(result: LoggedOut, console: Console) -> None:
    """One line, on stderr."""
    said = "Logged out of" if result.was_logged_in else "Was not logged in to"
    console.say(f"{said} {safe(result.registry)}")
