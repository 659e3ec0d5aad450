"""The reports for machines: well-formed whatever a name holds, right by their standards, and none passes where the command fails."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from packctl.arguments import Globals
from packctl.findings.junit import junit
from packctl.findings.remark import Case, Remark
from packctl.findings.report import machine_lines, summarize
from packctl.findings.sarif import sarif
from packctl.session import Session
from packctl.verify.result import Release, Said, Verified, cases_of
from packspec.names import PackName
from packspec.versions import Version
from tests.support.sarif import broken_in_sarif
from tests.support.terminal import screen

NASTY = "co\x1bw & <hen> \"'\ud800\ufffe\u202e]]>\r\n::error::x"
CODE = "trust.file-changed"


def remark(**fields: object) -> Remark:
    return Remark(**{"code": CODE, "level": "error", "what": "it changed", "release": "acme/icons 1.0.0", **fields})  # type: ignore[arg-type]


def sarif_of(*remarks: Remark) -> dict:
    return json.loads("\n".join(sarif("verify", remarks)))


# SARIF


def test_a_sarif_report_keeps_the_rules_of_the_standard() -> None:
    document = sarif_of(
        remark(file="packs/acme/icons/a cow.svg"),
        remark(code="policy.release-yanked", level="warning", file="pack.lock", line=12),
        remark(code="audit.fix-available", level="note"),
        remark(file="/home/mia/new farm/icons.pack", ignored="until spring"),
        remark(file="C:\\farm\\icons.pack", what=NASTY),
    )
    assert broken_in_sarif(document) == []
    (run,) = document["runs"]
    places = [one["locations"][0]["physicalLocation"]["artifactLocation"] for one in run["results"]]
    assert places == [
        {"uri": "packs/acme/icons/a%20cow.svg", "uriBaseId": "%SRCROOT%"},
        {"uri": "pack.lock", "uriBaseId": "%SRCROOT%"},
        {"uri": "pack.lock", "uriBaseId": "%SRCROOT%"},
        {"uri": "file:///home/mia/new%20farm/icons.pack"},
        {"uri": "file:///C:/farm/icons.pack"},
    ]
    assert run["results"][3]["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "until spring"}
    ]
    assert broken_in_sarif(sarif_of()) == []


def test_a_finding_keeps_its_fingerprint_when_its_line_moves_and_has_another_in_another_file() -> None:
    first, moved, other = sarif_of(remark(line=3), remark(line=9), remark(file="x"))["runs"][0]["results"]
    assert first["partialFingerprints"] == moved["partialFingerprints"]
    assert first["partialFingerprints"] != other["partialFingerprints"]


# JUnit


def test_a_junit_report_is_well_formed_whatever_stands_in_it() -> None:
    cases = [
        Case(NASTY, NASTY, "failed", NASTY, NASTY),
        Case("acme/icons 1.0.0", "LOGGED", "skipped", text=NASTY),
        Case("acme/icons 1.0.0", "FILES", "passed"),
    ]
    root = ElementTree.fromstring("\n".join(junit("verify", cases)).encode())
    assert root.tag == "testsuites"
    (suite,) = root
    assert (suite.tag, suite.attrib) == (
        "testsuite",
        {"name": "packctl verify", "tests": "3", "failures": "1", "errors": "0", "skipped": "1"},
    )
    assert [(one.tag, [inner.tag for inner in one]) for one in suite] == [
        ("testcase", ["failure"]),
        ("testcase", ["skipped"]),
        ("testcase", []),
    ]
    assert suite[0][0].text == "co\\x1bw & <hen> \"'\\ud800\\ufffe\\u202e]]>\\r\\n::error::x"


def release(**said: Said) -> Release:
    yes = dict.fromkeys(("authentic", "approved", "logged", "current", "files"), Said("yes"))
    return Release(name=PackName("acme/icons"), version=Version.parse("1.0.0"), **{**yes, **said})


def test_every_error_of_verify_stands_in_its_junit_report_once() -> None:
    two = [
        remark(file="packs/acme/icons/a.svg"),
        remark(code="trust.file-missing", file="packs/acme/icons/b.svg", what="it is gone"),
        remark(code="trust.proof-missing", what="no packproof"),
        remark(code="trust.pack-unknown", release="", what="zed/lamp is installed"),
        remark(level="warning", code="policy.release-yanked"),
    ]
    found = Verified(
        releases=[release(files=Said("no", "2 wrong", CODE), logged=Said("unchecked", "no proof"))], findings=two
    )
    assert [(one.of, one.name, one.answer, one.text) for one in cases_of(found) if one.answer != "passed"] == [
        ("acme/icons 1.0.0", "LOGGED", "skipped", "no proof"),
        (
            "acme/icons 1.0.0",
            "FILES",
            "failed",
            "it changed: packs/acme/icons/a.svg; it is gone: packs/acme/icons/b.svg",
        ),
        ("acme/icons 1.0.0", "trust.proof-missing", "failed", "no packproof"),
        ("pack.lock", "trust.pack-unknown", "failed", "zed/lamp is installed"),
    ]


# GitHub


def test_annotations_name_file_and_line_and_leave_out_what_was_accepted() -> None:
    lines = machine_lines(
        "github",
        "audit",
        [remark(file="pack.lock", line=7), remark(level="note", what=NASTY), remark(ignored="known")],
        [],
    )
    assert lines[0] == "::error file=pack.lock,line=7,title=trust.file-changed::it changed"
    assert lines[1].startswith("::notice title=trust.file-changed::co\\x1bw ")
    assert "\n" not in lines[1]
    assert len(lines) == 2


def test_the_page_of_a_run_shows_the_text_of_packs_as_text(tmp_path: Path) -> None:
    page = tmp_path / "summary.md"
    environ = {"GITHUB_STEP_SUMMARY": str(page), "GITHUB_ACTIONS": "true"}
    with Session(Globals(no_config=True), environ, screen().console) as session:
        summarize(
            session, "verify", ["1 release failed"], [remark(what="![x](https://evil.example) | <b>", file="a|b")]
        )
    text = page.read_text()
    assert text.startswith("### packctl verify\n```\n1 release failed\n```\n")
    assert "| error | `trust.file-changed` | \\!\\[x\\]\\(https\\://evil.example\\) \\| \\<b\\> | a\\|b |" in text


@pytest.mark.parametrize("environ", [{"GITHUB_STEP_SUMMARY": "summary.md"}, {"GITHUB_ACTIONS": "true"}])
def test_no_page_is_written_elsewhere(tmp_path: Path, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Session(Globals(no_config=True), environ, screen().console) as session:
        summarize(session, "verify", ["fine"], [])
    assert list(tmp_path.iterdir()) == []
