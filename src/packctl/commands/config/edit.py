"""`packctl config edit`: opens the user's config.toml in an editor and checks it afterwards."""

import shlex
import subprocess

import msgspec

from packctl.config_file import read_config, save
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.settings import check_file
from packctl.ui.ask import NeedsAnswer
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packspec.errors import Damaged

SETTINGS = False
_NEW = b"# Settings of packctl. What can be set: packctl help config\n"


class Edited(msgspec.Struct, frozen=True):
    """Which file was opened."""

    file: str


class EditorFailed(Damaged):
    """The editor could not be started, or said that it failed."""

    editor: str
    reason: str
    code = "cli.editor-failed"

    def what(self) -> str:
        return f"the editor {self.editor!r} failed: {self.reason}"

    def fix(self) -> list[str]:
        return ["set EDITOR to an editor that is installed", "packctl config set KEY VALUE"]


def run(session: Session) -> Outcome[Edited]:
    """Open your config.toml in an editor.

    VISUAL or EDITOR names the editor. The file is checked when the editor ends.
    """
    if not session.console.attended:
        raise NeedsAnswer("what to write into config.toml", "packctl config set KEY VALUE")
    path = session.places.config_file
    if not path.exists():
        save(path, _NEW)
    editor = session.environ.get("VISUAL") or session.environ.get("EDITOR") or "vi"
    try:
        ended = subprocess.run([*shlex.split(editor), str(path)], check=False)
    except (OSError, ValueError) as error:
        raise EditorFailed(editor, str(error)) from error
    if ended.returncode:
        raise EditorFailed(editor, f"exit code {ended.returncode}")
    if file := read_config(path):
        check_file(file)
    return Outcome(Edited(str(path)))


def text(result: Edited, console: Console) -> None:
    """One line, on stderr."""
    console.say(f"{safe(result.file)} is in order")
