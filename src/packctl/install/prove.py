"""Proves every release of a choice, and writes down as a lock what was proven (docs/spec/install.md, I8; docs/spec/lockfile.md)."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from packctl.install.begin import Work
from packctl.install.choose import Choice
from packctl.install.recalled import tell
from packctl.install.registries import Registries
from packctl.outcome import Notice
from packctl.trust.locked import lines_of, locked_publisher
from packctl.trust.proofs import Claim, Proven
from packctl.trust.registry import TrustedRegistry
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.labels import Label
from packspec.lockfile import Lock, LockedPack, LockedRegistry, LockStale, Need, inputs_digest
from packspec.names import PackName
from packspec.project import Project
from packspec.terms import Terms
from packspec.verdict import LockMismatch, ReleaseRecalled
from packspec.versions import Version

if TYPE_CHECKING:
    from packctl.session import Session


class ProvenChoice(Struct, frozen=True):
    """A choice, every release of it proven, and the lock that says so: the very one before, if nothing changed."""

    choice: Choice
    proven: Mapping[PackName, Proven]
    lock: Lock


def prove(session: "Session", work: Work, registries: Registries, choice: Choice) -> ProvenChoice:
    """I8: R1 to R9 for each release; warnings go to the session.

    Raises LockStale for a locked run whose lock would change; the fault of the one release that has one, or all together as an
    ExceptionGroup.
    """
    _check_registries(work, registries)
    accepted = frozenset((work.order.accepted or {}).values())
    proven: dict[PackName, Proven] = {}
    for alias in sorted({registries.alias_of(pack.publisher) for pack in choice.versions}):
        claims = [
            _claim(work, pack, version)
            for pack, version in choice.versions.items()
            if registries.alias_of(pack.publisher) == alias
        ]
        try:
            proven |= {one.claim.pack: one for one in registries.named(alias).prove(claims, accepted)}
        except ReleaseRecalled as error:
            tell(error, work, choice.project, registries.named(alias))
            raise
    faults = [fault for pack in sorted(proven) for fault in _fault_of(proven[pack])]
    for fault in faults:
        if isinstance(fault, ReleaseRecalled):
            tell(fault, work, choice.project, registries.of(PackName(fault.release.partition(" ")[0])))
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise ExceptionGroup("releases that cannot be trusted", faults)
    for pack in sorted(proven):
        for notice in _warnings(registries.of(pack), proven[pack]):
            session.warn(notice)
    for pack in sorted(proven):
        if (statement := proven[pack].verdict.statement) is not None and statement.paid:
            registries.of(pack).license_keys()  # so that they are on this machine when it has no network
    lock = _lock(work, registries, choice, proven)
    if work.is_locked and work.lock is not None and lock is not work.lock:
        raise LockStale(lock.inputs, work.lock.inputs)
    return ProvenChoice(choice, proven, lock)


def _check_registries(work: Work, registries: Registries) -> None:
    """R8 for the alias of a registry, which no signature covers: a lock that is taken names the one that the publisher is bound to."""
    for pack in work.lock.packs if work.lock and work.takes_lock else ():
        expected = registries.alias_of(pack.name.publisher)
        if pack.registry != expected:
            line = work.lock.line_of(pack.name, "registry") if work.lock else 0
            raise LockMismatch(f"{pack.name} {pack.version}", "registry", pack.registry, expected, line)


def _claim(work: Work, pack: PackName, version: Version) -> Claim:
    locked = work.lock.find(pack) if work.lock else None
    if work.lock is not None and locked is not None and locked.version == version:
        return Claim(pack, version, lock=locked, lines=lines_of(work.lock, pack))
    known = locked_publisher(work.lock, pack.publisher) if work.lock else None
    return Claim(pack, version, known=known)


def _fault_of(one: Proven) -> list[PackError]:
    faults = one.verdict.faults
    if not faults:
        one.verdict.require()
    return list(faults[:1])


def _warnings(registry: TrustedRegistry, one: Proven) -> list[Notice]:
    row = one.listed
    if row is None:
        return []
    release, facts = f"{one.claim.pack} {one.claim.version}", {}
    if row.reason:
        facts["reason"] = row.because
    if row.state == "deprecated":
        if row.use:
            facts["use instead"] = str(row.use)
        return [Notice("catalog.release-deprecated", f"{release} is deprecated", facts)]
    if row.state == "yanked":
        fix = [f"packctl update {one.claim.pack}"]
        return [Notice("policy.release-yanked", f"{release} was yanked; it stays because it is locked", facts, fix)]
    recalls = registry.current(row.statement, one.claim.pack).recalls
    if recalls:
        if recalls[-1].replacement:
            facts["use instead"] = str(recalls[-1].replacement)
        fix = [f"packctl update {one.claim.pack}"]
        return [Notice("policy.release-recalled", f"{release} was recalled with a warning", facts, fix)]
    return []


def _lock(work: Work, registries: Registries, choice: Choice, proven: Mapping[PackName, Proven]) -> Lock:
    """The lock of a choice. A registry's lines change only when a pack of it does, so a tree that is clean stays clean."""
    packs = tuple(_locked_pack(registries, choice, proven[pack]) for pack in sorted(choice.versions))
    old = work.lock
    entries = []
    for alias in sorted({pack.registry for pack in packs}):
        before = old.registry(alias) if old else None
        mine = [pack for pack in packs if pack.registry == alias]
        if old is not None and before is not None and mine == [pack for pack in old.packs if pack.registry == alias]:
            entries.append(before)
        else:
            entries.append(registries.named(Label(alias)).lock_entry())
    inputs = inputs_digest(choice.project)
    if old is not None and (old.inputs, sorted_packs(old), sorted_registries(old)) == (inputs, packs, tuple(entries)):
        return old
    return Lock(inputs=inputs, registries=tuple(entries), packs=packs)


def sorted_packs(lock: Lock) -> tuple[LockedPack, ...]:
    """The packs of a lock by name."""
    return tuple(sorted(lock.packs, key=lambda pack: pack.name))


def sorted_registries(lock: Lock) -> tuple[LockedRegistry, ...]:
    """The registries of a lock by alias."""
    return tuple(sorted(lock.registries, key=lambda registry: registry.name))


def _locked_pack(registries: Registries, choice: Choice, one: Proven) -> LockedPack:
    pack, alias = one.claim.pack, registries.alias_of(one.claim.pack.publisher)
    needs = tuple(sorted(Need.of(need, choice.versions[need]) for need in choice.needs[pack]))
    features, essential = _part(choice.project)
    if one.claim.lock is not None:
        return msgspec.structs.replace(
            one.claim.lock, registry=alias, needs=needs, features=features, essential=essential
        )
    statement, root, chain, listed = one.verdict.statement, one.verdict.root, one.chain, one.listed
    # or there were faults
    assert statement is not None and root is not None and chain is not None and listed is not None
    return LockedPack(
        name=pack,
        version=statement.version,
        registry=alias,
        archive=statement.archive.sha256,
        size=statement.archive.size,
        tree=statement.tree.sha256,
        statement=Digest(listed.statement),
        publisher_root_version=root.root.version,
        publisher_root=root.digest,
        publisher_anchor=chain.anchor,
        log_index=listed.log,
        license=Terms(statement.license),
        paid=statement.paid,
        needs=needs,
        features=features,
        essential=essential,
    )


def _part(project: Project) -> tuple[tuple[Label, ...] | None, bool]:
    """Which part of packs the project wants, as the lock has it: features (None: all), and whether essential assets alone."""
    features = project.install.features
    return None if features is None else tuple(sorted(features)), project.install.essential
