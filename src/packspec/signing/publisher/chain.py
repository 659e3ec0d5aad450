"""Chain: a publisher's roots from the first to the newest, each proven by the one before (docs/spec/publisher-root.md).

The rules are those of R4. Whether a root's leaf is in the log is the caller's to prove first: here the leaf's digest, index and time are
taken as true.
"""

from collections.abc import Collection, Sequence

from msgspec import Struct

from packspec.digests import Digest
from packspec.errors import Untrusted
from packspec.names import PublisherName
from packspec.signing.dsse import Envelope, NotAuthentic, check_type, valid_signers
from packspec.signing.keys import PublicKey
from packspec.signing.publisher.root import PAYLOAD_TYPE, KeyRole, PublisherRoot


class PublisherChanged(Untrusted):
    """A publisher's roots are no chain, or not the chain that was known."""

    publisher: str
    version: int
    reason: str

    code = "trust.publisher-changed"

    def what(self) -> str:
        return f"the keys of {self.publisher} changed without the consent of their owners"

    def facts(self) -> dict[str, str]:
        return {"root": str(self.version), "reason": self.reason}

    def why(self) -> str:
        return "every list of a publisher's keys must be signed by the owners of the list before it"

    def fix(self) -> list[str]:
        return [f"ask {self.publisher} over another channel, and report it to the registry's operator"]


class PublisherReset(Untrusted):
    """The registry's offline keys, not the owners, put new keys in force after those that the lock knows."""

    publisher: str
    version: int
    digest: Digest
    locked: int

    code = "trust.publisher-reset"

    def what(self) -> str:
        return f"the keys of {self.publisher} were reset by the registry"

    def facts(self) -> dict[str, str]:
        return {"in the lock": f"root {self.locked}", "new": f"root {self.version}, {self.digest.labelled}"}

    def why(self) -> str:
        return "the owners' keys were lost, so nothing but the registry's word joins the new keys to the old ones"

    def fix(self) -> list[str]:
        return [f"compare the digest with {self.publisher} over another channel, then accept the new root by naming it"]


class Downgraded(Untrusted):
    """A release chosen anew stands under a root that asks for fewer signatures than the root in the lock."""

    publisher: str
    version: int
    digest: Digest
    expected: int
    found: int

    code = "trust.downgraded"

    def what(self) -> str:
        return f"{self.publisher} now needs fewer signatures for a release"

    def facts(self) -> dict[str, str]:
        return {
            "in the lock": str(self.expected),
            "now": str(self.found),
            "root": f"{self.version}, {self.digest.labelled}",
        }

    def why(self) -> str:
        return "one stolen key might be enough where two were needed before"

    def fix(self) -> list[str]:
        return [f"ask {self.publisher} whether this is meant, then accept the new root by naming its digest"]


class LoggedRoot(Struct, frozen=True):
    """A root as it was fetched, with what its leaf says: digest, index and time (seconds, UTC). Nothing in it is verified."""

    envelope: Envelope
    digest: Digest
    index: int
    at: int


class Reset(Struct, frozen=True):
    """A row of trust/resets that was announced: `index` and `at` are those of its `reset` leaf, `delay_seconds` is the policy's."""

    publisher: PublisherName
    old_version: int
    old_digest: Digest
    new_version: int
    new_digest: Digest
    index: int
    at: int
    delay_seconds: int


class Rooted(Struct, frozen=True):
    """A root that stands in a verified chain, with its leaf."""

    root: PublisherRoot
    digest: Digest
    index: int
    at: int
    is_reset: bool = False


class Chain(Struct, frozen=True):
    """A publisher's verified roots, 1 to the newest. `Chain(publisher)` is the empty one, to which `follow` adds."""

    publisher: PublisherName
    roots: tuple[Rooted, ...] = ()

    @property
    def anchor(self) -> Digest:
        """The digest of root 1."""
        return self.roots[0].digest

    @property
    def newest(self) -> Rooted:
        """The last root."""
        return self.roots[-1]

    @property
    def keys(self) -> frozenset[PublicKey]:
        """Every owner and release key of every root: none of them may approve a release of this publisher."""
        return frozenset(key for rooted in self.roots for key in rooted.root.keys)

    def in_force(self, index: int) -> Rooted | None:
        """The newest root whose leaf index is at most `index`; None before the first."""
        return next((rooted for rooted in reversed(self.roots) if rooted.index <= index), None)


def follow(chain: Chain, logged: Sequence[LoggedRoot], resets: Sequence[Reset] = ()) -> Chain:
    """`chain` with `logged` added, one by one, in order of version.

    The server asks with one more root whether it may follow; a reader asks with all from `Chain(publisher)`. Raises PublisherChanged,
    NotAuthentic for a first root that its own owners did not sign, WrongType, and what `PublisherRoot.parse` raises.
    """
    for step in logged:
        chain = Chain(chain.publisher, (*chain.roots, _next(chain, step, resets)))
    return chain


def _next(chain: Chain, step: LoggedRoot, resets: Sequence[Reset]) -> Rooted:
    version = len(chain.roots) + 1
    # S24: the log vouches for these bytes before anything looks into them.
    if not step.envelope.digest.same(step.digest):
        raise PublisherChanged(chain.publisher, version, "its bytes are not those that its log entry names")
    check_type(step.envelope, PAYLOAD_TYPE)
    is_reset = bool(chain.roots) and _follows_by_reset(chain, step, resets)
    root = PublisherRoot.parse(step.envelope.payload)
    check_place(chain, root)
    have, need = _signed(step.envelope, root.owners), root.owners.threshold
    if have < need and chain.roots:
        raise PublisherChanged(chain.publisher, version, f"{have} of {need} owners of root {version} signed it")
    if have < need:
        raise NotAuthentic(f"publisher root 1 of {chain.publisher}", have, need)
    return Rooted(root, step.digest, step.index, step.at, is_reset)


def _follows_by_reset(chain: Chain, step: LoggedRoot, resets: Sequence[Reset]) -> bool:
    """False if the owners of the newest root consent to `step`, True if an announced reset stands in for them. Raises PublisherChanged."""
    newest, version = chain.newest, len(chain.roots) + 1
    if step.index <= newest.index or step.at < newest.at:
        raise PublisherChanged(chain.publisher, version, "its log entry does not come after that of the root before")
    have, need = _signed(step.envelope, newest.root.owners), newest.root.owners.threshold
    if have >= need:
        return False
    steps = ((newest.root.version, newest.digest), (version, step.digest))
    for reset in resets:
        named = ((reset.old_version, reset.old_digest), (reset.new_version, reset.new_digest))
        if reset.publisher == chain.publisher and named == steps and reset.index < step.index:
            if step.at - reset.at >= reset.delay_seconds:
                return True
            raise PublisherChanged(chain.publisher, version, "it was logged before the delay of its reset was over")
    raise PublisherChanged(chain.publisher, version, f"{have} of {need} owners of root {version - 1} signed it")


def check_place(chain: Chain, root: PublisherRoot) -> None:
    """Publisher, version and previous are those of the next root of `chain`. Raises PublisherChanged."""
    version = len(chain.roots) + 1
    previous = chain.newest.digest if chain.roots else None
    if root.publisher != chain.publisher:
        raise PublisherChanged(chain.publisher, version, f"it is a root of {root.publisher}")
    if root.version != version:
        raise PublisherChanged(chain.publisher, version, f"it is root {root.version}")
    if root.previous != previous:
        raise PublisherChanged(chain.publisher, version, f"it follows another root {version - 1}")


def _signed(envelope: Envelope, role: KeyRole) -> int:
    return len(valid_signers(envelope, PAYLOAD_TYPE, role.public_keys))


class Locked(Struct, frozen=True):
    """What a lock knows of a publisher: the digest of root 1, and the root in force when the locked release was logged."""

    anchor: Digest
    version: int
    digest: Digest


def check_lock(chain: Chain, locked: Locked, accepted: Collection[Digest] = ()) -> None:
    """R4 for a publisher that the lock knows: its chain begins at the lock's anchor and passes through the lock's root.

    Raises PublisherChanged, and PublisherReset for a reset after the lock's root, unless its user named the digest of that root, or of
    a later one, in `accepted`.
    """
    if not chain.roots or chain.anchor != locked.anchor:
        raise PublisherChanged(chain.publisher, 1, "the lock knows another first root")
    if not (1 <= locked.version <= len(chain.roots)) or chain.roots[locked.version - 1].digest != locked.digest:
        raise PublisherChanged(chain.publisher, locked.version, "the lock's root is not among them")
    agreed = max((rooted.root.version for rooted in chain.roots if rooted.digest in accepted), default=0)
    for rooted in chain.roots[locked.version :]:
        if rooted.is_reset and rooted.root.version > agreed:
            raise PublisherReset(chain.publisher, rooted.root.version, rooted.digest, locked.version)


def check_downgrade(chain: Chain, locked: Locked, chosen: Rooted, accepted: Collection[Digest] = ()) -> None:
    """For a release chosen anew under the root `chosen`: it asks for no fewer signatures than the lock's root. Call `check_lock` first.

    Raises Downgraded, unless its user named the digest of `chosen` in `accepted`.
    """
    expected, found = chain.roots[locked.version - 1].root.release.threshold, chosen.root.release.threshold
    if found < expected and chosen.digest not in accepted:
        raise Downgraded(chain.publisher, chosen.root.version, chosen.digest, expected, found)
