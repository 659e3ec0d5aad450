"""The only place where an error becomes text and an exit code.

On a screen: `error[code]: what`, then facts, why and fix, aligned. In GitHub Actions also an annotation. In a JSON document: a `Failure`.
What a server said is quoted: every line of it begins with `>`, and a command that it proposes is never shown as ours. What is no
PackError is our fault: it is told in one line that names a report file, and exits with 70.
"""

import platform
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from packctl.ui.console import Console, annotation
from packctl.ui.escape import safe, safe_lines
from packctl.ui.table import columns_of
from packspec.errors import EXIT_PRECEDENCE, PackError, redact
from packspec.problems import Relayed

if TYPE_CHECKING:
    from packspec.commandline import Unexpected

_SERVER_CHARACTERS = 400
"""Longest piece of a server's text that is shown."""
_SERVER_FACTS = 12
_LABEL_CHARACTERS = 24
_OUR_LABELS = ("fix", "why", "registry suggests", "request")
_COLUMNS = 80
_QUOTE = "  > "
"""Begins each line of a server's words below the first, as in an answer to a letter."""


@runtime_checkable
class Told(Protocol):
    """An error that is told at length (a conflict of versions): its lines stand in the place of facts, why and fix."""

    def story(self) -> list[str]:
        """The lines, without indentation."""
        ...


@runtime_checkable
class WithData(Protocol):
    """An error that leaves a part of the command's result behind: its Struct, `data` of the JSON document."""

    data: object


def data_of(errors: Sequence[PackError]) -> object:
    """The part of a result that comes with the error that decides; None for most."""
    error = decisive(errors)
    return error.data if isinstance(error, WithData) else None


def errors_in(error: BaseException) -> list[PackError] | None:
    """The PackErrors that `error` is or groups; None if anything in it is not ours."""
    if isinstance(error, PackError):
        return [error]
    if isinstance(error, BaseExceptionGroup):
        found: list[PackError] = []
        for inner in error.exceptions:
            ours = errors_in(inner)
            if ours is None:
                return None
            found += ours
        return found
    return None


def decisive(errors: Sequence[PackError]) -> PackError:
    """The error whose exit code wins; of several with that code the first."""
    return min(errors, key=lambda error: EXIT_PRECEDENCE.index(error.kind.exit_code))


def show(errors: Iterable[PackError], console: Console) -> None:
    """Tells the errors on stderr, in their order. Nothing in JSON, where the document tells them."""
    for error in errors:
        for line in lines_of(error, console):
            console.problem(line)
        if console.annotations and not console.json:
            where = error.where()
            console.problem(
                annotation(
                    "error", error.code, _what(error), safe(where.file) if where else "", where.line if where else 0
                )
            )
        if console.verbose > 1:
            for line in safe_lines(trace_of(error)):
                console.trace(line)


def lines_of(error: PackError, console: Console) -> list[str]:
    """One error as lines for a person."""
    if isinstance(error, Relayed):
        return [*_quoted(error, console), *_more(error, console)]
    lines = [f"{_head(error, console)}{_what(error)}"]
    if isinstance(error, Told):
        return [*lines, "", *(f"  {safe(line)}".rstrip() for line in error.story()), *_more(error, console)]
    rows = [(label, safe(text)) for label, text in _rows(error)]
    column = max([len(label) for label, _ in rows] + [8 if error.facts() else 4]) + 2
    for label, text in rows:
        room = max((console.width or _COLUMNS) - column - 2, 20)
        # only prose is wrapped: paths and commands are copied from the screen
        first, *others = _wrapped(text, room) if label == "why" else [text]
        lines.append(f"  {safe(label):<{column}}{first}")
        lines += [" " * (2 + column) + line for line in others]
    return lines + _more(error, console)


def _head(error: PackError, console: Console) -> str:
    return f"{console.style_err('error', 'bold', 'red')}[{safe(error.code)}]: "


def _wrapped(text: str, room: int) -> list[str]:
    return textwrap.wrap(text, room, break_on_hyphens=False, break_long_words=False) or [""]


def _rows(error: PackError) -> Iterable[tuple[str, str]]:
    """Labels and texts below the first line. The label of a second fix is empty."""
    if place := _place(error):
        yield "at", place
    yield from error.facts().items()
    if why := error.why():
        yield "why", why
    label = "fix"
    for fix in error.fix():
        yield label, fix
        label = ""


def _place(error: PackError) -> str:
    """File and line at fault, where nothing else of the error tells them."""
    where = error.where()
    if where is None:
        return ""
    told = "\n".join((error.what(), *(f"{label} {text}" for label, text in error.facts().items())))
    if not where.line:
        return "" if where.file in told else where.file
    has_line = f"line {where.line}" in told or f":{where.line}" in told
    return "" if where.file in told and has_line else f"{where.file} line {where.line}"


def _quoted(error: Relayed, console: Console) -> list[str]:
    """A server's refusal: all of it behind `>`, on a terminal wrapped by us, so that no line of the screen begins with its words."""
    head = _head(error, console)
    first, *others = _fitted(_what(error), console, len(f"error[{safe(error.code)}]: "))
    rows = [(_label(label), text) for label, text in list(error.facts().items())[:_SERVER_FACTS]]
    rows += [("why", error.why())] if error.why() else []
    rows += [("" if number else "registry suggests", fix) for number, fix in enumerate(error.fix())]
    rows += [("request", error.problem.request_id)] if error.problem.request_id else []
    column = max((columns_of(label) for label, _ in rows), default=0) + 2
    lines = [head + first, *(_QUOTE + line for line in others)]
    for label, text in rows:
        begin = label + " " * (column - columns_of(label))
        for line in _fitted(_said(text), console, len(_QUOTE) + column, is_prose=label == "why"):
            lines.append(f"{_QUOTE}{begin}{line}".rstrip())
            begin = " " * column
    return lines


def _label(text: str) -> str:
    """A label that a server chose, in quotes where it is one of ours."""
    said = _said(text)
    if said.strip(" :").casefold() in _OUR_LABELS:
        return f'"{said}"'
    return said if len(said) <= _LABEL_CHARACTERS else said[:_LABEL_CHARACTERS] + "..."


def _fitted(text: str, console: Console, taken: int, *, is_prose: bool = False) -> list[str]:
    """A server's text in pieces that a terminal does not wrap by itself. Where there is no terminal, only prose is wrapped."""
    streams = console.streams
    width = console.width or (streams.columns if streams.stderr_terminal else _COLUMNS if is_prose else None)
    if width is None:
        return [text]
    room = max(width - taken - 1, 20)
    # a wide character takes two columns
    return textwrap.wrap(text, room if text.isascii() else room // 2, break_on_hyphens=False) or [""]


def _what(error: PackError) -> str:
    return f"the registry says: {_said(error.what())}" if isinstance(error, Relayed) else safe(error.what())


def _said(text: str) -> str:
    """A server's text on one line, short, without runs of blanks that would move its end to another place of the screen."""
    text = " ".join(safe(text).split())
    return text if len(text) <= _SERVER_CHARACTERS else text[:_SERVER_CHARACTERS] + " ..."


def _more(error: PackError, console: Console) -> list[str]:
    """Where more is told, at the right edge; nothing for a server's code that this client cannot explain."""
    if isinstance(error, Relayed):
        from packspec.codes import explanations

        if error.code not in explanations():
            return []
    width = min(console.width or _COLUMNS, _COLUMNS)
    return [console.style_err(f"{f'More: packctl explain {error.code}':>{width}}", "dim")]


def trace_of(error: BaseException) -> str:
    """The traceback, with tokens and credentials removed."""
    import traceback

    return redact("".join(traceback.format_exception(error)))


def unexpected(
    error: BaseException, command: str, arguments: Sequence[str], reports: Path | None, now: int
) -> "Unexpected":
    """Our fault as an error, with a report written to the folder `reports`, or to the temporary folder where that cannot be.

    `now` is in seconds since the epoch. The report holds the arguments and the traceback, with tokens and credentials removed, and the
    versions of what is installed; nothing of the environment.
    """
    import datetime
    import tempfile

    from packctl import __version__
    from packspec.commandline import Unexpected

    moment = datetime.datetime.fromtimestamp(now, datetime.UTC)
    report = "\n".join(
        [
            f"packctl {__version__}, Python {platform.python_version()}, {platform.platform()}",
            f"at {moment:%Y-%m-%dT%H:%M:%SZ}",
            f"arguments: {redact(' '.join(map(repr, arguments)))}",
            "",
            trace_of(error),
        ]
    )
    written = ""
    for folder in (reports, Path(tempfile.gettempdir())):
        if folder is None or written:
            continue
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", errors="backslashreplace", delete=False,
                dir=folder, prefix=f"packctl-{moment:%Y%m%d-%H%M%S}-", suffix=".txt",
            ) as file:  # fmt: skip
                file.write(report)
            written = file.name
        except OSError:
            continue
    made = Unexpected(type(error).__name__, command, written)
    made.__cause__ = error
    return made
