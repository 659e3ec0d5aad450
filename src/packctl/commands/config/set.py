"""`packctl config set`: one setting, written into the user's config.toml; comments and order stay."""

from typing import Annotated

import msgspec
import typer

from packctl.commands.config.keys import value_to_write
from packctl.config_file import parse_config, read_config, save, with_key
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.settings import check_file
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = (
    "packctl config set registry.default https://registry.example",
    'packctl config set storage.limit "5 GB"',
    "packctl config set policy.min-age 3d",
)
SETTINGS = False


class Written(msgspec.Struct, frozen=True):
    """What was written where. `value` is TOML."""

    file: str
    key: str
    value: str
    changed: bool


def run(
    session: Session,
    key: Annotated[str, typer.Argument(metavar="KEY", help="A key of config.toml, such as network.timeout")],
    value: Annotated[
        str, typer.Argument(metavar="VALUE", help="Its value; TOML where it is more than a word or a number")
    ],
) -> Outcome[Written]:
    """Write a setting into your config.toml.

    The file is checked as a whole before it is replaced, so a value that is not taken changes nothing.
    """
    path = session.places.config_file
    before = read_config(path) or parse_config(path, b"")
    made = value_to_write(key, value)
    data = with_key(before, key, made)
    check_file(parse_config(path, data))
    if data != before.data:
        save(path, data)
    return Outcome(Written(str(path), key, str(made), data != before.data))


def text(result: Written, console: Console) -> None:
    """One line, on stderr: there is no result."""
    console.say(
        f"{safe(result.file)}: {safe(result.key)} {'is now' if result.changed else 'was already'} {safe(result.value)}"
    )
