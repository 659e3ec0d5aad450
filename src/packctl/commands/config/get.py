"""`packctl config get`: one setting, for scripts."""

from typing import Annotated

import msgspec
import typer

from packctl.commands.config.keys import setting_named
from packctl.commands.config.list import written
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.settings import ABOUT, setting_name
from packctl.ui.console import Console
from packctl.ui.escape import safe


class One(msgspec.Struct, frozen=True):
    """One setting: its name, its value as it would be written, and the layer that it comes from."""

    name: str
    value: str
    layer: str


def run(
    session: Session, key: Annotated[str, typer.Argument(metavar="KEY", help="As in packctl config list")]
) -> Outcome[One]:
    """Print the value of one setting, which may be the default."""
    name = setting_named(key)
    settings = session.settings
    return Outcome(
        One(setting_name(name), written(getattr(settings, name), ABOUT[name].form), settings.origin(name).layer.value)
    )


def text(result: One, console: Console) -> None:
    """The value alone."""
    console.line(safe(result.value))
