"""The debug log of `PACKCTL_LOG`: everything that is said, however quiet the screen is, with times and without secrets."""

import datetime
import os
from collections.abc import Callable, Sequence
from contextlib import suppress

from packctl.ui.escape import safe_lines
from packspec.errors import Damaged, redact
from packspec.patterns import pattern

_COLOR = pattern("\x1b\\[[0-9;]*m")
"""What `Console.style` writes. In texts of others it was made visible before it came here."""


class LogFailed(Damaged):
    """The file of `PACKCTL_LOG` cannot be written."""

    path: str
    reason: str
    code = "cli.log-failed"

    def what(self) -> str:
        return f"the debug log {self.path} cannot be written"

    def why(self) -> str:
        return self.reason

    def fix(self) -> list[str]:
        return ["unset PACKCTL_LOG, or name a file that can be written"]


class DebugLog:
    """A log at `path`. `clock` gives seconds since the epoch, UTC. Opened for every line, so that it outlives all that may fail."""

    def __init__(self, path: str, clock: Callable[[], int]) -> None:
        self._path = path
        self._clock = clock

    def begin(self, arguments: Sequence[str]) -> None:
        """The first line of a command. Raises LogFailed if there can be no log."""
        try:
            self._append("begin", " ".join(map(repr, arguments)))
        except OSError as error:
            raise LogFailed(self._path, error.strerror or str(error)) from error

    def write(self, level: str, text: str) -> None:
        """One line, or several: `2026-11-20T06:00:00Z say ...`. A disk that fails later does not stop the command."""
        with suppress(OSError):
            self._append(level, text)

    def _append(self, level: str, text: str) -> None:
        moment = datetime.datetime.fromtimestamp(self._clock(), datetime.UTC)
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8", errors="backslashreplace") as file:
            lines = safe_lines(redact(_COLOR.sub("", text)))
            file.writelines(f"{moment:%Y-%m-%dT%H:%M:%SZ} {level} {line}\n" for line in lines)
