"""Publishers that an admin stopped: who, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "publisher_suspension",
        sa.Column("publisher", _TEXT, nullable=False),
        sa.Column("suspended_at", _NUMBER, nullable=False),
        sa.Column("member_id", _NUMBER, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("publisher", name="pk_publisher_suspension"),
        sa.ForeignKeyConstraint(["publisher"], ["publisher.name"], name="fk_publisher_suspension_publisher"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_publisher_suspension_member_id"),
        sqlite_strict=True,
    )
