"""The writers of one process: one after the other, first come, first served, and those who wait for each other share a commit.

A commit waits for the disk, which takes longer than most changes. So a writer for whose end another one waits leaves its change in the open
transaction and hands that on; each later one begins at a savepoint, and takes back its own change only. Whoever finds nobody waiting, or
the transaction open for long enough, commits for all, and none of them goes on before that: what a writer has done, and what it was refused
for, is on the disk. One alone begins, commits and goes, as if there were no queue. See docs/adr/0036-shared-commits.md.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from registry_server.db.faults import DatabaseBusy
from registry_server.db.prepared import Prepared

OPEN_SECONDS = 0.02
"""After this time a transaction takes nobody in any more: many times what a small change and its commit take, and no long wait."""

_MARK = Prepared(sa.text("SAVEPOINT writer"))


class Writers:
    """The queue. `begin` gives a connection with an open transaction, `commit` stores it so that it survives a power cut."""

    def __init__(
        self, begin: Callable[[], Connection], commit: Callable[[Connection], None], wait_seconds: int
    ) -> None:
        self._begin = begin
        self._commit = commit
        self._wait_seconds = wait_seconds
        self._lock = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._is_busy = False

    @contextmanager
    def turn(self) -> Iterator[Connection]:
        """A change that is stored whole, or not at all if anything is raised. Raises DatabaseBusy, and what the driver raises."""
        shared = self._enter()
        try:
            yield shared.connection
        except BaseException as error:
            shared.take_back(error)
            self._leave(shared)
            raise
        shared.changes += 1
        self._leave(shared)

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._waiting)

    def _enter(self) -> "_Shared":
        shared = self._wait()
        try:
            if shared is None:
                return _Shared(self._begin())
            shared.mark()
        except BaseException as error:
            if shared is None:
                self._hand_on(None)
            else:
                shared.failure = error
                self._leave(shared)
            raise
        return shared

    def _wait(self) -> "_Shared | None":
        """Returns when it is this writer's turn, with the transaction that it was handed; None: it begins one. Raises DatabaseBusy."""
        with self._lock:
            if not self._is_busy:
                self._is_busy = True
                return None
            mine = _Waiting()
            self._waiting.append(mine)
        if not mine.turn.acquire(timeout=self._wait_seconds):
            with self._lock:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                    raise DatabaseBusy(self._wait_seconds)
        return mine.shared

    def _leave(self, shared: "_Shared") -> None:
        """Returns when the transaction has ended. Raises what kept it from being stored."""
        if shared.takes_more() and self._hand_on(shared):
            shared.ended.wait()
        else:
            try:
                shared.end(self._commit)
            finally:
                self._hand_on(None)
                shared.ended.set()
        if shared.failure is not None:
            raise shared.failure

    def _hand_on(self, shared: "_Shared | None") -> bool:
        """Lets the next writer go on, in `shared` or in one of its own. False if nobody waits: the turn ends, unless `shared` is open."""
        with self._lock:
            if self._waiting:
                following = self._waiting.popleft()
                following.shared = shared
                following.turn.release()
                return True
            self._is_busy = shared is not None
            return False


class _Waiting:
    """A writer in the queue. `turn` is locked until it is called."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.turn.acquire()
        self.shared: _Shared | None = None


class _Shared:
    """A transaction, open for those who wait."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.changes = 0
        self.failure: BaseException | None = None
        """Why nothing of it is stored."""
        self.ended = threading.Event()
        self._is_over = False
        self._closes_at = time.monotonic() + OPEN_SECONDS

    def mark(self) -> None:
        """Where the next writer begins."""
        _MARK.do(self.connection, {})

    def take_back(self, error: BaseException) -> None:
        """Undoes what the writer did whom `error` stopped. If the transaction itself is lost, as on a full disk, all have failed."""
        if not self.changes:
            self._is_over = True
            return
        try:
            self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT writer")
        except Exception as lost:  # noqa: BLE001 - whatever it was: nobody goes on in it, and the next writer gets another one
            self.failure = error if isinstance(error, DBAPIError) else lost

    def takes_more(self) -> bool:
        """Whether another writer may come in."""
        return self.failure is None and not self._is_over and time.monotonic() < self._closes_at

    def end(self, commit: Callable[[Connection], None]) -> None:
        """Stores it, or closes it without; `failure` says why."""
        try:
            if self.failure is None and not self._is_over:
                commit(self.connection)
        except BaseException as error:  # noqa: BLE001 - whatever it was, all who share it are told, in threads of their own
            self.failure = error
        finally:
            self.connection.close()
