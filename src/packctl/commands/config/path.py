"""`packctl config path`: where the user's config.toml is, whether it is there or not."""

import msgspec

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = ("cat $(packctl config path)",)
SETTINGS = False


class ConfigPath(msgspec.Struct, frozen=True):
    """The path, and whether there is such a file."""

    file: str
    exists: bool


def run(session: Session) -> Outcome[ConfigPath]:
    """Print where your config.toml is."""
    path = session.places.config_file
    return Outcome(ConfigPath(str(path), path.is_file()))


def text(result: ConfigPath, console: Console) -> None:
    """The path as it is, for scripts."""
    console.line(result.file)
