"""The next root that a change asks for. Pure: what is refused here is refused before anybody types a passphrase."""

from packctl.publish.owners.faults import KeyIsStolen, NotInLog, OtherRole, TooFewKeys
from packctl.publish.owners.present import ROLES, Present, role_of
from packspec.signing.publisher import KeyRole, PublisherRoot, RootKey, next_of, with_key, without_key


def added(present: Present, role: str, entry: RootKey, threshold: int | None, created: str) -> PublisherRoot:
    """With one more key, or another number of signatures. Raises OtherRole, KeyIsStolen, TooFewKeys."""
    for other, held in (("owner", present.root.owners), ("release", present.root.release)):
        if other != role and entry.key in held.public_keys:
            raise OtherRole(present.publisher, str(entry), f"{'an' if other == 'owner' else 'a'} {ROLES[other]}")
    stolen = {row.key: row.since for rooted in present.chain.roots for row in rooted.root.compromised}
    if entry.key.key_id in stolen:
        raise KeyIsStolen(present.publisher, str(entry), stolen[entry.key.key_id])
    return _next(present, role, with_key(role_of(present.root, role), entry, threshold), created)


def removed(
    present: Present,
    role: str,
    entry: RootKey,
    threshold: int | None,
    created: str,
    since: int | None = None,
    replacement: RootKey | None = None,
) -> PublisherRoot:
    """Without a key, with `replacement` for it if there is one.

    `since`: from that entry of the log on the key counts for nothing, because it was stolen. Raises NotInLog, and as `added`.
    """
    if since is not None and since > present.size:
        raise NotInLog(since, present.size)
    held = role_of(present.root, role)
    if replacement is not None:
        held = role_of(added(present, role, replacement, None, created), role)
    return _next(present, role, without_key(held, entry.key, threshold), created, entry, since)


def is_change(present: Present, root: PublisherRoot) -> bool:
    """Whether `root` says anything that the newest root does not."""
    before = present.root
    return (before.owners, before.release, before.compromised) != (root.owners, root.release, root.compromised)


def _next(
    present: Present, role: str, held: KeyRole, created: str, entry: RootKey | None = None, since: int | None = None
) -> PublisherRoot:
    if not 1 <= held.threshold <= len(held.keys):
        command = "packctl owner add" if role == "owner" else "packctl key add"
        raise TooFewKeys(
            present.publisher, ROLES[role], held.threshold, len(held.keys), f"{command} {present.publisher} KEY"
        )
    stolen = {entry.key.key_id: since} if entry is not None and since is not None else {}
    if role == "owner":
        return next_of(present.chain.newest, created, owners=held, compromised=stolen)
    return next_of(present.chain.newest, created, release=held, compromised=stolen)
