"""From an archive to what its publisher claims about it, and back: the same function makes a statement and checks one.

A publisher's machine, the registry and a reviewer's machine all read the archive strictly and make the claim anew; what they make must be
what was signed (docs/spec/statement.md).
"""

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from packspec import wire
from packspec.archive.read import Archive
from packspec.digests import Digest
from packspec.signing.documents import BlobRef
from packspec.signing.statement import Attached, Statement, StatementMismatch


class Said(Struct, frozen=True):
    """What an archive does not tell: the publisher's first root, when the statement was made, what else was handed in, and the salt."""

    anchor: Digest
    created: str
    """RFC 3339, UTC, whole seconds."""
    attached: Sequence[Attached] = ()
    salt: str | None = None
    """Private packs only."""


def claim_of(archive: Archive, sha256: Digest, size: int, said: Said) -> Statement:
    """The claim about an archive that was read strictly, whose bytes have this digest and size."""
    pack = archive.manifest.pack
    tree = archive.tree.encode()
    return Statement(
        v=1,
        pack=pack.name,
        version=pack.version.without_build(),
        publisher=pack.name.publisher,
        anchor=said.anchor,
        archive=BlobRef(sha256=sha256, size=size),
        tree=BlobRef(sha256=Digest.of(tree), size=len(tree)),
        content=archive.tree.content,
        manifest=Digest.of(archive.manifest_bytes),
        files=len(archive.tree.files),
        unpacked=archive.tree.unpacked,
        license=str(pack.license),
        paid=archive.manifest.paid,
        facts=archive.manifest.facts(),
        attached=tuple(said.attached),
        created=said.created,
        salt=said.salt,
    )


def check_claim(statement: Statement, archive: Archive, sha256: Digest, size: int) -> None:
    """Makes the claim anew from the archive and compares every field. Raises StatementMismatch for the first that differs."""
    said = Said(statement.anchor, statement.created, statement.attached, statement.salt)
    made = claim_of(archive, sha256, size, said)
    for field in made.__struct_fields__:
        expected, found = getattr(made, field), getattr(statement, field)
        if expected != found:
            raise StatementMismatch("the statement", field, _text(expected), _text(found))


def _text(value: object) -> str:
    """A field's value on one line."""
    plain = msgspec.to_builtins(value, enc_hook=wire.enc_hook)
    text = plain if isinstance(plain, str) else wire.encode_sorted(plain).decode()
    return text if len(text) <= 300 else text[:300] + "..."
