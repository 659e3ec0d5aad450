"""Statements that nearly every request asks: SQLAlchemy writes each once for a kind of database, and from then on the driver runs it.

It is the same connection and transaction, with the types of the columns and the errors that everything else has. What is left out is what
SQLAlchemy does around a statement each time: two to three times the work of SQLite. See docs/adr/0039-prepared-statements.md.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Statement = sa.Select[Any] | sa.Insert | sa.Update | sa.TextClause


class Prepared:
    """A statement whose values have names: those of its `bindparam`s and, for an INSERT, of its `columns`. No lists among them."""

    def __init__(self, statement: Statement, columns: Iterable[str] = ()) -> None:
        self._statement = statement
        self._columns = tuple(columns)
        self._written: dict[object, _Written] = {}

    def all(self, db: Connection, values: Mapping[str, object]) -> list[Any]:
        """The rows, as tuples whose fields have the names of the columns."""
        return self._run(db, values)

    def one(self, db: Connection, values: Mapping[str, object]) -> Any | None:
        """The one row; None if there is none."""
        rows = self._run(db, values)
        assert len(rows) < 2, f"{len(rows)} rows instead of one"
        return rows[0] if rows else None

    def do(self, db: Connection, values: Mapping[str, object]) -> None:
        """Runs what gives no rows."""
        self._run(db, values)

    def _run(self, db: Connection, values: Mapping[str, object]) -> list[Any]:
        dialect = db.dialect
        # Readers and writers of one database may have compilers of their own.
        kind = (dialect.name, dialect.statement_compiler)
        written = self._written.get(kind)
        if written is None:
            written = self._written[kind] = _Written(self._statement, self._columns, dialect)
        try:
            with closing(db.connection.cursor()) as cursor:
                cursor.execute(written.text, written.given(values))
                return written.read(cursor.fetchall()) if written.gives_rows else []
        except dialect.loaded_dbapi.Error as error:
            if dialect.is_disconnect(error, db.connection, None):
                db.invalidate(error)
            raise DBAPIError.instance(written.text, None, error, dialect.loaded_dbapi.Error, dialect=dialect) from error


class _Written:
    """A statement as one kind of database reads it."""

    def __init__(self, statement: Statement, columns: tuple[str, ...], dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=columns or None)
        assert isinstance(compiled, SQLCompiler)
        self.text = str(compiled)
        self._order = compiled.positiontup
        self._constants = {name: one.value for one, name in compiled.bind_names.items() if not one.required}
        self._to_database = _processors(dialect, {name: one.type for one, name in compiled.bind_names.items()})
        given = [] if isinstance(statement, sa.TextClause) else list(statement.exported_columns)
        self.gives_rows = bool(given)
        self._row = _row([str(one.key) for one in given])
        found = [one.type.dialect_impl(dialect).result_processor(dialect, None) for one in given]
        self._from_database = [(place, process) for place, process in enumerate(found) if process is not None]

    def given(self, values: Mapping[str, object]) -> Any:
        """The values as the driver takes them: by name, or in their order."""
        given = {**self._constants, **values}
        for name, process in self._to_database.items():
            given[name] = process(given[name])
        return given if self._order is None else [given[name] for name in self._order]

    def read(self, rows: Iterable[Iterable[Any]]) -> list[Any]:
        """The rows as rooms take them."""
        made = []
        for row in rows:
            values = list(row)
            for place, process in self._from_database:
                values[place] = process(values[place])
            made.append(self._row._make(values))
        return made


def _row(names: list[str]) -> Any:
    return namedtuple("Row", names)


def _processors(dialect: Dialect, types: Mapping[str, TypeEngine[Any]]) -> dict[str, Callable[[Any], Any]]:
    """What values go through on their way to the driver, by name; most go as they are."""
    found = {name: one.dialect_impl(dialect).bind_processor(dialect) for name, one in types.items()}
    return {name: process for name, process in found.items() if process is not None}
