"""The table of calls that may be asked for again."""

import sqlalchemy as sa

from registry_server.db.meta import table
from registry_server.db.types import Number, Seconds, Words

repeated_call = table(
    "repeated_call",
    sa.Column("id", Number, primary_key=True),
    sa.Column("key_digest", Words, nullable=False),
    sa.Column("request_digest", Words, nullable=False),
    sa.Column("reply", Words),
    sa.Column("at", Seconds, nullable=False),
    sa.UniqueConstraint("key_digest"),
    sa.Index(None, "at"),
)
"""`reply` is the answer; where that held a secret, which is not kept, the id of what was made."""
