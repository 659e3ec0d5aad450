"""`packctl cache dir`: where the store and the downloads are."""

import msgspec

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe


class CacheDir(msgspec.Struct, frozen=True):
    """Folders, there or not: `store` has the files of all packs, `cache` downloads under way and indexes."""

    store: str
    cache: str


def run(session: Session) -> Outcome[CacheDir]:
    """Print where the store and the downloads are.

    Both can be removed while no packctl runs: projects keep their files, and what is needed again is fetched again.
    """
    return Outcome(CacheDir(str(session.places.store), str(session.places.cache)))


def text(result: CacheDir, console: Console) -> None:
    """One line each."""
    console.line(f"store  {safe(result.store)}")
    console.line(f"cache  {safe(result.cache)}")
