"""Brings a database to the schema of this version. The only module that imports Alembic.

The steps are `migrations/NNNN_what.py`, numbered without gaps; each runs `upgrade` with Alembic's `op` inside one transaction for all of
them, so an interrupted migration leaves the schema as it was, and two processes that migrate at once do it one after the other.
"""

from pathlib import Path

import sqlalchemy as sa

from packspec.errors import Conflict
from registry_server.db.engine import Database

_VERSION_TABLE = "schema_version"
_FOLDER = Path(__file__).with_name("migrations")


class SchemaDiffers(Conflict):
    """The database has another schema than this version of the server needs."""

    found: str
    needed: str

    code = "registry.schema"

    def what(self) -> str:
        return "the database has another schema than this version needs"

    def facts(self) -> dict[str, str]:
        return {"needed": self.needed, "found": self.found or "none"}

    def fix(self) -> list[str]:
        if self.found > self.needed:
            return ["use the newer registry-server that wrote it"]
        return ["registry-server migrate"]


def newest() -> str:
    """The number of the newest migration, `0004`. Read from file names, so nothing needs Alembic to know it."""
    return max(path.name[:4] for path in _FOLDER.glob("[0-9][0-9][0-9][0-9]_*.py"))


def current(database: Database) -> str:
    """The number of the newest migration that was applied; empty for an empty database."""
    with database.reading() as connection:
        if not sa.inspect(connection).has_table(_VERSION_TABLE):
            return ""
        return str(connection.scalar(sa.text(f"SELECT version_num FROM {_VERSION_TABLE}")) or "")  # noqa: S608 - a constant


def check_schema(database: Database) -> None:
    """Raises SchemaDiffers unless every migration of this version, and no other, was applied."""
    if (found := current(database)) != newest():
        raise SchemaDiffers(found, newest())


def migrate(database: Database) -> list[str]:
    """Applies what is missing and gives the numbers of what it applied. Raises SchemaDiffers for a database from the future."""
    from alembic.config import Config
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    found = current(database)
    if found > newest():
        raise SchemaDiffers(found, newest())
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("version_locations", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    scripts = ScriptDirectory.from_config(config)
    applied: list[str] = []
    with database.migrating() as connection:
        options = {
            "fn": lambda revision, context: scripts._upgrade_revs(
                "head", revision
            ),  # Alembic's own `upgrade` command does just this
            "version_table": _VERSION_TABLE,
            "transactional_ddl": False,  # the transaction is ours
            "on_version_apply": [lambda step, **rest: applied.append(step.up_revision_id)],
        }
        context = MigrationContext.configure(connection, opts=options)
        with Operations.context(context):
            context.run_migrations()
    return applied
