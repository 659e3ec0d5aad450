"""What an audit found, written for people; and as test cases."""

from collections.abc import Iterator

from packctl.audit.result import Audited, AuditedRelease
from packctl.findings.remark import Case, Remark
from packctl.ui.escape import safe
from packctl.ui.moments import roughly
from packctl.ui.table import Column, many, table_lines

QUESTIONS = {
    "RECALLED": ("policy.release-recalled",),
    "YANKED": ("policy.release-yanked",),
    "DEPRECATED": ("catalog.release-deprecated",),
}
"""What is asked of every release besides whether it is still proven, and the codes that answer it."""
_ORDER = {"error": 0, "warning": 1, "note": 2}


def lines(result: Audited, width: int | None) -> list[str]:
    """The findings, the worst first; then what was done, what can be done, and what it comes to."""
    found = sorted(result.findings, key=lambda one: (bool(one.ignored), _ORDER[one.level]))
    columns = [Column(whole=True), Column(whole=True), Column()]
    rows = [("accepted" if one.ignored else one.level, one.code, _what(one)) for one in found]
    body = table_lines(columns, rows, width, indent=2)
    body += [""] if body else []
    body += [f"Moved to quarantine: {safe(path)}/" for path in result.quarantined]
    for one in result.proposals:
        body.append(
            f"Solved just now: {safe(one.command)}" + (f"    gives {safe(', '.join(one.gives))}" if one.gives else "")
        )
    body += [
        f"The log of {safe(one.registry)}, {many(one.entries, 'entry').replace('entrys', 'entries')}, gives the same "
        f"{many(one.indexes, 'index').replace('indexs', 'indexes')} as it shows"
        for one in result.replayed
    ]
    current = [f"CURRENT as of {result.as_of} ({roughly(result.age_seconds)})."] if result.as_of else []
    return [*body, _sum(result), *current]


def _what(one: Remark) -> str:
    return f"{one.what} (accepted: {one.ignored})" if one.ignored else one.what


def _sum(result: Audited) -> str:
    standing = [one.level for one in result.findings if not one.ignored]
    told = [many(standing.count(level), level) for level in _ORDER if level in standing]
    accepted = sum(bool(one.ignored) for one in result.findings)
    told += [f"{accepted} accepted"] if accepted else []
    return f"{many(len(result.releases), 'release')} audited: {', '.join(told) or 'nothing found'}"


def cases(result: Audited) -> list[Case]:
    """A case per release and question; one for each other finding. What was accepted is skipped, a note is none."""
    waiting = [one for one in result.findings if one.level != "note"]
    found: list[Case] = []
    for release in result.releases:
        mine = [one for one in waiting if one.release == str(release)]
        waiting = [one for one in waiting if one not in mine]
        found += _of_release(release, mine)
    return found + [_case(one.release or one.file or "pack.lock", one.code, [one]) for one in waiting]


def _of_release(release: AuditedRelease, mine: list[Remark]) -> Iterator[Case]:
    asked = {code for codes in QUESTIONS.values() for code in codes}
    yield _case(str(release), "PROVEN", [one for one in mine if one.code not in asked])
    for name, codes in QUESTIONS.items():
        yield _case(str(release), name, [one for one in mine if one.code in codes])


def _case(of: str, name: str, found: list[Remark]) -> Case:
    standing = [one for one in found if not one.ignored]
    if standing:
        return Case(of, name, "failed", standing[0].code, "; ".join(one.what for one in standing))
    if found:
        return Case(of, name, "skipped", text="; ".join(_what(one) for one in found))
    return Case(of, name, "passed")
