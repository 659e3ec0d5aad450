"""`Console`: the streams of one command, and everything about them that is decided once: color, width, signs, quiet, JSON, annotations.

Results go to stdout, everything else to stderr. Text that is not ours is passed through `safe` by whoever puts it into a line; the console
itself only guarantees that no character can fail to be written.
"""

import os
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TextIO, cast

import msgspec

from packctl.arguments import Globals
from packctl.outcome import Notice
from packctl.ui.escape import safe, safe_json
from packspec.errors import Damaged

if TYPE_CHECKING:
    from packctl.ui.log import DebugLog

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "blue": "34", "cyan": "36"}
_ASCII_SIGNS = {"✓": "*", "✗": "x", "→": "->", "…": "...", "–": "-", "├── ": "|-- ", "└── ": "`-- ", "│   ": "|   "}


class OutputClosed(BaseException):
    """The reader of stdout or stderr has gone away (`packctl list | head -1`). Not an error: the command ends, silently, with 141."""


class OutputFailed(Damaged):
    """stdout could not be written, so the result may have been lost (a full disk behind `>`)."""

    reason: str
    code = "cli.output-failed"

    def what(self) -> str:
        return "the result could not be written to stdout"

    def why(self) -> str:
        return self.reason

    def fix(self) -> list[str]:
        return ["make room where the output goes, then run the command again"]


class Streams(msgspec.Struct, frozen=True):
    """The three standard streams, whether each is a terminal, and the columns of the terminal (None: there is none)."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    stdin_terminal: bool = False
    stdout_terminal: bool = False
    stderr_terminal: bool = False
    columns: int | None = None


def standard_streams() -> Streams:
    """The process's own. A stream that was closed before we started is replaced by one that leads nowhere."""
    stdin, stdout, stderr = (sys.stdin or _nowhere("r"), sys.stdout or _nowhere("w"), sys.stderr or _nowhere("w"))
    columns = None
    for stream in (stdout, stderr):
        if stream.isatty():
            try:
                columns = os.get_terminal_size(stream.fileno()).columns or None
            except (OSError, ValueError):
                continue
            break
    return Streams(stdin, stdout, stderr, stdin.isatty(), stdout.isatty(), stderr.isatty(), columns)


def _nowhere(mode: str) -> TextIO:
    return cast(TextIO, open(os.devnull, mode, encoding="utf-8"))


class Console(msgspec.Struct):
    """Where a command's output goes and in which form. `quiet` 0 to 2, `verbose` 0 to 2.

    `width` is None where lines are never wrapped (not a terminal). `attended`: somebody is there who can answer. `progress` is one of
    live, plain, json, off. `log` gets what stderr would get if it were not quiet. `warnings` collects every notice for the document.
    `before_line` is called before anything is written while lines move; while `asking`, nothing moves.
    """

    streams: Streams
    json: bool = False
    plain: bool = False
    quiet: int = 0
    verbose: int = 0
    color_out: bool = False
    color_err: bool = False
    width: int | None = None
    unicode: bool = True
    attended: bool = False
    progress: str = "plain"
    annotations: bool = False
    log: "DebugLog | None" = None
    warnings: list[Notice] = []
    before_line: Callable[[], None] | None = None
    asking: bool = False

    def line(self, text: str = "") -> None:
        """One line of the result, on stdout; left out with `-qq`, and in JSON, whose one document is the result."""
        if not self.json and self.quiet < 2:
            self._write(self.streams.stdout, text + "\n")

    def say(self, text: str = "") -> None:
        """One line about what is going on, on stderr; left out with `-q` and in JSON."""
        self._tell("say", text, not self.quiet)

    def detail(self, text: str) -> None:
        """One line for those who asked for more with `-v`."""
        self._tell("detail", text, self.verbose > 0)

    def trace(self, text: str) -> None:
        """One line for `-vv`: requests, tracebacks."""
        self._tell("trace", text, self.verbose > 1)

    def problem(self, text: str) -> None:
        """One line of an error, on stderr, however quiet; left out in JSON only."""
        self._tell("problem", text, True)

    def warn(self, notice: Notice) -> None:
        """A warning: into the JSON document, and on stderr unless `-q`."""
        self.warnings.append(notice)
        self.say(f"{self.style_err('warning', 'yellow')}[{safe(notice.code)}]: {safe(notice.what)}")
        fixes = [("" if number else "fix", fix) for number, fix in enumerate(notice.fix)]
        width = max([8, *map(len, notice.facts)])
        for label, value in [*notice.facts.items(), *fixes]:
            self.say(f"  {safe(label):<{width}}  {safe(value)}")
        if self.annotations and not self.json:
            self.problem(annotation("warning", notice.code, notice.what))

    def document(self, data: bytes) -> None:
        """The one JSON document on stdout."""
        self._write(self.streams.stdout, safe_json(data.decode()) + "\n")

    def event(self, data: bytes) -> None:
        """One progress event on stderr (`--progress json`), whatever else is silent."""
        self._write(self.streams.stderr, safe_json(data.decode()) + "\n")

    def raw_err(self, text: str) -> None:
        """Text without a line end on stderr: questions."""
        self._write(self.streams.stderr, text)

    def draw(self, text: str) -> None:
        """What moves on stderr. Only `ui.moving` draws."""
        self._put(self.streams.stderr, text)

    def style(self, text: str, *styles: str) -> str:
        """`text` for stdout in bold, dim or a color, if stdout has color. Never the only carrier of a meaning."""
        return _styled(text, styles) if self.color_out else text

    def style_err(self, text: str, *styles: str) -> str:
        """The same for stderr."""
        return _styled(text, styles) if self.color_err else text

    def sign(self, sign: str) -> str:
        """A sign such as ✓ or a branch of a tree; its ASCII form where stdout is not UTF-8."""
        return sign if self.unicode else _ASCII_SIGNS.get(sign, sign)

    def flush(self) -> None:
        """Writes what is still buffered. Raises OutputClosed and OutputFailed, as every write does."""
        for stream in (self.streams.stdout, self.streams.stderr):
            self._write(stream, "", flush=True)

    def _tell(self, level: str, text: str, shown: bool) -> None:
        if self.log is not None:
            self.log.write(level, text)
        if shown and not self.json:
            self._write(self.streams.stderr, text + "\n")

    def _write(self, stream: TextIO, text: str, flush: bool = False) -> None:
        if self.before_line is not None:
            self.before_line()
        self._put(stream, text, flush)

    def _put(self, stream: TextIO, text: str, flush: bool = False) -> None:
        try:
            stream.write(text)
            if flush or stream is self.streams.stderr:
                stream.flush()
        except BrokenPipeError as error:
            raise OutputClosed from error
        except OSError as error:
            if stream is self.streams.stderr:
                return  # there is no place left to complain
            raise OutputFailed(error.strerror or str(error)) from error


def make_console(
    given: Globals, environ: Mapping[str, str], streams: Streams, *, color: str = "auto", progress: str = "auto"
) -> Console:
    """The console of one command.

    `color` and `progress` are what the configuration says; the options in `given` and the variables in `environ` are stronger. The order
    for color, strongest first: `--color`, `PACKCTL_COLOR`, `NO_COLOR`, `FORCE_COLOR` or `CLICOLOR_FORCE`, configuration, `TERM=dumb`,
    whether the stream is a terminal.
    """
    for stream in (streams.stdout, streams.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    in_ci = is_on(environ, "CI")
    dumb = environ.get("TERM") == "dumb"
    json = given.json
    form = given.progress or environ.get("PACKCTL_PROGRESS") or progress
    if form not in ("plain", "json", "off"):
        form = "live" if streams.stderr_terminal and not (in_ci or dumb or json or given.quiet) else "plain"
    if (json or given.quiet) and form != "json":
        form = "off"
    no_input = given.no_input or is_on(environ, "PACKCTL_NO_INPUT")
    return Console(
        streams=streams,
        json=json,
        plain=given.plain,
        quiet=given.quiet,
        verbose=given.verbose,
        color_out=not json and _wants_color(given, environ, color, streams.stdout_terminal),
        color_err=not json and _wants_color(given, environ, color, streams.stderr_terminal),
        width=_width(environ, streams),
        unicode=_is_utf8(streams.stdout),
        attended=streams.stdin_terminal and streams.stderr_terminal and not (in_ci or no_input or json),
        progress=form,
        annotations=is_on(environ, "GITHUB_ACTIONS"),
    )


def is_on(environ: Mapping[str, str], name: str) -> bool:
    """Whether a variable that other programs define too is set to anything but a word for no."""
    return environ.get(name, "").lower() not in ("", "0", "false", "no", "off")


def annotation(level: str, code: str, text: str, file: str = "", line: int = 0) -> str:
    """One workflow command of GitHub Actions, with properties and text escaped as its runner expects."""
    places = ([f"file={_property(file)}"] if file else []) + ([f"line={line}"] if line else [])
    return f"::{level} {','.join([*places, f'title={_property(safe(code))}'])}::{_message(safe(text))}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def _wants_color(given: Globals, environ: Mapping[str, str], configured: str, terminal: bool) -> bool:
    for choice in (given.color, environ.get("PACKCTL_COLOR")):
        if choice in ("always", "never"):
            return choice == "always"
        if choice == "auto":
            break
    if environ.get("NO_COLOR"):
        return False
    if is_on(environ, "FORCE_COLOR") or is_on(environ, "CLICOLOR_FORCE"):
        return True
    if configured in ("always", "never"):
        return configured == "always"
    return terminal and environ.get("TERM") != "dumb"


def _width(environ: Mapping[str, str], streams: Streams) -> int | None:
    """Columns: what `COLUMNS` says, else the terminal's, else None. Below 40 nothing can be aligned, so 40 is the least."""
    stated = environ.get("COLUMNS", "")
    if stated.isdecimal() and int(stated):
        return max(40, int(stated))
    return max(40, streams.columns) if streams.columns and streams.stdout_terminal else None


def _is_utf8(stream: TextIO) -> bool:
    return (getattr(stream, "encoding", None) or "ascii").lower().replace("-", "").replace("_", "") == "utf8"


def _styled(text: str, styles: tuple[str, ...]) -> str:
    return f"\x1b[{';'.join(_CODES[style] for style in styles)}m{text}\x1b[0m" if text else text
