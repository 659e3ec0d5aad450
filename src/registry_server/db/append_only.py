"""Triggers that make a table append-only, for migrations. The database itself refuses, whatever program asks."""

from typing import Any, Protocol


class Operations(Protocol):
    """What of Alembic's `op` is used here."""

    def get_bind(self) -> Any:
        """The connection that migrates."""
        ...

    def execute(self, sqltext: str) -> None:
        """Runs a statement."""
        ...


def refuse_changes(op: Operations, table: str) -> None:
    """Makes every change and deletion of a row of `table` fail, on either database."""
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
