"""The one MetaData, and how a table is declared. Tables stand in their rooms' `tables.py`; nothing refers to them by import from here.

The same names on every database: constraints are named by the convention, so migrations and errors can name them. On SQLite tables are
STRICT, which only takes the types of `db.types`.
"""

from typing import Any

from sqlalchemy import Column, Constraint, Index, MetaData, Table

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *parts: Column[Any] | Constraint | Index) -> Table:
    """A table on `metadata`, in the singular, STRICT on SQLite."""
    return Table(name, metadata, *parts, sqlite_strict=True)
