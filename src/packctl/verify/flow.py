"""`verify` of a project: V1 to V7, for every release in the lock, going on after failures (docs/spec/verify.md)."""

from collections.abc import Collection, Iterable
from pathlib import Path

from msgspec import Struct

from packctl.findings.gathered import Findings
from packctl.findings.states import SafetyTooLow, warnings_of
from packctl.project.state import InstallState, Receipt
from packctl.session import Session
from packctl.trust.evidence import RegistryEvidence
from packctl.trust.locked import lines_of
from packctl.trust.proofs import Claim, Proven, Prover
from packctl.verify.files import check_installed
from packctl.verify.license import Licenses
from packctl.verify.material import KeptProofs, Material, gather
from packctl.verify.online import ask_registry
from packctl.verify.opened import Opened
from packctl.verify.order import Order
from packctl.verify.result import Release, Verified, answers_of
from packspec.errors import PackError, Stale, Untrusted
from packspec.lockfile import Lock, LockedPack, LockStale, check_current
from packspec.log.leaf import LoggedPack
from packspec.moments import moment
from packspec.names import PackName
from packspec.packproof import ProofMissing
from packspec.policy import Policy, Safety
from packspec.project import Project
from packspec.verdict import Verdict


class NotLocked(Stale):
    """pack.toml asks for a pack that pack.lock does not have."""

    pack: str

    code = "project.not-locked"

    def what(self) -> str:
        return f"pack.toml asks for {self.pack}, and pack.lock does not name it"

    def why(self) -> str:
        return "what the lock does not name cannot be verified"

    def fix(self) -> list[str]:
        return ["packctl install"]


class PackUnknown(Untrusted):
    """A pack is installed that the lock does not name."""

    release: str

    code = "trust.pack-unknown"

    def what(self) -> str:
        return f"{self.release} is installed, and pack.lock does not name it"

    def why(self) -> str:
        return "pack.lock changed after the last install; whatever loads packs would load this one too, and nobody verifies it"

    def fix(self) -> list[str]:
        return ["packctl install"]


class Subject(Struct, frozen=True):
    """A release that is looked at, with what was found of it before its files."""

    locked: LockedPack
    receipt: Receipt | None
    proven: Proven


def verify_project(session: Session, opened: Opened, order: Order) -> tuple[Verified, Findings]:
    """Every answer, and everything that is wrong. Raises what keeps it from beginning: NoProject, StateBroken."""
    place, packs, lock, state = opened.place, opened.packs, opened.lock, opened.state
    wanted = [pack for pack in lock.packs if not order.names or pack.name in order.names]
    findings = Findings(order.strict)
    project = place.read_project()
    try:
        check_current(lock, project)
    except LockStale as error:  # what is installed is judged all the same
        findings.warn(error)
    expected = _expected(project, lock, state)
    subjects: list[Subject] = []
    materials: list[Material] = []
    with session.progress("verifying", past="verified", total=len(wanted)) as progress:
        licenses: dict[str, Licenses] = {}
        for alias in sorted({str(pack.registry) for pack in wanted}):
            own = [pack for pack in wanted if pack.registry == alias]
            own = [pack for pack in own if _is_looked_at(pack, packs, state, expected, order)]
            material, found = _registry(session, alias, lock, state, own, order, findings)
            materials.append(material)
            licenses[alias] = Licenses(session, material)
            subjects += found
        releases = []
        for subject in subjects:
            item = progress.item(f"{subject.locked.name} {subject.locked.version}")
            own_licenses = licenses[str(subject.locked.registry)]
            releases.append(_release(subject, opened, own_licenses, session.rules.policy, order, findings))
            if not releases[-1].failed:
                item.done()
    _compare_with_lock(project, state, lock, findings)
    return _result(releases, materials, order), findings


def _expected(project: Project, lock: Lock, state: InstallState) -> frozenset[PackName]:
    """The packs that must be installed here: what pack.toml wants, in the groups that are installed, and what that needs."""
    wishes = [wish for wish in project.wishes(state.groups) if not wish.dependency.optional]
    waiting, found = [wish.pack for wish in wishes if wish.dependency.kind == "requires"], set()
    while waiting:
        name = waiting.pop()
        locked = lock.find(name)
        if locked is None or name in found:
            continue
        found.add(name)
        waiting += [need.pack for need in locked.needs]
    return frozenset(found)


def _is_looked_at(
    pack: LockedPack, packs: Path, state: InstallState, expected: Collection[PackName], order: Order
) -> bool:
    """Whether a locked release is, or should be, installed here. One of a group that is not installed says nothing about this project."""
    return (
        pack.name in expected or pack.name in state.receipts or pack.name in order.names or (packs / pack.name).is_dir()
    )


def _registry(
    session: Session,
    alias: str,
    lock: Lock,
    state: InstallState,
    packs: list[LockedPack],
    order: Order,
    findings: Findings,
) -> tuple[Material, list[Subject]]:
    """V2 to V4 for the releases of one registry."""
    claims = [_claim(lock, pack) for pack in packs]
    kept = RegistryEvidence.load(state, alias)
    if order.online:
        material, proven = ask_registry(session, alias, lock.registry(alias), claims, order.asked, findings.add)
        if proven is not None:
            return material, _subjects(packs, state, proven)
    material = gather(session, alias, kept if kept.is_there else None, lock.registry(alias), order.asked)
    findings.add(material.faults)
    prover = Prover(KeptProofs(material), material.given)
    found = []
    for claim, pack in zip(claims, packs, strict=True):
        row = material.listed(claim, pack.log_index)
        found.append(prover.prove(claim, row, material.current(pack.statement, claim.pack, prover)))
    _judge_expiry(material, order, findings)
    return material, _subjects(packs, state, found)


def _subjects(packs: list[LockedPack], state: InstallState, proven: list[Proven]) -> list[Subject]:
    return [Subject(pack, state.receipts.get(pack.name), one) for pack, one in zip(packs, proven, strict=True)]


def _claim(lock: Lock, pack: LockedPack) -> Claim:
    token = LoggedPack(pack.index) if pack.index is not None else None
    return Claim(pack.name, pack.version, lock=pack, lines=lines_of(lock, pack.name), token=token)


def _judge_expiry(material: Material, order: Order, findings: Findings) -> None:
    """V6: without network nothing newer can be known, so an index that has ended is only told, unless CURRENT is required."""
    fresh = material.freshness
    if fresh is None or not fresh.is_expired(order.asked.now):
        return
    error = fresh.expired(order.asked.now)
    if "current" in order.required:
        findings.add([error])
    else:
        findings.warn(error)


# One release


def _release(
    subject: Subject,
    opened: Opened,
    licenses: Licenses,
    policy: Policy,
    order: Order,
    findings: Findings,
) -> Release:
    pack, verdict = subject.locked, subject.proven.verdict
    name = f"{pack.name} {pack.version}"
    installed = check_installed(pack, subject.receipt, opened)
    license, unlicensed = licenses.judge(subject.proven, paid=pack.paid)
    answers = {**answers_of(verdict), "files": installed.said, "license": license}
    errors = [*verdict.faults, *_too_low(verdict, policy, name), *installed.errors]
    if unlicensed is not None and "license" in order.required:
        errors.append(unlicensed)
    elif unlicensed is not None:
        findings.warn(unlicensed, name, opened.lock.line_of(pack.name, "paid"))
    if not errors and any(answers[question].answer == "unchecked" for question in order.required):
        errors = [ProofMissing(name)]
    findings.add(errors, name)
    line = opened.lock.line_of(pack.name, "name")
    current = subject.proven.current
    for warning in warnings_of(name, subject.proven.listed, current.recalls if current else ()):
        findings.warn(warning, name, line)
    return Release(
        name=pack.name,
        version=pack.version,
        registry=str(pack.registry),
        authentic=answers["authentic"],
        approved=answers["approved"],
        logged=answers["logged"],
        current=answers["current"],
        files=answers["files"],
        license=license,
        files_right=installed.right,
        files_total=installed.total,
        line=line,
        failed=bool(errors),
    )


def _too_low(verdict: Verdict, policy: Policy, name: str) -> Iterable[PackError]:
    """`min-safety` of the policy, of a release whose approvals were found good."""
    approved = verdict.approved_by
    if policy.min_safety is not None and approved is not None and not policy.allows_safety(Safety(approved.safety)):
        yield SafetyTooLow(name, policy.min_safety, approved.safety)


def _compare_with_lock(project: Project, state: InstallState, lock: Lock, findings: Findings) -> None:
    """What the lock does not name nobody has verified: packs that are installed, and packs that pack.toml asks for."""
    for name, receipt in state.receipts.items():
        if lock.find(name) is None:
            findings.add([PackUnknown(f"{name} {receipt.version}")])
    for name, wish in project.dependencies.items():
        if lock.find(name) is None and wish.kind == "requires" and not wish.optional:
            findings.add([NotLocked(name)])


def _result(releases: list[Release], materials: list[Material], order: Order) -> Verified:
    ages = [one.freshness.signed_at for one in materials if one.freshness]
    oldest = min(ages, default=None)
    return Verified(
        releases=sorted(releases, key=lambda one: one.name),
        findings=[],
        files=sum(one.files_right for one in releases),
        as_of=moment(oldest) if oldest is not None else "",
        age_seconds=max(0, order.asked.now - oldest) if oldest is not None else 0,
        network=order.online,
    )
