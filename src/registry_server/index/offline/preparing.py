"""What the offline keys are to sign: the next root, targets and index, and new trust files (docs/spec/ceremony.md).

New online keys are made here, on the server, and wait as `ROLE.next.key` until what names them is in force.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from tuf.api.metadata import Metadata, Root, Targets

from packspec import site
from packspec.digests import Digest
from packspec.licenses.jwk import KeySet
from packspec.limits import DAY_SECONDS
from packspec.log.checkpoint import LOG, WITNESS, NoteKey
from packspec.log.leaf import TrustLeaf, TufRootLeaf, parse_leaf
from packspec.log.note import BadNote
from packspec.signing.dsse import Envelope
from packspec.signing.keys import KeyKind, PublicKey
from packspec.signing.keyset import check_people_keys
from packspec.trustfiles import LogKeyRow, LogTrust, ResetRow, Reviewers
from registry_server.actor import SYSTEM
from registry_server.call import Call, call_of
from registry_server.index import metadata
from registry_server.index.actions import current_trust, publish_pending, visible
from registry_server.index.metadata import INDEX_ROLE, RoleKeys
from registry_server.index.offline.document import ROLES, CeremonyDocument
from registry_server.index.offline.refusals import NoSuchKey, NotAWitness, NothingChanges, TooFewToSign
from registry_server.index.readable import readable
from registry_server.index.repository import MetadataDamaged, Repository
from registry_server.index.settled import listed_trust, settle
from registry_server.license_keys import LICENSE, signing_key
from registry_server.log import actions as log
from registry_server.signer import ONLINE_KINDS, keep_key, key_path
from registry_server.world import World

RENEW_SECONDS = 180 * DAY_SECONDS
"""What ends sooner is signed anew along with whatever the offline keys are brought out for."""
LOG_HEADROOM = 1_000
"""So many entries may come before a new key of the log is in force; the old one counts up to there."""


def witness_key(text: str) -> NoteKey:
    """The key of a witness, as it prints it. Raises NotAWitness."""
    try:
        key = NoteKey.parse(text.strip())
    except BadNote as error:
        raise NotAWitness(text) from error
    if key.kind != WITNESS:
        raise NotAWitness(text)
    return key


@dataclass(frozen=True)
class Changes:
    """What shall change. Nothing: root, targets and index are signed anew for another year."""

    online: tuple[str, ...] = ()
    """Online roles that get a new key."""
    add_offline: tuple[PublicKey, ...] = ()
    remove_offline: tuple[str, ...] = ()
    """Fingerprints or key ids, whole or their beginning."""
    threshold: int | None = None
    add_witnesses: tuple[NoteKey, ...] = ()
    remove_witnesses: tuple[str, ...] = ()
    quorum: int | None = None
    withdraw_license_keys: tuple[str, ...] = ()
    """License keys whose tokens count no more: fingerprints or key ids, whole or their beginning."""
    reviewers: Reviewers | None = None
    """The next list of reviewers (`index.reviewers.planned`)."""
    resets: tuple[ResetRow, ...] = ()
    roots: tuple[Envelope, ...] = ()
    """The publisher roots that the resets name."""

    @property
    def concerns_offline(self) -> bool:
        """Whether the offline keys themselves change."""
        return bool(self.add_offline or self.remove_offline or self.threshold is not None)

    @property
    def concerns_licenses(self) -> bool:
        """Whether trust/license-keys.json changes."""
        return LICENSE in self.online or bool(self.withdraw_license_keys)

    @property
    def concerns_log(self) -> bool:
        """Whether trust/log.json changes."""
        return "log" in self.online or bool(self.add_witnesses or self.remove_witnesses or self.quorum is not None)


def prepare(world: World, changes: Changes) -> CeremonyDocument:
    """The document for a ceremony. Raises NoSuchKey, NothingChanges, TooFewToSign, DuplicateKey, BadKey, and what publishing raises."""
    for role in changes.online:
        following(world, role)  # first, because without the key that was lost nothing can be published
    show_waiting_trust(world)
    repository = Repository.load(world.public)
    settled = settle(world, repository, listed_trust(repository))
    before = {str(role): file_in_force(repository, role).decode() for role in ROLES}
    keys = _keys(world, settled.root, settled.index.role, changes)
    trust = _trust(world, repository, changes)
    is_renewal = changes == Changes()
    now = world.now()
    after: dict[str, Root | Targets] = {}
    if (
        is_renewal
        or changes.concerns_offline
        or {"timestamp", "snapshot"} & set(changes.online)
        or _ends(settled.root, now)
    ):
        after["root"] = metadata.root(settled.root.version + 1, now, keys)
    if is_renewal or changes.concerns_offline or trust or _ends(settled.targets.role, now):
        after["targets"] = _targets(repository, settled.targets.role, now, keys, trust)
    if is_renewal or changes.concerns_offline or "bins" in changes.online or _ends(settled.index.role, now):
        listed = sum(len(repository.role(name).targets) for name in metadata.bins_in(repository.role(INDEX_ROLE)))
        prefix = metadata.next_prefix(settled.index.role, listed, is_new="bins" in changes.online)
        after["index"] = metadata.index_role(repository.free_version(INDEX_ROLE), now, keys.bins, prefix)
    return CeremonyDocument(
        v=1,
        registry=repository.checkpoint.origin.removesuffix("/log"),
        before=before,
        after={role: metadata.text_of(Metadata(signed)) for role, signed in after.items()},
        trust={name: data.decode() for name, data in trust.items()},
        roots=[one.encode().decode() for one in changes.roots],
    )


def show_waiting_trust(world: World) -> None:
    """Publishes what waits, if the offline keys' own changes are among it: a ceremony follows what is in force. Raises what that raises.

    Anything else may wait: without an online key nothing can be published before the ceremony that replaces it.
    """
    with call_of(world, SYSTEM).reading() as call:
        is_waiting = trust_waits(call, visible(world))
    if is_waiting:
        publish_pending(world)


def trust_waits(call: Call, size: int) -> bool:
    """Whether the offline keys' word changed since the log had `size` entries: what is made from the state of then follows nothing.

    Asked inside the transaction that adds to it, because two people may change it at once; what they wrote would contradict the log, or be
    two `targets` of which neither lists what both have changed.
    """
    later = log.entries(call, size, log.size(call))
    return any(isinstance(parse_leaf(entry), TrustLeaf | TufRootLeaf) for entry in later)


def file_in_force(repository: Repository, role: str) -> bytes:
    """The file of a role of the offline keys that readers see. Raises MetadataDamaged."""
    version = repository.newest_root if role == "root" else repository.snapshot.meta[f"{role}.json"].version
    data = repository.public.read(site.tuf_metadata(role, version))
    if data is None:
        raise MetadataDamaged(site.tuf_metadata(role, version), "it is missing")
    return data


def _ends(signed: Root | Targets, now: int) -> bool:
    return bool(signed.expires < metadata.at(now + RENEW_SECONDS))


def _keys(world: World, root: Root, index: Targets, changes: Changes) -> RoleKeys:
    """The keys of every role from then on; new online keys are made."""
    offline = [metadata.public_key(root.keys[key_id]) for key_id in root.roles["root"].keyids]
    for name in changes.remove_offline:
        offline.remove(_called(name, offline))
    offline += changes.add_offline
    threshold = changes.threshold or root.roles["root"].threshold
    named = {role: metadata.public_key(root.keys[root.roles[role].keyids[0]]) for role in ("timestamp", "snapshot")}
    named["bins"] = metadata.key_of_bins(index)
    found = {role: following(world, role) if role in changes.online else key for role, key in named.items()}
    check_people_keys("the registry's root", [*offline, *found.values()])
    if threshold > len(offline):
        raise TooFewToSign(threshold, len(offline), "offline keys")
    return RoleKeys(tuple(offline), threshold, found["timestamp"], found["snapshot"], found["bins"])


def following(world: World, role: str) -> PublicKey:
    """The key that is to follow that of an online role, made unless an earlier ceremony has made it."""
    path = key_path(world.folder.keys, role, is_next=True)
    kind: KeyKind = "p256" if role == LICENSE else ONLINE_KINDS[role]
    return keep_key(world.disk, path, kind, world.randomness).public


def _called(name: str, keys: list[PublicKey], what: str = "offline key") -> PublicKey:
    wanted = name.replace(" ", "")
    found = [key for key in keys if len(wanted) >= 4 and key.key_id.startswith(wanted)]
    if len(found) != 1:
        raise NoSuchKey(name, what)
    return found[0]


def _targets(repository: Repository, old: Targets, now: int, keys: RoleKeys, trust: Mapping[str, bytes]) -> Targets:
    made = metadata.targets(repository.free_version("targets"), now, keys, trust)
    made.targets = {**old.targets, **made.targets}
    return made


def _trust(world: World, repository: Repository, changes: Changes) -> dict[str, bytes]:
    """The trust files that change. Raises NothingChanges, NoSuchKey."""
    trust, new = current_trust(world), {}
    if changes.concerns_log:
        new[site.LOG_TARGET] = _log(world, repository.checkpoint.size, trust.log, changes).encode()
    if changes.concerns_licenses:
        new[site.LICENSE_KEYS_TARGET] = _license_keys(world, changes).encode()
    if changes.reviewers is not None:
        new[site.REVIEWERS_TARGET] = changes.reviewers.encode()
    if changes.resets:
        rows = (*trust.resets.resets, *changes.resets)
        new[site.RESETS_TARGET] = msgspec.structs.replace(trust.resets, resets=rows).encode()
    listed = listed_trust(repository)
    if any(listed[name].same(Digest.of(data)) for name, data in new.items()):
        raise NothingChanges(f"{', '.join(new)} is the same")
    return new


def _license_keys(world: World, changes: Changes) -> KeySet:
    """The keys that count from now on: all that do, the one that signs, and the one that is to follow it, but for those withdrawn."""
    readers = readable(world)
    keys = {key.public: None for key in readers.license_keys.keys}
    signs = signing_key(world.disk, world.folder.keys, world.randomness, readers.license_keys).public
    keys[signs] = None
    gone = {_called(name, list(keys), "license key") for name in changes.withdraw_license_keys}
    if LICENSE in changes.online or signs in gone:
        keys[following(world, LICENSE)] = None
    return KeySet.of(key for key in keys if key not in gone)


def _log(world: World, size: int, old: LogTrust, changes: Changes) -> LogTrust:
    keys, witnesses = old.keys, list(old.witnesses)
    if "log" in changes.online:
        key = NoteKey.of(old.origin, LOG, following(world, "log"))
        ended = (
            row if row.until is not None else msgspec.structs.replace(row, until=size + LOG_HEADROOM) for row in keys
        )
        keys = (*(row for row in ended if row.key != key), LogKeyRow(key=key))
    for name in changes.remove_witnesses:
        found = [one for one in witnesses if name in (one.name, str(one))]
        if len(found) != 1:
            raise NoSuchKey(name, "witness")
        witnesses.remove(found[0])
    witnesses += changes.add_witnesses
    quorum = changes.quorum if changes.quorum is not None else min(old.quorum, len(witnesses))
    if quorum > len(witnesses):
        raise TooFewToSign(quorum, len(witnesses), "witnesses")
    return LogTrust(v=1, origin=old.origin, keys=keys, witnesses=tuple(witnesses), quorum=quorum)
