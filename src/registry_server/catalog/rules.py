"""Values of the catalog, which release is the latest, and the refusals."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

import msgspec

from packspec import limits
from packspec.catalog import Listing
from packspec.digests import Digest
from packspec.errors import Conflict, Invalid
from packspec.facts import PackKind
from packspec.names import PackName
from packspec.signing.statement import Statement
from packspec.versions import Version

_HEADING = re.compile(r"(#{1,6})\s(.*)")
_VERSIONS = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?")


class State(StrEnum):
    """What holds of a release: the strongest, from top to bottom."""

    PUBLISHED = "published"
    DEPRECATED = "deprecated"
    YANKED = "yanked"
    RECALLED = "recalled"


MarkKind: TypeAlias = Literal["deprecation", "yank", "recall"]


class BadReason(Invalid):
    """A reason that is no word of the list."""

    reason: str
    reasons: tuple[str, ...]

    code = "catalog.bad-reason"

    def what(self) -> str:
        return f"{self.reason[:80]!r} is not a reason"

    def facts(self) -> dict[str, str]:
        return {"reasons": ", ".join(self.reasons)}

    def why(self) -> str:
        return "the reason is public for ever and read by programs, so it is one of a few words; more can stand in the note"

    def fix(self) -> list[str]:
        return ["add --reason with one of these words"]


class RestoreUsed(Conflict):
    """A restore document lifts one yank or recall; this one lifted an earlier one."""

    release: str
    document: Digest
    measure: str = "yank"

    code = "catalog.restore-used"

    def what(self) -> str:
        return f"this restore document lifted an earlier {self.measure} of {self.release}"

    def facts(self) -> dict[str, str]:
        return {"document": self.document.labelled}

    def why(self) -> str:
        return f"else whoever kept the document could lift every later {self.measure} with it"

    def fix(self) -> list[str]:
        verb = "admin recall" if self.measure == "recall" else "yank"
        return [f"packctl {verb} --undo {self.release.replace(' ', '@')}"]


class UsesItself(Invalid):
    """A deprecation points at the pack itself."""

    pack: PackName

    code = "catalog.uses-itself"

    def what(self) -> str:
        return f"{self.pack} cannot be used instead of {self.pack}"

    def fix(self) -> list[str]:
        return ["name another pack with --use, or none"]


class Texts(msgspec.Struct, frozen=True, kw_only=True):
    """What a release's pages show besides the statement: listing, readme, what is new."""

    listing: Listing
    description: str = ""
    """The readme, Markdown, at most `limits.DESCRIPTION_CHARACTERS`."""
    changelog: str = ""
    """What the changelog says about this version, Markdown."""
    pictures: Digest | None = None
    """The blob with the pixel sizes of its pictures, by path."""


class Pack(msgspec.Struct, frozen=True, kw_only=True):
    """A pack as it is kept."""

    id: int
    name: PackName
    kind: PackKind
    created_at: int
    latest: Version | None


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What was said about a release, and in which entry of the log. The last three belong to a recall."""

    kind: MarkKind
    reason: str
    note: str
    use: str
    log_number: int
    action: str = ""
    """`warn` or `stop`."""
    replacement: str = ""
    by_registry: bool = False
    """The registry itself recalled it, not its publisher."""


class Release(msgspec.Struct, frozen=True, kw_only=True):
    """A release as it is kept, without its texts."""

    pack: PackName
    version: Version
    state: State
    log_number: int
    published_at: int
    statement: Digest
    archive: Digest
    size: int
    tree: Digest
    manifest: Digest
    pictures: Digest
    unpacked: int
    files: int
    license: str
    paid: bool
    changelog: str
    marks: tuple[Mark, ...] = ()

    @property
    def mark(self) -> Mark | None:
        """The mark that decides its state."""
        return self.marked("recall") or self.marked("yank") or self.marked("deprecation")

    def marked(self, kind: MarkKind) -> Mark | None:
        """What of this kind was said about it."""
        return next((mark for mark in self.marks if mark.kind == kind), None)

    def __str__(self) -> str:
        return f"{self.pack} {self.version}"


@dataclass(frozen=True)
class NewRelease:
    """A release that was just logged at `log_number` and `at` (seconds since the epoch, UTC)."""

    statement: Statement
    digest: Digest
    texts: Texts
    log_number: int
    at: int


def state_of(marks: Iterable[Mark]) -> State:
    """The strongest of what was said."""
    kinds = {mark.kind for mark in marks}
    if "recall" in kinds:
        return State.RECALLED
    if "yank" in kinds:
        return State.YANKED
    return State.DEPRECATED if "deprecation" in kinds else State.PUBLISHED


def latest_of(states: Mapping[Version, State]) -> Version | None:
    """The version that is shown and chosen first: the highest that may be chosen anew, a prerelease only if there is nothing else."""
    open_ = [version for version, state in states.items() if state in (State.PUBLISHED, State.DEPRECATED)]
    return max([version for version in open_ if not version.is_prerelease] or open_, default=None)


def changelog_of(text: str, version: Version) -> str:
    """What a changelog says about `version`: the lines below the heading that names it, up to the next heading of that level."""
    wanted = str(version.without_build())
    level, said = 0, list[str]()
    for line in text.splitlines():
        heading = _HEADING.fullmatch(line)
        if level and heading and len(heading[1]) <= level:
            break
        if level:
            said.append(line)
        elif heading and wanted in _VERSIONS.findall(heading[2]):
            level = len(heading[1])
    return "\n".join(said).strip()[: limits.CHANGELOG_CHARACTERS]
