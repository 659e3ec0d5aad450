"""The trust files of a registry, `trust/*.json`: TUF targets that only its offline keys can change (docs/spec/trust-files.md).

Rows with `from` are only ever added, so a release is judged for ever by the row in force at its own log entry. The fifth file,
`trust/license-keys.json`, is a JWK set that only the license token's module reads.
"""

from itertools import pairwise
from typing import Annotated, Self

from msgspec import Meta, Struct

from packspec.canonical import ClientTooOld
from packspec.digests import Digest
from packspec.log.checkpoint import LOG, WITNESS, NoteKey
from packspec.log.leaf import LogIndex, RootName
from packspec.names import PublisherName
from packspec.signing import documents
from packspec.signing.approval import ReviewerSet
from packspec.signing.documents import Count, Format
from packspec.signing.keys import PublicKey
from packspec.signing.keyset import DuplicateKey, check_people_keys, check_threshold
from packspec.signing.publisher import Cooldown
from packspec.versions import Version
from packspec.wire import SignedDocument


class ClientRefused(ClientTooOld):
    """The registry asks for a newer packctl than this one."""

    needed: str = ""
    running: str = ""

    code = "policy.client-too-old"

    def facts(self) -> dict[str, str]:
        return {"needed": f"packctl {self.needed}", "found": f"packctl {self.running}"}

    def why(self) -> str:
        return "the registry's operator says that older versions are not safe to use with it"


# trust/log.json


class LogKeyRow(SignedDocument, frozen=True, kw_only=True):
    """A key of the log. `until`: the largest size it signs for; absent: no end."""

    key: NoteKey
    until: LogIndex | None = None


class LogTrust(SignedDocument, frozen=True, kw_only=True):
    """`trust/log.json`: who signs checkpoints, which witnesses count, and how many of them must have signed. A `LogPolicy`."""

    v: Format
    origin: str
    keys: Annotated[tuple[LogKeyRow, ...], Meta(min_length=1)]
    witnesses: tuple[NoteKey, ...]
    quorum: Count

    def __post_init__(self) -> None:
        seen: set[PublicKey] = set()
        for key in (*(row.key for row in self.keys), *self.witnesses):
            if key.public in seen:
                raise DuplicateKey("trust/log.json", str(key))
            seen.add(key.public)
        if any(row.key.kind != LOG or row.key.name != self.origin for row in self.keys):
            raise ValueError("keys of the log have signature type 1 and the log's origin as name")
        if any(key.kind != WITNESS for key in self.witnesses):
            raise ValueError("keys of witnesses have signature type 4")
        if self.quorum > len(self.witnesses):
            raise ValueError(f"quorum {self.quorum} of {len(self.witnesses)} witnesses")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Reads the verified target. Raises Malformed, NotCanonical, ClientTooOld, BadKey, DuplicateKey."""
        return documents.read(data, cls, "trust/log.json")

    def encode(self) -> bytes:
        """The bytes of the target. Raises what `parse` would raise."""
        return documents.write(self, "trust/log.json")


# trust/reviewers.json


class ReviewerKey(SignedDocument, frozen=True, kw_only=True):
    """A reviewer's P-256 key and name."""

    key: PublicKey
    name: Annotated[str, Meta(min_length=1, max_length=100)]


class ReviewerRow(SignedDocument, frozen=True, kw_only=True, rename={"start": "from"}):
    """The reviewers of releases whose log index is `start` or more, up to the next row; `threshold` of them must approve."""

    start: LogIndex
    threshold: Count
    keys: tuple[ReviewerKey, ...]


class CompromisedReviewer(SignedDocument, frozen=True, kw_only=True):
    """A stolen key: `key`, its id, counts for no entry with index >= `since`."""

    key: Digest
    since: LogIndex


class Reviewers(SignedDocument, frozen=True, kw_only=True):
    """`trust/reviewers.json`. Without a row nobody can approve anything."""

    v: Format
    sets: tuple[ReviewerRow, ...]
    compromised: tuple[CompromisedReviewer, ...]

    def __post_init__(self) -> None:
        _check_ascending([row.start for row in self.sets])
        for row in self.sets:
            keys = tuple(entry.key for entry in row.keys)
            check_people_keys("trust/reviewers.json", keys)
            check_threshold("trust/reviewers.json", row.threshold, keys)
        for before, after in pairwise(self.compromised):
            if before.key >= after.key:
                raise ValueError("compromised: each key once, in ascending order of key id")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Reads the verified target. Raises Malformed, NotCanonical, ClientTooOld, BadKey, DuplicateKey."""
        return documents.read(data, cls, "trust/reviewers.json")

    def encode(self) -> bytes:
        """The bytes of the target. Raises what `parse` would raise."""
        return documents.write(self, "trust/reviewers.json")

    def in_force(self, index: int) -> ReviewerSet | None:
        """Who could approve what was logged at `index`, and whose keys were stolen by then; None before the first row."""
        row = self._row(index)
        if row is None:
            return None
        stolen = frozenset(entry.key for entry in self.compromised if entry.since <= index)
        return ReviewerSet(row.threshold, tuple(entry.key for entry in row.keys), stolen)

    def names_at(self, index: int) -> dict[PublicKey, str]:
        """How the reviewers who could approve what was logged at `index` are called, by key."""
        row = self._row(index)
        return {entry.key: entry.name for entry in row.keys} if row else {}

    def _row(self, index: int) -> ReviewerRow | None:
        return next((row for row in reversed(self.sets) if row.start <= index), None)


# trust/policy.json


class CooldownRow(SignedDocument, frozen=True, kw_only=True, rename={"start": "from"}):
    """A publisher root logged at `start` or later, up to the next row, waits `seconds` before what it loosens counts."""

    start: LogIndex
    seconds: Count


class TrustPolicy(SignedDocument, frozen=True, kw_only=True):
    """`trust/policy.json`: `min_client` is the oldest packctl that may be used, `reset_delay` and `max_age` are seconds."""

    v: Format
    min_client: Version
    cooldowns: Annotated[tuple[CooldownRow, ...], Meta(min_length=1)]
    reset_delay: Count
    """Between the `reset` entry of a publisher and the root that it announces."""
    max_age: Count
    """Oldest index that a locked install still accepts."""

    def __post_init__(self) -> None:
        _check_ascending([row.start for row in self.cooldowns])
        if self.cooldowns and self.cooldowns[0].start != 0:
            raise ValueError("the first cooldown is in force from entry 0")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Reads the verified target. Raises Malformed, NotCanonical, ClientTooOld."""
        return documents.read(data, cls, "trust/policy.json")

    def encode(self) -> bytes:
        """The bytes of the target. Raises what `parse` would raise."""
        return documents.write(self, "trust/policy.json")

    @property
    def waits(self) -> tuple[Cooldown, ...]:
        """The cooldowns as `keys_that_count` takes them."""
        return tuple(Cooldown(row.start, row.seconds) for row in self.cooldowns)

    def check_client(self, running: Version) -> None:
        """I3: refuses a packctl older than `min_client`. Raises ClientRefused."""
        if running < self.min_client:
            raise ClientRefused("this registry", self.v, str(self.min_client), str(running))


# trust/resets.json


class ResetRow(SignedDocument, frozen=True, kw_only=True):
    """A root that the registry's offline keys put in the place of its predecessor's owners, who lost their keys."""

    publisher: PublisherName
    old: RootName
    new: RootName
    reason: Annotated[str, Meta(min_length=1, max_length=280)]


class Resets(SignedDocument, frozen=True, kw_only=True):
    """`trust/resets.json`. A row counts only with its `reset` entry in the log, and after the delay."""

    v: Format
    resets: tuple[ResetRow, ...]

    def __post_init__(self) -> None:
        for row in self.resets:
            if row.new.version != row.old.version + 1:
                raise ValueError("a reset goes from one root to the next")

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Reads the verified target. Raises Malformed, NotCanonical, ClientTooOld."""
        return documents.read(data, cls, "trust/resets.json")

    def encode(self) -> bytes:
        """The bytes of the target. Raises what `parse` would raise."""
        return documents.write(self, "trust/resets.json")

    def row_for(self, publisher: PublisherName, new: RootName) -> ResetRow | None:
        """The row that allows root `new` of `publisher`."""
        return next((row for row in self.resets if (row.publisher, row.new) == (publisher, new)), None)


class TrustFiles(Struct, frozen=True):
    """The trust files of one moment, as a release check needs them."""

    log: LogTrust
    reviewers: Reviewers
    policy: TrustPolicy
    resets: Resets


def _check_ascending(starts: list[int]) -> None:
    for before, after in pairwise(starts):
        if before >= after:
            raise ValueError(f"from {after} after {before}; rows are only ever added")
