"""`audit --full`: every index that a registry shows, made again from its log (docs/spec/index.md, Replay) and compared.

The log is read from its first entry to S, each entry compared with the tree; documents come out of packproofs and are compared with the
digests in the entries. What a registry shows to everybody must follow from that and from nothing else.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from packctl.audit.judge import Found
from packctl.audit.result import Replayed
from packctl.install.registries import Registries
from packctl.registry.failures import Unreachable
from packctl.trust.reading import Wish
from packctl.trust.registry import TrustedRegistry
from packspec import limits, site
from packspec.digests import Digest
from packspec.errors import PackError, Unavailable, Untrusted
from packspec.index.replay import State
from packspec.log.leaf import PublishLeaf, RestoreLeaf, parse_leaf
from packspec.names import PackName
from packspec.packproof import Packproof
from packspec.signing.dsse import Envelope

if TYPE_CHECKING:
    from packctl.session import Session

BATCH = 256
"""Entries whose documents are fetched together and are in memory at one time."""


class NotFromLog(Untrusted):
    """A registry shows something else than what follows from its log."""

    target: str
    expected: str
    found: str

    code = "trust.index-not-from-log"

    def what(self) -> str:
        return f"{self.target} does not follow from the registry's log"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected, "found": self.found}

    def why(self) -> str:
        return "a registry may show nothing but what its public log says, to everybody the same"

    def fix(self) -> list[str]:
        return ["report it to the registry's operator, and keep what this machine has seen"]


def replay_all(session: "Session", registries: Registries) -> tuple[list[Replayed], list[Found]]:
    """Every registry of the run. What is wrong is among the findings; raised is only what keeps a log from being read."""
    replayed, found = [], []
    for alias, registry in sorted(registries.opened.items()):
        with session.progress("replaying", past="replayed", total=registry.checkpoint.checkpoint.size) as progress:
            item = progress.item(f"the log of {alias}")
            try:
                state = _replay(registry)
            except Unavailable:
                raise
            except PackError as error:
                found.append(Found(error, "error"))
                continue
            item.done()
        wrong = list(_compare(registry, state))
        of_log = state.targets().keys()
        found += [Found(error, "error") for error in wrong]
        entries = registry.checkpoint.checkpoint.size
        replayed.append(Replayed(str(alias), entries, len(of_log - {one.target for one in wrong})))
    return replayed, found


def _replay(registry: TrustedRegistry) -> State:
    """Raises LogContradiction, DocumentMissing, BadTile, UnknownLeaf, and what fetching raises."""
    state, index = State(), 0
    for batch in _batches(registry.log.entries()):
        documents = _Documents(registry)
        documents.prepare(batch)
        for entry in batch:
            state.apply(index, entry, documents)
            index += 1
    return state


def _batches(entries: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    for entry in entries:
        batch.append(entry)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


class _Documents:
    """The payloads that a batch of entries names. Nothing is trusted here: `State.apply` compares every digest."""

    def __init__(self, registry: TrustedRegistry) -> None:
        self._opened = registry.opened
        self._found: dict[Digest, bytes] = {}

    def prepare(self, entries: Iterable[bytes]) -> None:
        """Fetches what these entries name, together."""
        leaves = [parse_leaf(entry) for entry in entries]
        proofs = [
            Wish(site.packproof(PackName(leaf.pack), leaf.version), limits.PACKPROOF_BYTES)
            for leaf in leaves
            if isinstance(leaf, PublishLeaf) and leaf.version is not None and not leaf.pack.is_private
        ]
        lifted = [
            Wish(site.document(leaf.document), limits.ENVELOPE_BYTES)
            for leaf in leaves
            if isinstance(leaf, RestoreLeaf)
        ]
        for data in self._read(proofs):
            packproof = Packproof.parse(data)
            self._keep(packproof.statement, *packproof.approvals)
        for data in self._read(lifted):
            self._keep(Envelope.parse(data))

    def _read(self, wishes: list[Wish]) -> list[bytes]:
        if not wishes:
            return []
        if self._opened.source is None:
            raise Unreachable(self._opened.address, "--offline, and the whole log with its documents is wanted")
        return [data for data in self._opened.source.read_all(wishes) if data is not None]

    def _keep(self, *envelopes: Envelope) -> None:
        self._found |= {Digest.of(envelope.payload): envelope.payload for envelope in envelopes}

    def payload(self, sha256: Digest) -> bytes | None:
        """The payload with this digest; None if it is not there."""
        return self._found.get(sha256)


def _compare(registry: TrustedRegistry, state: State) -> Iterator[NotFromLog]:
    """Targets by digest and size, trust files by digest, what is listed besides, the newest root."""
    for name, data in state.targets().items():
        listed = registry.listed(name)
        if listed is None and name == site.RECALLS_TARGET and not state.recalls:
            continue  # a registry that has recalled nothing need not list that
        if listed is None:
            yield NotFromLog(name, Digest.of(data).labelled, "nothing")
        elif not listed.sha256.same(Digest.of(data)) or listed.size != len(data):
            yield NotFromLog(name, Digest.of(data).labelled, listed.sha256.labelled)
    for name, digest in sorted(state.trust_files.items()):
        listed = registry.listed(name)
        if listed is None or not listed.sha256.same(digest):
            yield NotFromLog(name, digest.labelled, listed.sha256.labelled if listed else "nothing")
    made = state.names()
    for found in registry.all_listed():
        if found.name not in made:
            yield NotFromLog(found.name, "nothing", found.sha256.labelled)
    roots = registry.lock_entry()
    if state.tuf_root is not None and state.tuf_root != (roots.root_version, roots.root):
        version, digest = state.tuf_root
        yield NotFromLog(
            "the TUF root", f"root {version}, {digest.labelled}", f"root {roots.root_version}, {roots.root.labelled}"
        )
