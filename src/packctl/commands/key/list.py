"""`packctl key list`: the private keys of this machine, in files and in an ssh agent."""

from collections.abc import Iterator

import msgspec

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import Column, write_table


class One(msgspec.Struct, frozen=True):
    """A key: name, kind (`p256`), id (64 hex digits), fingerprint, whether opening it takes a passphrase, and its file.

    `held` is `file` or `ssh-agent`; a key of an agent has no file, and its name begins with `agent:`.
    """

    name: str
    kind: str
    key_id: str
    fingerprint: str
    sealed: bool
    file: str
    held: str


class Listing(msgspec.Struct, frozen=True):
    """The keys by name, files first, and the folder they lie in."""

    folder: str
    keys: list[One]


def run(session: Session) -> Outcome[Listing]:
    """Show the keys that you can sign with.

    Those in files on this machine, and the P-256 keys of the ssh agent that SSH_AUTH_SOCK names. No passphrase is needed.
    """
    from packctl.keyring import KeyRing

    ring = KeyRing(session)
    found = [
        One(key.name, key.kind, str(key.public.key_id), key.public.fingerprint, key.is_sealed, str(key.path), "file")
        for key in ring.files.list()
    ]
    found += [
        One(key.name, key.public.kind, str(key.public.key_id), key.public.fingerprint, False, "", key.place)
        for key in ring.in_agent()
    ]
    return Outcome(Listing(str(ring.files.folder), found))


def text(result: Listing, console: Console) -> None:
    """A table; a hint where there are none."""
    columns = [Column("KEY", whole=True), Column("FINGERPRINT", whole=True), Column("KIND"), Column("PASSPHRASE")]
    write_table(
        columns, [(safe(one.name), one.fingerprint, one.kind, _passphrase(one)) for one in result.keys], console
    )
    if not result.keys:
        console.say("no keys on this machine. Make one: packctl key generate NAME")


def _passphrase(one: One) -> str:
    return "yes" if one.sealed else "no" if one.file else "ssh agent"


def plain(result: Listing) -> Iterator[tuple[str, ...]]:
    """Name, key id, kind, whether it is sealed, file."""
    for one in result.keys:
        yield one.name, one.key_id, one.kind, "yes" if one.sealed else "no", one.file
