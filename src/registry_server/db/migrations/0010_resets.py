"""Roots of publishers that the registry's offline keys announced, because the owners' keys were lost."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "publisher_reset",
        sa.Column("publisher", _TEXT, nullable=False),
        sa.Column("log_number", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("logged_at", _NUMBER, nullable=False),
        sa.Column("delay_seconds", _NUMBER, nullable=False),
        sa.Column("version", _NUMBER, nullable=False),
        sa.Column("old_digest", _TEXT, nullable=False),
        sa.Column("digest", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("publisher", "log_number", name="pk_publisher_reset"),
        sa.ForeignKeyConstraint(["publisher"], ["publisher.name"], name="fk_publisher_reset_publisher"),
        sa.CheckConstraint("version >= 2", name="ck_publisher_reset_version"),
        sqlite_strict=True,
    )
