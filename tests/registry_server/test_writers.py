"""Writers that wait for each other share a commit: nobody goes on before it, and whoever fails takes back their own change only."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import Connection

from registry_server.db import writers
from registry_server.db.engine import Database
from registry_server.db.faults import DatabaseBusy, DatabaseGone
from registry_server.db.sqlite import sqlite_url
from registry_server.durable import NoSpace
from registry_server.settings import DatabaseSettings
from tests.support import postgres

LATER = 5
"""Writers that come while the first one writes."""


class Desk:
    """A database with a table of notes. The first writer writes until `LATER` others wait; `operations` are what reached the disk."""

    def __init__(self, url: str) -> None:
        self.operations: list[str] = []
        self.at_commit: Callable[[], None] = lambda: None
        self.database = Database(url, DatabaseSettings(wait_seconds=20), self._watch)
        with self.database.writing() as db:
            db.exec_driver_sql("DROP TABLE IF EXISTS note")
            db.exec_driver_sql("CREATE TABLE note (text TEXT PRIMARY KEY)")
        self.operations.clear()

    def _watch(self, operation: str, target: str) -> None:
        self.operations.append(operation)
        if operation == "commit":
            self.at_commit()

    def notes(self) -> list[str]:
        with self.database.reading() as db:
            return sorted(db.scalars(sa.text("SELECT text FROM note")))

    def write(self, text: str) -> None:
        with self.database.writing() as db:
            note(db, text)

    def compete(self, *later: Callable[[], None]) -> list[Future[None]]:
        """One writer who is at it until all `later` ones wait, in this order; what became of them."""
        is_writing = threading.Event()
        may_end = threading.Event()

        def first() -> None:
            with self.database.writing() as db:
                note(db, "first")
                is_writing.set()
                assert may_end.wait(20)

        with ThreadPoolExecutor(len(later) + 1) as pool:
            told = [pool.submit(first)]
            assert is_writing.wait(20)
            for number, one in enumerate(later, 1):
                told.append(pool.submit(one))
                while self.database.writers.waiting < number:
                    threading.Event().wait(0.001)
            may_end.set()
        return told


def note(db: Connection, text: str) -> None:
    db.execute(sa.text("INSERT INTO note VALUES (:text)"), {"text": text})


@pytest.fixture(scope="module")
def on_postgresql() -> Iterator[str]:
    with postgres.empty() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def desk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setattr(writers, "OPEN_SECONDS", 20)
    is_file = request.param == "sqlite"
    made = Desk(sqlite_url(tmp_path / "registry.sqlite3") if is_file else request.getfixturevalue("on_postgresql"))
    yield made
    made.database.close()


def test_those_who_wait_share_one_commit_and_none_goes_on_before_it(desk: Desk) -> None:
    ended: list[str] = []
    ended_at_commit: list[str] = []
    desk.at_commit = lambda: ended_at_commit.extend(ended)

    def later(text: str) -> None:
        desk.write(text)
        ended.append(text)

    told = desk.compete(*(lambda text=f"later-{number}": later(text) for number in range(LATER)))
    assert [one.exception() for one in told] == [None] * (LATER + 1)
    assert desk.notes() == ["first", *(f"later-{number}" for number in range(LATER))]
    assert desk.operations == ["begin", "commit"]
    assert (ended_at_commit, len(ended)) == ([], LATER)


def test_whoever_fails_takes_back_their_own_change_only(desk: Desk) -> None:
    def stumble() -> None:
        with desk.database.writing() as db:
            note(db, "half")
            raise KeyError("stumbled")

    def collide() -> None:
        desk.write("first")  # it is there already, of a writer who has not committed yet

    told = desk.compete(stumble, lambda: desk.write("second"), collide, lambda: desk.write("third"))
    failures = [type(one.exception()) for one in told]
    assert failures == [type(None), KeyError, type(None), sa.exc.IntegrityError, type(None)]
    assert desk.notes() == ["first", "second", "third"]


def test_a_writer_sees_what_those_before_it_wrote(desk: Desk) -> None:
    seen: list[int] = []

    def count() -> None:
        with desk.database.writing() as db:
            seen.append(db.execute(sa.text("SELECT count(*) FROM note")).scalar_one())
            note(db, f"seen-{len(seen)}")

    desk.compete(count, count, count)
    assert seen == [1, 2, 3]


def test_where_the_commit_fails_nobody_was_told_that_they_wrote(desk: Desk) -> None:
    def full() -> None:
        raise NoSpace("database", "its disk is full")

    def refused() -> None:
        with desk.database.writing():
            raise KeyError("for what another one wrote")

    desk.at_commit = full
    told = desk.compete(lambda: desk.write("second"), refused)
    assert [type(one.exception()) for one in told] == [NoSpace] * 3
    desk.at_commit = lambda: None
    desk.write("next")
    assert desk.notes() == ["next"]


def test_where_one_loses_the_transaction_all_of_it_have_failed(desk: Desk) -> None:
    def lose() -> None:
        with desk.database.writing() as db:
            db.exec_driver_sql("ROLLBACK")
            raise KeyError("the transaction is gone")

    told = desk.compete(lambda: desk.write("second"), lose, lambda: desk.write("third"))
    assert [one.exception() is None for one in told] == [False, False, False, True]
    assert isinstance(told[0].exception(), DatabaseGone | sa.exc.DBAPIError)
    assert desk.notes() == ["third"]


def test_V05_where_the_database_goes_away_all_who_share_are_told_and_the_next_one_writes(
    on_postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "OPEN_SECONDS", 20)
    desk = Desk(on_postgresql)

    def lose() -> None:
        with desk.database.writing() as db:
            db.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

    told = desk.compete(lambda: desk.write("second"), lose, lambda: desk.write("third"))
    assert [type(one.exception()) for one in told] == [DatabaseGone, DatabaseGone, DatabaseGone, type(None)]
    assert desk.notes() == ["third"]
    desk.database.close()


def test_a_transaction_that_is_open_for_long_takes_nobody_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "OPEN_SECONDS", 0)
    desk.compete(lambda: desk.write("second"), lambda: desk.write("third"))
    assert desk.operations == ["begin", "commit"] * 3
    assert desk.notes() == ["first", "second", "third"]


def test_V04_whoever_waits_too_long_is_told_so_and_holds_up_nobody(tmp_path: Path) -> None:
    database = Database(sqlite_url(tmp_path / "registry.sqlite3"), DatabaseSettings(wait_seconds=1))
    with database.writing() as db, ThreadPoolExecutor(1) as pool:
        db.exec_driver_sql("CREATE TABLE note (text TEXT PRIMARY KEY)")

        def late() -> None:
            with database.writing():
                raise AssertionError("two writers at once")

        waiting = pool.submit(late)
        assert isinstance(waiting.exception(), DatabaseBusy)
    with database.writing() as db:
        note(db, "after")
    database.close()


_MANY = """
import sys, threading
import sqlalchemy as sa
from registry_server.db.engine import Database
from registry_server.settings import DatabaseSettings
database = Database(sys.argv[1], DatabaseSettings(wait_seconds=20))
def write(name):
    for number in range(10_000):
        with database.writing() as db:
            db.execute(sa.text("INSERT INTO note VALUES (:text)"), {"text": f"{name}-{number}"})
        print(f"{name}-{number}\\n", end="", flush=True)
for name in range(8):
    threading.Thread(target=write, args=(name,)).start()
"""


def test_V01_what_was_answered_before_a_kill_is_there(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "registry.sqlite3")
    desk = Desk(url)
    with subprocess.Popen([sys.executable, "-c", _MANY, url], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        answered = [process.stdout.readline() for _ in range(300)]
        process.kill()
        answered += process.stdout.readlines()
    kept = set(desk.notes())
    assert {line.strip() for line in answered if line.endswith("\n")} <= kept
    assert len(kept) >= 300
    desk.database.close()
