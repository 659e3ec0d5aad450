"""The next root of a publisher in the making: who has consented to it so far, how one is made from the present one, and what it changes.

`next_of` makes root n + 1 from root n without signatures, `read_proposal` reads one that may still lack some, `told` says in words what it
changes. Whether it follows in the end is for `follow` to say. Chapter: docs/spec/publisher-root.md.
"""

from collections.abc import Iterator, Mapping

import msgspec
from msgspec import Struct

from packspec.digests import Digest
from packspec.signing.dsse import Envelope, NotAuthentic, check_type, valid_signers
from packspec.signing.keys import PublicKey
from packspec.signing.publisher.chain import Chain, Rooted, check_place
from packspec.signing.publisher.root import PAYLOAD_TYPE, Compromised, KeyRole, PublisherRoot, RootKey


class Consent(Struct, frozen=True):
    """How many owners of the root before, and of the new one itself, have signed, and how many must."""

    before: int
    before_needed: int
    own: int
    own_needed: int

    @property
    def is_complete(self) -> bool:
        """Whether nobody else must sign."""
        return self.before >= self.before_needed and self.own >= self.own_needed

    @property
    def missing(self) -> str:
        """In words, what is missing; empty if nothing is."""
        parts = []
        if self.before < self.before_needed:
            parts.append(f"{self.before} of {self.before_needed} owners until now")
        if self.own < self.own_needed:
            parts.append(f"{self.own} of {self.own_needed} owners from then on")
        return " and ".join(parts)


class Proposal(Struct, frozen=True):
    """A root that would follow once enough owners have signed it."""

    root: PublisherRoot
    envelope: Envelope
    consent: Consent


def read_proposal(chain: Chain, envelope: Envelope) -> Proposal:
    """The root in `envelope`, if it has the place after the newest of `chain` and an owner of that one signed it.

    Raises WrongType, NotAuthentic where no owner signed, PublisherChanged for another place, and what `PublisherRoot.parse` raises.
    """
    owners, version = chain.newest.root.owners, len(chain.roots) + 1
    check_type(envelope, PAYLOAD_TYPE)
    if not valid_signers(envelope, PAYLOAD_TYPE, owners.public_keys):  # S24: nothing is decoded that nobody vouches for
        raise NotAuthentic(f"root {version} of {chain.publisher}", 0, owners.threshold)
    root = PublisherRoot.parse(envelope.payload)
    check_place(chain, root)
    return Proposal(root, envelope, consent_of(chain.newest.root, root, envelope))


def consent_of(before: PublisherRoot, root: PublisherRoot, envelope: Envelope) -> Consent:
    """Whose signatures `root`, which is in `envelope`, has."""
    signed = [len(valid_signers(envelope, PAYLOAD_TYPE, one.owners.public_keys)) for one in (before, root)]
    return Consent(signed[0], before.owners.threshold, signed[1], root.owners.threshold)


def next_of(
    newest: Rooted,
    created: str,
    owners: KeyRole | None = None,
    release: KeyRole | None = None,
    compromised: Mapping[Digest, int] | None = None,
) -> PublisherRoot:
    """The root after `newest`, with what is given changed. A theft that was told stays told; of two places the earlier one counts.

    Raises DuplicateKey, and ValueError for a threshold that the keys cannot reach.
    """
    stolen = {row.key: row.since for row in newest.root.compromised}
    for key, since in (compromised or {}).items():
        stolen[key] = min(since, stolen.get(key, since))
    return msgspec.structs.replace(
        newest.root,
        version=newest.root.version + 1,
        previous=newest.digest,
        created=created,
        owners=owners or newest.root.owners,
        release=release or newest.root.release,
        compromised=tuple(Compromised(key=key, since=since) for key, since in sorted(stolen.items())),
    )


def told(before: PublisherRoot, after: PublisherRoot) -> tuple[str, ...]:
    """What `after` changes, one sentence each; what loosens comes with the same words as what tightens, so that nothing hides."""
    said = [*_role("owner", before.owners, after.owners), *_role("release key", before.release, after.release)]
    names = {entry.key.key_id: entry for root in (before, after) for entry in (*root.owners.keys, *root.release.keys)}
    earlier = {row.key: row.since for row in before.compromised}
    for row in after.compromised:
        if earlier.get(row.key) != row.since:
            known = names.get(row.key)
            said.append(f"{known or row.key[:16]} was stolen: it counts for nothing from log entry {row.since} on")
    for key in earlier.keys() - {row.key for row in after.compromised}:
        said.append(f"{key[:16]} is no longer listed as stolen; what roots said before holds all the same")
    if before.contact != after.contact:
        said.append(f"contact: {after.contact} instead of {before.contact}")
    return tuple(said)


def _role(word: str, before: KeyRole, after: KeyRole) -> Iterator[str]:
    old, new = _entries(before), _entries(after)
    for key, entry in old.items():
        if key not in new:
            yield f"{word} {entry} goes"
    for key, entry in new.items():
        if key not in old:
            yield f"{word} {entry} comes{_only(entry)}"
        elif old[key].name != entry.name:
            yield f"{word} {old[key]} is called {entry.name}"
        if key in old and old[key].packs != entry.packs:
            yield f"{word} {entry} may sign {', '.join(entry.packs) if entry.packs else 'all packs'}"
    if before.threshold != after.threshold:
        what = "a change of keys" if word == "owner" else "a release"
        yield f"{what} needs {after.threshold} of {len(after.keys)} signatures instead of {before.threshold} of {len(before.keys)}"


def _entries(role: KeyRole) -> dict[PublicKey, RootKey]:
    return {entry.key: entry for entry in role.keys}


def _only(entry: RootKey) -> str:
    return f", for {', '.join(entry.packs)} only" if entry.packs else ""


def with_key(role: KeyRole, entry: RootKey, threshold: int | None = None) -> KeyRole:
    """`role` with `entry`, in the place of what it said of the same key before."""
    kept = [entry if one.key == entry.key else one for one in role.keys]
    keys = tuple(kept) if entry in kept else (*kept, entry)
    return KeyRole(threshold=role.threshold if threshold is None else threshold, keys=keys)


def without_key(role: KeyRole, key: PublicKey, threshold: int | None = None) -> KeyRole:
    """`role` without `key`."""
    left = tuple(entry for entry in role.keys if entry.key != key)
    return KeyRole(threshold=role.threshold if threshold is None else threshold, keys=left)
