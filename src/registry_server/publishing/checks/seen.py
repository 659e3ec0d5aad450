"""What checks of the whole look at: the archive after every file was read, and what the registry knows of others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from packspec.archive.read import Archive
from packspec.digests import Digest
from packspec.names import PackName
from packspec.signing.statement import Statement
from packspec.versions import Version


@dataclass(frozen=True)
class Known:
    """What the registry knows besides this archive."""

    is_new: bool
    """Whether the pack has no release yet."""
    foreign_names: tuple[PackName, ...]
    """Names of the packs of other publishers."""
    versions: Mapping[PackName, list[Version]]
    """Versions that may be chosen, highest first, of every pack that this one depends on."""
    uploaded_bytes: Callable[[Digest], int | None]
    """How many bytes whoever hands in uploaded under this digest; None if they did not."""
    read_uploaded: Callable[[Digest], bytes]
    """Those bytes."""


@dataclass(frozen=True)
class SeenPack:
    """The whole of it. `texts` are the files that describe the pack, by path."""

    archive: Archive
    statement: Statement
    known: Known
    texts: Mapping[str, bytes] = field(default_factory=dict)
