"""The rules of SARIF 2.1.0 that a report of ours can break, as sentences. Written from the standard (OASIS, sections 3.13 to 3.35)."""

import re
from collections.abc import Iterator
from typing import Any

URI = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-F]{2})+")
_RESULT = {"ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints", "suppressions"}


def broken_in_sarif(document: dict[str, Any]) -> list[str]:
    """Everything that is against the standard."""
    return list(_document(document))


def _document(document: dict[str, Any]) -> Iterator[str]:
    if document.keys() != {"$schema", "version", "runs"} or document["version"] != "2.1.0":
        yield "3.13: version and runs"
    for run in document["runs"]:
        yield from _run(run)


def _run(run: dict[str, Any]) -> Iterator[str]:
    if run.keys() - {"tool", "automationDetails", "invocations", "columnKind", "results"}:
        yield f"3.14: {run.keys()}"
    driver = run["tool"]["driver"]
    if not driver["name"] or not re.fullmatch(r"[0-9]+(\.[0-9]+)*\S*", driver["version"]):
        yield "3.19: a driver has a name"
    if run["columnKind"] not in ("utf16CodeUnits", "unicodeCodePoints"):
        yield "3.14.17"
    if any(type(one["executionSuccessful"]) is not bool for one in run["invocations"]):
        yield "3.20.14"
    rules = [one["id"] for one in driver["rules"]]
    if len(set(rules)) != len(rules):
        yield "3.19.23: rules are unique"
    for rule in driver["rules"]:
        if not rule["shortDescription"]["text"].endswith(".") or "\n" in rule["shortDescription"]["text"]:
            yield f"3.49.9: one sentence for {rule['id']}"
        if not rule["fullDescription"]["text"]:
            yield "3.49.10"
    for result in run["results"]:
        yield from _result(result, rules)


def _result(result: dict[str, Any], rules: list[str]) -> Iterator[str]:
    if result.keys() - _RESULT:
        yield f"3.27: {result.keys() - _RESULT}"
    if rules[result["ruleIndex"]] != result["ruleId"]:
        yield "3.27.6: ruleIndex and ruleId name one rule"
    if result["level"] not in ("none", "note", "warning", "error") or not result["message"]["text"]:
        yield "3.27.10, 3.27.11"
    for location in result["locations"]:
        place = location["physicalLocation"]
        artifact = place["artifactLocation"]
        if not URI.fullmatch(artifact["uri"]):
            yield f"3.4.3: no URI reference: {artifact['uri']}"
        if ("uriBaseId" in artifact) == bool(re.match("[a-z]+:|/", artifact["uri"])):
            yield f"3.4.4: a relative reference has a base, an absolute one none: {artifact}"
        if place.get("region", {"startLine": 1})["startLine"] < 1:
            yield "3.30.5: lines count from 1"
    if any(type(text) is not str for text in result["partialFingerprints"].values()):
        yield "3.27.17"
    for one in result.get("suppressions", []):
        if one["kind"] not in ("inSource", "external") or one["status"] not in ("accepted", "underReview", "rejected"):
            yield "3.35"
