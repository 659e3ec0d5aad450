"""`packctl cache size`: what the store takes, for which packs, and what nobody uses any more."""

import msgspec

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.progress import megabytes
from packctl.ui.table import Column, table_lines


class CachedPack(msgspec.Struct, frozen=True):
    """A release that projects have. `alone` are the bytes of the store that nothing else uses; `folders` have it installed."""

    name: str
    version: str
    bytes: int
    alone: int
    folders: list[str]


class CacheSize(msgspec.Struct, frozen=True, kw_only=True):
    """What is there, in bytes. `unused` is the part of the store that no project uses, `cache` downloads and indexes, `limit` the setting
    storage.limit, which the store is held to."""

    files: int = 0
    bytes: int = 0
    unused_files: int = 0
    unused: int = 0
    damaged_files: int = 0
    cache: int = 0
    limit: int = 0
    packs: list[CachedPack] = []


def run(session: Session) -> Outcome[CacheSize]:
    """Show what the store takes, and which packs.

    Packs are those of all projects on this machine, the largest first. What no project uses stays for the next project that wants it, until
    `packctl cache clean`.
    """
    from packctl.install.housekeeping import bytes_below, size_of
    from packctl.install.store import Store
    from packctl.install.usage import usage_of
    from packctl.project.known import KnownFolders

    places = session.places
    limit, cache = session.settings.storage_limit, bytes_below(places.cache)
    if not places.store.exists():
        return Outcome(CacheSize(cache=cache, limit=limit))
    with Store.open(places.store) as store:
        usage, damaged = usage_of(store.folder, KnownFolders(places.projects)), size_of(store).damaged
    packs = [
        CachedPack(one.pack, str(one.version), one.bytes, one.alone, [str(folder) for folder in one.folders])
        for one in usage.held
    ]
    return Outcome(
        CacheSize(
            files=usage.files,
            bytes=usage.bytes,
            unused_files=usage.unused_files,
            unused=usage.unused,
            damaged_files=damaged,
            cache=cache,
            limit=limit,
            packs=packs,
        )
    )


def text(result: CacheSize, console: Console) -> None:
    """The packs, then the sums."""
    columns = [Column(whole=True), Column(whole=True), Column(right=True, whole=True), Column()]
    rows = [(one.name, one.version, megabytes(one.bytes), ", ".join(one.folders)) for one in result.packs]
    for line in table_lines(columns, rows, console.width, indent=2):
        console.line(line)
    if rows:
        console.line()
    console.line(f"store   {megabytes(result.bytes)} of {megabytes(result.limit)}, {_files(result.files)}")
    console.line(f"unused  {megabytes(result.unused)}, {_files(result.unused_files)} of the store that no project uses")
    if result.damaged_files:
        console.line(f"damaged {safe(_files(result.damaged_files))} set aside")
    console.line(f"cache   {megabytes(result.cache)} of downloads and indexes")
    if result.unused or result.damaged_files:
        console.say("Remove what no project uses: packctl cache clean")


def _files(count: int) -> str:
    return f"{count} file{'' if count == 1 else 's'}"
