"""Tables of submissions. `submission_move` is append-only: the history of every submission."""

import sqlalchemy as sa

from registry_server.db.meta import table
from registry_server.db.types import Flag, Json, Number, Seconds, Words

LIVE = "state IN ('pending_review', 'in_review', 'approved', 'published')"
"""States in which a (pack, version) is taken."""
_STATE = "IN ('draft', 'pending_review', 'in_review', 'approved', 'rejected', 'published')"

submission = table(
    "submission",
    sa.Column("number", Number, primary_key=True),
    sa.Column("pack", Words, nullable=False),
    sa.Column("publisher", Words, sa.ForeignKey("publisher.name"), nullable=False),
    sa.Column("version", Words, nullable=False),
    sa.Column("kind", Words, nullable=False),
    sa.Column("state", Words, nullable=False),
    sa.Column("archive", Words, nullable=False),
    sa.Column("size", Number, nullable=False),
    sa.Column("opened_by", Number, sa.ForeignKey("member.id"), nullable=False),
    sa.Column("opened_at", Seconds, nullable=False),
    sa.Column("handed_in_by", Number, sa.ForeignKey("member.id"), nullable=True),
    sa.Column("handed_in_at", Seconds, nullable=True),
    sa.Column("round", Number, nullable=False),
    sa.Column("statement", Words, nullable=True),
    sa.Column("envelope", Words, nullable=True),
    sa.Column("report", Words, nullable=True),
    sa.Column("texts", Json, nullable=False),
    sa.Column("note", Words, nullable=False),
    sa.Column("hold", Flag, nullable=False),
    sa.Column("taken_by", Number, sa.ForeignKey("member.id"), nullable=True),
    sa.Column("log_number", Number, nullable=True),
    sa.Column("published_at", Seconds, nullable=True),
    sa.CheckConstraint(f"state {_STATE}", name="state"),
    # Two hand-ins of one version at the same instant: whatever the transactions saw, one of them fails here (R19).
    sa.Index(
        "uq_submission_live",
        "pack",
        "version",
        unique=True,
        sqlite_where=sa.text(LIVE),
        postgresql_where=sa.text(LIVE),
    ),
    sa.Index(None, "pack", "version"),
    sa.Index(None, "publisher"),
    sa.Index(None, "state", "handed_in_at"),
)

submission_move = table(
    "submission_move",
    sa.Column("submission", Number, sa.ForeignKey("submission.number"), primary_key=True, autoincrement=False),
    sa.Column("number", Number, primary_key=True, autoincrement=False),
    sa.Column("at", Seconds, nullable=False),
    sa.Column("member_id", Number, nullable=True),
    sa.Column("event", Words, nullable=False),
    sa.Column("from_state", Words, nullable=False),
    sa.Column("to_state", Words, nullable=False),
    sa.Column("reason", Words, nullable=False),
    sa.Column("note", Words, nullable=False),
)

submission_approval = table(
    "submission_approval",
    sa.Column("submission", Number, sa.ForeignKey("submission.number"), primary_key=True, autoincrement=False),
    sa.Column("member_id", Number, sa.ForeignKey("member.id"), primary_key=True, autoincrement=False),
    sa.Column("digest", Words, primary_key=True),
    sa.Column("round", Number, nullable=False),
    sa.Column("decision", Words, nullable=False),
    sa.Column("at", Seconds, nullable=False),
    sa.Column("envelope", Words, nullable=False),
    sa.CheckConstraint("decision IN ('approved', 'rejected')", name="decision"),
)

submission_attestation = table(
    "submission_attestation",
    sa.Column("submission", Number, sa.ForeignKey("submission.number"), primary_key=True, autoincrement=False),
    sa.Column("statement", Words, nullable=False),
    sa.Column("digest", Words, nullable=False),
    sa.Column("envelope", Words, nullable=False),
)
"""What a publisher attests of the release, by the statement that it speaks of. Handed in anew with another statement it counts no more."""
