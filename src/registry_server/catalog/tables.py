"""Tables of packs and releases. Of the latest release, `pack` repeats what search filters and sorts by.

The full-text table is not here: it is another thing on every database (see `fulltext`).
"""

import sqlalchemy as sa

from registry_server.db.meta import table
from registry_server.db.types import Flag, Json, Number, Seconds, Words

pack = table(
    "pack",
    sa.Column("id", Number, primary_key=True),
    sa.Column("name", Words, nullable=False),
    sa.Column("publisher", Words, sa.ForeignKey("publisher.name"), nullable=False),
    sa.Column("kind", Words, nullable=False),
    sa.Column("created_at", Seconds, nullable=False),
    sa.Column("latest", Words, nullable=True),
    sa.Column("title", Words, nullable=False),
    sa.Column("summary", Words, nullable=False),
    sa.Column("license", Words, nullable=False),
    sa.Column("paid", Flag, nullable=False),
    sa.Column("category", Words, nullable=False),
    sa.Column("subcategory", Words, nullable=False),
    sa.Column("age_min", Number, nullable=True),
    sa.Column("age_max", Number, nullable=True),
    sa.Column("price_minor", Number, nullable=False),
    sa.Column("deprecated", Flag, nullable=False),
    sa.Column("published_at", Seconds, nullable=False),
    sa.UniqueConstraint("name"),
    sa.CheckConstraint("kind IN ('content', 'module', 'tool')", name="kind"),
    sa.Index(None, "publisher"),
    sa.Index(None, "published_at"),
)

release = table(
    "release",
    sa.Column("pack_id", Number, sa.ForeignKey("pack.id"), primary_key=True, autoincrement=False),
    sa.Column("version", Words, primary_key=True),
    sa.Column("state", Words, nullable=False),
    sa.Column("log_number", Number, nullable=False),
    sa.Column("published_at", Seconds, nullable=False),
    sa.Column("statement", Words, nullable=False),
    sa.Column("archive", Words, nullable=False),
    sa.Column("size", Number, nullable=False),
    sa.Column("tree", Words, nullable=False),
    sa.Column("manifest", Words, nullable=False),
    sa.Column("pictures", Words, nullable=False),
    sa.Column("unpacked", Number, nullable=False),
    sa.Column("files", Number, nullable=False),
    sa.Column("license", Words, nullable=False),
    sa.Column("paid", Flag, nullable=False),
    sa.Column("description", Words, nullable=False),
    sa.Column("changelog", Words, nullable=False),
    sa.Column("listing", Json, nullable=False),
    sa.CheckConstraint("state IN ('published', 'deprecated', 'yanked', 'recalled')", name="state"),
    sa.UniqueConstraint("log_number"),
)

release_mark = table(
    "release_mark",
    sa.Column("pack_id", Number, primary_key=True, autoincrement=False),
    sa.Column("version", Words, primary_key=True),
    sa.Column("kind", Words, primary_key=True),
    sa.Column("reason", Words, nullable=False),
    sa.Column("note", Words, nullable=False),
    sa.Column("use", Words, nullable=False),
    sa.Column("log_number", Number, nullable=False),
    sa.ForeignKeyConstraint(["pack_id", "version"], ["release.pack_id", "release.version"]),
    sa.CheckConstraint("kind IN ('deprecation', 'yank')", name="kind"),
)

release_recall = table(
    "release_recall",
    sa.Column("pack_id", Number, primary_key=True, autoincrement=False),
    sa.Column("version", Words, primary_key=True),
    sa.Column("action", Words, nullable=False),
    sa.Column("reason", Words, nullable=False),
    sa.Column("note", Words, nullable=False),
    sa.Column("replacement", Words, nullable=False),
    sa.Column("by_registry", Flag, nullable=False),
    sa.Column("log_number", Number, nullable=False),
    sa.ForeignKeyConstraint(["pack_id", "version"], ["release.pack_id", "release.version"]),
    sa.CheckConstraint("action IN ('warn', 'stop')", name="action"),
)

release_need = table(
    "release_need",
    sa.Column("pack_id", Number, primary_key=True, autoincrement=False),
    sa.Column("version", Words, primary_key=True),
    sa.Column("needs", Words, primary_key=True),
    sa.Column("range", Words, nullable=False),
    sa.ForeignKeyConstraint(["pack_id", "version"], ["release.pack_id", "release.version"]),
    sa.Index(None, "needs"),
)
"""What each release requires, by the name of the pack: the other end of a dependency is asked for by it."""

pack_label = table(
    "pack_label",
    sa.Column("pack_id", Number, sa.ForeignKey("pack.id"), primary_key=True, autoincrement=False),
    sa.Column("kind", Words, primary_key=True),
    sa.Column("value", Words, primary_key=True),
    sa.CheckConstraint("kind IN ('tag', 'feature', 'subject', 'grade', 'modality', 'language', 'focus')", name="kind"),
    sa.Index(None, "kind", "value"),
)
