"""Publishers, who acts for them, and their roots."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "publisher",
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("display_name", _TEXT, nullable=False),
        sa.Column("origin", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("is_verified", sa.Integer, nullable=False),
        sa.Column("registered_at", _NUMBER, nullable=False),
        sa.Column("looks_like", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_publisher"),
        sa.CheckConstraint("origin IN ('first-party', 'third-party')", name="ck_publisher_origin"),
        sa.CheckConstraint("state IN ('pending', 'active', 'suspended')", name="ck_publisher_state"),
        sqlite_strict=True,
    )
    op.create_table(
        "publisher_member",
        sa.Column("publisher", _TEXT, nullable=False),
        sa.Column("member_id", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("role", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("publisher", "member_id", name="pk_publisher_member"),
        sa.ForeignKeyConstraint(["publisher"], ["publisher.name"], name="fk_publisher_member_publisher"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_publisher_member_member_id"),
        sa.CheckConstraint("role IN ('owner', 'maintainer', 'analyst')", name="ck_publisher_member_role"),
        sqlite_strict=True,
    )
    op.create_index("ix_publisher_member_member_id", "publisher_member", ["member_id"])
    op.create_table(
        "publisher_root",
        sa.Column("publisher", _TEXT, nullable=False),
        sa.Column("version", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("digest", _TEXT, nullable=False),
        sa.Column("envelope", _TEXT, nullable=False),
        sa.Column("log_number", _NUMBER, nullable=True),
        sa.Column("logged_at", _NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("publisher", "version", name="pk_publisher_root"),
        sa.ForeignKeyConstraint(["publisher"], ["publisher.name"], name="fk_publisher_root_publisher"),
        sa.CheckConstraint("version >= 1", name="ck_publisher_root_version"),
        sqlite_strict=True,
    )
