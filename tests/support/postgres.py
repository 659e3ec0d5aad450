"""PostgreSQL in tests: one server for all processes of a test run, in a folder of its own, and a database per test, copied from a template.

The server is a Python package (pgserver), so nothing has to be installed and nobody has to be root. It starts when the first test asks for
it and ends with the last process that did.
"""

import functools
import itertools
import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from registry_server.db.engine import Database
from registry_server.db.migrate import migrate
from registry_server.settings import DatabaseSettings

_numbers = itertools.count()


@functools.cache
def server() -> str:
    """The address of the server's own database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder that a container does not have
        from pgserver.postgres_server import get_server
    # All workers of a run have one parent, and share the server; they make databases of their own.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(os.getpid())
    folder = Path(tempfile.gettempdir()) / f"registry-postgres-{run}"
    return str(get_server(folder, cleanup_mode="delete").get_uri())


def url(name: str) -> str:
    """The address of a database of the server."""
    return server().replace("/postgres?", f"/{name}?")


def execute(statement: str) -> None:
    """Runs a statement of the server's operator."""
    with psycopg.connect(server(), autocommit=True) as connection:
        connection.execute(statement.encode())


@contextmanager
def empty(options: str = "") -> Iterator[str]:
    """The address of a new database without a table."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    execute(f"CREATE DATABASE {name} {options}")
    try:
        yield url(name)
    finally:
        execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def migrated() -> Iterator[str]:
    """The address of a new database with this version's tables."""
    with empty(f"TEMPLATE {_template()}") as address:
        yield address


@functools.cache
def _template() -> str:
    name = f"template_{os.getpid()}"
    execute(f"CREATE DATABASE {name}")
    database = Database(url(name), DatabaseSettings())
    migrate(database)
    database.close()
    return name
