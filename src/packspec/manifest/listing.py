"""`listing.<language>.toml`: title, summary, description and objectives of a pack in one more language."""

from typing import Annotated

from msgspec import Meta

from packspec.labels import Language
from packspec.manifest.faults import ManifestFaults, read_toml
from packspec.manifest.schema import Sentence, Sentences, Title
from packspec.patterns import pattern
from packspec.toml import Faults, Table, convert

_NAME = pattern(r"listing\.([A-Za-z0-9-]+)\.toml")


class Listing(Table, frozen=True, kw_only=True):
    """The texts of a pack in one language. What is absent is shown as pack.toml has it."""

    title: Title | None = None
    summary: Sentence | None = None
    description: Annotated[str, Meta(min_length=1, max_length=100_000)] | None = None
    """The long text, Markdown; in the language of pack.toml that is the readme."""
    objectives: Sentences = ()


def listing_language(path: str) -> Language | None:
    """The language of the listing at `path`, beside pack.toml: `de` for `listing.de.toml`; None for other files."""
    match = _NAME.fullmatch(path)
    if match is None:
        return None
    try:
        return Language.parse(match[1])
    except ValueError:
        return None


def parse_listing(data: bytes, file: str, *, strict: bool) -> Listing:
    """Reads a listing; `file` is its name in faults. Raises ManifestFaults, and no other."""
    text = read_toml(data, file)
    faults = Faults()
    listing = convert(text.values, Listing, faults, strict=strict)
    if faults:
        raise ManifestFaults(faults.listed(text.lines), file)
    return listing
