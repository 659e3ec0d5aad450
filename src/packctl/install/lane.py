"""A lane of the store: where one process writes files on their way in (docs/spec/install-state.md, section 4)."""

from threading import Lock

from packctl.durable import Folder, KernelLock

INCOMING = "incoming"


class Lane:
    """A folder for files on their way in, locked by one process. Who gets the lane of a killed process removes what it left."""

    def __init__(self, folder: Folder, lock: KernelLock) -> None:
        self.folder = folder
        self._held = lock
        self._next = 0
        self._lock = Lock()

    @classmethod
    def take(cls, store: Folder) -> "Lane":
        """The first lane that nobody has, emptied."""
        number = 0
        with store.folder(INCOMING, create=True) as incoming:
            while True:
                lane = incoming.folder(str(number), create=True)
                lock = KernelLock(lane, "lock")
                if lock.take():
                    for name, _ in lane.entries():
                        if name != "lock":
                            lane.remove_tree(name)
                    return cls(lane, lock)
                lane.close()
                number += 1

    def next_name(self) -> str:
        """A name that no other thread was given."""
        with self._lock:
            self._next += 1
            return str(self._next)

    def close(self) -> None:
        """Lets the lane go to the next process."""
        self._held.release()
        self.folder.close()
