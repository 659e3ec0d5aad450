"""What verify found, written for people: a table, and what it comes to (docs/spec/verify.md). Other forms are in `packctl.findings`."""

from collections.abc import Iterator

from packctl.ui.escape import safe
from packctl.ui.moments import roughly
from packctl.ui.table import Column, table_lines
from packctl.verify.result import Release, Said, Verified


def text(result: Verified, width: int | None) -> list[str]:
    """The report for people: the answers by release, then what they come to."""
    columns = [
        Column(whole=True),
        Column("AUTHENTIC"),
        Column("APPROVED"),
        Column("LOGGED"),
        *([Column("CURRENT")] if _is_old(result) else []),
        Column("FILES", whole=True),
        *([Column("LICENSE")] if _is_paid(result) else []),
    ]
    rows = [tuple(_cells(one, result)) for one in result.releases]
    return [*table_lines(columns, rows, width, indent=2), *([""] if rows else []), *map(safe, _closing(result))]


def _is_old(result: Verified) -> bool:
    """Whether CURRENT needs a column of its own: where it is no for a release. Else the line at the end says it for all."""
    return any(one.current.answer == "no" for one in result.releases)


def _is_paid(result: Verified) -> bool:
    """Whether LICENSE needs a column: where a release must be paid."""
    return any(one.license.note != "free" for one in result.releases)


def _cells(one: Release, result: Verified) -> Iterator[str]:
    yield from (str(one), _word(one.authentic), _approved(one), _word(one.logged))
    if _is_old(result):
        yield one.current.answer
    yield _files(one)
    if _is_paid(result):
        yield _word(one.license) if one.license.note != "free" else "free"


def _word(said: Said) -> str:
    # Why something is unchecked is told by the errors below, and by --json; here it would push the columns apart.
    return str(said) if said.answer != "unchecked" else said.answer


def _approved(one: Release) -> str:
    # `yes 1/1`, as in the verdict: the number is the answer, not a remark on it.
    said = one.approved
    return f"{said.answer} {said.note}" if said.answer == "yes" else _word(said)


def _files(one: Release) -> str:
    if one.files.answer == "unchecked" or not one.files_total:
        return _word(one.files)
    return f"{one.files_right} of {one.files_total}"


def _closing(result: Verified) -> list[str]:
    failed = sum(one.failed for one in result.releases)
    total = len(result.releases)
    if failed:
        first = f"{failed} of {total} {_plural('release', total)} failed"
    elif not total:
        first = "Nothing is installed, so there is nothing to verify."
    else:
        files = f"{result.files} {_plural('file', result.files)}"
        one, several = (
            f"1 release and its {files} are what its publisher signed.",
            f"{total} releases and {files} are what their publishers signed.",
        )
        first = one if total == 1 else several
    is_silent = any(one.code.startswith("registry.") for one in result.findings)
    asked = (
        f"The registry was asked{' and did not answer' if is_silent else ''}."
        if result.network
        else "No network was used."
    )
    if not total:
        return [first]
    if not result.as_of or any(one.current.answer == "unchecked" for one in result.releases):
        return [first, f"CURRENT is unchecked: no whole index is at hand. {asked}"]
    allowed = f", at most {roughly(result.max_age_seconds)}" if result.max_age_seconds is not None else ""
    return [first, f"CURRENT as of {result.as_of} ({roughly(result.age_seconds)}{allowed}). {asked}"]


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
