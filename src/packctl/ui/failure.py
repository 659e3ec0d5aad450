"""The only place where an error becomes text and an exit code.

On a screen: `error[code]: what`, then facts, why and fix, aligned. In GitHub Actions also an annotation. In a JSON document: a `Failure`.
What a server said is marked as the server's word, on one line each, and a command that it proposes is never shown as ours. What is no
PackError is our fault: it is told in one line that names a report file, and exits with 70.
"""

import platform
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from packctl.ui.console import Console, annotation
from packctl.ui.escape import safe
from packspec.errors import EXIT_PRECEDENCE, Bug, PackError, Relayed, redact

_SERVER_CHARACTERS = 400
"""Longest piece of a server's text that is shown."""
_SERVER_FACTS = 12
_COLUMNS = 80


@runtime_checkable
class Told(Protocol):
    """An error that is told at length (a conflict of versions): its lines stand in the place of facts, why and fix."""

    def story(self) -> list[str]:
        """The lines, without indentation."""
        ...


@dataclass(eq=False)
class Unexpected(Bug):
    """An exception that is none of ours reached the frame."""

    kind_of_error: str
    command: str
    report: str
    code = "cli.bug"

    def what(self) -> str:
        return f"packctl {self.command} failed through a fault of packctl itself ({self.kind_of_error})"

    def facts(self) -> dict[str, str]:
        return {"report": self.report} if self.report else {}

    def why(self) -> str:
        return "this should not happen, whatever you typed"

    def fix(self) -> list[str]:
        return ["read the report, which holds no secrets we know of, and send it to the maintainers", "packctl -vv ..."]


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
            console.trace(trace_of(error))


def lines_of(error: PackError, console: Console) -> list[str]:
    """One error as lines for a person."""
    lines = [f"{console.style_err('error', 'bold', 'red')}[{safe(error.code)}]: {_what(error)}"]
    if isinstance(error, Told):
        return [*lines, "", *(f"  {safe(line)}".rstrip() for line in error.story()), *_more(error, console)]
    rows = list(_rows(error))
    column = max([len(label) for label, _ in rows] + [8 if error.facts() else 4]) + 2
    for label, text in rows:
        room = max((console.width or _COLUMNS) - column - 2, 20)
        # only prose is wrapped: paths and commands are copied from the screen
        first, *others = _wrapped(text, room) if label == "why" else [text]
        lines.append(f"  {label:<{column}}{first}")
        lines += [" " * (2 + column) + line for line in others]
    return lines + _more(error, console)


def _wrapped(text: str, room: int) -> list[str]:
    return textwrap.wrap(text, room, break_on_hyphens=False, break_long_words=False) or [""]


def _rows(error: PackError) -> Iterable[tuple[str, str]]:
    """Labels and texts below the first line. The label of a second fix is empty."""
    theirs = isinstance(error, Relayed)
    facts = list(error.facts().items())
    for label, value in facts[:_SERVER_FACTS] if theirs else facts:
        yield _said(label, theirs), _said(value, theirs)
    if why := error.why():
        yield "why", _said(why, theirs)
    label = "registry suggests" if theirs else "fix"
    for fix in error.fix():
        yield label, _said(fix, theirs)
        label = ""
    if theirs and isinstance(error, Relayed) and error.problem.request_id:
        yield "request", _said(error.problem.request_id, theirs)


def _what(error: PackError) -> str:
    return f"the registry says: {_said(error.what(), True)}" if isinstance(error, Relayed) else safe(error.what())


def _said(text: str, theirs: bool) -> str:
    if theirs and len(text) > _SERVER_CHARACTERS:
        text = text[:_SERVER_CHARACTERS] + " ..."
    return safe(text)


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
) -> Unexpected:
    """Our fault as an error, with a report written to the folder `reports`, or to the temporary folder where that cannot be.

    `now` is in seconds since the epoch. The report holds the arguments and the traceback, with tokens and credentials removed, and the
    versions of what is installed; nothing of the environment.
    """
    import datetime
    import tempfile

    from packctl import __version__

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
