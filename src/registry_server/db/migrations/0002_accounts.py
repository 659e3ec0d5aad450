"""Accounts, members, and the offices that members hold at this registry."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "account",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("created_at", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_account"),
        sa.UniqueConstraint("name", name="uq_account_name"),
        sa.CheckConstraint("kind IN ('person', 'family', 'company', 'institution')", name="ck_account_kind"),
        sa.CheckConstraint("state IN ('active', 'suspended', 'erased')", name="ck_account_state"),
        sqlite_strict=True,
    )
    op.create_table(
        "member",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("account_id", _NUMBER, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("display_name", _TEXT, nullable=False),
        sa.Column("is_owner", sa.Integer, nullable=False),
        sa.Column("created_at", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name="fk_member_account_id"),
        sa.CheckConstraint("kind IN ('adult', 'child')", name="ck_member_kind"),
        sa.CheckConstraint("is_owner IN (0, 1)", name="ck_member_is_owner"),
        sqlite_strict=True,
    )
    op.create_index("ix_member_account_id", "member", ["account_id"])
    op.create_table(
        "registry_role",
        sa.Column("member_id", _NUMBER, nullable=False),
        sa.Column("role", _TEXT, nullable=False),
        sa.Column("given_by", _TEXT, nullable=False),
        sa.Column("given_at", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("member_id", "role", name="pk_registry_role"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_registry_role_member_id"),
        sa.CheckConstraint("role IN ('admin', 'reviewer')", name="ck_registry_role_role"),
        sqlite_strict=True,
    )
