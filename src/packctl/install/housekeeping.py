"""What the store takes, and removing from it (docs/spec/install-state.md, section 4).

Projects keep their files, whatever is removed here.
"""

from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from packctl.durable import Folder, What
from packctl.install.lane import INCOMING, alone
from packctl.install.store import DAMAGED, FILES, Store
from packspec.digests import Digest


@dataclass(frozen=True)
class StoreSize:
    """Files and their bytes. Those that are hard-linked into projects are counted here, too. `damaged` were set aside."""

    files: int
    bytes: int
    damaged: int


def entries_of(folder: Folder) -> Iterator[tuple[Digest, int]]:
    """Every entry of the store in `folder`, and its bytes."""
    for shelf_name, _ in _names(folder, FILES):
        with folder.descend((FILES, shelf_name)) as shelf:
            for name, kind in shelf.entries():
                found = shelf.stat(name) if kind is What.FILE else None
                if found is not None:
                    yield Digest(name), found.st_size


def size_of(store: Store) -> StoreSize:
    """Counts what is there."""
    sizes = [size for _, size in entries_of(store.folder)]
    return StoreSize(len(sizes), sum(sizes), len(_names(store.folder, DAMAGED)))


def clean(store: Store, keep: Container[str] = (), on_wait: Callable[[], None] = lambda: None) -> StoreSize:
    """Removes all entries but `keep`, what was set aside, and what killed processes left; how much that was.

    Waits until no install relies on the store, and lets none begin meanwhile.
    """
    files = total = 0
    store.leave()
    with alone(store.folder, on_wait):
        for shelf_name, _ in _names(store.folder, FILES):
            with store.folder.descend((FILES, shelf_name)) as shelf:
                for name, _ in shelf.entries():
                    found = shelf.stat(name)
                    if name not in keep and found is not None:
                        shelf.remove_tree(name)
                        files += 1
                        total += found.st_size
        damaged = len(_names(store.folder, DAMAGED))
        store.folder.remove_tree(DAMAGED)
        with store.folder.folder(INCOMING) as incoming:
            for lane_name, _ in incoming.entries():
                with incoming.folder(lane_name) as lane:
                    for name, _ in lane.entries():
                        if name != "lock":
                            lane.remove_tree(name)
    return StoreSize(files, total, damaged)


def _names(folder: Folder, name: str) -> list[tuple[str, What]]:
    if folder.what(name) is not What.FOLDER:
        return []
    with folder.folder(name) as inside:
        return inside.entries()
