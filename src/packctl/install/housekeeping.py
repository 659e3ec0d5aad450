"""What the store takes, and removing from it (docs/spec/install-state.md, section 4).

Projects keep their files, whatever is removed here.
"""

from collections.abc import Callable, Container, Iterator
from pathlib import Path

from msgspec import Struct

from packctl.durable import Folder, KernelLock, What
from packctl.install.lane import INCOMING, alone
from packctl.install.store import DAMAGED, FILES, Store
from packspec.digests import Digest
from packspec.tree import TreeEntry


class StoreSize(Struct, frozen=True):
    """Files and their bytes. Those that are hard-linked into projects are counted here, too. `damaged` were set aside."""

    files: int
    bytes: int
    damaged: int


def entries_of(folder: Folder) -> Iterator[tuple[str, int]]:
    """Name, which is a digest, and bytes of every entry of the store in `folder`."""
    if folder.what(FILES) is not What.FOLDER:
        return
    with folder.folder(FILES) as files:
        for shelf_name, _ in files.entries():
            with files.folder(shelf_name) as shelf:
                yield from shelf.file_sizes()


def size_of(store: Store) -> StoreSize:
    """Counts what is there."""
    sizes = [size for _, size in entries_of(store.folder)]
    return StoreSize(len(sizes), sum(sizes), len(_names(store.folder, DAMAGED)))


def clean(
    store: Store, keep: Callable[[], Container[str]] = frozenset, on_wait: Callable[[], None] = lambda: None
) -> StoreSize:
    """Removes all entries but those that `keep` gives, what was set aside, and what killed processes left; how much that was.

    Waits until no install relies on the store, and lets none begin meanwhile; only then `keep` is asked.
    """
    files = total = 0
    store.leave()
    with alone(store.folder, on_wait):
        kept = keep()
        for shelf_name, _ in _names(store.folder, FILES):
            with store.folder.descend((FILES, shelf_name)) as shelf:
                for name, _ in shelf.entries():
                    found = shelf.stat(name)
                    if name not in kept and found is not None:
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


def verify_all(store: Store, on_bytes: Callable[[int], None]) -> tuple[int, int, tuple[Digest, ...]]:
    """Reads every entry; files, bytes, and the digests of what was damaged and set aside. Threads share the work: hashing lets go."""
    from concurrent.futures import ThreadPoolExecutor  # 12 ms, for whoever only counts

    def read(entry: tuple[str, int]) -> tuple[int, bool]:
        digest, size = Digest(entry[0]), entry[1]
        damaged = store.set_aside_damaged([TreeEntry(digest, digest, size, size, 0)])
        on_bytes(size)
        return size, bool(damaged)

    entries = list(entries_of(store.folder))
    with ThreadPoolExecutor(thread_name_prefix="hash") as pool:
        done = list(pool.map(read, entries))
    wrong = tuple(Digest(digest) for (digest, _), (_, is_wrong) in zip(entries, done, strict=True) if is_wrong)
    return len(done), sum(size for size, _ in done), wrong


def bytes_below(path: Path) -> int:
    """Bytes of all files below `path`, which may not be there."""
    if not path.is_dir():
        return 0
    with Folder.open(path) as folder:
        return _bytes_in(folder)


def _bytes_in(folder: Folder) -> int:
    total = 0
    for name, kind in folder.entries():
        if kind is What.FOLDER:
            with folder.folder(name) as inside:
                total += _bytes_in(inside)
        elif kind is What.FILE and (found := folder.stat(name)) is not None:
            total += found.st_size
    return total


def remove_downloads(path: Path) -> None:
    """Removes downloads from `path`, but those that another process is writing now."""
    if not path.is_dir():
        return
    with Folder.open(path) as folder:
        names = [name for name, _ in folder.entries()]
        for stem in sorted({name.removesuffix(".lock").removesuffix(".part").removesuffix(".tag") for name in names}):
            if lock := KernelLock.try_take(folder, f"{stem}.lock"):
                with lock:
                    for suffix in ("", ".part", ".tag", ".lock"):
                        folder.remove_tree(f"{stem}{suffix}")


def remove_below(path: Path) -> None:
    """Removes everything in the folder `path`."""
    if path.is_dir():
        with Folder.open(path) as folder:
            for name, _ in folder.entries():
                folder.remove_tree(name)


def _names(folder: Folder, name: str) -> list[tuple[str, What]]:
    if folder.what(name) is not What.FOLDER:
        return []
    with folder.folder(name) as inside:
        return inside.entries()
