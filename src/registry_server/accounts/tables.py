"""Tables of accounts."""

import sqlalchemy as sa

from registry_server.db.meta import table
from registry_server.db.types import Flag, Number, Seconds, Words

account = table(
    "account",
    sa.Column("id", Number, primary_key=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("kind", Words, nullable=False),
    sa.Column("state", Words, nullable=False),
    sa.Column("created_at", Seconds, nullable=False),
    sa.UniqueConstraint("name"),
    sa.CheckConstraint("kind IN ('person', 'family', 'company', 'institution')", name="kind"),
    sa.CheckConstraint("state IN ('active', 'suspended', 'erased')", name="state"),
)

member = table(
    "member",
    sa.Column("id", Number, primary_key=True),
    sa.Column("account_id", Number, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("kind", Words, nullable=False),
    sa.Column("display_name", Words, nullable=False),
    sa.Column("is_owner", Flag, nullable=False),
    sa.Column("created_at", Seconds, nullable=False),
    sa.CheckConstraint("kind IN ('adult', 'child')", name="kind"),
    sa.CheckConstraint("is_owner IN (0, 1)", name="is_owner"),
    sa.Index(None, "account_id"),
)

registry_role = table(
    "registry_role",
    sa.Column("member_id", Number, sa.ForeignKey("member.id"), primary_key=True),
    sa.Column("role", Words, primary_key=True),
    sa.Column("given_by", Words, nullable=False),
    sa.Column("given_at", Seconds, nullable=False),
    sa.CheckConstraint("role IN ('admin', 'reviewer')", name="role"),
)
