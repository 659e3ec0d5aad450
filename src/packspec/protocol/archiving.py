"""Rows about archiving a pack: no new installs, and what is locked stays."""

from typing import Annotated

import msgspec

from packspec import limits
from packspec.names import PackName
from packspec.protocol.catalog import AskPack
from packspec.protocol.endpoint import Effect, Endpoint
from packspec.protocol.publishers import Envelope
from packspec.versions import Version
from packspec.wire import Answer

RESTORES_AT_ONCE = 10
"""Documents in one request: as many of the largest ones as a body may hold."""


class ArchivePack(AskPack, frozen=True):
    """Yanks every release of a pack with reason `archived`, which also takes it out of search."""

    note: Annotated[str, msgspec.Meta(max_length=limits.NOTE_CHARACTERS)] = ""


class RevivePack(AskPack, frozen=True):
    """Lifts the yanks that archived a pack: a restore document for each of its releases, signed with a release key."""

    restores: Annotated[list[Envelope], msgspec.Meta(min_length=1, max_length=RESTORES_AT_ONCE)]


class PackActed(Answer, frozen=True):
    """Releases whose state changed, highest first; `log_index` is that of the last entry, absent where none was added."""

    pack: PackName
    versions: list[Version]
    log_index: int | None = None


ARCHIVE = Endpoint(
    "POST", "/api/v1/packs/{publisher}/{name}/archive", ArchivePack, PackActed, Effect.WRITE,
    action="release.yank", scope="publish", summary="Archive a pack: yank all its releases",
)  # fmt: skip
REVIVE = Endpoint(
    "POST", "/api/v1/packs/{publisher}/{name}/revive", RevivePack, PackActed, Effect.WRITE,
    action="release.yank", scope="publish", summary="Lift the yanks that archived a pack, with signed restore documents",
)  # fmt: skip
