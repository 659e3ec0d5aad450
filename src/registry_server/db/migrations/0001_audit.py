"""The audit trail: one hash chain per stream, append-only."""

import sqlalchemy as sa
from alembic import op

from registry_server.db.append_only import refuse_changes

revision = "0001"
down_revision = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the tables, and the triggers that refuse to change or delete an entry."""
    op.create_table(
        "audit_stream",
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("length", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("head", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_audit_stream"),
        sa.CheckConstraint("length >= 0", name="ck_audit_stream_length"),
        sqlite_strict=True,
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stream", _TEXT, nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("actor", _TEXT, nullable=False),
        sa.Column("action", _TEXT, nullable=False),
        sa.Column("about", _TEXT, nullable=False),
        sa.Column("document", _TEXT, nullable=False),
        sa.Column("digest", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
        sa.UniqueConstraint("stream", "number", name="uq_audit_entry_stream_number"),
        sqlite_strict=True,
    )
    op.create_index("ix_audit_entry_about_id", "audit_entry", ["about", "id"])
    op.create_index("ix_audit_entry_actor_id", "audit_entry", ["actor", "id"])
    refuse_changes(op, "audit_entry")
