"""`packctl cache verify`: every file of the store against its digest."""

import msgspec

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.progress import megabytes


class CacheVerified(msgspec.Struct, frozen=True):
    """Files and bytes that were read, and the digests of those that were damaged and set aside."""

    files: int
    bytes: int
    damaged: list[str]


def run(session: Session) -> Outcome[CacheVerified]:
    """Read every file of the store.

    A file is read before each use anyway, so a damaged one is never installed; this finds a failing disk early. What is damaged is set
    aside and fetched when it is needed again, and the exit code is 1 then.
    """
    from packctl.install.housekeeping import verify_all
    from packctl.install.recovery import tell_wait
    from packctl.install.store import Store

    if not session.places.store.exists():
        return Outcome(CacheVerified(0, 0, []))
    with Store.open(session.places.store) as store, session.progress("reading") as progress:
        store.enter(lambda: tell_wait(session, "the store"))
        item = progress.item("the store")
        files, read, damaged = verify_all(store, item.advance)
    return Outcome(CacheVerified(files, read, list(damaged)), exit_code=1 if damaged else 0)


def text(result: CacheVerified, console: Console) -> None:
    """The damaged ones, then one line."""
    for digest in result.damaged:
        console.line(f"sha256:{digest}")
    said = f"{result.files} file{'' if result.files == 1 else 's'}, {megabytes(result.bytes)}"
    if result.damaged:
        console.say(f"{len(result.damaged)} of {said} were damaged, and set aside: look at the disk, then packctl heal")
    else:
        console.say(f"{said}: each is what its name says")
