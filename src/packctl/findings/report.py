"""`--format`: what goes to stdout instead of the text, and the page of a run in GitHub Actions."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

import typer

from packctl.findings.remark import Case, Remark
from packctl.session import Session
from packctl.ui.console import Console, annotation, is_on

Form: TypeAlias = Literal["text", "json", "github", "junit", "sarif"]
FORMS: tuple[Form, ...] = ("text", "json", "github", "junit", "sarif")
FormOption = Annotated[
    str, typer.Option("--format", metavar="FORM", help="On stdout: text, json, github, junit or sarif")
]


def take_form(session: Session, form: str) -> Form:
    """The form that was asked for, and what it means for the streams. Raises BadValue.

    `json` is the same as `--json`; `github` writes the annotations itself, so that they do not stand on stderr a second time.
    """
    from packctl.usage import BadValue

    for known in FORMS:
        if known == form:
            if known == "json":
                session.console.json, session.console.progress = True, "off"
            if known == "github":
                session.console.annotations = False
            return known
    raise BadValue("--format", form, ", ".join(FORMS))


def machine_lines(form: Form, command: str, remarks: Sequence[Remark], cases: Sequence[Case]) -> list[str]:
    """The document of a form for machines, line by line; nothing for `text` and `json`."""
    match form:
        case "github":
            return [
                annotation(_LEVELS[one.level], one.code, one.what, one.file, one.line)
                for one in remarks
                if not one.ignored
            ]
        case "junit":
            from packctl.findings.junit import junit

            return junit(command, cases)
        case "sarif":
            from packctl.findings.sarif import sarif

            return sarif(command, remarks)
        case _:
            return []


_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}
"""What GitHub calls them."""


def write_report(form: Form, machine: Iterable[str], lines: Iterable[str], console: Console) -> None:
    """The text on stdout; with a form for machines that one, and the text on stderr."""
    if form == "text":
        for line in lines:
            console.line(line)
        return
    for line in machine:
        console.line(line)
    for line in lines:
        console.say(line)


def summarize(session: Session, command: str, lines: Iterable[str], remarks: Sequence[Remark]) -> None:
    """In GitHub Actions the report also goes to the page of the run: the text as it is, then a row for each finding. Raises DiskFailed."""
    path = session.environ.get("GITHUB_STEP_SUMMARY")
    if not path or not is_on(session.environ, "GITHUB_ACTIONS"):
        return
    from packctl.durable import disk_error

    page = [f"### packctl {command}", "```", *lines, "```", *_rows(remarks), ""]
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write("\n".join(page))
    except OSError as error:
        raise disk_error("write", Path(path), error) from error


def _rows(remarks: Sequence[Remark]) -> list[str]:
    if not remarks:
        return []
    rows = ["", "| | finding | what | where |", "|---|---|---|---|"]
    for one in remarks:
        place = f"{one.file}:{one.line}" if one.line else one.file
        level = "ignored" if one.ignored else one.level
        rows.append(f"| {level} | `{one.code}` | {_cell(one.what)} | {_cell(place)} |")
    return rows


def _cell(text: str) -> str:
    """Text in a cell of Markdown, as it is: what comes from packs must not become a link, an image or HTML on somebody's page."""
    from packctl.ui.escape import safe

    marks = "\\`*_{}[]<>()#!|~&@:"
    return "".join(f"\\{character}" if character in marks else character for character in safe(text))
