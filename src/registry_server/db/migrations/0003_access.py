"""API tokens: their digests, never themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "token",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("digest", _TEXT, nullable=False),
        sa.Column("member_id", _NUMBER, nullable=False),
        sa.Column("made_with", _NUMBER, nullable=True),
        sa.Column("label", _TEXT, nullable=False),
        sa.Column("scopes", _TEXT, nullable=False),
        sa.Column("created_at", _NUMBER, nullable=False),
        sa.Column("expires_at", _NUMBER, nullable=False),
        sa.Column("used_at", _NUMBER, nullable=True),
        sa.Column("revoked_at", _NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_token"),
        sa.UniqueConstraint("digest", name="uq_token_digest"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_token_member_id"),
        sa.ForeignKeyConstraint(["made_with"], ["token.id"], name="fk_token_made_with"),
        sa.CheckConstraint("kind IN ('api')", name="ck_token_kind"),
        sa.CheckConstraint("length(digest) = 64", name="ck_token_digest"),
        sa.CheckConstraint("expires_at > created_at", name="ck_token_expires_at"),
        sqlite_strict=True,
    )
    op.create_index("ix_token_member_id", "token", ["member_id"])
    op.create_index("ix_token_made_with", "token", ["made_with"])
