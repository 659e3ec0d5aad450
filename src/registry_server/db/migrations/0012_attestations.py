"""What publishers attest of releases that wait for a decision."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Makes the table."""
    op.create_table(
        "submission_attestation",
        sa.Column("submission", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("statement", _TEXT, nullable=False),
        sa.Column("digest", _TEXT, nullable=False),
        sa.Column("envelope", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("submission", name="pk_submission_attestation"),
        sa.ForeignKeyConstraint(["submission"], ["submission.number"], name="fk_submission_attestation_submission"),
        sqlite_strict=True,
    )
