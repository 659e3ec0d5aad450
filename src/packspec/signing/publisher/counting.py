"""Which release keys count for one leaf, and R5: whether enough of them signed (docs/spec/publisher-root.md).

One pure function for server, client and auditor. What loosens (a new key, a lower threshold) waits one cooldown; what tightens (a key taken
out, a theft, a higher threshold) works at once.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from packspec import limits
from packspec.digests import Digest
from packspec.errors import Untrusted
from packspec.moments import moment
from packspec.names import PackName
from packspec.signing.dsse import Envelope, NotAuthentic, check_type, valid_signers
from packspec.signing.keys import PublicKey
from packspec.signing.publisher.chain import Chain, PublisherChanged, Rooted
from packspec.signing.publisher.root import RootKey
from packspec.signing.statement import StatementMismatch


class KeyTooYoung(Untrusted):
    """Enough keys signed, but some were added less than one cooldown before the release was logged."""

    document: str
    have: int
    need: int
    keys: tuple[str, ...]
    counts_from: int
    """When the last of them counts: seconds, UTC."""

    code = "trust.key-too-young"

    def what(self) -> str:
        return f"{self.document} is signed with a key that does not count yet"

    def facts(self) -> dict[str, str]:
        return {
            "needed": str(self.need),
            "found": str(self.have),
            "key": ", ".join(self.keys),
            "counts from": moment(self.counts_from),
        }

    def why(self) -> str:
        return "a new key waits one cooldown, so that its owners notice a key that they did not add"

    def fix(self) -> list[str]:
        return ["publish after that time, or sign with a key that was there before"]


class KeyCompromised(Untrusted):
    """Enough keys signed, but some were stolen before the release was logged."""

    document: str
    have: int
    need: int
    keys: tuple[str, ...]

    code = "trust.key-compromised"

    def what(self) -> str:
        return f"{self.document} is signed with a stolen key"

    def facts(self) -> dict[str, str]:
        return {"needed": str(self.need), "found": str(self.have), "key": ", ".join(self.keys)}

    def why(self) -> str:
        return "its publisher says that the key was stolen before this release was logged, so anybody may have made it"

    def fix(self) -> list[str]:
        return ["use another release; its publisher can sign this content again as a new version"]


class Why(StrEnum):
    """Why a key of a publisher does not count for a leaf."""

    COMPROMISED = "stolen"
    TOO_YOUNG = "not there for one cooldown"
    OTHER_PACKS = "for other packs only"
    REMOVED = "no release key any more"
    OWNER = "an owner key, which signs roots only"
    LATER = "added later"


class Cooldown(NamedTuple):
    """A row of trust/policy: from this log index on, a new root waits `seconds`."""

    since: int
    seconds: int


class Excluded(Struct, frozen=True):
    """A key of the publisher that does not count, and why. `counts_from`, for a young one: seconds, UTC."""

    entry: RootKey
    why: Why
    counts_from: int = 0


class CountingKeys(Struct, frozen=True):
    """The release keys that count for one leaf, and how many of them must have signed."""

    root: Rooted
    """The root in force at the leaf."""
    threshold: int
    keys: tuple[RootKey, ...]
    excluded: tuple[Excluded, ...]
    """Every other key of the chain."""


def keys_that_count(
    chain: Chain, leaf_index: int, leaf_time: int, pack: PackName, cooldowns: Sequence[Cooldown]
) -> CountingKeys:
    """Which keys count for a release of `pack` logged at `leaf_index` and `leaf_time` (seconds, UTC).

    Roots after the leaf matter too: any root may say that a key was stolen earlier. Raises PublisherChanged if no root was logged by then,
    and StatementMismatch for a pack of another publisher.
    """
    if pack.publisher != chain.publisher:
        raise StatementMismatch("release", "publisher", chain.publisher, pack.publisher)
    recent = _recent(chain, leaf_index, leaf_time, cooldowns)
    newest = recent[-1]
    stolen = _stolen(chain, leaf_index)
    keys: list[RootKey] = []
    excluded: dict[PublicKey, Excluded] = {}
    for entry in newest.root.release.keys:
        young = [rooted for rooted in recent if not _stands(entry, rooted, pack)]
        if not entry.may_sign(pack):
            excluded[entry.key] = Excluded(entry, Why.OTHER_PACKS)
        elif entry.key.key_id in stolen:
            excluded[entry.key] = Excluded(entry, Why.COMPROMISED)
        elif young:
            # It counts once the window begins at a root after the last one that lacks it; later roots may have a shorter cooldown.
            since = recent[recent.index(young[-1]) + 1 :]
            counts_from = min(rooted.at + _wait(rooted, cooldowns) for rooted in since)
            excluded[entry.key] = Excluded(entry, Why.TOO_YOUNG, counts_from)
        else:
            keys.append(entry)
    threshold = max(rooted.root.release.threshold for rooted in recent)
    counting = {entry.key for entry in keys}
    others = _others(chain, newest, stolen)
    rest = tuple(other for key, other in (others | excluded).items() if key not in counting)
    return CountingKeys(newest, threshold, tuple(keys), rest)


def _recent(chain: Chain, leaf_index: int, leaf_time: int, cooldowns: Sequence[Cooldown]) -> tuple[Rooted, ...]:
    """Roots w to v: from the newest that is one cooldown old at the leaf (none: root 1) to the newest that was logged by then."""
    logged = [rooted for rooted in chain.roots if rooted.index <= leaf_index]
    if not logged:
        raise PublisherChanged(chain.publisher, 1, "the release was logged before it")
    settled = [at for at, rooted in enumerate(logged) if rooted.at + _wait(rooted, cooldowns) <= leaf_time]
    return tuple(logged[settled[-1] if settled else 0 :])


def _wait(rooted: Rooted, cooldowns: Sequence[Cooldown]) -> int:
    """Seconds that `rooted` waits: by the row in force at its own leaf; a reset root has served its delay before it was logged."""
    if rooted.is_reset:
        return 0
    rows = [row for row in cooldowns if row.since <= rooted.index]
    return max(rows, key=lambda row: row.since).seconds if rows else limits.COOLDOWN_SECONDS


def _stolen(chain: Chain, leaf_index: int) -> set[Digest]:
    return {row.key for rooted in chain.roots for row in rooted.root.compromised if row.since <= leaf_index}


def _stands(entry: RootKey, rooted: Rooted, pack: PackName) -> bool:
    return any(other.key == entry.key and other.may_sign(pack) for other in rooted.root.release.keys)


def _others(chain: Chain, newest: Rooted, stolen: set[Digest]) -> dict[PublicKey, Excluded]:
    """Why each key that is no release key of `newest` does not count. Where a key had several places, the last one speaks."""
    found: dict[PublicKey, Excluded] = {}
    for rooted in chain.roots:
        later = rooted.root.version > newest.root.version
        for entry in rooted.root.release.keys:
            why = Why.LATER if later and entry.key not in found else Why.REMOVED
            found[entry.key] = Excluded(entry, Why.COMPROMISED if entry.key.key_id in stolen else why)
        for entry in rooted.root.owners.keys:
            found[entry.key] = Excluded(entry, Why.OWNER)
    return found


class Standing(NamedTuple):
    """How the release keys of the newest root stand for a release that would be logged now."""

    threshold: int
    """How many must sign now; a lower number of the newest root waits like a new key."""
    threshold_from: int
    """When the number of the newest root is the one that counts: seconds, UTC; 0 for already."""
    waiting: dict[PublicKey, Excluded]
    """The keys that do not count now, and why; one that is for some packs is asked for one of those."""


def standing_keys(chain: Chain, leaf_index: int, now: int, cooldowns: Sequence[Cooldown]) -> Standing:
    """What a person wants to know after a change: which keys count now, and which from when. Raises as `keys_that_count`."""
    recent = _recent(chain, leaf_index, now, cooldowns)
    release = recent[-1].root.release
    higher = [at for at, rooted in enumerate(recent) if rooted.root.release.threshold > release.threshold]
    settles = [rooted.at + _wait(rooted, cooldowns) for rooted in recent[higher[-1] + 1 :]] if higher else []
    waiting: dict[PublicKey, Excluded] = {}
    for entry in release.keys:
        pack = PackName(f"{chain.publisher}/{entry.packs[0] if entry.packs else 'any'}")
        found = keys_that_count(chain, leaf_index, now, pack, cooldowns).excluded
        waiting |= {other.entry.key: other for other in found if other.entry.key == entry.key}
    return Standing(max(rooted.root.release.threshold for rooted in recent), min(settles, default=0), waiting)


class Authentic(Struct, frozen=True):
    """The answer of R5: which keys that count signed, how many were needed, and why each other signature does not count."""

    signers: tuple[RootKey, ...]
    threshold: int
    ignored: tuple[str, ...]


def judge_signatures(envelope: Envelope, payload_type: str, document: str, counting: CountingKeys) -> Authentic:
    """R5: enough distinct keys that count signed `envelope`; `document` is its name in errors. The payload is not looked at.

    Raises WrongType, NotAuthentic with the reason for each signature that does not count, and, where nothing but theft or time is missing,
    KeyCompromised or KeyTooYoung.
    """
    check_type(envelope, payload_type)
    entries = {entry.key: entry for entry in counting.keys}
    excluded = {other.entry.key: other for other in counting.excluded}
    valid = valid_signers(envelope, payload_type, (*entries, *excluded))
    signers = tuple(entries[key] for key in valid if key in entries)
    others = [excluded[key] for key in valid if key in excluded]
    ignored = _reasons(envelope, valid, others)
    have, need = len(signers), counting.threshold
    if have >= need:
        return Authentic(signers, need, ignored)
    young = [other for other in others if other.why is Why.TOO_YOUNG]
    stolen = [other for other in others if other.why is Why.COMPROMISED]
    if have + len(young) >= need:
        counts_from = max(other.counts_from for other in young)
        raise KeyTooYoung(document, have, need, tuple(str(other.entry) for other in young), counts_from)
    if have + len(young) + len(stolen) >= need:
        raise KeyCompromised(document, have, need, tuple(str(other.entry) for other in stolen))
    raise NotAuthentic(document, have, need, ignored)


def _reasons(envelope: Envelope, valid: Sequence[PublicKey], others: Sequence[Excluded]) -> tuple[str, ...]:
    ids = {key.key_id for key in valid}
    known = [f"{other.entry}: {other.why}" for other in others]
    unknown = [
        f"{one.key_id[:16]}: unknown key or wrong signature" for one in envelope.signatures if one.key_id not in ids
    ]
    return (*known, *unknown)
