"""Migrations and the schema they make."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import registry_server
from registry_server.audit.actions import verify_chain
from registry_server.db import migrate as module
from registry_server.db.engine import Database
from registry_server.db.meta import metadata
from registry_server.db.migrate import SchemaDiffers, check_schema, current, migrate, newest
from registry_server.db.sqlite import sqlite_url
from registry_server.settings import DatabaseSettings

for room in iter_modules(registry_server.__path__, "registry_server."):
    if room.ispkg and find_spec(f"{room.name}.tables"):
        import_module(f"{room.name}.tables")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(sqlite_url(tmp_path / "registry.sqlite3"), DatabaseSettings())
    yield opened
    opened.close()


def schema(database: Database) -> dict[str, str]:
    with database.reading() as db:
        rows = db.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'")
        return {row.name: row.sql or "" for row in rows}


def test_from_empty_the_migrations_make_what_the_tables_say(database: Database) -> None:
    migrate(database)
    with database.reading() as db:
        ours = {
            row.name for row in db.exec_driver_sql("PRAGMA table_list") if row.type == "table"
        }  # not the search index
        options = {
            "version_table": "schema_version",
            "compare_type": True,
            "include_name": lambda name, kind, parents: kind != "table" or name in ours,
        }
        assert compare_metadata(MigrationContext.configure(db, opts=options), metadata) == []


def test_from_empty_checks_and_strictness_are_what_the_tables_say(database: Database, tmp_path: Path) -> None:
    migrate(database)
    made = Database(sqlite_url(tmp_path / "made.sqlite3"), DatabaseSettings())
    with made.writing() as db:
        metadata.create_all(db)
    expected, found = schema(made), schema(database)
    made.close()
    for table in metadata.tables:
        assert words(found[table]) == words(expected[table]), table


def words(statement: str) -> list[str]:
    """A CREATE TABLE as its sorted parts: the two ways to make one put columns, keys and constraints in another order."""
    flat = " ".join(statement.split())
    assert flat.endswith("STRICT")
    body = flat[flat.index("(") + 1 : flat.rindex(")")]
    return sorted(part.strip(" ,") for part in re.split(r", (?=CONSTRAINT|[a-z_]+ [A-Z])", body))


def test_every_table_is_strict(database: Database) -> None:
    migrate(database)
    with database.reading() as db:
        rows = db.exec_driver_sql("PRAGMA table_list").all()
    loose = [row.name for row in rows if row.type == "table" and not row.strict and not row.name.startswith("sqlite_")]
    assert [name for name in loose if name in metadata.tables] == []


def test_V17_migrating_twice_changes_nothing(database: Database) -> None:
    assert migrate(database)[-1] == newest()
    before = schema(database)
    assert migrate(database) == []
    assert schema(database) == before


def test_V17_an_interrupted_migration_leaves_the_schema_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "cut.sqlite3"

    def stop(operation: str, target: str) -> None:
        if operation == "commit":
            raise KeyboardInterrupt

    cut = Database(sqlite_url(path), DatabaseSettings(), stop)
    with pytest.raises(KeyboardInterrupt):
        migrate(cut)
    cut.close()
    again = Database(sqlite_url(path), DatabaseSettings())
    assert current(again) == ""
    assert schema(again) == {}
    migrate(again)
    check_schema(again)
    again.close()


def test_a_database_of_a_newer_version_is_left_alone(database: Database) -> None:
    migrate(database)
    with database.writing() as db:
        db.execute(sa.text("UPDATE schema_version SET version_num = '9999'"))
    with pytest.raises(SchemaDiffers) as caught:
        migrate(database)
    assert caught.value.fix() == ["use the newer registry-server that wrote it"]
    with pytest.raises(SchemaDiffers):
        check_schema(database)


def test_migrations_are_numbered_without_gaps() -> None:
    numbers = sorted(path.name[:4] for path in module._FOLDER.glob("[0-9]*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_V17_a_registry_of_an_older_version_is_brought_up_with_all_it_has(tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(old)) as file:
        file.executescript((Path(__file__).parent / "kept" / "schema-0008.sql").read_text())
    brought, fresh = (Database(sqlite_url(path), DatabaseSettings()) for path in (old, tmp_path / "fresh.sqlite3"))
    assert migrate(brought)[0] == "0009"
    migrate(fresh)
    there = schema(brought)
    assert {name: words(there[name]) for name in metadata.tables} == {
        name: words(statement) for name, statement in schema(fresh).items() if name in metadata.tables
    }
    with brought.reading() as db:
        assert [head.length for head in verify_chain(db)] == [21]
        assert db.exec_driver_sql("SELECT name, version FROM release JOIN pack ON pack.id = pack_id").all() == [
            ("acme/icons", "1.0.0")
        ]
        assert db.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    brought.close()
    fresh.close()
