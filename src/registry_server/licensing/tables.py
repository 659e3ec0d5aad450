"""Tables of licenses. Limits are constraints: places are numbered, and a number is taken once (docs/spec/licenses.md)."""

import sqlalchemy as sa

from registry_server.db.meta import table
from registry_server.db.types import Flag, Json, Number, Seconds, Words

_NOT_REVOKED = sa.text("revoked_at IS NULL")
_BARRED = sa.text("revoked_at IS NOT NULL OR suspended_at IS NOT NULL")
_NOT_ENDED = sa.text("ended_at IS NULL")
_NOT_RELEASED = sa.text("released_at IS NULL")
_NOT_REMOVED = sa.text("removed_at IS NULL")

license_ = table(
    "license",
    sa.Column("id", Number, primary_key=True),
    sa.Column("key_hmac", Words, nullable=False),
    sa.Column("key_hint", Words, nullable=False),
    sa.Column("plan", Json, nullable=False),
    sa.Column("pack_key", Words, nullable=False),
    sa.Column("holder_kind", Words, nullable=False),
    sa.Column("holder_id", Number, sa.ForeignKey("account.id"), nullable=False),
    sa.Column("holder_key", Words, nullable=False),
    sa.Column("quantity", Number, nullable=False),
    sa.Column("issued_at", Seconds, nullable=False),
    sa.Column("starts_at", Seconds, nullable=False),
    sa.Column("ends_at", Seconds),
    sa.Column("trial_until", Seconds),
    sa.Column("cancel_at", Seconds),
    sa.Column("past_due_since", Seconds),
    sa.Column("awaiting", Words),
    sa.Column("suspended_at", Seconds),
    sa.Column("revoked_at", Seconds),
    sa.Column("reason", Words, nullable=False),
    sa.Column("status_index", Number, nullable=False),
    sa.Column("seq", Number, nullable=False),
    sa.UniqueConstraint("key_hmac"),
    sa.UniqueConstraint("status_index"),
    sa.CheckConstraint("length(key_hmac) = 64", name="key_hmac"),
    sa.CheckConstraint("holder_kind IN ('account')", name="holder_kind"),
    sa.CheckConstraint("quantity >= 1", name="quantity"),
    sa.CheckConstraint("ends_at > starts_at", name="ends_at"),
    sa.CheckConstraint("awaiting IN ('payment', 'permission', 'claim', 'first-activation')", name="awaiting"),
    sa.CheckConstraint("seq >= 1", name="seq"),
    sa.Index(
        "uq_license_live",
        "holder_key",
        "pack_key",
        unique=True,
        sqlite_where=_NOT_REVOKED,
        postgresql_where=_NOT_REVOKED,
    ),
    sa.Index(None, "pack_key"),
    sa.Index(None, "holder_id"),
    # the few of many that a status list tells of, which is written every half hour
    sa.Index("ix_license_barred", "status_index", sqlite_where=_BARRED, postgresql_where=_BARRED),
)
"""A license that is not revoked is the only one of its holder for its pack."""

activation = table(
    "activation",
    sa.Column("id", Number, primary_key=True),
    sa.Column("license_id", Number, sa.ForeignKey("license.id"), nullable=False),
    sa.Column("pool", Words, nullable=False),
    sa.Column("kind", Words, nullable=False),
    sa.Column("slot", Number, nullable=False),
    sa.Column("instance_id", Words, nullable=False),
    sa.Column("label", Words, nullable=False),
    sa.Column("host_hash", Words, nullable=False),
    sa.Column("domain", Words, nullable=False),
    sa.Column("member_id", Number, sa.ForeignKey("member.id")),
    sa.Column("ci_run", Words, nullable=False),
    sa.Column("request_id", Words, nullable=False),
    sa.Column("nonce", Words, nullable=False),
    sa.Column("nonce_before", Words, nullable=False),
    sa.Column("activated_at", Seconds, nullable=False),
    sa.Column("seen_at", Seconds, nullable=False),
    sa.Column("expires_at", Seconds, nullable=False),
    sa.Column("ended_at", Seconds),
    sa.Column("ended_reason", Words, nullable=False),
    sa.CheckConstraint("pool IN ('machine', 'floating', 'ci')", name="pool"),
    sa.CheckConstraint("kind IN ('device', 'ci')", name="kind"),
    sa.CheckConstraint("(pool = 'ci') = (kind = 'ci')", name="kind_of_pool"),
    sa.CheckConstraint("slot >= 0", name="slot"),
    sa.CheckConstraint("length(instance_id) <= 300", name="instance_id"),
    sa.Index(
        "uq_activation_slot",
        "license_id",
        "kind",
        "slot",
        unique=True,
        sqlite_where=_NOT_ENDED,
        postgresql_where=_NOT_ENDED,
    ),
    sa.Index(
        "uq_activation_instance",
        "license_id",
        "instance_id",
        unique=True,
        sqlite_where=_NOT_ENDED,
        postgresql_where=_NOT_ENDED,
    ),
    sa.Index(None, "license_id", "activated_at"),
    sa.Index(None, "member_id"),
)
"""A place for a machine or a CI run. Pools machine and floating have their places together (`kind` device), CI runs their own."""

seat = table(
    "seat",
    sa.Column("id", Number, primary_key=True),
    sa.Column("license_id", Number, sa.ForeignKey("license.id"), nullable=False),
    sa.Column("member_id", Number, sa.ForeignKey("member.id"), nullable=False),
    sa.Column("slot", Number, nullable=False),
    sa.Column("assigned_by", Words, nullable=False),
    sa.Column("assigned_at", Seconds, nullable=False),
    sa.Column("released_at", Seconds),
    sa.CheckConstraint("slot >= 0", name="slot"),
    sa.Index(
        "uq_seat_slot",
        "license_id",
        "slot",
        unique=True,
        sqlite_where=_NOT_RELEASED,
        postgresql_where=_NOT_RELEASED,
    ),
    sa.Index(
        "uq_seat_member",
        "license_id",
        "member_id",
        unique=True,
        sqlite_where=_NOT_RELEASED,
        postgresql_where=_NOT_RELEASED,
    ),
    sa.Index(None, "member_id"),
)

ci_rule = table(
    "ci_rule",
    sa.Column("id", Number, primary_key=True),
    sa.Column("license_id", Number, sa.ForeignKey("license.id"), nullable=False),
    sa.Column("issuer", Words, nullable=False),
    sa.Column("repository", Words, nullable=False),
    sa.Column("repository_id", Words, nullable=False),
    sa.Column("owner_id", Words, nullable=False),
    sa.Column("ref", Words, nullable=False),
    sa.Column("pull_requests", Flag, nullable=False),
    sa.Column("added_by", Words, nullable=False),
    sa.Column("added_at", Seconds, nullable=False),
    sa.Column("removed_at", Seconds),
    sa.CheckConstraint("pull_requests IN (0, 1)", name="pull_requests"),
    sa.Index(
        "uq_ci_rule_live",
        "license_id",
        "issuer",
        "repository",
        "ref",
        unique=True,
        sqlite_where=_NOT_REMOVED,
        postgresql_where=_NOT_REMOVED,
    ),
    sa.Index(None, "issuer", "repository"),
    sa.Index(None, "issuer", "repository_id"),
)
"""Whose runs in CI may lease a license by their identity."""

trial_taken = table(
    "trial_taken",
    sa.Column("holder_key", Words, primary_key=True),
    sa.Column("pack_key", Words, primary_key=True),
    sa.Column("license_id", Number, sa.ForeignKey("license.id"), nullable=False),
    sa.Column("at", Seconds, nullable=False),
)
"""Append-only: one trial for ever."""

license_event = table(
    "license_event",
    sa.Column("license_id", Number, sa.ForeignKey("license.id"), primary_key=True, autoincrement=False),
    sa.Column("seq", Number, primary_key=True, autoincrement=False),
    sa.Column("event", Words, nullable=False),
    sa.Column("actor", Words, nullable=False),
    sa.Column("at", Seconds, nullable=False),
    sa.Column("facts", Json, nullable=False),
)
"""Append-only."""

plan = table(
    "plan",
    sa.Column("pack", Words, primary_key=True),
    sa.Column("id", Words, primary_key=True),
    sa.Column("terms", Json, nullable=False),
    sa.Column("is_sold", Flag, nullable=False),
    sa.CheckConstraint("is_sold IN (0, 1)", name="is_sold"),
)
"""What publishers changed of the plans that their pack.toml gave first."""
