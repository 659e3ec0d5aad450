"""`verify FILE.pack`: one archive and its packproof, without a project (docs/spec/verify.md, Archives).

The archive passes the strict reader, and archive and tree must be those of the statement. With `--proof` the log is the one of the
packproof's own checkpoint, and trust files and publisher roots come from this machine; with `--online` all of it comes from the registry.
"""

from pathlib import Path
from shlex import quote

from msgspec import Struct

from packctl.durable import open_named, read_named
from packctl.findings.gathered import Findings
from packctl.session import Session
from packctl.trust.proofs import Claim, Given, Proven, Prover
from packctl.verify.history import is_one_history
from packctl.verify.license import FREE
from packctl.verify.material import KeptProofs, Material, gather
from packctl.verify.online import ask_registry
from packctl.verify.order import Order
from packctl.verify.result import Release, Said, Verified, answers_of
from packspec import limits
from packspec.archive.read import read_archive
from packspec.digests import Digest
from packspec.errors import PackError, Untrusted
from packspec.index import PublisherDocument
from packspec.log.checkpoint import OpenedCheckpoint, open_checkpoint
from packspec.moments import moment
from packspec.names import PackName, PublisherName
from packspec.packproof import Packproof, ProofMissing
from packspec.registries import registry_of
from packspec.signing.publisher import Chain
from packspec.tree import Tree
from packspec.trustfiles import TrustFiles
from packspec.verdict.evidence import Known
from packspec.versions import Version


class OtherArchive(Untrusted):
    """An archive is not the one that its publisher signed under this name and version."""

    release: str
    part: str
    expected: Digest
    found: Digest

    code = "trust.archive-changed"

    def what(self) -> str:
        return f"this is not the archive of {self.release} that its publisher signed"

    def facts(self) -> dict[str, str]:
        return {self.part: self.expected.labelled, "found": self.found.labelled}

    def why(self) -> str:
        return "the file was changed, was built anew, or the packproof belongs to another release"

    def fix(self) -> list[str]:
        return ["fetch it again from the registry"]


class Offered(Struct, frozen=True):
    """The archive that was given."""

    pack: PackName
    version: Version
    digest: Digest
    tree: Tree

    @property
    def name(self) -> str:
        """How it is called in texts."""
        return f"{self.pack} {self.version}"


def verify_archive(session: Session, path: Path, proof: Path | None, order: Order) -> tuple[Verified, Findings]:
    """Every answer about one archive. Raises `archive.*` and ManifestFaults for a file that is no pack, ProofMissing without a proof."""
    archive = _read(path)
    findings = Findings(order.strict)
    alias = registry_of(session.rules.registries, archive.pack.publisher)
    claim = Claim(archive.pack, archive.version.without_build())
    proven: Proven | None = None
    material = Material()
    if order.online:
        material, found = ask_registry(session, alias, None, [claim], order.asked, findings.add)
        proven = found[0] if found else None
    elif proof is not None:
        material = gather(session, alias, None, None, order.asked)
        findings.add(material.faults)
        proven = _prove(session, material, claim, read_named(proof, limits.PACKPROOF_BYTES))
    else:
        raise ProofMissing(archive.name, quote(str(path)))
    return _result(archive, proven, material, order, findings), findings


def _read(path: Path) -> Offered:
    with open_named(path) as source:
        read = read_archive(source)
        return Offered(read.manifest.pack.name, read.manifest.pack.version, source.digest(), read.tree)


def _prove(session: Session, material: Material, claim: Claim, data: bytes) -> Proven:
    """R1 to R9 against the packproof's own checkpoint; its publisher's roots against the newest one that this machine has seen."""
    chain = _chain(material, claim.pack.publisher)
    material.checkpoint = _own_checkpoint(session, material, data)
    prover = Prover(_OneProof(data), material.given, {claim.pack.publisher: chain})
    packproof = Packproof.parse(data)
    row = material.listed(claim, packproof.proof.index)
    current = material.current(packproof.statement.digest, claim.pack, prover)
    return prover.prove(claim, row, current)


def _chain(material: Material, publisher: PublisherName) -> Known[Chain]:
    trust, home = material.trust, material.home
    seen = home.memory.seen().note if home else None
    if seen is None or not isinstance(trust, TrustFiles):
        return None
    try:
        material.checkpoint = open_checkpoint(seen, trust.log)
        return Prover(KeptProofs(material), Given(trust, material.checkpoint)).chain(publisher)
    except PackError as error:
        return error


def _own_checkpoint(session: Session, material: Material, data: bytes) -> Known[OpenedCheckpoint]:
    if not isinstance(material.trust, TrustFiles) or material.home is None:
        return None
    try:
        quorum = session.rules.policy.witnesses or 0
        opened = open_checkpoint(Packproof.parse(data).proof.note, material.trust.log, quorum)
        return opened if is_one_history(material.home, opened, material.home.memory.seen()) else None
    except PackError as error:
        return error


class _OneProof:
    """A `ProofSource` of one packproof."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def publisher_document(self, publisher: PublisherName) -> PublisherDocument | None:
        return None

    def publisher_root(self, publisher: PublisherName, version: int) -> bytes | None:
        return None

    def packproof(self, claim: Claim) -> bytes | None:
        return self._data

    def inclusion(self, index: int) -> tuple[bytes, ...]:
        proof = Packproof.parse(self._data).proof
        return proof.hashes if proof.index == index else ()


def _result(archive: Offered, proven: Proven | None, material: Material, order: Order, findings: Findings) -> Verified:
    nothing = Said("unchecked", "the registry could not be asked")
    answers = (
        answers_of(proven.verdict) if proven else dict.fromkeys(("authentic", "approved", "logged", "current"), nothing)
    )
    errors: list[PackError] = list(proven.verdict.faults) if proven else []
    answers["files"] = Said("unchecked", "the statement could not be verified")
    signed = proven.verdict.statement if proven else None
    if signed is not None:
        for part, expected, found in (
            ("archive", signed.archive.sha256, archive.digest),
            ("tree", signed.tree.sha256, archive.tree.digest),
        ):
            if not expected.same(found):
                errors.append(OtherArchive(archive.name, part, expected, found))
                break
        is_right = len(errors) == len(proven.verdict.faults) if proven else False
        answers["files"] = Said("yes") if is_right else Said("no", "", OtherArchive.code)
    answers["license"] = (
        FREE if signed is not None and not signed.paid else Said("unchecked", "asked of installed packs alone")
    )
    if not errors and any(answers[question].answer == "unchecked" for question in order.required - {"license"}):
        errors = [ProofMissing(archive.name)] if not findings.errors else []
    findings.add(errors, archive.name)
    fresh = material.freshness
    right = len(archive.tree.files) if answers["files"].answer == "yes" else 0
    release = Release(
        name=archive.pack,
        version=archive.version,
        authentic=answers["authentic"],
        approved=answers["approved"],
        logged=answers["logged"],
        current=answers["current"],
        files=answers["files"],
        license=answers["license"],
        files_right=right,
        files_total=len(archive.tree.files),
        failed=bool(errors or findings.errors),
    )
    return Verified(
        releases=[release],
        findings=[],
        files=right,
        as_of=moment(fresh.signed_at) if fresh else "",
        age_seconds=max(0, order.asked.now - fresh.signed_at) if fresh else 0,
        network=order.online,
    )
