"""Other owners for a publisher whose owner keys are lost: the next root, signed by its own owners alone, as a file for the operator."""

from collections.abc import Sequence

from msgspec import Struct

from packctl.durable import Folder
from packctl.keyring import KeyRing
from packctl.publish.owners.present import Present, entry_of, open_present
from packctl.publish.owners.wanted import added
from packctl.publish.register import key_named
from packctl.publish.signer import NoFittingKey, open_key, shown
from packctl.session import Session
from packctl.ui.escape import safe
from packspec.digests import Digest
from packspec.moments import moment
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import PAYLOAD_TYPE, KeyRole, PublisherRoot, RootKey, next_of, told


class Recovered(Struct, frozen=True):
    """The root that was written."""

    version: int
    digest: Digest
    changes: tuple[str, ...]


def recovered(session: Session, name: str, owners: Sequence[str], threshold: int | None, output: str) -> Recovered:
    """Shows, asks, signs and writes. Raises OtherRole, KeyIsStolen, TooFewKeys, NoFittingKey where too few of the owners' keys are here."""
    present = open_present(session, name)
    entries = [entry_of(key_named(session, one, owned=False)) for one in owners]
    root = _root(present, entries, threshold, moment(session.clock()))
    changes = told(present.root, root)
    session.console.say(
        f"{safe(name)} on {safe(present.chosen.name)}: root {root.version}, after root {root.version - 1}"
    )
    for line in changes:
        session.console.say(f"  {safe(line)}")
    session.ask.must_confirm(f"Sign this list of keys of {name}, without its owners?")
    envelope = _signed(session, root)
    path = session.folder / output
    with Folder.open(path.parent) as folder:
        folder.replace(path.name, envelope.encode())
    return Recovered(root.version, envelope.digest, changes)


def _root(present: Present, entries: Sequence[RootKey], threshold: int | None, created: str) -> PublisherRoot:
    for entry in entries:
        added(present, "owner", entry, None, created)  # refuses a release key and one that was stolen
    role = KeyRole(threshold=threshold or 1, keys=tuple(entries))
    return next_of(present.chain.newest, created, owners=role)


def _signed(session: Session, root: PublisherRoot) -> Envelope:
    envelope = Envelope(root.encode(), PAYLOAD_TYPE, ())
    here = [key for key in KeyRing(session).list() if key.public in root.owners.public_keys]
    if len(here) < root.owners.threshold:
        listed = tuple(str(entry) for entry in root.owners.keys)
        raise NoFittingKey(
            f"one of the {root.owners.threshold} new owners of {root.publisher} that must sign", "", listed
        )
    for key in here[: root.owners.threshold]:
        session.console.say(f"Signing   with owner key {shown(key)}")
        envelope = envelope.signed_by(open_key(session, key))
    return envelope
