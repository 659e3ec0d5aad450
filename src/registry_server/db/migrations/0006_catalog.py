"""Packs, releases, what was said about them, and full-text search."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_WEIGHED = ("name", "title", "tags", "publisher", "summary", "description")
_FULL_TEXT = (
    "CREATE VIRTUAL TABLE pack_text USING fts5(name, title, tags, publisher, summary, description, "
    "tokenize=\"unicode61 remove_diacritics 2\", prefix='2 3')"
)


def upgrade() -> None:
    """Makes the tables."""
    op.create_table(
        "pack",
        sa.Column("id", _NUMBER, nullable=False),
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("publisher", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("created_at", _NUMBER, nullable=False),
        sa.Column("latest", _TEXT, nullable=True),
        sa.Column("title", _TEXT, nullable=False),
        sa.Column("summary", _TEXT, nullable=False),
        sa.Column("license", _TEXT, nullable=False),
        sa.Column("paid", sa.Integer, nullable=False),
        sa.Column("category", _TEXT, nullable=False),
        sa.Column("subcategory", _TEXT, nullable=False),
        sa.Column("age_min", _NUMBER, nullable=True),
        sa.Column("age_max", _NUMBER, nullable=True),
        sa.Column("price_minor", _NUMBER, nullable=False),
        sa.Column("deprecated", sa.Integer, nullable=False),
        sa.Column("published_at", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pack"),
        sa.UniqueConstraint("name", name="uq_pack_name"),
        sa.ForeignKeyConstraint(["publisher"], ["publisher.name"], name="fk_pack_publisher"),
        sa.CheckConstraint("kind IN ('content', 'module', 'tool')", name="ck_pack_kind"),
        sqlite_strict=True,
    )
    op.create_index("ix_pack_publisher", "pack", ["publisher"])
    op.create_index("ix_pack_published_at", "pack", ["published_at"])
    op.create_table(
        "release",
        sa.Column("pack_id", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("version", _TEXT, nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("log_number", _NUMBER, nullable=False),
        sa.Column("published_at", _NUMBER, nullable=False),
        sa.Column("statement", _TEXT, nullable=False),
        sa.Column("archive", _TEXT, nullable=False),
        sa.Column("size", _NUMBER, nullable=False),
        sa.Column("tree", _TEXT, nullable=False),
        sa.Column("manifest", _TEXT, nullable=False),
        sa.Column("pictures", _TEXT, nullable=False),
        sa.Column("unpacked", _NUMBER, nullable=False),
        sa.Column("files", _NUMBER, nullable=False),
        sa.Column("license", _TEXT, nullable=False),
        sa.Column("paid", sa.Integer, nullable=False),
        sa.Column("description", _TEXT, nullable=False),
        sa.Column("changelog", _TEXT, nullable=False),
        sa.Column("listing", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("pack_id", "version", name="pk_release"),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name="fk_release_pack_id"),
        sa.UniqueConstraint("log_number", name="uq_release_log_number"),
        sa.CheckConstraint("state IN ('published', 'deprecated', 'yanked', 'recalled')", name="ck_release_state"),
        sqlite_strict=True,
    )
    op.create_table(
        "release_mark",
        sa.Column("pack_id", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("version", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("note", _TEXT, nullable=False),
        sa.Column("use", _TEXT, nullable=False),
        sa.Column("log_number", _NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("pack_id", "version", "kind", name="pk_release_mark"),
        sa.ForeignKeyConstraint(
            ["pack_id", "version"], ["release.pack_id", "release.version"], name="fk_release_mark_pack_id_version"
        ),
        sa.CheckConstraint("kind IN ('deprecation', 'yank')", name="ck_release_mark_kind"),
        sqlite_strict=True,
    )
    op.create_table(
        "pack_label",
        sa.Column("pack_id", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("value", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("pack_id", "kind", "value", name="pk_pack_label"),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name="fk_pack_label_pack_id"),
        sa.CheckConstraint(
            "kind IN ('tag', 'feature', 'subject', 'grade', 'modality', 'language', 'focus')",
            name="ck_pack_label_kind",
        ),
        sqlite_strict=True,
    )
    op.create_index("ix_pack_label_kind_value", "pack_label", ["kind", "value"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(_FULL_TEXT)
        return
    op.execute(
        "CREATE TABLE pack_text (pack_id bigint CONSTRAINT pk_pack_text PRIMARY KEY, "
        + "".join(f"{name} tsvector NOT NULL, " for name in _WEIGHED)
        + "everything tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_pack_text_everything ON pack_text USING gin (everything)")
