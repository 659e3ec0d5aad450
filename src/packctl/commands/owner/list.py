"""`packctl owner list`: whose signatures a change of keys needs."""

from collections.abc import Iterator

import msgspec

from packctl.commands.rootchange import PublisherName
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import Column, write_table

EXAMPLES = ("packctl owner list acme",)


class Owner(msgspec.Struct, frozen=True):
    """An owner key: its name, id (64 hex digits), fingerprint, public half, and whether its private half is on this machine."""

    name: str
    key_id: str
    fingerprint: str
    public: str
    here: bool


class Owners(msgspec.Struct, frozen=True):
    """The owner keys of the newest root that the log proves; `threshold` of them must sign the next one."""

    registry: str
    publisher: str
    version: int
    root: str
    threshold: int
    owners: list[Owner]


def run(session: Session, publisher: PublisherName) -> Outcome[Owners]:
    """Show who can change a publisher's keys, as the registry's log proves it."""
    from packctl.keyring import KeyRing
    from packctl.publish.owners.present import open_present

    present = open_present(session, publisher)
    here = {key.public for key in KeyRing(session).list()}
    owners = [
        Owner(entry.name, str(entry.key.key_id), entry.key.fingerprint, entry.key.base64, entry.key in here)
        for entry in present.root.owners.keys
    ]
    newest = present.chain.newest
    return Outcome(
        Owners(
            present.chosen.origin, str(present.publisher), newest.root.version, newest.digest.labelled,
            present.root.owners.threshold, owners,
        )
    )  # fmt: skip


def text(result: Owners, console: Console) -> None:
    """A table, and how many must sign."""
    columns = [Column("OWNER", whole=True), Column("FINGERPRINT", whole=True), Column("HERE")]
    rows = [(safe(one.name), one.fingerprint, "yes" if one.here else "no") for one in result.owners]
    write_table(columns, rows, console)
    console.say(
        f"{result.threshold} of {len(result.owners)} must sign a change of the keys of {safe(result.publisher)}"
    )


def plain(result: Owners) -> Iterator[tuple[str, ...]]:
    """Name, key id, whether it is on this machine."""
    for one in result.owners:
        yield one.name, one.key_id, "yes" if one.here else "no"
