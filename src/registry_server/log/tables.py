"""Tables of the log. `log_entry` and `log_root` are append-only."""

import sqlalchemy as sa

from registry_server.db.meta import table
from registry_server.db.types import Number, Seconds, Words

log_entry = table(
    "log_entry",
    sa.Column("number", Number, primary_key=True, autoincrement=False),
    sa.Column("at", Seconds, nullable=False),
    sa.Column("entry", Words, nullable=False),
    sa.CheckConstraint("number >= 0", name="number"),
)

log_root = table(
    "log_root",
    sa.Column("size", Number, primary_key=True, autoincrement=False),
    sa.Column("root", Words, nullable=False),
)

log_document = table(
    "log_document",
    sa.Column("digest", Words, primary_key=True),
    sa.Column("envelope", Words, nullable=False),
)
