"""`replacing`: files that a person named are replaced once the new ones are whole, by one process at a time and with no lock left there."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from packctl.durable.folder import Folder
from packctl.durable.lock import KernelLock
from packspec.errors import PackError


@contextmanager
def replacing(folder: Folder, *names: str) -> Iterator[tuple[str, ...]]:
    """Names in `folder` under which the caller writes and syncs new files; at the end these take the places of `names`, in this order.

    If it fails, what was there stays and nothing else does. A second process that replaces the same waits; what a killed one left, hidden
    files, the next one removes. Raises NoPlainFile for a device, DiskFailed.
    """
    for name in names:
        folder.refuse_device(name)
    fresh = tuple(f".{name}.new" for name in names)
    held = f".{names[0]}.lock"
    with KernelLock.take(folder, held):
        try:
            for new in fresh:
                folder.remove(new)
            try:
                yield fresh
                for new, name in zip(fresh, names, strict=True):
                    folder.rename(new, folder, name)
            except BaseException:
                for new in fresh:
                    with suppress(PackError):
                        folder.remove(new)
                raise
            folder.sync()
        finally:
            with suppress(PackError):
                folder.remove(held)  # whoever waits for it sees that it is gone, and makes another
