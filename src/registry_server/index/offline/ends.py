"""What ends when, and what else about the keys somebody should know: for `keys status`, `/readyz` and the log (docs/spec/ceremony.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from packspec.limits import DAY_SECONDS
from registry_server.actor import SYSTEM
from registry_server.call import call_of
from registry_server.index import metadata
from registry_server.index.actions import current_trust
from registry_server.index.offline.document import ROLES
from registry_server.index.readable import readable
from registry_server.index.repository import Repository
from registry_server.index.writing import timestamp_seconds
from registry_server.license_keys import signing_key
from registry_server.log import actions as log
from registry_server.signer import KeyUnreadable
from registry_server.world import World

WARN_SECONDS = 60 * DAY_SECONDS
"""A ceremony takes people, and people take holidays."""
ERROR_SECONDS = 14 * DAY_SECONDS

State = Literal["ok", "warning", "error"]
STATES: tuple[State, ...] = get_args(State)
"""From nothing to do to what somebody must see to now."""


@dataclass(frozen=True)
class Look:
    """One thing that was looked at."""

    name: str
    state: State
    text: str


@dataclass(frozen=True)
class End(Look):
    """When what a role signed ends, in seconds UTC."""

    ends_at: int


def look(world: World) -> list[Look]:
    """Everything about the keys of a registry, in order. Reads the static side and the log's size."""
    repository = Repository.load(world.public)
    return [*ending(world, repository), *_keys(world, repository), *_state(world, repository)]


def ending(world: World, repository: Repository | None = None) -> list[End]:
    """When each role ends. Reads static files alone."""
    repository = repository or Repository.load(world.public)
    now, found = world.now(), list[End]()
    for role in ROLES:
        offline = repository.root(repository.newest_root) if role == "root" else repository.role(role)
        found.append(_end(role, offline, now, warn=WARN_SECONDS, error=ERROR_SECONDS))
    bins = [repository.role(name) for name in metadata.bins_in(repository.role("index"))]
    # The server renews a timestamp at a quarter of its life, the others at half: what is well past that it does not renew any more.
    renewed: list[tuple[str, Timestamp | Snapshot | Targets, int]] = [
        ("timestamp", repository.timestamp, timestamp_seconds(world) // 2),
        ("snapshot", repository.snapshot, metadata.SNAPSHOT_SECONDS * 2 // 5),
        ("bins", min(bins, key=lambda one: one.expires), metadata.BIN_SECONDS * 2 // 5),
    ]
    return [*found, *(_end(name, signed, now, warn=least, error=1) for name, signed, least in renewed)]


def _end(name: str, signed: Root | Targets | Snapshot | Timestamp, now: int, *, warn: int, error: int) -> End:
    """The end of what a role signed: a warning below `warn` seconds before it, an error below `error`."""
    ends_at = int(signed.expires.timestamp())
    left = ends_at - now
    state: State = "error" if left < error else "warning" if left < warn else "ok"
    when = f"in {-(-left // DAY_SECONDS)} days" if left > 0 else f"{-left // DAY_SECONDS} days ago"
    return End(name, state, f"version {signed.version} ends {signed.expires:%Y-%m-%d}, {when}", ends_at)


def _keys(world: World, repository: Repository) -> Iterator[Look]:
    root = repository.root(repository.newest_root)
    held = root.roles["root"]
    keys = ", ".join(metadata.public_key(root.keys[key_id]).fingerprint for key_id in held.keyids)
    yield Look("offline keys", "ok", f"{held.threshold} of {len(held.keyids)}: {keys}")
    if held.threshold < 2:
        yield Look(
            "offline keys",
            "warning",
            "one key alone is the registry: registry-server keys rotate offline --threshold 2",
        )
    folder = world.folder.root.with_name(f"{world.folder.root.name}-offline-keys")
    if any(folder.glob("*.key")):
        yield Look(
            "offline keys", "warning", f"{folder} is on this machine: take it away, best each key on its own medium"
        )
    try:
        following = world.online.following
    except KeyUnreadable as error:
        yield Look("online keys", "error", str(error))
        return
    yield from _license_key(world)
    for role, key in sorted(following.items()):
        yield Look(f"next {role}", "ok", f"{key.public.fingerprint} waits for a ceremony")


def _license_key(world: World) -> Iterator[Look]:
    trusted = readable(world).license_keys
    try:
        signs = signing_key(world.disk, world.folder.keys, world.randomness, trusted).public
    except KeyUnreadable as error:
        yield Look("license key", "error", str(error))
        return
    if signs not in {key.public for key in trusted.keys}:
        yield Look("license key", "error", f"nobody believes {signs.fingerprint}: registry-server keys rotate license")


def _state(world: World, repository: Repository) -> Iterator[Look]:
    trust = current_trust(world)
    with call_of(world, SYSTEM).reading() as call:
        size = log.size(call)
    waits = size - repository.checkpoint.size
    yield Look(
        "log",
        "warning" if waits else "ok",
        f"{repository.checkpoint.size} entries" + (f", {waits} not shown yet" if waits else ""),
    )
    witnesses = len(repository.note.valid_signers(trust.log.witnesses))
    quorum = f"{trust.log.quorum} of {len(trust.log.witnesses)} must sign, {witnesses} did"
    yield Look(
        "witnesses", "error" if witnesses < trust.log.quorum else "ok", quorum if trust.log.witnesses else "none"
    )
    fullest = max(len(repository.role(name).targets) for name in metadata.bins_in(repository.role("index")))
    if fullest > metadata.BIN_TARGETS:
        yield Look(
            "bins",
            "warning",
            f"up to {fullest} targets in one bin, {metadata.BIN_TARGETS} are good: a ceremony makes more bins",
        )
