"""Changing the keys of a publisher: the root after the newest, from its first signature to its place in the log."""

from dataclasses import dataclass

from packspec.digests import Digest
from packspec.log.leaf import RootLeaf
from packspec.names import PublisherName
from packspec.signing.dsse import Envelope, joined
from packspec.signing.publisher import (
    Chain,
    Consent,
    LoggedRoot,
    Proposal,
    PublisherRoot,
    consent_of,
    follow,
    read_proposal,
)
from registry_server.audit import actions as audit
from registry_server.call import Call
from registry_server.index import actions as index
from registry_server.log import actions as log
from registry_server.log.rules import Place
from registry_server.owners import rules
from registry_server.publishers import actions as publishers
from registry_server.publishers import store
from registry_server.publishers.rules import KeptRoot


@dataclass(frozen=True)
class Standing:
    """A root after the first, as it is kept, and whose signatures it has."""

    publisher: PublisherName
    kept: KeptRoot
    consent: Consent


def take_next(call: Call, name: PublisherName, after: Digest, envelope: Envelope) -> Standing:
    """The root after `after`: into the log if enough owners signed it, else kept until they have. Again what was taken: as it stands.

    Raises as `publishers.owned`, RootSuperseded, OtherRootWaits, ReviewersKey, NotAuthentic, PublisherChanged, and what reading a root
    raises.
    """
    publishers.owned(call, name)
    chain = publishers.chain(call, name)
    if there := _in_force(call, chain, envelope.digest):
        return there  # the reply to an earlier call was lost (R21)
    newest = chain.newest
    if not newest.digest.same(after):
        raise rules.RootSuperseded(name, newest.root.version, after, newest.digest)
    waiting = waiting_root(call, name)
    is_same = waiting is not None and waiting.digest.same(envelope.digest)
    both = [envelope] if waiting is None or not is_same else [envelope, Envelope.parse(waiting.envelope)]
    proposal = _read(chain, both)
    check_no_reviewer(call, proposal.root)
    if proposal.consent.is_complete:
        return _enter(call, chain, proposal)
    if waiting is not None and not is_same:
        raise rules.OtherRootWaits(name, waiting.version, waiting.digest)
    kept = KeptRoot.waiting(proposal.root.version, proposal.envelope)
    store.keep_root(call.db, name, kept)
    facts = {"version": str(kept.version), "root": str(kept.digest), "missing": proposal.consent.missing}
    audit.record(call, "publisher.keys-proposed", f"publisher:{name}", facts)
    return Standing(name, kept, proposal.consent)


def waiting_root(call: Call, name: PublisherName) -> KeptRoot | None:
    """The root after the newest in the log, if one waits for signatures."""
    last = store.roots(call.db, name)[-1]
    return last if last.log_number is None and last.version > 1 else None


def waiting(call: Call, name: PublisherName) -> Standing:
    """The root that waits for signatures, with whose it has. Raises as `publishers.owned`, and NoRootWaiting."""
    publishers.owned(call, name)
    kept = waiting_root(call, name)
    if kept is None:
        raise rules.NoRootWaiting(name)
    proposal = read_proposal(publishers.chain(call, name), Envelope.parse(kept.envelope))
    return Standing(name, kept, proposal.consent)


def discard(call: Call, name: PublisherName, root: Digest) -> None:
    """Takes back the root that waits. Raises as `publishers.owned`, and NoRootWaiting where it is not this one."""
    publishers.owned(call, name)
    kept = waiting_root(call, name)
    if kept is None or not kept.digest.same(root):
        raise rules.NoRootWaiting(name)
    store.forget_waiting(call.db, name)
    audit.record(call, "publisher.keys-discarded", f"publisher:{name}", {"root": str(root)})


def check_no_reviewer(call: Call, root: PublisherRoot) -> None:
    """Refuses a root that lists the key of somebody who reviews or did. Raises ReviewersKey.

    Clients count no approval that is signed with a key of the publisher, of whichever root: even an old reviewer's key would undo the
    releases that were approved with it.
    """
    for row in index.trust_for_next(call).reviewers.sets:
        for entry in row.keys:
            if entry.key in root.keys:
                raise rules.ReviewersKey(root.publisher, entry.name, entry.key.fingerprint)


def _read(chain: Chain, envelopes: list[Envelope]) -> Proposal:
    """The proposal in envelopes over one payload, with the signatures that count for it and no others."""
    read = read_proposal(chain, envelopes[0])
    return read_proposal(
        chain, joined(envelopes, (*chain.newest.root.owners.public_keys, *read.root.owners.public_keys))
    )


def _enter(call: Call, chain: Chain, proposal: Proposal) -> Standing:
    """The commit point of a change of keys: what tightens holds for every entry of the log from here on."""
    name, envelope = chain.publisher, proposal.envelope
    place = log.take_place(call)
    follow(chain, [LoggedRoot(envelope, envelope.digest, place.index, place.at)])
    kept = enter_root(call, place, proposal.root, envelope)
    return Standing(name, kept, proposal.consent)


def enter_root(call: Call, place: Place, root: PublisherRoot, envelope: Envelope) -> KeptRoot:
    """Lets a root that follows into the log at `place`. The caller has looked that it does."""
    name = root.publisher
    leaf = RootLeaf(v=1, at=place.at, publisher=name, version=root.version, root=envelope.digest)
    log.append(call, place, leaf, [envelope])
    kept = KeptRoot.waiting(root.version, envelope).logged(place)
    store.keep_root(call.db, name, kept)
    facts = {"version": str(kept.version), "root": str(kept.digest), "log": str(place.index)}
    audit.record(call, "publisher.keys", f"publisher:{name}", facts)
    return kept


def _in_force(call: Call, chain: Chain, digest: Digest) -> Standing | None:
    for before, rooted in zip(chain.roots, chain.roots[1:], strict=False):
        if rooted.digest.same(digest):
            kept = next(one for one in store.roots(call.db, chain.publisher) if one.version == rooted.root.version)
            consent = consent_of(before.root, rooted.root, Envelope.parse(kept.envelope))
            return Standing(chain.publisher, kept, consent)
    return None
