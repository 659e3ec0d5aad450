"""Recalls of releases, and what each release needs, so that who depends on a release is found without reading every listing."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_KEPT = sa.text("SELECT pack_id, version, listing FROM release")
_NEED = sa.text("INSERT INTO release_need (pack_id, version, needs, range) VALUES (:pack_id, :version, :needs, :range)")


def upgrade() -> None:
    """Makes the tables, and fills in the needs of the releases that are there."""
    op.create_table(
        "release_recall",
        sa.Column("pack_id", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("version", _TEXT, nullable=False),
        sa.Column("action", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("note", _TEXT, nullable=False),
        sa.Column("replacement", _TEXT, nullable=False),
        sa.Column("by_registry", sa.Integer, nullable=False),
        sa.Column("log_number", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("pack_id", "version", name="pk_release_recall"),
        sa.ForeignKeyConstraint(
            ["pack_id", "version"], ["release.pack_id", "release.version"], name="fk_release_recall_pack_id_version"
        ),
        sa.CheckConstraint("action IN ('warn', 'stop')", name="ck_release_recall_action"),
        sqlite_strict=True,
    )
    op.create_table(
        "release_need",
        sa.Column("pack_id", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("version", _TEXT, nullable=False),
        sa.Column("needs", _TEXT, nullable=False),
        sa.Column("range", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("pack_id", "version", "needs", name="pk_release_need"),
        sa.ForeignKeyConstraint(
            ["pack_id", "version"], ["release.pack_id", "release.version"], name="fk_release_need_pack_id_version"
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_release_need_needs", "release_need", ["needs"])
    _fill_needs(op.get_bind())


def _fill_needs(db: sa.Connection) -> None:
    """A listing says them as `publisher/name range`."""
    for row in db.execute(_KEPT).all():
        for need in dict(json.loads(row.listing)).get("needs", ()):
            name, _, wanted = str(need).partition(" ")
            db.execute(_NEED, {"pack_id": row.pack_id, "version": row.version, "needs": name, "range": wanted})
