"""A change of keys from the wish to the log: told in words, signed with the owner keys of this machine, sent; what is missing waits."""

from collections.abc import Sequence

from msgspec import Struct

from packctl.keyring import KeyRing
from packctl.keys import HeldKey
from packctl.publish.owners.faults import ProposalNotNamed
from packctl.publish.owners.present import Present
from packctl.publish.signer import NoFittingKey, open_key, shown
from packctl.session import Session
from packctl.ui.ask import Declined
from packctl.ui.escape import safe
from packctl.ui.moments import duration
from packctl.ui.table import many
from packspec.digests import Digest
from packspec.moments import moment
from packspec.protocol.publishers import (
    DISCARD_ROOT,
    NEXT_ROOT,
    WAITING_ROOT,
    AskPublisher,
    DiscardRoot,
    NextRoot,
    RootView,
)
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import (
    PAYLOAD_TYPE,
    Chain,
    PublisherRoot,
    Rooted,
    Standing,
    Why,
    consent_of,
    read_proposal,
    standing_keys,
    told,
)


class Sent(Struct, frozen=True):
    """What came of it: what the registry said, and the change in words."""

    view: RootView
    changes: tuple[str, ...]
    waits: tuple[str, ...]


def tell(session: Session, present: Present, root: PublisherRoot) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Says what `root` changes and from when it counts, and gives both."""
    say, now = session.console.say, session.clock()
    say(f"{safe(present.publisher)} on {safe(present.chosen.name)}: root {root.version}, after root {root.version - 1}")
    changes, waits = told(present.root, root), waiting(present, root, now)
    for line in (*changes, *waits):
        say(f"  {safe(line)}")
    return changes, waits


def waiting(present: Present, root: PublisherRoot, now: int) -> tuple[str, ...]:
    """What of `root` would have to wait, if it were logged now, one sentence each."""
    logged = Rooted(root, Digest.of(root.encode()), present.size, now)
    after = Chain(present.publisher, (*present.chain.roots, logged))
    return sentences(standing_keys(after, present.size, now, present.waits), root, now)


def standing(present: Present, now: int) -> Standing:
    """How the keys stand for a release that would be logged now."""
    return standing_keys(present.chain, present.size, now, present.waits)


def sentences(stands: Standing, root: PublisherRoot, now: int) -> tuple[str, ...]:
    """What does not count yet, and what will be missing meanwhile."""
    said = [
        f"{one.entry} counts from {moment(one.counts_from)}, in {duration(_whole_hours(one.counts_from - now))}"
        for one in stands.waiting.values()
        if one.why is Why.TOO_YOUNG
    ]
    if stands.threshold_from:
        said.append(f"a release needs {stands.threshold} signatures until {moment(stands.threshold_from)}")
    if len(root.release.keys) - len(stands.waiting) < stands.threshold:
        said.append("until then too few keys count, and nothing can be published")
    return tuple(said)


def _whole_hours(seconds: int) -> int:
    return -(-seconds // 3600) * 3600


def hand_over(present: Present, envelope: Envelope) -> RootView:
    """Sends it. Raises RootSuperseded, OtherRootWaits, ReviewersKey and what the registry refuses with."""
    ask = NextRoot(publisher=present.publisher, after=present.chain.newest.digest, root=envelope.encode().decode())
    return present.client.call(NEXT_ROOT, ask)


def change(session: Session, present: Present, root: PublisherRoot, keys: Sequence[str]) -> Sent:
    """Shows, asks, signs and sends."""
    said = tell(session, present, root)
    session.ask.must_confirm(f"Sign this change of the keys of {present.publisher}?")
    return hand_over_signed(session, present, root, keys, said)


def hand_over_signed(
    session: Session,
    present: Present,
    root: PublisherRoot,
    keys: Sequence[str],
    said: tuple[tuple[str, ...], tuple[str, ...]],
) -> Sent:
    """Signs and sends what was shown and agreed to; `said` is what `tell` gave."""
    unsigned = Envelope(root.encode(), PAYLOAD_TYPE, ())
    return Sent(hand_over(present, _signed(session, present, root, unsigned, keys)), *said)


def sign_waiting(session: Session, present: Present, named: Digest | None, keys: Sequence[str]) -> Sent:
    """One more owner's signatures to the change that waits: over exactly `named`, or over what a person at the terminal looked at.

    Raises NoRootWaiting, ProposalNotNamed, and what reading a proposal raises.
    """
    view = present.client.call(WAITING_ROOT, AskPublisher(publisher=present.publisher))
    proposal = read_proposal(present.chain, Envelope.parse(view.envelope.encode()))
    changes, waits = tell(session, present, proposal.root)
    digest, consent = proposal.envelope.digest, proposal.consent
    session.console.say(f"  {digest.labelled}, signed by {consent.before} of {many(consent.before_needed, 'owner')}")
    refusal = ProposalNotNamed(present.publisher, digest.labelled)
    if named is not None:
        if not named.same(digest):
            raise refusal
    elif not session.ask.trust(question := "Is this the change that you want to sign?", refusal):
        raise Declined(question)
    return Sent(hand_over(present, _signed(session, present, proposal.root, proposal.envelope, keys)), changes, waits)


def discard_waiting(session: Session, present: Present) -> None:
    """Takes back the change that waits, after a yes. Raises NoRootWaiting."""
    view = present.client.call(WAITING_ROOT, AskPublisher(publisher=present.publisher))
    session.ask.must_confirm(
        f"Take back the change of the keys of {present.publisher} that waits, root {view.version}?"
    )
    present.client.call(DISCARD_ROOT, DiscardRoot(publisher=present.publisher, root=view.root))


def _signed(
    session: Session, present: Present, root: PublisherRoot, envelope: Envelope, keys: Sequence[str]
) -> Envelope:
    """With the owner keys of this machine, as many as it takes. `keys` are named ones; empty: all that are here.

    Raises NoFittingKey where none of them is an owner's that has not signed, and what opening a key raises.
    """
    owners = dict.fromkeys((*present.root.owners.public_keys, *root.owners.public_keys))
    fitting = [key for key in _here(session, keys) if key.public in owners and not envelope.is_signed_by(key.public)]
    # A key that counts on both sides comes first, so that few passphrases are asked for.
    fitting.sort(
        key=lambda key: (key.public not in present.root.owners.public_keys, key.public not in root.owners.public_keys)
    )
    if not fitting:
        entries = {entry.key: str(entry) for entry in (*root.owners.keys, *present.root.owners.keys)}
        raise NoFittingKey(f"an owner key of {present.publisher}", " and ".join(keys), tuple(entries.values()))
    for key in fitting:
        if consent_of(present.root, root, envelope).is_complete:
            break
        session.console.say(f"Signing   with owner key {shown(key)}")
        envelope = envelope.signed_by(open_key(session, key))
    return envelope


def _here(session: Session, keys: Sequence[str]) -> Sequence[HeldKey]:
    held = KeyRing(session)
    return [held.find(one) for one in keys] if keys else held.list()
