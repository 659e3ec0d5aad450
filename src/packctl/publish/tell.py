"""Findings as warnings on the screen: one for each code, with the places together."""

from collections.abc import Iterable

from packctl.outcome import Notice
from packctl.publish.checks import place_of
from packctl.session import Session
from packspec.checks import Finding

_PLACES = 5


def tell_warnings(session: Session, findings: Iterable[Finding]) -> None:
    """Warns of findings that stop nothing."""
    by_code: dict[str, list[Finding]] = {}
    for finding in findings:
        by_code.setdefault(finding.code, []).append(finding)
    for code, found in by_code.items():
        session.warn(Notice(code, _told(found)))


def _told(found: list[Finding]) -> str:
    first = found[0]
    place = place_of(first)
    if len(found) == 1:
        return f"{first.text} ({place})" if place else first.text
    places = ", ".join(place_of(one) for one in found[:_PLACES])
    more = f" and {len(found) - _PLACES} more" if len(found) > _PLACES else ""
    return f"{len(found)} times: {first.text} ({places}{more})"
