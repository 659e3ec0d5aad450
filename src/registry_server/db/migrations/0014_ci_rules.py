"""Whose runs in CI may lease a license by their identity."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_LIVE = sa.text("removed_at IS NULL")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "ci_rule",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("license_id", _NUMBER, nullable=False),
        sa.Column("issuer", _TEXT, nullable=False),
        sa.Column("repository", _TEXT, nullable=False),
        sa.Column("repository_id", _TEXT, nullable=False),
        sa.Column("owner_id", _TEXT, nullable=False),
        sa.Column("ref", _TEXT, nullable=False),
        sa.Column("pull_requests", sa.Integer(), nullable=False),
        sa.Column("added_by", _TEXT, nullable=False),
        sa.Column("added_at", _NUMBER, nullable=False),
        sa.Column("removed_at", _NUMBER),
        sa.PrimaryKeyConstraint("id", name="pk_ci_rule"),
        sa.ForeignKeyConstraint(["license_id"], ["license.id"], name="fk_ci_rule_license_id"),
        sa.CheckConstraint("pull_requests IN (0, 1)", name="ck_ci_rule_pull_requests"),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_ci_rule_live",
        "ci_rule",
        ["license_id", "issuer", "repository", "ref"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
    op.create_index("ix_ci_rule_issuer_repository", "ci_rule", ["issuer", "repository"])
    op.create_index("ix_ci_rule_issuer_repository_id", "ci_rule", ["issuer", "repository_id"])
