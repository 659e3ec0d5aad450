"""What verify found, written for people and for machines: a table, annotations, JUnit and SARIF (docs/reference/verify-formats.md)."""

import json
from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from packctl import __version__
from packctl.trust.freshness import duration
from packctl.ui.console import annotation
from packctl.ui.escape import safe
from packctl.ui.table import Column, table_lines
from packctl.verify.result import QUESTIONS, Release, Said, Verified
from packspec.codes import explanations
from packspec.digests import Digest

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def text(result: Verified, width: int | None) -> list[str]:
    """The report for people: the answers by release, then what they come to."""
    columns = [
        Column(whole=True),
        Column("AUTHENTIC"),
        Column("APPROVED"),
        Column("LOGGED"),
        Column("FILES", whole=True),
    ]
    rows = [(str(one), _word(one.authentic), _approved(one), _word(one.logged), _files(one)) for one in result.releases]
    return [*table_lines(columns, rows, width, indent=2), *([""] if rows else []), *map(safe, _closing(result))]


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
    return [first, f"CURRENT as of {result.as_of} ({duration(result.age_seconds)}). {asked}"]


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def github(result: Verified) -> list[str]:
    """One annotation per finding."""
    return [annotation(one.level, one.code, one.what, one.file, one.line) for one in result.findings]


def junit(result: Verified) -> str:
    """One test case per question and release: `no` failed, `unchecked` was skipped."""
    cases = [_case(one, question) for one in result.releases for question in QUESTIONS]
    said = [one.said(question).answer for one in result.releases for question in QUESTIONS]
    head = f'<testsuite name="packctl verify" tests="{len(said)}" failures="{said.count("no")}" skipped="{said.count("unchecked")}"'
    return "\n".join(
        ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", f"{head}>", *cases, "</testsuite>", "</testsuites>"]
    )


def _case(one: Release, question: str) -> str:
    said = one.said(question)
    name = f"  <testcase classname={quoteattr(safe(str(one)))} name={quoteattr(question.upper())}"
    match said.answer:
        case "yes":
            return f"{name}/>"
        case "no":
            return f"{name}><failure type={quoteattr(said.code)}>{escape(safe(said.note))}</failure></testcase>"
        case _:
            return f"{name}><skipped message={quoteattr(safe(said.note))}/></testcase>"


def sarif(result: Verified) -> str:
    """SARIF 2.1.0: one run, a rule per code, a result per finding."""
    known = explanations()
    codes = sorted({one.code for one in result.findings})
    rules = [{"id": code, "fullDescription": {"text": known.get(code, code)}} for code in codes]
    results = [_sarif_result(result, number) for number in range(len(result.findings))]
    driver = {"name": "packctl", "version": __version__, "rules": rules}
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}
    return json.dumps(document, indent=1)


def _sarif_result(result: Verified, number: int) -> dict[str, Any]:
    one = result.findings[number]
    place: dict[str, Any] = {"artifactLocation": {"uri": one.file or "pack.lock"}}
    if one.line:
        place["region"] = {"startLine": one.line}
    fingerprint = Digest.of(f"{one.code}\n{one.release}\n{one.file}".encode())
    return {
        "ruleId": one.code,
        "level": one.level,
        "message": {"text": safe(one.what)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"packctl/v1": str(fingerprint)},
    }


def machine(result: Verified) -> Iterable[str]:
    """The document that `--format` asks for, line by line."""
    match result.form:
        case "github":
            return github(result)
        case "junit":
            return junit(result).split("\n")
        case "sarif":
            return sarif(result).split("\n")
        case _:
            return ()
