"""Values of the catalog, which release is the latest, what a listing tells, and the refusals."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, TypeAlias

import msgspec

from packspec import limits
from packspec.digests import Digest
from packspec.errors import Conflict, Invalid
from packspec.facts import PackKind
from packspec.licenses.listed import plans_of
from packspec.licenses.plans import write_plan
from packspec.manifest import Manifest
from packspec.money import Money
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


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """What search and pages tell of a release, beside its description. Plain values, made from the manifest."""

    title: str
    summary: str
    category: str
    subcategory: str = ""
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    ages: tuple[int, int] | None = None
    focus: tuple[str, ...] = ()
    objectives: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    links: dict[str, str] = {}
    needs: tuple[str, ...] = ()
    assets: int = 0
    price_minor: int = 0
    currency: str = ""
    plans: tuple[dict[str, Any], ...] = ()
    """The plans of its pack.toml as plain JSON, which the room `licensing` reads."""

    @property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """What search filters by, by kind of label."""
        return {
            "tag": self.tags,
            "feature": self.features,
            "subject": self.subjects,
            "grade": self.grades,
            "modality": self.modalities,
            "language": self.languages,
            "focus": self.focus,
        }


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


def listing_of(manifest: Manifest, assets: int) -> Listing:
    """What the manifest says for search and pages; `assets` counts its files that are assets."""
    pack, education, price = manifest.pack, manifest.pack.education, _first_price(manifest)
    return Listing(
        title=manifest.title,
        summary=pack.summary,
        category=pack.category,
        subcategory=pack.subcategory or "",
        tags=_plain(pack.tags),
        languages=_plain(pack.languages),
        features=_plain(pack.features),
        ages=(pack.ages.min, pack.ages.max) if pack.ages else None,
        focus=_plain(education.focus),
        objectives=_plain(education.objectives),
        subjects=_plain(education.subjects),
        grades=_plain(education.grades),
        modalities=_plain(education.modalities),
        links={str(name): str(link) for name, link in pack.links.items()},
        needs=tuple(
            f"{name} {wish.version}" for name, wish in sorted(manifest.dependencies.items()) if wish.kind == "requires"
        ),
        assets=assets,
        price_minor=price.minor if price else 0,
        currency=price.currency if price else "",
        plans=tuple(write_plan(plan) for plan in plans_of(manifest)),
    )


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


def _first_price(manifest: Manifest) -> Money | None:
    """The price of the short form, else of the first plan that names one."""
    if not manifest.paid:
        return None
    if manifest.price is not None:
        return manifest.price
    plans = [plan for plan in manifest.plans if plan.amount is not None and plan.currency is not None]
    return Money.parse(plans[0].amount or "", plans[0].currency or "") if plans else None


def _plain(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value) for value in values))
