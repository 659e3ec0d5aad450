"""A lane of the store: where one process writes files on their way in (docs/spec/install-state.md, section 4).

Whoever has a lane may rely on what it finds in the store. Whoever wants to remove entries holds the door, so that no new lane is taken, and
waits until every lane is free.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

from packctl.durable import Folder, KernelLock

INCOMING = "incoming"
DOOR = "lock"


class Lane:
    """A folder for files on their way in, locked by one process. Who gets the lane of a killed process removes what it left."""

    def __init__(self, folder: Folder, lock: KernelLock) -> None:
        self.folder = folder
        self._held = lock
        self._next = 0
        self._lock = Lock()

    @classmethod
    def take(cls, store: Folder, on_wait: Callable[[], None] = lambda: None) -> "Lane":
        """The first lane that nobody has, emptied. Waits at the door while entries are being removed."""
        with KernelLock.take(store, DOOR, on_wait):
            return cls._first_free(store)

    @classmethod
    def _first_free(cls, store: Folder) -> "Lane":
        number = 0
        with store.folder(INCOMING, create=True) as incoming:
            while True:
                with ExitStack() as stack:
                    lane = stack.enter_context(incoming.folder(str(number), create=True))
                    if lock := KernelLock.try_take(lane, "lock"):
                        stack.enter_context(lock)
                        for name, _ in lane.entries():
                            if name != "lock":
                                lane.remove_tree(name)
                        stack.pop_all()
                        return cls(lane, lock)
                number += 1

    def next_name(self) -> str:
        """A name that no other thread was given."""
        with self._lock:
            self._next += 1
            return str(self._next)

    def close(self) -> None:
        """Lets the lane go to the next process."""
        self._held.close()
        self.folder.close()


@contextmanager
def alone(store: Folder, on_wait: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Nobody else fills the store or relies on it inside of this `with`. Waits for those who do; `on_wait` is told."""
    with ExitStack() as stack:
        stack.enter_context(KernelLock.take(store, DOOR, on_wait))
        incoming = stack.enter_context(store.folder(INCOMING, create=True))
        for name, _ in incoming.entries():
            lane = stack.enter_context(incoming.folder(name))
            stack.enter_context(KernelLock.take(lane, "lock", on_wait))
        yield
