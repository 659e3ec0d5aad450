"""The log: entries, the roots that were signed, and the documents that entries name."""

import sqlalchemy as sa
from alembic import op

from registry_server.db.append_only import refuse_changes

revision = "0004"
down_revision = "0003"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the tables, and the triggers that refuse to change or delete an entry or a root."""
    op.create_table(
        "log_entry",
        sa.Column("number", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("entry", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_log_entry"),
        sa.CheckConstraint("number >= 0", name="ck_log_entry_number"),
        sqlite_strict=True,
    )
    op.create_table(
        "log_root",
        sa.Column("size", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("root", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_log_root"),
        sqlite_strict=True,
    )
    op.create_table(
        "log_document",
        sa.Column("digest", _TEXT, nullable=False),
        sa.Column("envelope", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_log_document"),
        sqlite_strict=True,
    )
    refuse_changes(op, "log_entry")
    refuse_changes(op, "log_root")
