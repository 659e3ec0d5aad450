"""The two doors to the database."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from packspec.errors import Unavailable
from registry_server.db.engine import Database
from registry_server.db.faults import DatabaseBusy, DatabaseGone
from registry_server.db.sqlite import sqlite_url
from registry_server.settings import DatabaseSettings

QUICK = DatabaseSettings(wait_seconds=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registry.sqlite3"


@pytest.fixture
def database(path: Path) -> Iterator[Database]:
    opened = Database(sqlite_url(path), QUICK)
    with opened.writing() as db:
        db.exec_driver_sql("CREATE TABLE counter (value INTEGER NOT NULL) STRICT")
        db.exec_driver_sql("INSERT INTO counter VALUES (0)")
    yield opened
    opened.close()


def value(database: Database) -> int:
    with database.reading() as db:
        return int(db.execute(sa.text("SELECT value FROM counter")).scalar_one())


def test_V03_what_is_committed_is_synced_to_the_disk(database: Database) -> None:
    with database.writing() as db:
        assert db.exec_driver_sql("PRAGMA synchronous").scalar_one() == 2
        assert db.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
        assert db.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_a_write_that_raises_leaves_nothing(database: Database) -> None:
    with pytest.raises(KeyError), database.writing() as db:
        db.exec_driver_sql("UPDATE counter SET value = 7")
        raise KeyError
    assert value(database) == 0


def test_a_snapshot_does_not_see_later_writes(database: Database) -> None:
    with database.reading() as db:
        before = db.exec_driver_sql("SELECT value FROM counter").scalar_one()
        with database.writing() as writer:
            writer.exec_driver_sql("UPDATE counter SET value = 7")
        assert db.exec_driver_sql("SELECT value FROM counter").scalar_one() == before == 0
    assert value(database) == 7


def test_writing_through_the_reading_door_is_our_fault_not_the_disk_s(database: Database) -> None:
    with pytest.raises(sa.exc.OperationalError, match="readonly"), database.reading() as db:
        db.exec_driver_sql("UPDATE counter SET value = 7")
    assert value(database) == 0


def test_V04_a_write_waits_for_another_process_and_then_says_busy(path: Path, database: Database) -> None:
    other = Database(sqlite_url(path), QUICK)
    with other.writing(), pytest.raises(DatabaseBusy) as caught, database.writing():
        raise AssertionError("two writers at once")
    assert isinstance(caught.value, Unavailable)
    assert caught.value.retry_after_seconds == 2
    with database.writing() as db:
        db.exec_driver_sql("UPDATE counter SET value = 7")
    other.close()


def test_V04_reading_goes_on_while_another_process_writes(path: Path, database: Database) -> None:
    other = Database(sqlite_url(path), QUICK)
    with other.writing() as db:
        db.exec_driver_sql("UPDATE counter SET value = 7")
        assert value(database) == 0
    other.close()


def test_V04_no_update_is_lost_between_two_processes_and_many_threads(path: Path, database: Database) -> None:
    other = Database(sqlite_url(path), DatabaseSettings(wait_seconds=30))
    patient = Database(sqlite_url(path), DatabaseSettings(wait_seconds=30))
    start = threading.Barrier(8)

    def count(mine: Database) -> None:
        start.wait()
        for _ in range(10):
            with mine.writing() as db:
                now = db.exec_driver_sql("SELECT value FROM counter").scalar_one()
                db.exec_driver_sql("UPDATE counter SET value = ?", (now + 1,))

    threads = [threading.Thread(target=count, args=(mine,)) for mine in (other, patient) * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value(database) == 80
    other.close()
    patient.close()


def test_a_file_that_is_no_database_is_told_without_its_path(tmp_path: Path) -> None:
    (tmp_path / "odd").write_bytes(b"not a database, but long enough to be looked at" * 100)
    broken = Database(sqlite_url(tmp_path / "odd"), QUICK)
    with pytest.raises(DatabaseGone) as caught, broken.reading() as db:
        db.exec_driver_sql("SELECT 1 FROM sqlite_master").all()
    assert (caught.value.reason, str(tmp_path) in str(caught.value)) == ("file is not a database", False)
    broken.close()


def test_a_damaged_database_is_told_as_one(database: Database, tmp_path: Path) -> None:
    with database.writing() as db:
        db.exec_driver_sql("CREATE TABLE much (text)")
        db.exec_driver_sql("INSERT INTO much VALUES (?)", ("x" * 100_000,))
    database.close()
    (file,) = tmp_path.glob("*.sqlite3")
    data = bytearray(file.read_bytes())
    data[4096:] = b"\xff" * (len(data) - 4096)
    file.write_bytes(data)
    damaged = Database(sqlite_url(file), QUICK)
    with pytest.raises(DatabaseGone) as caught, damaged.reading() as db:
        db.exec_driver_sql("SELECT length(text) FROM much").all()
    assert caught.value.reason == "database disk image is malformed"
    damaged.close()
