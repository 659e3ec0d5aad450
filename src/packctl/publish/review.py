"""A reviewer's half: everything about a submission is made again on this machine before anybody is asked what they think of it.

The archive is fetched by its digest and read by the strict reader, the statement's every field is made anew from it, its signatures are
judged by the publisher's roots out of the registry's log, and the check report is made again. Nothing is taken from the registry's word
but what a reviewer decides about anyhow. Chapters: docs/spec/statement.md, docs/spec/approval.md.
"""

from collections.abc import Sequence

from msgspec import Struct

from packctl.publish.attest import attested
from packctl.publish.build import Built
from packctl.publish.changes import Changes, compare
from packctl.publish.fetch import fetched
from packctl.registry.choose import Chosen
from packctl.registry.client import RegistryClient
from packctl.registry.open import open_transfers
from packctl.registry.transfer import Wanted
from packctl.session import Session
from packctl.trust.opening import open_root
from packctl.trust.proofs import Claim
from packctl.trust.registry import TrustedRegistry
from packspec import limits, site
from packspec.checkreport import CheckReport
from packspec.checks import Finding
from packspec.digests import Digest
from packspec.errors import Untrusted
from packspec.index import IndexedRelease
from packspec.index.missing import NoSuchPack
from packspec.names import PackName
from packspec.protocol.publishing import TAKE, AskSubmission, SubmissionView
from packspec.signing.approval import NotApproved, ReviewerSet, SelfApproved
from packspec.signing.attestation import Attestation
from packspec.signing.claim import check_claim
from packspec.signing.dsse import Envelope
from packspec.signing.keys import PublicKey
from packspec.signing.publisher import Authentic, Chain, judge_signatures, keys_that_count
from packspec.signing.statement import PAYLOAD_TYPE, Statement, check_statement, read_statement
from packspec.submissions import WAITING, Event, IllegalMove, State
from packspec.tree import Tree
from packspec.versions import Version


class ReportDiffers(Untrusted):
    """The findings that the registry shows are not those of the report that an approval would name."""

    submission: str
    expected: str
    found: str

    code = "publishing.report-differs"

    def what(self) -> str:
        return f"the findings shown for {self.submission} are not those of its check report"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected, "found": self.found}

    def why(self) -> str:
        return "an approval names the report, so what a reviewer reads must be what it says"

    def fix(self) -> list[str]:
        return ["do not decide about it, and tell the registry's operator"]


class Inspection(Struct, frozen=True):
    """What this machine found. `changes` is None for a first release; `earlier` counts the releases before."""

    view: SubmissionView
    claim: Statement
    envelope: Envelope
    authentic: Authentic
    chain: Chain
    findings: tuple[Finding, ...]
    report: Digest
    changes: Changes | None
    earlier: int
    attestation: Attestation | None = None
    attested: Digest | None = None
    """What its publisher attests of it, verified, and the digest that an approval cites."""


def open_trusted(session: Session, chosen: Chosen) -> TrustedRegistry:
    """The registry by its pinned root, brought up to date. Raises what `open_root` and `refresh` raise, RootUnknown among it."""
    registry = TrustedRegistry(open_root(session, chosen.alias, chosen.address), session)
    registry.refresh()
    return registry


def check_decidable(view: SubmissionView, event: Event) -> None:
    """Raises IllegalMove unless the submission waits for a decision."""
    if view.state not in WAITING:
        raise IllegalMove(State(view.state), event, view.id)


def reviewers_now(registry: TrustedRegistry, view: SubmissionView) -> ReviewerSet:
    """Who may approve what would be logged next, by the list that the offline keys signed. Raises NotApproved where nobody may."""
    found = registry.trust.reviewers.in_force(registry.checkpoint.checkpoint.size)
    if found is None:
        raise NotApproved(f"{view.pack} {view.version}", 0, 1, ("the registry's list of reviewers is empty",))
    return found


def take(client: RegistryClient, view: SubmissionView) -> SubmissionView:
    """Takes it from the queue, if it lies there."""
    return view if view.state == State.IN_REVIEW else client.call(TAKE, AskSubmission(id=view.id))


def inspect(session: Session, client: RegistryClient, registry: TrustedRegistry, view: SubmissionView) -> Inspection:
    """Fetches and judges a submission that was taken. Raises the error of whatever is wrong with it."""
    with fetched(session, client, view) as built:
        return judge(session, registry, view, built)


def judge(session: Session, registry: TrustedRegistry, view: SubmissionView, built: Built) -> Inspection:
    """Judges a submission whose archive is on this machine.

    Raises WrongType, NotAuthentic and its kin, StatementMismatch, ReportDiffers, and what reading the registry raises.
    """
    envelope = Envelope.parse(view.statement.encode())
    chain = registry.publisher(view.pack.publisher)
    place, now, policy = registry.checkpoint.checkpoint.size, session.clock(), registry.trust.policy
    name = f"{view.pack} {view.version}"
    counting = keys_that_count(chain, place, now, view.pack, policy.waits)
    authentic = judge_signatures(envelope, PAYLOAD_TYPE, name, counting)
    claim = read_statement(envelope.payload)  # decoded only now that enough keys that count have signed it
    check_statement(claim, view.pack, view.version, chain.anchor)
    check_claim(claim, built.archive, built.sha256, built.size)
    report = CheckReport(v=1, archive=built.sha256, findings=tuple(view.findings)).digest
    if view.checks is None or not report.same(view.checks):
        raise ReportDiffers(view.id, view.checks.labelled if view.checks else "none", report.labelled)
    releases = _releases(registry, view.pack)
    changes = _changes(session, registry, releases, claim, built.archive.tree)
    found = attested(view, envelope.digest, counting)
    said, digest = found if found else (None, None)
    return Inspection(
        view, claim, envelope, authentic, chain, tuple(view.findings), report, changes, len(releases), said, digest
    )


def refuse_own(inspection: Inspection, key: PublicKey) -> None:
    """A reviewer's key that is also the publisher's counts for nothing. Raises SelfApproved."""
    if key in inspection.chain.keys:
        raise SelfApproved(f"{inspection.view.pack} {inspection.view.version}", (key.fingerprint,))


def _releases(registry: TrustedRegistry, pack: PackName) -> Sequence[IndexedRelease]:
    try:
        return registry.index(pack).releases
    except NoSuchPack:
        return ()


def _changes(
    session: Session, registry: TrustedRegistry, releases: Sequence[IndexedRelease], claim: Statement, tree: Tree
) -> Changes | None:
    """Against the highest release below this one, or else the highest of all, whose statement is proven and whose tree it names."""
    before = _before(releases, claim.version)
    if before is None:
        return None
    proven = registry.prove([Claim(claim.pack, before.version)])[0]
    statement = proven.verdict.statement
    if statement is None:
        proven.verdict.require()
        return None
    url = f"{registry.opened.address}/{site.blob(statement.tree.sha256)}"
    wanted = Wanted(
        url, statement.tree.sha256, f"{claim.pack} {before.version}", limits.TREE_BYTES, statement.tree.size
    )
    data = session.once(open_transfers).read(wanted)
    return compare(statement, Tree.parse(data), claim, tree)


def _before(releases: Sequence[IndexedRelease], version: Version) -> IndexedRelease | None:
    below = (row for row in releases if row.version < version)
    return next(below, releases[0] if releases else None)
