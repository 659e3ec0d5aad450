"""Answers of changes that may be asked for again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "repeated_call",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("key_digest", _TEXT, nullable=False),
        sa.Column("request_digest", _TEXT, nullable=False),
        sa.Column("reply", _TEXT, nullable=True),
        sa.Column("at", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_repeated_call"),
        sa.UniqueConstraint("key_digest", name="uq_repeated_call_key_digest"),
        sqlite_strict=True,
    )
    op.create_index("ix_repeated_call_at", "repeated_call", ["at"])
