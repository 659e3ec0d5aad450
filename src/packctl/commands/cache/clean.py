"""`packctl cache clean`: removes what no project uses."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.commands.options import DryRun
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.progress import megabytes

if TYPE_CHECKING:
    from packctl.install.store import Store
    from packctl.project.known import KnownFolders
    from packspec.digests import Digest

EXAMPLES = ("packctl cache clean", "packctl cache clean --dry-run", "packctl cache clean --all")


class CacheCleaned(msgspec.Struct, frozen=True, kw_only=True):
    """What was removed, or with `dry_run` would be: files of the store and their bytes, damaged ones, and bytes of downloads."""

    files: int = 0
    bytes: int = 0
    damaged_files: int = 0
    cache: int = 0
    left: int = 0
    """Bytes that stay in the store."""
    dry_run: bool = False


def run(
    session: Session,
    everything: Annotated[
        bool, typer.Option("--all", help="Remove also what projects use, and the downloaded indexes")
    ] = False,
    dry_run: DryRun = False,
) -> Outcome[CacheCleaned]:
    """Remove what no project uses.

    Projects keep their files, whatever is removed here; what is needed again is fetched again. A project that was moved, or was installed
    by an older packctl, is not known until its next install. Waits for installs that are under way, and lets none begin meanwhile.
    """
    from packctl.install.housekeeping import bytes_below, clean, remove_below, remove_downloads, size_of
    from packctl.install.recovery import tell_wait
    from packctl.install.store import Store
    from packctl.project.known import KnownFolders

    places, known = session.places, KnownFolders(session.places.projects)
    downloads = places.cache / "downloads"
    cache = bytes_below(places.cache if everything else downloads)
    removed = CacheCleaned(cache=cache, dry_run=dry_run)
    if places.store.exists():
        with Store.open(places.store) as store:
            if dry_run:
                removed = _would_remove(store, known, cache, everything)
            else:
                gone = clean(store, lambda: _kept(store, known, everything), lambda: tell_wait(session, "the store"))
                removed = CacheCleaned(
                    files=gone.files,
                    bytes=gone.bytes,
                    damaged_files=gone.damaged,
                    cache=cache,
                    left=size_of(store).bytes,
                )
    if not dry_run:
        remove_downloads(downloads)
        if everything:
            remove_below(places.cache)
        known.forget_gone()
    return Outcome(removed)


def _kept(store: "Store", known: "KnownFolders", everything: bool) -> "frozenset[Digest]":
    from packctl.install.usage import usage_of

    return frozenset() if everything else usage_of(store.folder, known).keep


def _would_remove(store: "Store", known: "KnownFolders", cache: int, everything: bool) -> CacheCleaned:
    from packctl.install.housekeeping import size_of
    from packctl.install.usage import usage_of

    usage, damaged = usage_of(store.folder, known), size_of(store).damaged
    files, size = (usage.files, usage.bytes) if everything else (usage.unused_files, usage.unused)
    return CacheCleaned(
        files=files, bytes=size, damaged_files=damaged, cache=cache, left=usage.bytes - size, dry_run=True
    )


def text(result: CacheCleaned, console: Console) -> None:
    """One line."""
    if console.quiet:
        return
    said = f"{result.files} file{'' if result.files == 1 else 's'} of the store, {megabytes(result.bytes)}"
    said += f", and {megabytes(result.cache)} of downloads" if result.cache else ""
    verb = "Would remove" if result.dry_run else "Removed"
    console.say(f"{verb} {said}; {megabytes(result.left)} {'would stay' if result.dry_run else 'stay'}")
