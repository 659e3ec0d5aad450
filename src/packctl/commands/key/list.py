"""`packctl key list`: the private keys of this machine."""

from collections.abc import Iterator

import msgspec

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.table import Column, write_table


class One(msgspec.Struct, frozen=True):
    """A key: name, kind (`p256`), id (64 hex digits), fingerprint, whether opening it takes a passphrase, and its file."""

    name: str
    kind: str
    key_id: str
    fingerprint: str
    sealed: bool
    file: str


class Listing(msgspec.Struct, frozen=True):
    """The keys by name, and the folder they lie in."""

    folder: str
    keys: list[One]


def run(session: Session) -> Outcome[Listing]:
    """Show the keys on this machine. No passphrase is needed."""
    from packctl.keys import Keys

    keys = Keys(session.places.keys)
    found = [
        One(key.name, key.kind, str(key.public.key_id), key.public.fingerprint, key.is_sealed, str(key.path))
        for key in keys.list()
    ]
    return Outcome(Listing(str(keys.folder), found))


def text(result: Listing, console: Console) -> None:
    """A table; a hint where there are none."""
    columns = [Column("KEY", whole=True), Column("FINGERPRINT", whole=True), Column("KIND"), Column("PASSPHRASE")]
    write_table(
        columns, [(one.name, one.fingerprint, one.kind, "yes" if one.sealed else "no") for one in result.keys], console
    )
    if not result.keys:
        console.say("no keys on this machine. Make one: packctl key generate NAME")


def plain(result: Listing) -> Iterator[tuple[str, ...]]:
    """Name, key id, kind, whether it is sealed, file."""
    for one in result.keys:
        yield one.name, one.key_id, one.kind, "yes" if one.sealed else "no", one.file
