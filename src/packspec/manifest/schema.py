"""The tables of pack.toml that describe a pack, as Structs: a Struct is the whole rule for its keys (docs/reference/pack-toml.md).

What one key alone decides stands here as a type or bound; what several keys decide together is in `checks`.
"""

from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from msgspec import Meta

from packspec.domains import Domain
from packspec.durations import Duration
from packspec.facts import DependencyKind, PackKind
from packspec.globs import FilePath, Pattern
from packspec.hosts import ExternalPackage, HostRange, PythonRange
from packspec.labels import Label, Language, Word
from packspec.links import Link
from packspec.media import AssetType
from packspec.money import Currency
from packspec.names import PackName
from packspec.ranges import Range
from packspec.terms import Terms
from packspec.toml import Table
from packspec.versions import Version

Title: TypeAlias = Annotated[str, Meta(min_length=1, max_length=255)]
Sentence: TypeAlias = Annotated[str, Meta(min_length=1, max_length=500)]
Sentences: TypeAlias = Annotated[tuple[Sentence, ...], Meta(max_length=50)]
Labels: TypeAlias = Annotated[tuple[Label, ...], Meta(max_length=50)]
Words: TypeAlias = Annotated[tuple[Word, ...], Meta(max_length=50)]
Patterns: TypeAlias = Annotated[tuple[Pattern, ...], Meta(max_length=100)]
"""Every pattern is tried on every file, so their number is bounded."""
Age: TypeAlias = Annotated[int, Meta(ge=0, le=18)]
Count: TypeAlias = Annotated[int, Meta(ge=1, le=1_000_000)]
Order: TypeAlias = Annotated[int, Meta(ge=0, le=1_000_000)]
Amount: TypeAlias = Annotated[str, Meta(min_length=1, max_length=20)]


class PackAges(Table, frozen=True, kw_only=True):
    """For which ages, in whole years, both included."""

    min: Age
    max: Age


class Price(Table, frozen=True, kw_only=True):
    """Short for one perpetual plan. `amount` has exactly the currency's digits: `12.00` EUR, `1200` JPY."""

    amount: Amount
    currency: Currency
    machines: Count = 1


class Plan(Table, frozen=True, kw_only=True):
    """One way to get the pack: the first values of its listing."""

    id: Label
    kind: Literal["free", "perpetual", "subscription", "trial", "institution", "custom"]
    amount: Amount | None = None
    currency: Currency | None = None
    unit: Literal["account", "seat", "family", "node"] = "account"
    duration: Duration | None = None
    machines: Count = 1
    users: Count | None = None
    ci: Annotated[int, Meta(ge=0, le=1_000_000)] = 2
    floating: bool = False
    versions: Range | None = None
    updates: Duration | None = None
    features: Labels = ()
    domains: Annotated[tuple[Domain, ...], Meta(max_length=50)] = ()
    lease: Duration | None = None
    grace: Duration | None = None
    freshness: Literal["online", "normal", "airgap"] = "normal"
    counts_from: Literal["purchase", "first-activation"] = "purchase"
    transferable: bool = False
    contact: Annotated[str, Meta(min_length=1, max_length=200)] | None = None


class Education(Table, frozen=True, kw_only=True):
    """What a child learns with it. Subjects, grades and modalities are words of outside vocabularies."""

    focus: Labels = ()
    objectives: Sentences = ()
    subjects: Words = ()
    grades: Words = ()
    modalities: Words = ()


class Pack(Table, frozen=True, kw_only=True):
    """`[pack]`: what the pack is."""

    name: PackName
    version: Version
    summary: Sentence
    license: Terms
    category: Label
    kind: PackKind = "content"
    title: Title | None = None
    readme: FilePath | None = None
    changelog: FilePath | None = None
    links: Annotated[dict[Label, Link], Meta(max_length=20)] = {}
    license_file: FilePath | None = None
    subcategory: Label | None = None
    tags: Labels = ()
    languages: Annotated[tuple[Language, ...], Meta(max_length=50)] = ()
    ages: PackAges | None = None
    features: Labels = ()
    hosts: Annotated[dict[Label, HostRange], Meta(max_length=50)] = {}
    python: PythonRange | None = None
    packages: Annotated[tuple[ExternalPackage, ...], Meta(max_length=200)] = ()
    include: Patterns | None = None
    exclude: Patterns = ()
    preview: Annotated[tuple[FilePath, ...], Meta(max_length=50)] = ()
    early_access: Duration | None = None
    conflicts: Annotated[dict[PackName, Range], Meta(max_length=200)] = {}
    price: Price | None = None
    education: Education = Education()


class Dependency(Table, frozen=True, kw_only=True):
    """A pack that this one asks for; a bare string is its range."""

    SHORT: ClassVar[str] = "version"

    version: Range
    kind: DependencyKind = "requires"
    optional: bool = False
    assets: Annotated[dict[FilePath, FilePath], Meta(max_length=10_000)] = {}
    """Kind `enhances` only: which of our files goes with which of theirs, ours = theirs."""


Dependencies: TypeAlias = Annotated[dict[PackName, Dependency], Meta(max_length=1_000)]


class AssetEntry(Table, frozen=True, kw_only=True):
    """`[[assets]]`: what is said about one file, or about all that fit a pattern. None: this entry does not say it."""

    path: Pattern
    title: Title | None = None
    type: AssetType | None = None
    tags: Labels | None = None
    teaches: Sentences | None = None
    features: Labels | None = None
    order: Order | None = None
    highlight: bool | None = None
    essential: bool | None = None
    language: Language | None = None
    variants: Annotated[dict[Label, FilePath], Meta(max_length=10)] | None = None


class Content(Table, frozen=True, kw_only=True):
    """`[[contents]]`: a reference to an item outside of the pack, in one exact version."""

    ref: Annotated[str, Meta(min_length=1, max_length=255)]
    family: Annotated[str, Meta(min_length=1, max_length=255)] | None = None
    order: Order | None = None
    highlight: bool = False


class Tool(Table, frozen=True, kw_only=True):
    """`[tool]`: how a pack of kind `tool` is started, and what it may see."""

    launch_url: Annotated[str, Meta(min_length=1, max_length=2_000)]
    launch: Literal["iframe-web", "native-deeplink", "lti-like"]
    required_scopes: Words = ()
    optional_scopes: Words = ()
    config_schema: dict[str, Any] | None = None
    default_config: dict[str, Any] | None = None
    webhook_url: Link | None = None
    oauth_client: Annotated[str, Meta(min_length=1, max_length=255)] | None = None


class PackFile(Table, frozen=True, kw_only=True):
    """The whole file, as its publisher sees it. The tables of a project may stand beside; they are read by `packspec.project`."""

    pack: Pack
    dependencies: Dependencies = {}
    plans: Annotated[tuple[Plan, ...], Meta(max_length=50)] = ()
    assets: tuple[AssetEntry, ...] = ()
    contents: Annotated[tuple[Content, ...], Meta(max_length=1_000)] = ()
    tool: Tool | None = None
    audit: Any = None
    groups: Any = None
    host: Any = None
    install: Any = None
    overrides: Any = None
    policy: Any = None
    registries: Any = None
    workspace: Any = None


PROJECT_TABLES = ("audit", "groups", "host", "install", "overrides", "policy", "registries", "workspace")
"""Tables of pack.toml that belong to a project (docs/spec/project.md). They say nothing about a pack that is published."""
