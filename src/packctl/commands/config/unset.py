"""`packctl config unset`: takes one setting out of the user's config.toml."""

from typing import Annotated

import msgspec
import typer

from packctl.config_file import read_config, save, without_key
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

SETTINGS = False


class Removed(msgspec.Struct, frozen=True):
    """Which key was taken out of which file; `changed` is false if it was not there."""

    file: str
    key: str
    changed: bool


def run(
    session: Session, key: Annotated[str, typer.Argument(metavar="KEY", help="A key of config.toml")]
) -> Outcome[Removed]:
    """Take a setting out of your config.toml.

    A key that nothing reads can be taken out too, which repairs a file that is refused because of it.
    """
    path = session.places.config_file
    before = read_config(path)
    data = without_key(before, key) if before else b""
    changed = before is not None and data != before.data
    if changed:
        save(path, data)
    return Outcome(Removed(str(path), key, changed))


def text(result: Removed, console: Console) -> None:
    """One line, on stderr."""
    console.say(f"{safe(result.file)}: {safe(result.key)} {'taken out' if result.changed else 'was not set'}")
