"""What a publisher attests of a release that waits for a decision: found, told, signed with a release key, handed in."""

from collections.abc import Sequence

from msgspec import Struct

from packctl.publish.anchor import identify
from packctl.publish.signer import find_key, open_key, shown
from packctl.registry.client import RegistryClient
from packctl.session import Session
from packctl.ui.escape import safe
from packctl.usage import BadValue
from packspec.canonical import Malformed
from packspec.digests import Digest
from packspec.errors import NotFound
from packspec.names import PackName
from packspec.protocol.publishing import ATTEST, LIST, Attest, ListSubmissions, SubmissionView
from packspec.signing import dsse
from packspec.signing.attestation import (
    PAYLOAD_TYPE,
    Attestation,
    Claim,
    make_attestation,
    read_attestation,
    read_attestation_of,
)
from packspec.signing.dsse import Envelope, check_type
from packspec.signing.publisher import CountingKeys, judge_signatures
from packspec.submissions import UNDECIDED
from packspec.versions import Version


class NothingToAttest(NotFound):
    """No submission of that release waits for a decision, or the one that does has no statement yet."""

    release: str

    code = "publish.nothing-to-attest"

    def what(self) -> str:
        return f"no release {self.release} waits for a decision"

    def why(self) -> str:
        return "an attestation speaks of a signed statement, and comes before the approval that cites it"

    def fix(self) -> list[str]:
        return ["packctl publish", f"packctl status {self.release.partition(' ')[0]}"]


class Attested(Struct, frozen=True):
    """What was handed in: the submission after it, the attestation, and whose key signed."""

    view: SubmissionView
    attestation: Attestation
    digest: Digest
    by: str


def waiting_submission(client: RegistryClient, pack: PackName, version: Version) -> SubmissionView:
    """The submission of a release that can still be attested. Raises NothingToAttest."""
    answer = client.call(LIST, ListSubmissions(pack=pack, publisher=pack.publisher, sort="newest"))
    for view in answer.submissions:
        if view.version == version.without_build() and view.state in UNDECIDED and view.statement_digest is not None:
            return view
    raise NothingToAttest(f"{pack} {version}")


def claims_from(texts: Sequence[str]) -> tuple[Claim, ...]:
    """Claims as a person writes them, `NAME=TEXT`. Raises BadValue."""
    claims = []
    for text in texts:
        name, sign, said = text.partition("=")
        if not sign:
            raise BadValue("--claim", text[:80], "NAME=TEXT")
        claims.append(Claim(name=name.strip(), text=said.strip()))
    try:
        make_attestation(Attestation(v=1, statement=Digest.of(b""), claims=tuple(claims), at=0))
    except (Malformed, ValueError) as error:
        wanted = "NAME=TEXT, each name once: lower-case letters, digits and inner hyphens, and a text of at most 2,000 characters"
        raise BadValue("--claim", "; ".join(texts)[:80], wanted) from error
    return tuple(claims)


def attest(
    session: Session, client: RegistryClient, view: SubmissionView, claims: tuple[Claim, ...], named_key: str | None
) -> Attested:
    """Signs `claims`, or, without any, what was begun; tells what is signed, and asks before. Raises NothingToAttest, Declined, and
    what finding and opening a key and the registry raise.
    """
    assert view.statement_digest is not None  # as it was found
    envelope = _begun(view, claims)
    if envelope is None:
        attestation = Attestation(v=1, statement=view.statement_digest, claims=claims, at=session.clock())
        envelope = Envelope(make_attestation(attestation), PAYLOAD_TYPE, ())
    attestation = read_attestation(envelope.payload)
    identity = identify(session, client, view.pack.publisher)
    key = find_key(session, named_key, identity.keys, identity.purpose, identity.counting)
    session.console.say(f"{safe(view.pack)} {safe(str(view.version))}, {view.id}: {view.pack.publisher} attests that")
    for claim in attestation.claims:
        session.console.say(f"  {claim.name}: {safe(claim.text)}")
    session.ask.must_confirm("Sign that, for everybody to read?")
    session.console.say(f"Signing   with key {shown(key)}")
    signer = open_key(session, key)
    signed = envelope.signed_by(signer) if envelope.signatures else dsse.sign(envelope.payload, PAYLOAD_TYPE, [signer])
    after = client.call(ATTEST, Attest(id=view.id, attestation=signed.encode().decode()))
    return Attested(after, attestation, signed.digest, shown(key))


def attested(view: SubmissionView, statement: Digest, counting: CountingKeys) -> tuple[Attestation, Digest] | None:
    """What the publisher attests of a submission, and its digest; None where nothing is. For reviewers: nothing is taken on trust.

    Raises WrongType, NotAuthentic and its kin, StatementMismatch, and what reading it raises.
    """
    if not view.attestation:
        return None
    envelope = Envelope.parse(view.attestation.encode())
    judge_signatures(envelope, PAYLOAD_TYPE, f"attestation of {view.pack} {view.version}", counting)
    return read_attestation_of(statement, envelope.payload), envelope.digest


def _begun(view: SubmissionView, claims: tuple[Claim, ...]) -> Envelope | None:
    """The attestation that waits for more signatures, if it is the one that is meant. Raises NothingToAttest."""
    if not view.attestation:
        if not claims:
            raise NothingToAttest(f"{view.pack} {view.version}")
        return None
    envelope = Envelope.parse(view.attestation.encode())
    check_type(envelope, PAYLOAD_TYPE)
    found = read_attestation(envelope.payload)
    is_meant = found.statement == view.statement_digest and (not claims or found.claims == claims)
    return envelope if is_meant else None
