"""What this machine knows of one registry, read from what it has verified; nobody is asked."""

from collections.abc import Iterator

from packctl.session import Session
from packctl.trust.cached import Cached, MetadataMissing, read_cached
from packctl.trust.kept import KeptFiles
from packctl.trust.memory import Memory
from packctl.trust.metadata import MetadataFolder
from packctl.trust.result import Shown, ShownKey, ShownRoot
from packctl.trust.roots import NotPinned, Pins, named_roots, plain_address, state_folder
from packctl.trust.targets import TRUST_FILES, parse_trust_files, read_kept
from packctl.ui.moments import roughly
from packspec.labels import Label
from packspec.moments import moment
from packspec.signing.keys import PublicKey
from packspec.trustfiles import TrustFiles

TOP_ROLES = ("root", "targets", "snapshot", "timestamp")


def address_named(session: Session, name: str) -> str:
    """The address that an alias or address means: of the configuration, or of a pin whose host it is. Raises NotPinned."""
    if "://" in name:
        return plain_address(name)
    found = session.rules.registries.get(Label(name)) if _is_label(name) else None
    if found is not None:
        return plain_address(str(found.url))
    for pin in Pins(session.places.registries).all():
        if pin.address.partition("://")[2] == name:
            return pin.address
    raise NotPinned(name)


def _is_label(name: str) -> bool:
    return name.replace("-", "").isalnum()


def show(session: Session, name: str) -> Shown:
    """Everything about the registry `name`. Raises NotPinned if nobody named a root of it, and what verifying raises."""
    address = address_named(session, name)
    aliases = [str(alias) for alias, one in session.rules.registries.items() if plain_address(str(one.url)) == address]
    named = named_roots(session, aliases[0] if aliases else "", address)
    if not named:
        raise NotPinned(name)
    folder = state_folder(session.places, address, named[0].digest)
    roots = [ShownRoot(one.digest.labelled, one.by) for one in named]
    files = MetadataFolder(folder / "tuf")
    try:
        cached = read_cached(files, named[0].digest, address) if files.roots() else None
    except MetadataMissing:
        cached = None
    if cached is None:
        return Shown(address=address, named=roots)
    seen = Memory(folder).seen()
    version = cached.chain.root.version
    return Shown(
        address=address,
        named=roots,
        root_version=version,
        root=cached.chain.digests[version].labelled,
        root_expires=moment(int(cached.chain.root.expires.timestamp())),
        as_of=moment(cached.signed_at),
        age=roughly(cached.freshness.age(session.clock())),
        log=seen.checkpoint.line if seen.checkpoint else "",
        recalls=len(seen.recalls.recalls) if seen.recalls else 0,
        keys=[*_tuf_keys(cached), *_trust_keys(cached, KeptFiles(folder))],
    )


def _tuf_keys(cached: Cached) -> Iterator[ShownKey]:
    for name in TOP_ROLES:
        role = cached.chain.root.roles[name]
        for key_id in role.keyids:
            yield ShownKey(name, _grouped(key_id), "", f"{role.threshold} of {len(role.keyids)}")


def _trust_keys(cached: Cached, kept: KeptFiles) -> Iterator[ShownKey]:
    listed = [cached.look_up(name) for name in TRUST_FILES]
    data = [read_kept(kept, one) for one in listed if one is not None]
    whole = [one for one in data if one is not None]
    if len(whole) != len(TRUST_FILES):
        return
    trust: TrustFiles = parse_trust_files(whole)
    for row in trust.log.keys:
        yield ShownKey("log", row.key.public.fingerprint, row.key.name, "1")
    for witness in trust.log.witnesses:
        yield ShownKey(
            "witness", witness.public.fingerprint, witness.name, f"{trust.log.quorum} of {len(trust.log.witnesses)}"
        )
    for reviewer in trust.reviewers.sets[-1].keys if trust.reviewers.sets else ():
        key: PublicKey = reviewer.key
        needed = trust.reviewers.sets[-1]
        yield ShownKey("reviewer", key.fingerprint, reviewer.name, f"{needed.threshold} of {len(needed.keys)}")


def _grouped(key_id: str) -> str:
    return " ".join(key_id[at : at + 4] for at in range(0, 16, 4))
