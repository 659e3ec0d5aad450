"""Submissions, their moves, and the reviewers' decisions."""

import sqlalchemy as sa
from alembic import op

from registry_server.db.append_only import refuse_changes

revision = "0007"
down_revision = "0006"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_LIVE = sa.text("state IN ('pending_review', 'in_review', 'approved', 'published')")


def upgrade() -> None:
    """Makes the tables, and the triggers that refuse to change or delete a move."""
    op.create_table(
        "submission",
        sa.Column("number", _NUMBER, nullable=False),
        sa.Column("pack", _TEXT, nullable=False),
        sa.Column("publisher", _TEXT, nullable=False),
        sa.Column("version", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("archive", _TEXT, nullable=False),
        sa.Column("size", _NUMBER, nullable=False),
        sa.Column("opened_by", _NUMBER, nullable=False),
        sa.Column("opened_at", _NUMBER, nullable=False),
        sa.Column("handed_in_by", _NUMBER, nullable=True),
        sa.Column("handed_in_at", _NUMBER, nullable=True),
        sa.Column("round", _NUMBER, nullable=False),
        sa.Column("statement", _TEXT, nullable=True),
        sa.Column("envelope", _TEXT, nullable=True),
        sa.Column("report", _TEXT, nullable=True),
        sa.Column("texts", _TEXT, nullable=False),
        sa.Column("note", _TEXT, nullable=False),
        sa.Column("hold", sa.Integer, nullable=False),
        sa.Column("taken_by", _NUMBER, nullable=True),
        sa.Column("log_number", _NUMBER, nullable=True),
        sa.Column("published_at", _NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_submission"),
        sa.ForeignKeyConstraint(["publisher"], ["publisher.name"], name="fk_submission_publisher"),
        sa.ForeignKeyConstraint(["opened_by"], ["member.id"], name="fk_submission_opened_by"),
        sa.ForeignKeyConstraint(["handed_in_by"], ["member.id"], name="fk_submission_handed_in_by"),
        sa.ForeignKeyConstraint(["taken_by"], ["member.id"], name="fk_submission_taken_by"),
        sa.CheckConstraint(
            "state IN ('draft', 'pending_review', 'in_review', 'approved', 'rejected', 'published')",
            name="ck_submission_state",
        ),
        sqlite_strict=True,
    )
    op.create_index(
        "uq_submission_live", "submission", ["pack", "version"], unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
    )
    op.create_index("ix_submission_pack_version", "submission", ["pack", "version"])
    op.create_index("ix_submission_publisher", "submission", ["publisher"])
    op.create_index("ix_submission_state_handed_in_at", "submission", ["state", "handed_in_at"])
    op.create_table(
        "submission_move",
        sa.Column("submission", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("number", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("member_id", _NUMBER, nullable=True),
        sa.Column("event", _TEXT, nullable=False),
        sa.Column("from_state", _TEXT, nullable=False),
        sa.Column("to_state", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("note", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("submission", "number", name="pk_submission_move"),
        sa.ForeignKeyConstraint(["submission"], ["submission.number"], name="fk_submission_move_submission"),
        sqlite_strict=True,
    )
    op.create_table(
        "submission_approval",
        sa.Column("submission", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("member_id", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("digest", _TEXT, nullable=False),
        sa.Column("round", _NUMBER, nullable=False),
        sa.Column("decision", _TEXT, nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("envelope", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("submission", "member_id", "digest", name="pk_submission_approval"),
        sa.ForeignKeyConstraint(["submission"], ["submission.number"], name="fk_submission_approval_submission"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_submission_approval_member_id"),
        sa.CheckConstraint("decision IN ('approved', 'rejected')", name="ck_submission_approval_decision"),
        sqlite_strict=True,
    )
    refuse_changes(op, "submission_move")
