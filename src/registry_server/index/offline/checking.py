"""Whether a ceremony document says what its sentences tell, and nothing else.

Whoever signs with an offline key goes by the sentences, and the server that made the document may be in wrong hands. So each role is made
anew from the few things that are told of it (keys, threshold, bins, end), and must come out the same: a second delegation, a lower
threshold of targets or a field that nobody knows has no place in it.
"""

from typing import Any

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Root, Targets

from packspec.errors import PackError
from registry_server.index import metadata
from registry_server.index.metadata import INDEX_ROLE, OFFLINE_SECONDS, RoleKeys
from registry_server.index.offline.document import ROLES, BadCeremony, CeremonyDocument, Role, trust_of

MOST_BITS = 16
"""Bins beyond this are no registry's: naming them all would fill the memory."""


def check_parts(document: CeremonyDocument, path: str) -> None:
    """Refuses a document whose parts do not belong together, or that says more than is told of it. Raises BadCeremony."""
    try:
        _check_shape(document)
        _check_versions(document)
        _check_told(document)
    except (PackError, RepositoryError, ValueError, LookupError) as error:
        raise BadCeremony(path, str(error)[:200]) from error


def _check_shape(document: CeremonyDocument) -> None:
    """What everything that reads the roles relies on, of those in force as of those to come."""
    for read in (document.held, document.coming):
        root, targets, index = (read(role).signed for role in ROLES)
        for role in ("root", "timestamp", "snapshot"):
            keys = [metadata.public_key(root.keys[key_id]) for key_id in root.roles[role].keyids]
            if not keys or (role != "root" and len(keys) != 1):
                raise ValueError(f"{role} has {len(keys)} keys")
        if targets.delegations is None or INDEX_ROLE not in (targets.delegations.roles or {}):
            raise ValueError("targets does not delegate to index")
        succinct = index.delegations.succinct_roles if index.delegations is not None else None
        if succinct is None or not 0 < succinct.bit_length <= MOST_BITS:
            raise ValueError("index does not delegate to bins")
        metadata.key_of_bins(index)


def _check_versions(document: CeremonyDocument) -> None:
    for role in (role for role in ROLES if role in document.after):
        old, new = document.held(role).signed, document.changed(role).signed
        if new.version <= old.version or (role == "root" and new.version != old.version + 1):
            raise ValueError(f"{role} {new.version} does not follow {role} {old.version}")


def _check_told(document: CeremonyDocument) -> None:
    keys = _keys(document)
    listed = [*keys.offline, keys.timestamp, keys.snapshot]
    if len(set(listed)) != len(listed):
        raise ValueError("a key stands twice in the root")
    if document.trust and "targets" not in document.after:
        raise ValueError("the trust files are not those that targets lists")
    for role in (role for role in ROLES if role in document.after):
        found = document.changed(role).signed
        if _words(found) != _words(_made_anew(role, document, keys)):
            raise ValueError(f"{role} says something that nobody is told, or lists other trust files")


def _keys(document: CeremonyDocument) -> RoleKeys:
    """The keys that the sentences name."""
    root = document.root
    by_role = {
        role: tuple(metadata.public_key(root.keys[key_id]) for key_id in root.roles[role].keyids)
        for role in ("root", "timestamp", "snapshot")
    }
    bins = metadata.key_of_bins(document.coming("index").signed)
    (timestamp,), (snapshot,) = by_role["timestamp"], by_role["snapshot"]
    return RoleKeys(by_role["root"], root.roles["root"].threshold, timestamp, snapshot, bins)


def _made_anew(role: Role, document: CeremonyDocument, keys: RoleKeys) -> Root | Targets:
    """The role that changes, as this registry's own code makes it."""
    found = document.changed(role).signed
    made_at = int(found.expires.timestamp()) - OFFLINE_SECONDS
    if role == "root":
        return metadata.root(found.version, made_at, keys)
    if role == "index":
        return metadata.index_role(found.version, made_at, keys.bins, metadata.prefix_of(found))
    made = metadata.targets(found.version, made_at, keys, trust_of(document))
    made.targets = {**document.held("targets").signed.targets, **made.targets}
    return made


def _words(signed: Root | Targets) -> dict[str, Any]:
    """All that a role says, but for the version of TUF, which another version of the library writes otherwise."""
    return {name: value for name, value in signed.to_dict().items() if name != "spec_version"}
