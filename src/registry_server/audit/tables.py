"""Tables of the trail. `document` holds the hashed bytes; the other columns repeat what is searched."""

import sqlalchemy as sa

from registry_server.db.meta import table
from registry_server.db.types import Number, Seconds, Words

audit_stream = table(
    "audit_stream",
    sa.Column("name", Words, primary_key=True),
    sa.Column("length", Number, nullable=False),
    sa.Column("head", Words, nullable=False),
    sa.CheckConstraint("length >= 0", name="length"),
)

audit_entry = table(
    "audit_entry",
    sa.Column("id", Number, primary_key=True),
    sa.Column("stream", Words, nullable=False),
    sa.Column("number", Number, nullable=False),
    sa.Column("at", Seconds, nullable=False),
    sa.Column("actor", Words, nullable=False),
    sa.Column("action", Words, nullable=False),
    sa.Column("about", Words, nullable=False),
    sa.Column("document", Words, nullable=False),
    sa.Column("digest", Words, nullable=False),
    sa.UniqueConstraint("stream", "number"),
    sa.Index(None, "about", "id"),
    sa.Index(None, "actor", "id"),
)
