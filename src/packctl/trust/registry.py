"""A registry as a command trusts it: opened by its pinned root, brought up to date (I2 to I5), asked for indexes (I6) and proofs (I8).

    registry = TrustedRegistry.open(session, alias, address, locked=lock.registry(alias))     # I1
    registry.refresh(Purpose.CHOOSE)                  # I2 to I5; Purpose.LOCKED for `install --locked` and `ci`
    index = registry.index(pack)                      # I6: a PackIndex; NoSuchPack
    proven = registry.prove([Claim(pack, version)])   # I8: one Proven per claim; what is wrong with a release is in its verdict
    proven[0].verdict.require()                       # raises the first fault

    registry.lock_entry()                             # LockedRegistry: root and checkpoint of now
    registry.evidence(proven, locked)                 # name to bytes for the install state, proofs for the checkpoint in `locked`

Read after `refresh`: `trust` (TrustFiles), `recalls`, `checkpoint` (S, an OpenedCheckpoint), `freshness`, `current(statement, pack)`. With
`--offline` everything comes from this machine or is `registry.unreachable`.

Claims: for a locked release `Claim(pack, version, lock=line, lines=lines_of(lock, pack))`; for one chosen anew of a publisher that the lock
knows `Claim(pack, version, known=locked_publisher(lock, publisher))`; both of `locked`. `evidence` wants all releases that will be in the
lock, also those that were in it before: their packproofs and roots are on this machine mostly.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from packctl import __version__
from packctl.outcome import Notice
from packctl.session import Session
from packctl.trust.cached import Listed
from packctl.trust.documents import FetchedProofs
from packctl.trust.faults import IndexRollback, MetadataMismatch
from packctl.trust.freshness import Freshness, Limits, Purpose, check_clock, judge
from packctl.trust.gathering import Gathering
from packctl.trust.kept import KeptFiles
from packctl.trust.log import Earlier, LogFiles, open_log
from packctl.trust.memory import Memory, Seen
from packctl.trust.opening import Opened, check_chain, open_root
from packctl.trust.proofs import Claim, Given, Proven, Prover
from packctl.trust.proving import Proving
from packctl.trust.reading import Wish
from packctl.trust.recalls import NONE, Restorer, check_recalls, in_force
from packctl.trust.targets import TRUST_FILES, Targets, open_targets, parse_trust_files
from packspec import site
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.index import PackIndex, PublisherDocument, Recalls
from packspec.index.missing import NoSuchPack
from packspec.labels import Label
from packspec.lockfile import LockedRegistry, LogLine, LogSignature
from packspec.log.checkpoint import Checkpoint, OpenedCheckpoint, SignedNote, lock_lines
from packspec.log.leaf import LoggedPack
from packspec.moments import moment
from packspec.names import PackName, PublisherName
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import Chain, PublisherChanged
from packspec.trustfiles import TrustFiles
from packspec.verdict import Current
from packspec.verdict.evidence import Known
from packspec.versions import Version

if TYPE_CHECKING:
    from packspec.licenses.jwk import KeySet


class TrustedRegistry:
    """One registry for one command. `locked` is what the lock knows of it."""

    trust: TrustFiles
    recalls: Recalls
    too_old: PackError | None = None
    """What is wrong with the age of the index, for CURRENT; set by whoever judges it otherwise than `refresh` does."""

    def __init__(self, opened: Opened, session: Session, locked: LockedRegistry | None = None) -> None:
        self.opened = opened
        self._session = session
        self._locked = locked
        self._memory = Memory(opened.state)
        self._indexes: dict[LoggedPack, PackIndex] = {}
        self._documents: dict[PublisherName, PublisherDocument | None] = {}

    @classmethod
    def open(cls, session: Session, alias: str, address: str, locked: LockedRegistry | None = None) -> Self:
        """I1: the registry at `address`, by its pinned root; asked only if that root is not on this machine. Raises as `open_root`."""
        return cls(open_root(session, alias, address), session, locked)

    # I2 to I5

    def refresh(self, purpose: Purpose = Purpose.CHOOSE) -> None:
        """Brings everything up to date and remembers it. Warnings go to the session. Raises what docs/spec/install.md lists at I2 to I5."""
        self.examine(open_targets(self.opened, purpose, self._session.clock()), purpose)  # I2
        self.remember()

    def examine(self, targets: Targets, purpose: Purpose) -> None:
        """I2 to I5 for a state that is at hand; nothing is remembered yet, for who must first know that all else is good, too."""
        now = self._session.clock()
        self._targets = targets
        cached, seen = targets.cached, self._memory.seen()
        check_clock(cached.signed_at, now)
        if cached.signed_at < seen.signed_at:
            raise IndexRollback("timestamp", moment(seen.signed_at), moment(cached.signed_at))
        check_chain(cached.chain, cached.roots, self.opened, self._locked)
        self.trust = self._read_trust()  # I3
        self.trust.policy.check_client(Version.parse(__version__))
        self._judge_age(purpose, now)
        files = LogFiles(KeptFiles(self.opened.state), self.opened.source, self.opened.address)
        earlier = Earlier(self._memory, self._locked, self._session.rules.policy.witnesses or 0)
        self.log, remembered = open_log(cached.note, self.trust.log, files, earlier)  # I4
        self.recalls = self._read_recalls()  # I5
        self._kept_metadata = dict(cached.used)
        check_recalls(seen.recalls, self.recalls, self._restorer)
        self._examined = Seen(cached.signed_at, remembered.note, self.recalls, remembered.proven)

    def remember(self) -> None:
        """Remembers what was examined, unless something newer was meanwhile. Raises MemoryBroken, DiskFailed."""
        self._memory.keep(self._examined)

    @property
    def checkpoint(self) -> OpenedCheckpoint:
        """S."""
        return self.log.opened

    @property
    def is_locked(self) -> bool:
        """Whether a lock was compared with it."""
        return self._locked is not None

    def keep_fork(self, one: SignedNote, other: SignedNote) -> Path:
        """Keeps two notes that contradict one another as evidence, and says where. Raises DiskFailed."""
        return self._memory.keep_fork(one, other)

    def seen(self) -> Seen:
        """What this machine remembers of it now. Raises MemoryBroken, DiskFailed."""
        return self._memory.seen()

    @property
    def freshness(self) -> Freshness:
        """When the newest timestamp was signed, and when metadata ends."""
        return self._targets.cached.freshness

    @property
    def ends(self) -> dict[str, int]:
        """When each role of the metadata ends that was looked at: seconds since 1970, UTC."""
        return self._targets.cached.ends

    def _read_trust(self) -> TrustFiles:
        wanted = []
        for name in TRUST_FILES:
            listed = self._targets.find(name)
            if listed is None:
                raise MetadataMismatch("targets", f"lists {name}", "it does not")
            wanted.append(listed)
        return parse_trust_files(self._targets.read_all(wanted))

    def _read_recalls(self) -> Recalls:
        listed = self._targets.find(site.RECALLS_TARGET)
        return NONE if listed is None else Recalls.parse(self._targets.read(listed))

    def _judge_age(self, purpose: Purpose, now: int) -> None:
        if purpose is Purpose.VERIFY:
            return
        own = self._session.rules.policy.max_index_age
        allowed = Limits(self.trust.policy.max_age, own.seconds if own else None)
        found = judge(self.freshness, purpose, now, allowed, is_online=self.opened.is_online)
        if isinstance(found, PackError):
            raise found
        if isinstance(found, Notice):
            self._session.warn(found)

    # I6

    def index(self, pack: PackName, token: LoggedPack | None = None) -> PackIndex:
        """The index of a pack; `token` is its name in the log, for a private one. Raises NoSuchPack, WrongPack, and what reading raises."""
        logged = token or LoggedPack(pack)
        if logged not in self._indexes:
            listed = self._targets.find(site.pack_target(logged))
            if listed is None:
                raise NoSuchPack(pack)
            self._indexes[logged] = PackIndex.parse(self._targets.read(listed), pack)
        return self._indexes[logged]

    def listed(self, name: str) -> Listed | None:
        """What verified metadata lists under the name of a target. Raises what refreshing raises."""
        return self._targets.find(name)

    def all_listed(self) -> Iterator[Listed]:
        """Everything that verified metadata lists. Raises what refreshing raises."""
        return self._targets.all()

    def current(self, statement: Digest, pack: PackName) -> Current:
        """What the registry says of a release now: the recalls that hold, as of the newest timestamp."""
        recalls = in_force(self.recalls, statement, pack, self._restorer)
        return Current(self._targets.cached.signed_at, recalls, self.too_old)

    # I8

    def prove(self, claims: Sequence[Claim], accepted: frozenset[Digest] = frozenset()) -> list[Proven]:
        """R1 to R9 for every claim, in their order (`Proving.prove`)."""
        self._bring_indexes(claims)
        given = Given(self.trust, self.checkpoint, accepted)
        return Proving(self, self._proofs, given, self._restorer).prove(claims)

    @property
    def unknown(self) -> Current:
        """What the registry says of a release that nobody can name by its statement: how old that is, and nothing else."""
        return Current(self._targets.cached.signed_at, fault=self.too_old)

    def _bring_indexes(self, claims: Iterable[Claim]) -> None:
        """Fetches the indexes that are not here all at once. What is wrong with one, `index` finds again and says."""
        names = [site.pack_target(one.logged_pack) for one in claims if one.logged_pack not in self._indexes]
        with suppress(PackError):
            self._targets.read_all([one for one in self._targets.find_all(names) if one is not None])

    def publisher(self, publisher: PublisherName) -> Chain:
        """The verified roots of a publisher, in the log of S. Raises PublisherChanged and its kin, and what fetching raises."""
        given, paths = Given(self.trust, self.checkpoint), self._proofs.root_paths(publisher).values()
        found = Prover(self._proofs, given).chain(publisher)
        if isinstance(found, PackError) and self._proofs.came_from_here(paths):
            # A file that was kept is damaged, perhaps (C12); what the registry gives now counts.
            self._proofs.forget(paths)
            found = Prover(self._proofs, given).chain(publisher)
        if isinstance(found, PackError):
            raise found
        if found is None:
            raise PublisherChanged(publisher, 1, "the registry lists no roots")
        return found

    def unchanging(self, wish: Wish, is_right: Callable[[bytes], bool]) -> bytes | None:
        """A file of the static side that never changes (`FetchedProofs.unchanging`). Raises when the registry cannot be reached."""
        return self._proofs.unchanging(wish, is_right)

    def license_keys(self) -> "KeySet":
        """The keys that sign licenses, as the registry's root vouches for them. Raises Malformed, and what reading raises."""
        from packspec.licenses.jwk import KeySet

        listed = self._targets.find(site.LICENSE_KEYS_TARGET)
        return KeySet(()) if listed is None else KeySet.parse(self._targets.read(listed))

    def publisher_document(self, publisher: PublisherName) -> PublisherDocument | None:
        """Which roots a publisher has; None if the registry lists none. Raises WrongPack, and what reading raises."""
        if publisher not in self._documents:
            listed = self._targets.find(site.publisher_target(publisher))
            data = self._targets.read(listed) if listed else None
            self._documents[publisher] = PublisherDocument.parse(data, publisher) if data is not None else None
        return self._documents[publisher]

    @cached_property
    def _proofs(self) -> FetchedProofs:
        kept = KeptFiles(self.opened.cache)
        return FetchedProofs(kept, self.opened.source, self.opened.address, self.log, self.publisher_document)

    @cached_property
    def _restorer(self) -> Restorer:
        prover = Prover(self._proofs, Given(self.trust, self.checkpoint))

        def chain(pack: PackName) -> Known[Chain]:
            return prover.chain(pack.publisher)

        def document(digest: Digest) -> bytes | None:
            data = self._proofs.document(digest)
            if data is not None and Envelope.parse(data).digest.same(digest):
                self._proofs.keep([site.document(digest)])  # a lifted recall stays lifted without network
            return data

        return Restorer(self.trust, self.log.entry, document, chain)

    # I15

    def lock_entry(self) -> LockedRegistry:
        """What a lock keeps of this registry as it is now."""
        chain = self._targets.cached.chain
        line, signature = lock_lines(self.checkpoint, self.trust.log)
        return LockedRegistry(
            name=Label(self.opened.alias),
            root_version=chain.root.version,
            root=chain.digests[chain.root.version],
            log=LogLine.parse(line),
            log_signature=LogSignature.parse(signature),
        )

    def evidence(self, proven: Iterable[Proven], locked: LockedRegistry) -> dict[str, bytes]:
        """What the install state keeps of the registry and of these releases, with proofs for the checkpoint in `locked`.

        That is this registry's `lock_entry`, or that of an earlier moment where the lock did not change. Raises what fetching raises.
        """
        gathering = Gathering(self.opened, self._kept_metadata, self._targets, self._proofs, self.log, self.recalls)
        return gathering.evidence(list(proven), Checkpoint.parse_line(locked.log))

    def files_to_carry(self, proven: Sequence[Proven], since: int = 0) -> dict[str, bytes]:
        """Path to bytes of what proving these releases elsewhere needs, where a log of `since` entries is known. Raises as `evidence`."""
        from packctl.trust.carrying import Carrying

        return Carrying(self._targets, self._proofs, self.log, self.recalls).files(proven, since)

    def adopt(self) -> None:
        """Keeps metadata that was brought in a file and examined, then remembers it. Raises IndexRollback, DiskFailed."""
        from packctl.trust.adopting import adopt

        adopt(self.opened, self._targets.cached)
        self.remember()
