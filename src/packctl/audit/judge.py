"""From what a registry says now to findings. Pure: everything that is asked about was proven before."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from packctl.audit.faults import FixAvailable
from packctl.findings.remark import Level, Remark, remark_of
from packctl.findings.states import warnings_of
from packctl.trust.newkeys import changed_keys
from packspec.errors import PackError
from packspec.index import IndexedRelease, PackIndex, RecalledRelease
from packspec.names import PackName
from packspec.signing.publisher import PublisherRoot
from packspec.verdict import ReleaseRecalled
from packspec.versions import Version


class Subject(Struct, frozen=True):
    """One release, with what was proven of it: its row, the recalls that hold, and the faults of its verdict."""

    pack: PackName
    version: Version
    line: int = 0
    """Of pack.lock."""
    is_installed: bool = False
    row: IndexedRelease | None = None
    recalls: Sequence[RecalledRelease] = ()
    faults: Sequence[PackError] = ()
    index: PackIndex | None = None

    def __str__(self) -> str:
        return f"{self.pack} {self.version}"

    @property
    def is_stopped(self) -> bool:
        """Whether it was recalled and nobody should use it."""
        return any(row.action == "stop" for row in self.recalls)


class Found(Struct, frozen=True):
    """One finding with the error that tells all about it. `pack` empty: it is about no single pack."""

    error: PackError
    level: Level
    release: str = ""
    pack: str = ""
    line: int = 0

    @property
    def remark(self) -> Remark:
        """The finding as it is told."""
        return remark_of(self.error, self.level, self.release, self.line)


def judge(subject: Subject) -> Iterator[Found]:
    """What is to be said of one release, the worst first."""
    for level, error in _said(subject):
        yield Found(error, level, release=str(subject), pack=subject.pack, line=subject.line)


def _said(subject: Subject) -> Iterator[tuple[Level, PackError]]:
    name = str(subject)
    for fault in subject.faults:
        yield "error", fault
    if subject.is_stopped and not any(isinstance(fault, ReleaseRecalled) for fault in subject.faults):
        stop = next(one for one in subject.recalls if one.action == "stop")
        yield "error", ReleaseRecalled(name, stop.reason, str(stop.replacement or ""))
    for warning in warnings_of(name, subject.row, subject.recalls):
        yield "warning", warning
    newer = newest_fix(subject)
    if newer is not None:
        yield "note", FixAvailable(name, str(newer))


def newest_fix(subject: Subject) -> Version | None:
    """The newest published release that differs from this one in the last number only; before 1.0 that is the same rule."""
    mine = subject.version
    for release in subject.index.releases if subject.index else ():
        other = release.version
        if other <= mine:
            return None
        same = (other.major, other.minor) == (mine.major, mine.minor)
        if same and not other.is_prerelease and release.state == "published":
            return other
    return None


def judge_keys(before: PublisherRoot, after: PublisherRoot, pack: PackName) -> Found | None:
    """Whether a publisher's release keys are others than they were; its owners' keys count as well. None for the same document."""
    error = changed_keys(before, after, pack)
    return None if error is None else Found(error, "warning", pack=str(pack))
