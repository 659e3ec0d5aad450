"""Asks the registries of a project about every release in its lock, and proves what they say (docs/spec/audit.md, "What is looked at")."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from packctl.audit.judge import Found, Subject, judge_keys
from packctl.install.begin import Work
from packctl.install.registries import Registries
from packctl.project.state import Receipt
from packctl.trust.evidence import RegistryEvidence
from packctl.trust.locked import lines_of
from packctl.trust.newkeys import seen_root
from packctl.trust.proofs import Claim, Proven
from packctl.trust.registry import TrustedRegistry
from packspec.index.missing import NoSuchPack
from packspec.labels import Label
from packspec.lockfile import Lock, LockedPack
from packspec.log.leaf import LoggedPack
from packspec.names import PackName, PublisherName
from packspec.signing.publisher import PublisherRoot
from packspec.verdict import ReleaseRecalled


class Looked(Struct, frozen=True):
    """What came of it: one subject per release, and what is said about publishers."""

    subjects: tuple[Subject, ...]
    keys: tuple[Found, ...]


def look(work: Work, lock: Lock, registries: Registries) -> Looked:
    """Every release of the lock, and every installed one that the lock does not name. Raises what keeps a registry from being asked."""
    subjects: list[Subject] = []
    keys: list[Found] = []
    for alias in sorted({pack.registry for pack in lock.packs}):
        registry = registries.named(alias)
        own = [pack for pack in lock.packs if pack.registry == alias]
        proven = registry.prove([_claim(lock, one) for one in own])
        subjects += [_locked(work, lock, registry, pack, one) for pack, one in zip(own, proven, strict=True)]
        keys += _keys(work, alias, proven)
    subjects += [_stray(registries, receipt) for receipt in _strays(work, lock)]
    return Looked(tuple(sorted(subjects, key=lambda one: (one.pack, one.version))), tuple(keys))


def _claim(lock: Lock, pack: LockedPack) -> Claim:
    token = LoggedPack(pack.index) if pack.index is not None else None
    return Claim(pack.name, pack.version, lock=pack, lines=lines_of(lock, pack.name), token=token)


def _locked(work: Work, lock: Lock, registry: TrustedRegistry, pack: LockedPack, one: Proven) -> Subject:
    receipt = work.state.receipts.get(pack.name)
    for fault in one.verdict.faults:
        if isinstance(fault, ReleaseRecalled):
            fault.place = work.places_of(pack.name)
            fault.note = (one.listed.note or "") if one.listed else ""
    try:
        index = registry.index(pack.name, one.claim.token)
    except NoSuchPack:
        index = None
    return Subject(
        pack.name,
        pack.version,
        line=lock.line_of(pack.name, "name"),
        is_installed=receipt is not None and receipt.statement == pack.statement,
        row=one.listed,
        recalls=one.current.recalls if one.current else (),
        faults=one.verdict.faults,
        index=index,
    )


def _strays(work: Work, lock: Lock) -> Iterator[Receipt]:
    """Releases that are installed although the lock names another one, or none: a recall of them counts all the same."""
    for pack in sorted(work.state.receipts):
        receipt, locked = work.state.receipts[pack], lock.find(pack)
        if locked is None or locked.statement != receipt.statement:
            yield receipt


def _stray(registries: Registries, receipt: Receipt) -> Subject:
    registry = registries.named(Label(receipt.registry))
    recalls = registry.current(receipt.statement, receipt.pack).recalls
    return Subject(receipt.pack, receipt.version, is_installed=True, recalls=recalls)


def _keys(work: Work, alias: str, proven: list[Proven]) -> Iterator[Found]:
    """Publishers whose newest root is not the one that the last install here saw."""
    kept = RegistryEvidence.load(work.state, alias)
    newest: Mapping[PublisherName, tuple[PackName, PublisherRoot]] = {
        one.claim.pack.publisher: (one.claim.pack, one.chain.newest.root) for one in proven if one.chain is not None
    }
    for publisher, (pack, after) in sorted(newest.items()):
        before = seen_root(kept, publisher)
        found = judge_keys(before, after, pack) if before is not None else None
        if found is not None:
            yield found
