"""The table of tokens. `digest` is the SHA-256 of the token's text, by which it is found."""

import sqlalchemy as sa

from registry_server.db.meta import table
from registry_server.db.types import Json, Number, Seconds, Words

token = table(
    "token",
    sa.Column("id", Number, primary_key=True),
    sa.Column("kind", Words, nullable=False),
    sa.Column("digest", Words, nullable=False),
    sa.Column("member_id", Number, sa.ForeignKey("member.id"), nullable=False),
    sa.Column("made_with", Number, sa.ForeignKey("token.id")),
    sa.Column("label", Words, nullable=False),
    sa.Column("scopes", Json, nullable=False),
    sa.Column("created_at", Seconds, nullable=False),
    sa.Column("expires_at", Seconds, nullable=False),
    sa.Column("used_at", Seconds),
    sa.Column("revoked_at", Seconds),
    sa.UniqueConstraint("digest"),
    sa.CheckConstraint("kind IN ('api')", name="kind"),
    sa.CheckConstraint("length(digest) = 64", name="digest"),
    sa.CheckConstraint("expires_at > created_at", name="expires_at"),
    sa.Index(None, "member_id"),
    sa.Index(None, "made_with"),
)
