"""What must be equal to what: the fields that two documents about one release both have, row by row (docs/spec/verdict.md).

A row is a field, what it must be, and what it is; both as the texts that an error shows.
"""

from collections.abc import Iterable
from typing import TypeAlias

from packspec import canonical
from packspec.digests import Digest
from packspec.facts import Facts
from packspec.index import IndexedRelease
from packspec.log.leaf import PublishLeaf
from packspec.packproof import Packproof
from packspec.signing.publisher import Rooted
from packspec.signing.statement import Statement
from packspec.verdict.evidence import Evidence, LockedRelease

Row: TypeAlias = tuple[str, str, str]


def first_difference(rows: Iterable[Row]) -> Row | None:
    """The first row whose two sides are not equal."""
    return next((row for row in rows if row[1] != row[2]), None)


def leaf_rows(leaf: PublishLeaf, packproof: Packproof, evidence: Evidence) -> list[Row]:
    """R3: the log entry, against what was asked for and the documents of the packproof. Of a private pack it tells less."""
    documents = [envelope.digest for envelope in packproof.approvals]
    rows = [
        ("pack", evidence.logged_pack, leaf.pack),
        ("statement", packproof.statement.digest, leaf.statement),
        ("approval", ", ".join(documents), ", ".join(leaf.approvals)),
    ]
    if not leaf.pack.is_private:
        rows.append(("version", str(evidence.version.without_build()), str(leaf.version)))
        rows.append(("publisher", evidence.pack.publisher, str(leaf.publisher)))
    return rows


def index_rows(listed: IndexedRelease, document: Digest, signed: Statement, leaf: PublishLeaf) -> list[Row]:
    """R7: the row of the index, against the statement (its digest is `document`) and the time of the log entry."""
    return [
        ("statement", document, listed.statement),
        ("version", str(signed.version), str(listed.version)),
        ("time", str(leaf.at), str(listed.at)),
        ("archive", signed.archive.sha256, listed.archive.sha256),
        ("archive size", str(signed.archive.size), str(listed.archive.size)),
        ("unpacked size", str(signed.unpacked), str(listed.unpacked)),
        ("license", signed.license, listed.license),
        ("paid", _word(signed.paid), _word(listed.paid)),
        *((field, _json(signed.facts, field), _json(listed.facts, field)) for field in Facts.__struct_fields__),
    ]


def lock_rows(lock: LockedRelease, signed: Statement, root: Rooted) -> list[Row]:
    """R8: the entry of pack.lock, against the statement and the publisher root in force at the log entry."""
    return [
        ("archive", lock.archive, signed.archive.sha256),
        ("size", str(lock.size), str(signed.archive.size)),
        ("tree", lock.tree, signed.tree.sha256),
        ("publisher-root-version", str(lock.publisher_root_version), str(root.root.version)),
        ("publisher-root", lock.publisher_root, root.digest),
        ("license", lock.license, signed.license),
        ("paid", _word(lock.paid), _word(signed.paid)),
    ]


def _word(value: bool) -> str:
    return "true" if value else "false"


def _json(facts: Facts, field: str) -> str:
    value = getattr(facts, field)
    return "absent" if value is None else canonical.encode(value).decode()
