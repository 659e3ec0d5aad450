"""A console on streams in memory, with or without somebody at it."""

import io
from collections.abc import Mapping
from dataclasses import dataclass

from packctl.arguments import Globals
from packctl.ui.console import Console, Streams, make_console


@dataclass
class Screen:
    """A console and what was written through it."""

    console: Console
    stdout: io.StringIO
    stderr: io.StringIO

    @property
    def out(self) -> str:
        """All of stdout."""
        return self.stdout.getvalue()

    @property
    def err(self) -> str:
        """All of stderr."""
        return self.stderr.getvalue()


def screen(
    given: Globals | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    terminal: bool = False,
    typed: str = "",
    columns: int | None = None,
    encoding: str = "utf-8",
    color: str = "auto",
    progress: str = "auto",
) -> Screen:
    """A console for tests. `terminal`: all three streams are one; `typed` is what stands on stdin."""
    stdout, stderr = _Text(encoding), _Text(encoding)
    streams = Streams(io.StringIO(typed), stdout, stderr, terminal, terminal, terminal, columns)
    return Screen(
        make_console(given or Globals(), environ or {}, streams, color=color, progress=progress), stdout, stderr
    )


class _Text(io.StringIO):
    """StringIO that says which encoding it has."""

    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding
