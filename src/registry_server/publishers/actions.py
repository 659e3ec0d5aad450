"""What other rooms ask of publishers, inside the caller's transaction."""

import functools

from packspec.digests import Digest
from packspec.log.leaf import RootLeaf
from packspec.names import PackName, PublisherName
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import Chain, LoggedRoot, Reset, follow
from registry_server.audit import actions as audit
from registry_server.call import Call
from registry_server.log import actions as log
from registry_server.publishers import rules, store, suspending
from registry_server.publishers.rules import KeptRoot, NoSuchPublisher, Publisher, State


def get(call: Call, name: PublisherName) -> Publisher:
    """The publisher called `name`. Raises NoSuchPublisher."""
    found = store.find(call.db, name)
    if found is None:
        raise NoSuchPublisher(name)
    return found


def acting_for(call: Call, name: PublisherName, pack: PackName | None = None) -> Publisher:
    """The publisher, if the asker may publish for it now. Raises NoSuchPublisher, NotYourPublisher, NotActive, PublisherSuspended."""
    found = get(call, name)
    rules.check_acts_for(call.actor, role_in(call, name), name, pack)
    suspending.check_active(call, found)
    return found


def owned(call: Call, name: PublisherName) -> Publisher:
    """The publisher, if the asker may change its team and keys now. Raises as `acting_for`."""
    found = get(call, name)
    rules.check_owns(call.actor, role_in(call, name), name)
    suspending.check_active(call, found)
    return found


def active(call: Call, name: PublisherName) -> Publisher:
    """The publisher, if anything may be done for it now. Raises NoSuchPublisher, NotActive, PublisherSuspended."""
    found = get(call, name)
    suspending.check_active(call, found)
    return found


def role_in(call: Call, name: PublisherName) -> str | None:
    """As what the asker acts for a publisher; None for a stranger."""
    return None if call.actor.member is None else store.role_of(call.db, name, call.actor.member)


def role_of(call: Call, name: PublisherName, member: int) -> str | None:
    """As what a member acts for a publisher; None for a stranger."""
    return store.role_of(call.db, name, member)


def publishers_of(call: Call) -> list[PublisherName]:
    """The publishers that the asker acts for."""
    return [] if call.actor.member is None else store.of_member(call.db, call.actor.member)


def verified(call: Call) -> list[PublisherName]:
    """The publishers that the registry has verified."""
    return store.verified(call.db)


def chain(call: Call, name: PublisherName) -> Chain:
    """The roots of a publisher that are in the log, as a verified chain; empty while it waits."""
    return _followed(name, tuple(store.roots(call.db, name)), tuple(store.resets(call.db, name)))


@functools.lru_cache(maxsize=256)
def _followed(name: PublisherName, roots: tuple[KeptRoot, ...], resets: tuple[Reset, ...]) -> Chain:
    """The chain of these very bytes, verified once: it depends on nothing else. What fails is not remembered."""
    logged = [
        LoggedRoot(Envelope.parse(root.envelope), root.digest, root.log_number, root.logged_at)
        for root in roots
        if root.log_number is not None and root.logged_at is not None
    ]
    return follow(Chain(name), logged, resets)


def accept(call: Call, name: PublisherName, digest: Digest, note: str) -> Publisher:
    """Lets the root that waits into the log, if it is the one with `digest`. Raises NoSuchPublisher, NotPending, OtherRoot."""
    found = get(call, name)
    root = store.roots(call.db, name)[0]
    if found.state is not State.PENDING and root.digest.same(digest):
        return found  # the reply to an earlier call was lost, or its entry could not be shown at once (R21)
    if found.state is not State.PENDING:
        raise rules.NotPending(name, found.state)
    if not root.digest.same(digest):
        raise rules.OtherRoot(name, digest, root.digest)
    envelope = Envelope.parse(root.envelope)
    rules.check_first_root(name, envelope)
    place = log.take_place(call)
    log.append(call, place, RootLeaf(v=1, at=place.at, publisher=name, version=1, root=root.digest), [envelope])
    store.keep_root(call.db, name, root.logged(place))
    store.set_state(call.db, name, State.ACTIVE)
    audit.record(
        call, "publisher.accept", f"publisher:{name}", {"root": str(root.digest), "log": str(place.index)}, reason=note
    )
    return get(call, name)
