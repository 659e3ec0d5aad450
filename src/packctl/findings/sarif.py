"""SARIF 2.1.0 (OASIS): one run, a rule per code that occurs, a result per finding."""

import json
from collections.abc import Sequence
from pathlib import PureWindowsPath
from typing import Any
from urllib.parse import quote

from packctl import __version__
from packctl.findings.remark import Remark
from packctl.ui.escape import safe
from packspec.codes import explanations
from packspec.digests import Digest

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"
"""What paths are relative to: the project, by the name that code scanning knows."""


def sarif(command: str, remarks: Sequence[Remark]) -> list[str]:
    """The document, line by line. `command` tells one packctl report from another that is uploaded for the same commit."""
    known = explanations()
    codes = sorted({one.code for one in remarks})
    run = {
        "tool": {"driver": {"name": "packctl", "version": __version__, "rules": [_rule(code, known.get(code, code)) for code in codes]}},
        "automationDetails": {"id": f"packctl/{command}/"},
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, codes.index(one.code)) for one in remarks],
    }  # fmt: skip
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1).split("\n")


def _rule(code: str, text: str) -> dict[str, Any]:
    # The first sentence is the short form; the long one is what `packctl explain` says.
    first = text.partition(". ")[0].rstrip(".:")
    return {
        "id": code,
        "shortDescription": {"text": f"{first}."},
        "fullDescription": {"text": text},
    }


def _result(one: Remark, rule: int) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _location(one.file or "pack.lock")}
    if one.line:
        place["region"] = {"startLine": one.line}
    fingerprint = Digest.of(f"{one.code}\n{one.release}\n{one.file}".encode("utf-8", "surrogateescape"))
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": one.level,
        "message": {"text": safe(one.what)},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"packctl/v1": str(fingerprint)},
    }
    if one.ignored:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": safe(one.ignored)}]
    return result


def _location(file: str) -> dict[str, str]:
    """A path of the project relative to its root; one that was named from elsewhere as it is. A URI either way."""
    if file.startswith("/"):
        return {"uri": f"file://{_quoted(file)}"}
    if PureWindowsPath(file).is_absolute():
        return {"uri": f"file:///{_quoted(file.replace(chr(92), '/'), '/:')}"}
    return {"uri": _quoted(file.removeprefix("./")), "uriBaseId": ROOT}


def _quoted(path: str, safe: str = "/") -> str:
    """The bytes of a path as a URI has them, whether or not they are text."""
    return quote(path, safe, errors="surrogateescape")
