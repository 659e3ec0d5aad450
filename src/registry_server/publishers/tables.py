"""Tables of publishers. `publisher_root` keeps each root in its envelope; `log_number` stands once it is in the log.

`publisher_reset` keeps the `reset` entries: root `version` was announced to follow the one before without its owners.
`publisher_suspension` has a row exactly while a publisher's state is `suspended`.
"""

import sqlalchemy as sa

from registry_server.db.meta import table
from registry_server.db.types import Flag, Number, Seconds, Words

publisher = table(
    "publisher",
    sa.Column("name", Words, primary_key=True),
    sa.Column("display_name", Words, nullable=False),
    sa.Column("origin", Words, nullable=False),
    sa.Column("state", Words, nullable=False),
    sa.Column("is_verified", Flag, nullable=False),
    sa.Column("registered_at", Seconds, nullable=False),
    sa.Column("looks_like", Words, nullable=False),
    sa.CheckConstraint("origin IN ('first-party', 'third-party')", name="origin"),
    sa.CheckConstraint("state IN ('pending', 'active', 'suspended')", name="state"),
)

publisher_member = table(
    "publisher_member",
    sa.Column("publisher", Words, sa.ForeignKey("publisher.name"), primary_key=True),
    sa.Column("member_id", Number, sa.ForeignKey("member.id"), primary_key=True, autoincrement=False),
    sa.Column("role", Words, nullable=False),
    sa.CheckConstraint("role IN ('owner', 'maintainer', 'analyst')", name="role"),
    sa.Index(None, "member_id"),
)

publisher_root = table(
    "publisher_root",
    sa.Column("publisher", Words, sa.ForeignKey("publisher.name"), primary_key=True),
    sa.Column("version", Number, primary_key=True, autoincrement=False),
    sa.Column("digest", Words, nullable=False),
    sa.Column("envelope", Words, nullable=False),
    sa.Column("log_number", Number, nullable=True),
    sa.Column("logged_at", Seconds, nullable=True),
    sa.CheckConstraint("version >= 1", name="version"),
)

publisher_reset = table(
    "publisher_reset",
    sa.Column("publisher", Words, sa.ForeignKey("publisher.name"), primary_key=True),
    sa.Column("log_number", Number, primary_key=True, autoincrement=False),
    sa.Column("logged_at", Seconds, nullable=False),
    sa.Column("delay_seconds", Seconds, nullable=False),
    sa.Column("version", Number, nullable=False),
    sa.Column("old_digest", Words, nullable=False),
    sa.Column("digest", Words, nullable=False),
    sa.CheckConstraint("version >= 2", name="version"),
)

publisher_suspension = table(
    "publisher_suspension",
    sa.Column("publisher", Words, sa.ForeignKey("publisher.name"), primary_key=True),
    sa.Column("suspended_at", Seconds, nullable=False),
    sa.Column("member_id", Number, sa.ForeignKey("member.id"), nullable=False),
    sa.Column("reason", Words, nullable=False),
)
