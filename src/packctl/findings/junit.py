"""JUnit's XML, as CI servers read it: one suite, a test case per question."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from packctl.findings.remark import Case
from packctl.ui.escape import safe
from packspec.patterns import pattern

_NO_XML = pattern("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What may not stand in XML 1.0, escaped or not."""


def junit(command: str, cases: Sequence[Case]) -> list[str]:
    """The document, line by line."""
    answers = [one.answer for one in cases]
    counts = (
        f'tests="{len(cases)}" failures="{answers.count("failed")}" errors="0" skipped="{answers.count("skipped")}"'
    )
    return [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites {counts}>",
        f'<testsuite name="packctl {command}" {counts}>',
        *map(_case, cases),
        "</testsuite>",
        "</testsuites>",
    ]


def _case(one: Case) -> str:
    begun = f"  <testcase classname={quoteattr(_plain(one.of))} name={quoteattr(_plain(one.name))}"
    text = _plain(one.text)
    match one.answer:
        case "passed":
            return f"{begun}/>"
        case "failed":
            said = f"type={quoteattr(_plain(one.code))} message={quoteattr(text)}"
            return f"{begun}><failure {said}>{escape(text)}</failure></testcase>"
        case _:
            return f"{begun}><skipped message={quoteattr(text)}/></testcase>"


def _plain(text: str) -> str:
    return _NO_XML.sub(lambda match: f"\\u{ord(match.group()):04x}", safe(text))
