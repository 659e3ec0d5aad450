"""Prepared statements are SQLAlchemy's in everything but the way they are run: transaction, types, errors."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from registry_server.db.engine import Database
from registry_server.db.faults import DatabaseGone
from registry_server.db.prepared import Prepared
from registry_server.db.sqlite import sqlite_url
from registry_server.db.types import Flag, Json, Number, Words
from registry_server.settings import DatabaseSettings
from tests.support import postgres

note = sa.Table(
    "note",
    sa.MetaData(),
    sa.Column("id", Number, primary_key=True),
    sa.Column("text", Words, nullable=False, unique=True),
    sa.Column("is_read", Flag, nullable=False),
    sa.Column("facts", Json),
    sa.Column("ended", Number),
)
ADD = Prepared(note.insert().returning(note.c.id), ["text", "is_read", "facts", "ended"])
FIND = Prepared(sa.select(note).where(note.c.text == sa.bindparam("wanted")).with_for_update())
READ = Prepared(note.update().where(note.c.text == sa.bindparam("wanted")).values(is_read=True, ended=None))
COUNT = Prepared(sa.select(note.c.is_read, sa.func.count().label("number")).group_by(note.c.is_read))
FACTS = {"a": [1, "%(wanted)s ? :wanted %"]}


@pytest.fixture(scope="module")
def on_postgresql() -> Iterator[str]:
    with postgres.empty() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    is_file = request.param == "sqlite"
    url = sqlite_url(tmp_path / "registry.sqlite3") if is_file else request.getfixturevalue("on_postgresql")
    made = Database(url, DatabaseSettings(wait_seconds=20))
    with made.writing() as db:
        note.metadata.drop_all(db)
        note.metadata.create_all(db)
    yield made
    made.close()


def add(database: Database, text: str) -> int:
    with database.writing() as db:
        [row] = ADD.all(db, {"text": text, "is_read": False, "facts": FACTS, "ended": 1})
        return int(row.id)


def test_values_have_the_types_of_their_columns_on_their_way_in_and_out(database: Database) -> None:
    number = add(database, "it's 100% %s ? ñ")
    with database.writing() as db:
        READ.do(db, {"wanted": "it's 100% %s ? ñ"})
    with database.reading() as db:  # where FOR UPDATE is left out, since a snapshot locks nothing
        row = FIND.one(db, {"wanted": "it's 100% %s ? ñ"})
        by_sqlalchemy = db.execute(sa.select(note)).one()
        assert [one._asdict() for one in COUNT.all(db, {})] == [{"is_read": True, "number": 1}]
        assert FIND.one(db, {"wanted": "it's"}) is None
    assert row is not None
    assert row._asdict() == {"id": number, "text": "it's 100% %s ? ñ", "is_read": True, "facts": FACTS, "ended": None}
    assert row._asdict() == by_sqlalchemy._asdict()


def test_they_are_part_of_the_transaction_and_go_with_it(database: Database) -> None:
    add(database, "before")
    with pytest.raises(KeyError), database.writing() as db:
        ADD.do(db, {"text": "lost", "is_read": False, "facts": None, "ended": 1})
        assert db.scalar(sa.select(sa.func.count()).select_from(note)) == 2
        db.execute(note.insert().values(text="also lost", is_read=False))
        assert [row.number for row in COUNT.all(db, {})] == [3]
        raise KeyError("taken back")
    with database.reading() as db:
        assert db.scalars(sa.select(note.c.text)).all() == ["before"]


def test_a_constraint_fails_as_it_does_for_sqlalchemy_and_its_text_tells_no_value(database: Database) -> None:
    add(database, "once")
    with pytest.raises(sa.exc.IntegrityError) as caught, database.writing() as db:
        ADD.do(db, {"text": "once", "is_read": False, "facts": {"secret": "hunter2"}, "ended": None})
    assert "hunter2" not in str(caught.value)
    add(database, "twice")


def test_a_database_that_is_no_more_is_told_as_ever(tmp_path: Path) -> None:
    path = tmp_path / "registry.sqlite3"
    database = Database(sqlite_url(path), DatabaseSettings(wait_seconds=1))
    with database.writing() as db:
        note.metadata.create_all(db)
    database.close()
    path.write_bytes(b"no database at all" * 100)
    for beside in ("-wal", "-shm"):
        path.with_name(path.name + beside).unlink(missing_ok=True)
    database = Database(sqlite_url(path), DatabaseSettings(wait_seconds=1))
    with pytest.raises(DatabaseGone), database.reading() as db:
        FIND.one(db, {"wanted": "it"})
    database.close()


def test_a_connection_that_the_database_ended_is_not_used_again(on_postgresql: str) -> None:
    database = Database(on_postgresql, DatabaseSettings(wait_seconds=20, readers=1))
    with database.writing() as db:
        note.metadata.drop_all(db)
        note.metadata.create_all(db)
    with pytest.raises(DatabaseGone), database.reading() as reading:
        [lost] = reading.execute(sa.text("SELECT pg_backend_pid() AS pid")).all()
        with database.writing() as db:
            db.execute(sa.text("SELECT pg_terminate_backend(:pid)"), {"pid": lost.pid})
        FIND.one(reading, {"wanted": "it"})
    with database.reading() as db:
        assert FIND.one(db, {"wanted": "it"}) is None
    database.close()
