"""`[[audit.ignore]]`: findings that a project accepts, by code and by the way a pack comes in, for a reason and until a day. Pure."""

import datetime
from collections.abc import Callable, Iterable, Sequence

import msgspec
from msgspec import Struct

from packctl.audit.faults import ExceptionExpired, ExceptionUnused
from packctl.audit.judge import Found
from packctl.findings.remark import Remark
from packctl.project.reach import Paths
from packspec.project import Ignore

ACCEPTABLE = ("warning", "note")
"""What is wrong cannot be accepted, and a recall neither: docs/spec/audit.md."""
_RECALLED = "policy.release-recalled"


class Exceptions(Struct, frozen=True):
    """The exceptions of a project, as of a day. `lines` are theirs in pack.toml; `paths_to` gives the ways a pack comes in."""

    ignored: Sequence[Ignore]
    lines: Sequence[int]
    today: datetime.date
    paths_to: Callable[[str], Paths]

    def judge(self, found: Iterable[Found]) -> tuple[list[Remark], list[Found]]:
        """Every finding as a remark, with the reason where it is accepted; and what is to be said about the exceptions themselves."""
        remarks, used = [], set()
        for one in found:
            by = self._covering(one)
            used |= set(by)
            reason = "; ".join(dict.fromkeys(self.ignored[number].reason for number in by))
            remarks.append(msgspec.structs.replace(one.remark, ignored=reason))
        return remarks, [
            self._own(number) for number in range(len(self.ignored)) if self._is_over(number) or number not in used
        ]

    def _is_over(self, number: int) -> bool:
        return self.ignored[number].until < self.today

    def _own(self, number: int) -> Found:
        one, line = self.ignored[number], self.lines[number]
        if self._is_over(number):
            return Found(ExceptionExpired(str(one.id), one.until.isoformat(), one.reason, line), "error")
        return Found(ExceptionUnused(str(one.id), str(one.path or ""), line), "note")

    def _covering(self, one: Found) -> list[int]:
        """The exceptions that cover a finding together; none, unless each way that its pack comes in is covered."""
        if one.level not in ACCEPTABLE or one.remark.code == _RECALLED:
            return []
        fitting = [
            number
            for number, ignore in enumerate(self.ignored)
            if ignore.id == one.remark.code and not self._is_over(number)
        ]
        anywhere = [number for number in fitting if self.ignored[number].path is None]
        if anywhere:
            return anywhere[:1]
        paths = self.paths_to(one.pack) if one.pack else Paths((), True)
        by_path = {str(self.ignored[number].path): number for number in fitting}
        ways = [" > ".join(path) for path in paths.found]
        if not ways or not paths.complete or any(way not in by_path for way in ways):
            return []
        return [by_path[way] for way in ways]
