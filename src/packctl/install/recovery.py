"""An interrupted install is brought to its end by whatever opens the project next, also to read it, and that is said."""

from pathlib import Path
from typing import TYPE_CHECKING

from packctl.install.apply import Ending, Recovered, recover
from packctl.outcome import Notice

if TYPE_CHECKING:
    from packctl.session import Session


def recovered(session: "Session", root: Path, packs: str) -> None:
    """Finishes or undoes what was interrupted in the folder `packs` of `root`. Raises JournalBroken, Unfinished, DiskFailed."""
    tell_recovery(session, recover(root, packs, on_wait=lambda: tell_wait(session)))


def tell_recovery(session: "Session", found: Recovered | None) -> None:
    """Says what became of an interrupted install. Nothing, where nobody had noticed anything."""
    if found is None or found.ending is Ending.CLEANED:
        return
    done = "finished now" if found.ending is Ending.FINISHED else "undone now"
    session.console.say(f"An earlier command was interrupted while {found.doing}: {done}")
    for path in found.kept:
        session.warn(Notice("install.kept", "a file of yours was in the way; it was kept", {"file": path}))


def tell_wait(session: "Session", what: str = "this project") -> None:
    """Says that another process has the project, or the store."""
    session.console.say(f"Waiting for another packctl that changes {what}")
