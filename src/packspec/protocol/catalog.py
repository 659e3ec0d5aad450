"""Rows of the room `catalog`: search, and what is public about a pack.

Nothing here is trusted by an install: names, versions and digests that matter come from the signed index.
"""

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

import msgspec

from packspec import limits
from packspec.digests import Digest
from packspec.names import PackName, PublisherName
from packspec.protocol.endpoint import Body, Effect, Endpoint
from packspec.versions import Version
from packspec.wire import Answer, Message

if TYPE_CHECKING:
    from packspec.assets import Asset
    from packspec.catalog import Listing

Word = Annotated[str, msgspec.Meta(max_length=100)]
PackPart = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?\Z")]
"""The second half of a pack's name, as it stands in a path."""
Sort: TypeAlias = Literal["relevance", "popular", "newest", "rating", "price_low", "price_high", "trending"]
"""`relevance` is `newest` where nothing is searched for; so are `popular`, `trending` and `rating` while nobody counts."""
SORTS: tuple[Sort, ...] = ("relevance", "popular", "newest", "rating", "price_low", "price_high", "trending")


class SearchPacks(Message, frozen=True):
    """Full-text search with filters; every filter that is given must hold.

    Found are packs with a release that may be chosen anew. All words of `q` must occur in name, title, summary, tags, category, readme or
    the publisher's name; the last may be the beginning of a word.
    """

    q: Annotated[str, msgspec.Meta(max_length=200)] = ""
    category: Word = ""
    subcategory: Word = ""
    tag: Word = ""
    kind: Word = ""
    license: Word = ""
    publisher: Word = ""
    feature: Word = ""
    subject: Word = ""
    grade: Word = ""
    modality: Word = ""
    free: bool = False
    verified: bool = False
    age: Annotated[int, msgspec.Meta(ge=0, le=18)] | None = None
    """Only packs that say for which ages they are, this one among them."""
    max_price_minor: Annotated[int, msgspec.Meta(ge=0, le=limits.INTEGER_MAX)] | None = None
    """Free packs, and those whose price is known and not higher, in minor units of its own currency."""
    sort: Sort = "relevance"
    why: bool = False
    """Also tell where the words occur."""
    page: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    limit: Annotated[int, msgspec.Meta(ge=1, le=limits.PAGE_ROWS)] = 20


class PackHit(Answer, frozen=True):
    """One line of a search."""

    name: PackName
    version: Version
    kind: str
    title: str
    summary: str
    license: str
    paid: bool
    category: str
    verified: bool
    price_minor: int = 0
    currency: str = ""
    deprecated: bool = False
    ages: tuple[int, int] | None = None
    tags: list[str] = []
    downloads: int = 0
    published_at: int = 0
    matched: list[str] = []
    """Asked with `why`: where words of the query occur, what weighs most first: name, title, tags, publisher, summary, description."""


class PackPage(Answer, frozen=True):
    """One page of a search."""

    packs: list[PackHit]
    total: int
    page: int
    pages: int


class AskPack(Message, frozen=True):
    """Which pack. Rows about one pack, or about a release of it, ask for more."""

    publisher: PublisherName
    name: PackPart

    @property
    def pack(self) -> PackName:
        """The pack's whole name."""
        return PackName.parse(f"{self.publisher}/{self.name}")


class ReleaseView(Answer, frozen=True):
    """One release in the catalog."""

    version: Version
    state: str
    published_at: int
    size: int
    unpacked: int
    files: int
    archive: Digest
    statement: Digest
    is_latest: bool
    is_prerelease: bool
    license: str
    paid: bool
    reason: str = ""
    note: str = ""
    use: str = ""
    changelog: str = ""
    action: str = ""
    """Of a recalled one: `warn` or `stop`."""
    replacement: str = ""
    """Of a recalled one: the version to take instead, if one was named."""


class PackView(Answer, frozen=True):
    """A pack as its page and `packctl show` tell of it."""

    name: PackName
    kind: str
    title: str
    summary: str
    description: str
    """The readme, Markdown as the publisher wrote it: escape before showing."""
    license: str
    paid: bool
    category: str
    verified: bool
    publisher: PublisherName
    publisher_display_name: str
    latest: Version | None
    releases: list[ReleaseView]
    subcategory: str = ""
    tags: list[str] = []
    languages: list[str] = []
    features: list[str] = []
    ages: tuple[int, int] | None = None
    focus: list[str] = []
    objectives: list[str] = []
    subjects: list[str] = []
    grades: list[str] = []
    modalities: list[str] = []
    links: dict[str, str] = {}
    needs: list[str] = []
    """Dependencies of the latest release as `publisher/name range`."""
    assets: int = 0
    size: int = 0
    price_minor: int = 0
    currency: str = ""

    @classmethod
    def of(cls, listing: "Listing", **others: Any) -> Self:
        """A pack by what the listing of a release tells of it; `others` are the fields that no listing has."""
        return cls(
            title=listing.title,
            summary=listing.summary,
            category=listing.category,
            subcategory=listing.subcategory,
            tags=list(listing.tags),
            languages=list(listing.languages),
            features=list(listing.features),
            ages=listing.ages,
            focus=list(listing.focus),
            objectives=list(listing.objectives),
            subjects=list(listing.subjects),
            grades=list(listing.grades),
            modalities=list(listing.modalities),
            links=listing.links,
            needs=list(listing.needs),
            assets=listing.assets,
            price_minor=listing.price_minor,
            currency=listing.currency,
            **others,
        )


class AskAssets(AskPack, frozen=True):
    """Assets of one release; without `version`, of the latest."""

    version: Version | None = None
    type: Word = ""
    tag: Word = ""
    feature: Word = ""
    page: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 1
    limit: Annotated[int, msgspec.Meta(ge=1, le=limits.ASSET_ROWS)] = limits.ASSET_ROWS


class AssetView(Answer, frozen=True):
    """One file of a release with its metadata."""

    path: str
    type: str
    media_type: str
    size: int
    sha256: Digest
    title: str = ""
    tags: list[str] = []
    teaches: list[str] = []
    features: list[str] = []
    order: int = 0
    highlight: bool = False
    essential: bool = False
    dimensions: str = ""
    """`512x512` where the format tells it."""

    @classmethod
    def of(cls, asset: "Asset") -> Self:
        """As a catalog tells of an asset."""
        return cls(
            path=asset.path,
            type=asset.type,
            media_type=asset.media,
            size=asset.size,
            sha256=asset.sha256,
            title=asset.title,
            tags=[str(tag) for tag in asset.tags],
            teaches=list(asset.teaches),
            features=[str(feature) for feature in asset.features],
            order=asset.order or 0,
            highlight=asset.highlight,
            essential=asset.essential,
            dimensions=asset.pixels,
        )


class AssetList(Answer, frozen=True):
    """One page of the assets of a release, in the order of `order`, then path."""

    pack: PackName
    version: Version
    assets: list[AssetView]
    total: int
    page: int
    pages: int


SEARCH = Endpoint(
    "GET", "/api/v1/packs", SearchPacks, PackPage, Effect.READ,
    action="catalog.browse", body=Body.QUERY, summary="Search packs; `popular`, `trending` and `rating` mean newest until they are counted",
)  # fmt: skip
SHOW = Endpoint(
    "GET", "/api/v1/packs/{publisher}/{name}", AskPack, PackView, Effect.READ,
    action="catalog.browse", body=Body.QUERY, summary="All about a pack",
)  # fmt: skip
RELEASES = Endpoint(
    "GET", "/api/v1/packs/{publisher}/{name}/releases", AskPack, list[ReleaseView], Effect.READ,
    action="catalog.browse", body=Body.QUERY, summary="Releases of a pack, highest first", external=True,
)  # fmt: skip
ASSETS = Endpoint(
    "GET", "/api/v1/packs/{publisher}/{name}/assets", AskAssets, AssetList, Effect.READ,
    action="catalog.browse", body=Body.QUERY, summary="Assets of a release",
)  # fmt: skip
