"""Licenses, their places, trials and events; what publishers changed of their plans."""

import sqlalchemy as sa
from alembic import op

from registry_server.db.append_only import refuse_changes

revision = "0009"
down_revision = "0008"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NOT_REVOKED = sa.text("revoked_at IS NULL")
_BARRED = sa.text("revoked_at IS NOT NULL OR suspended_at IS NOT NULL")
_NOT_ENDED = sa.text("ended_at IS NULL")
_NOT_RELEASED = sa.text("released_at IS NULL")


def upgrade() -> None:
    """Makes the tables, and the triggers that refuse to change what happened."""
    _licenses()
    _activations()
    _seats()
    _history()
    op.create_table(
        "plan",
        sa.Column("pack", _TEXT, nullable=False),
        sa.Column("id", _TEXT, nullable=False),
        sa.Column("terms", _TEXT, nullable=False),
        sa.Column("is_sold", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("pack", "id", name="pk_plan"),
        sa.CheckConstraint("is_sold IN (0, 1)", name="ck_plan_is_sold"),
        sqlite_strict=True,
    )


def _licenses() -> None:
    op.create_table(
        "license",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("key_hmac", _TEXT, nullable=False),
        sa.Column("key_hint", _TEXT, nullable=False),
        sa.Column("plan", _TEXT, nullable=False),
        sa.Column("pack_key", _TEXT, nullable=False),
        sa.Column("holder_kind", _TEXT, nullable=False),
        sa.Column("holder_id", _NUMBER, nullable=False),
        sa.Column("holder_key", _TEXT, nullable=False),
        sa.Column("quantity", _NUMBER, nullable=False),
        sa.Column("issued_at", _NUMBER, nullable=False),
        sa.Column("starts_at", _NUMBER, nullable=False),
        sa.Column("ends_at", _NUMBER, nullable=True),
        sa.Column("trial_until", _NUMBER, nullable=True),
        sa.Column("cancel_at", _NUMBER, nullable=True),
        sa.Column("past_due_since", _NUMBER, nullable=True),
        sa.Column("awaiting", _TEXT, nullable=True),
        sa.Column("suspended_at", _NUMBER, nullable=True),
        sa.Column("revoked_at", _NUMBER, nullable=True),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("status_index", _NUMBER, nullable=False),
        sa.Column("seq", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_license"),
        sa.UniqueConstraint("key_hmac", name="uq_license_key_hmac"),
        sa.UniqueConstraint("status_index", name="uq_license_status_index"),
        sa.CheckConstraint("length(key_hmac) = 64", name="ck_license_key_hmac"),
        sa.CheckConstraint("holder_kind IN ('account')", name="ck_license_holder_kind"),
        sa.CheckConstraint("quantity >= 1", name="ck_license_quantity"),
        sa.CheckConstraint("ends_at > starts_at", name="ck_license_ends_at"),
        sa.CheckConstraint(
            "awaiting IN ('payment', 'permission', 'claim', 'first-activation')", name="ck_license_awaiting"
        ),
        sa.CheckConstraint("seq >= 1", name="ck_license_seq"),
        sa.ForeignKeyConstraint(["holder_id"], ["account.id"], name="fk_license_holder_id"),
        sqlite_strict=True,
    )
    _unique_while("uq_license_live", "license", ["holder_key", "pack_key"], _NOT_REVOKED)
    op.create_index("ix_license_pack_key", "license", ["pack_key"])
    op.create_index("ix_license_holder_id", "license", ["holder_id"])
    op.create_index("ix_license_barred", "license", ["status_index"], sqlite_where=_BARRED, postgresql_where=_BARRED)


def _activations() -> None:
    op.create_table(
        "activation",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("license_id", _NUMBER, nullable=False),
        sa.Column("pool", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("slot", _NUMBER, nullable=False),
        sa.Column("instance_id", _TEXT, nullable=False),
        sa.Column("label", _TEXT, nullable=False),
        sa.Column("host_hash", _TEXT, nullable=False),
        sa.Column("domain", _TEXT, nullable=False),
        sa.Column("member_id", _NUMBER, nullable=True),
        sa.Column("ci_run", _TEXT, nullable=False),
        sa.Column("request_id", _TEXT, nullable=False),
        sa.Column("nonce", _TEXT, nullable=False),
        sa.Column("nonce_before", _TEXT, nullable=False),
        sa.Column("activated_at", _NUMBER, nullable=False),
        sa.Column("seen_at", _NUMBER, nullable=False),
        sa.Column("expires_at", _NUMBER, nullable=False),
        sa.Column("ended_at", _NUMBER, nullable=True),
        sa.Column("ended_reason", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_activation"),
        sa.ForeignKeyConstraint(["license_id"], ["license.id"], name="fk_activation_license_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_activation_member_id"),
        sa.CheckConstraint("pool IN ('machine', 'floating', 'ci')", name="ck_activation_pool"),
        sa.CheckConstraint("kind IN ('device', 'ci')", name="ck_activation_kind"),
        sa.CheckConstraint("(pool = 'ci') = (kind = 'ci')", name="ck_activation_kind_of_pool"),
        sa.CheckConstraint("slot >= 0", name="ck_activation_slot"),
        sa.CheckConstraint("length(instance_id) <= 300", name="ck_activation_instance_id"),
        sqlite_strict=True,
    )
    _unique_while("uq_activation_slot", "activation", ["license_id", "kind", "slot"], _NOT_ENDED)
    _unique_while("uq_activation_instance", "activation", ["license_id", "instance_id"], _NOT_ENDED)
    op.create_index("ix_activation_license_id_activated_at", "activation", ["license_id", "activated_at"])
    op.create_index("ix_activation_member_id", "activation", ["member_id"])


def _seats() -> None:
    op.create_table(
        "seat",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("license_id", _NUMBER, nullable=False),
        sa.Column("member_id", _NUMBER, nullable=False),
        sa.Column("slot", _NUMBER, nullable=False),
        sa.Column("assigned_by", _TEXT, nullable=False),
        sa.Column("assigned_at", _NUMBER, nullable=False),
        sa.Column("released_at", _NUMBER, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_seat"),
        sa.ForeignKeyConstraint(["license_id"], ["license.id"], name="fk_seat_license_id"),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_seat_member_id"),
        sa.CheckConstraint("slot >= 0", name="ck_seat_slot"),
        sqlite_strict=True,
    )
    _unique_while("uq_seat_slot", "seat", ["license_id", "slot"], _NOT_RELEASED)
    _unique_while("uq_seat_member", "seat", ["license_id", "member_id"], _NOT_RELEASED)
    op.create_index("ix_seat_member_id", "seat", ["member_id"])


def _history() -> None:
    op.create_table(
        "trial_taken",
        sa.Column("holder_key", _TEXT, nullable=False),
        sa.Column("pack_key", _TEXT, nullable=False),
        sa.Column("license_id", _NUMBER, nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("holder_key", "pack_key", name="pk_trial_taken"),
        sa.ForeignKeyConstraint(["license_id"], ["license.id"], name="fk_trial_taken_license_id"),
        sqlite_strict=True,
    )
    op.create_table(
        "license_event",
        sa.Column("license_id", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("seq", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("event", _TEXT, nullable=False),
        sa.Column("actor", _TEXT, nullable=False),
        sa.Column("at", _NUMBER, nullable=False),
        sa.Column("facts", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("license_id", "seq", name="pk_license_event"),
        sa.ForeignKeyConstraint(["license_id"], ["license.id"], name="fk_license_event_license_id"),
        sqlite_strict=True,
    )
    refuse_changes(op, "trial_taken")
    refuse_changes(op, "license_event")


def _unique_while(name: str, table: str, columns: list[str], condition: sa.TextClause) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition)
