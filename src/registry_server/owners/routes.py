"""Answers about publishers and their keys."""

from packspec.names import look_alike
from packspec.protocol.publishers import (
    ACCEPT,
    DISCARD_ROOT,
    DROP_MEMBER,
    KEYS,
    LIST,
    NEXT_ROOT,
    REGISTER,
    RESTORE,
    SET_MEMBER,
    SHOW,
    SUSPEND,
    TEAM,
    WAITING_ROOT,
    AcceptPublisher,
    AskPublisher,
    DiscardRoot,
    DropMember,
    KeyView,
    ListPublishers,
    NextRoot,
    PublisherList,
    PublisherView,
    RegisterPublisher,
    RestorePublisher,
    RootView,
    SetMember,
    SuspendPublisher,
    Team,
)
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import Chain, KeyRole, PublisherRoot, RootKey, Standing, Why, standing_keys
from registry_server.actor import Role
from registry_server.audit import actions as audit
from registry_server.call import Call
from registry_server.http.bind import bind
from registry_server.index import actions as index
from registry_server.log import actions as log
from registry_server.owners import actions as owners
from registry_server.owners import resets, team
from registry_server.publishers import actions, rules, store, suspending
from registry_server.publishers.rules import KeptRoot, NameReserved, NameTaken, Publisher, State


def register(call: Call, ask: RegisterPublisher) -> PublisherView:
    """A new publisher, which waits for an admin. Its owner may hand in another root as long as it waits."""
    assert call.actor.member is not None  # the row asks for a token
    if ask.name.is_reserved:
        raise NameReserved(ask.name)
    envelope = Envelope.parse(ask.root.encode())
    owners.check_no_reviewer(call, rules.check_first_root(ask.name, envelope))
    found = store.find(call.db, ask.name)
    if found is None:
        found = _add(call, ask)
    elif actions.role_in(call, ask.name) != "owner" or found.state is not State.PENDING:
        raise NameTaken(ask.name)
    root = KeptRoot.waiting(1, envelope)
    store.keep_root(call.db, ask.name, root)
    audit.record(call, "publisher.register", f"publisher:{ask.name}", {"root": str(root.digest)})
    return _view(call, found)


def show(call: Call, ask: AskPublisher) -> PublisherView:
    """A publisher as everybody sees it. One that waits is visible too: its name is taken."""
    return _view(call, actions.get(call, ask.publisher))


def keys(call: Call, ask: AskPublisher) -> list[KeyView]:
    """The keys of the newest root."""
    return show(call, ask).keys


def list_publishers(call: Call, ask: ListPublishers) -> PublisherList:
    """All publishers, for an admin."""
    return PublisherList(publishers=[_view(call, one) for one in store.listed(call.db, ask.state)])


def accept(call: Call, ask: AcceptPublisher) -> PublisherView:
    """Lets a publisher's first root into the log."""
    kept = store.roots(call.db, actions.get(call, ask.publisher).name)[0]
    root = PublisherRoot.parse(Envelope.parse(kept.envelope).payload)  # it was signed when it came
    owners.check_no_reviewer(call, root)
    return _view(call, actions.accept(call, ask.publisher, ask.root, ask.note))


def suspend(call: Call, ask: SuspendPublisher) -> PublisherView:
    """Stops all that a publisher does here."""
    suspending.suspend(call, actions.get(call, ask.publisher), ask.reason)
    return _view(call, actions.get(call, ask.publisher))


def restore(call: Call, ask: RestorePublisher) -> PublisherView:
    """Lets a suspended publisher go on."""
    suspending.restore(call, actions.get(call, ask.publisher), ask.reason, ask.owners)
    return _view(call, actions.get(call, ask.publisher))


def next_root(call: Call, ask: NextRoot) -> RootView:
    """Takes the next root, or signatures to the one that waits."""
    return _root_view(owners.take_next(call, ask.publisher, ask.after, Envelope.parse(ask.root.encode())))


def waiting_root(call: Call, ask: AskPublisher) -> RootView:
    """The root that waits for signatures."""
    return _root_view(owners.waiting(call, ask.publisher))


def discard_root(call: Call, ask: DiscardRoot) -> PublisherView:
    """Takes the root back that waits for signatures."""
    owners.discard(call, ask.publisher, ask.root)
    return _view(call, actions.get(call, ask.publisher))


def _add(call: Call, ask: RegisterPublisher) -> Publisher:
    assert call.actor.member is not None
    new = Publisher(
        name=ask.name,
        display_name=ask.display_name or str(ask.name),
        origin="third-party",
        state=State.PENDING,
        is_verified=False,
        registered_at=call.now,
        looks_like=look_alike(ask.name, store.names(call.db)) or "",
    )
    store.add(call.db, new)
    store.add_member(call.db, ask.name, call.actor.member, "owner")
    return new


def members(call: Call, ask: AskPublisher) -> Team:
    """Who acts for a publisher, for those who do."""
    return team.team(call, ask.publisher)


def set_member(call: Call, ask: SetMember) -> Team:
    """Lets an account act for a publisher."""
    return team.give(call, ask.publisher, ask.account, ask.role)


def drop_member(call: Call, ask: DropMember) -> Team:
    """Lets it act no more."""
    return team.give(call, ask.publisher, ask.account, None)


def _root_view(one: owners.Standing) -> RootView:
    consent = one.consent
    return RootView(
        publisher=one.publisher,
        version=one.kept.version,
        root=one.kept.digest,
        envelope=one.kept.envelope.decode(),
        before=consent.before,
        before_needed=consent.before_needed,
        own=consent.own,
        own_needed=consent.own_needed,
        log_index=one.kept.log_number,
    )


def _view(call: Call, one: Publisher) -> PublisherView:
    chain, waiting = actions.chain(call, one.name), owners.waiting_root(call, one.name)
    newest = next(kept for kept in reversed(store.roots(call.db, one.name)) if kept != waiting)
    root = PublisherRoot.parse(Envelope.parse(newest.envelope).payload)
    stands = _standing(call, chain)
    reset = resets.pending(call, chain)
    stopped = suspending.suspension(call, one)
    is_told_who = call.actor.has_role(Role.ADMIN) or actions.role_in(call, one.name) is not None
    return PublisherView(
        name=one.name,
        display_name=one.display_name,
        state=one.state.value,
        origin=one.origin,
        verified=one.is_verified,
        root_version=newest.version,
        root=newest.digest,
        release_threshold=root.release.threshold,
        keys=[_key_view(entry, role, stands) for role, held in _roles(root) for entry in held.keys],
        registered_at=one.registered_at,
        looks_like=one.looks_like,
        owner_threshold=root.owners.threshold,
        threshold_now=stands.threshold if stands else 0,
        threshold_from=stands.threshold_from if stands else 0,
        waiting_root=str(waiting.digest) if waiting else "",
        reset_root=str(reset.new_digest) if reset else "",
        reset_from=reset.at + reset.delay_seconds if reset else 0,
        suspended_at=stopped.at if stopped else 0,
        suspended_reason=stopped.reason if stopped else "",
        suspended_by=stopped.by if stopped and is_told_who else "",
    )


def _roles(root: PublisherRoot) -> tuple[tuple[str, KeyRole], ...]:
    return ("owner", root.owners), ("release", root.release)


def _key_view(entry: RootKey, role: str, stands: Standing | None) -> KeyView:
    waits = stands.waiting.get(entry.key) if stands and role == "release" else None
    return KeyView(
        id=entry.key.key_id,
        key=entry.key.base64,
        name=entry.name,
        role=role,
        counts=waits is None,
        counts_from=waits.counts_from if waits and waits.why is Why.TOO_YOUNG else 0,
        packs=list(entry.packs or ()),
    )


def _standing(call: Call, chain: Chain) -> Standing | None:
    """How the keys stand for a release that would be logged now; None before the first root is in the log."""
    if not chain.roots:
        return None
    return standing_keys(chain, log.size(call), call.now, index.trust_for_next(call).policy.waits)


BINDINGS = (
    bind(REGISTER, register),
    bind(SHOW, show),
    bind(KEYS, keys),
    bind(LIST, list_publishers),
    bind(ACCEPT, accept),
    bind(SUSPEND, suspend),
    bind(RESTORE, restore),
    bind(NEXT_ROOT, next_root),
    bind(WAITING_ROOT, waiting_root),
    bind(DISCARD_ROOT, discard_root),
    bind(TEAM, members),
    bind(SET_MEMBER, set_member),
    bind(DROP_MEMBER, drop_member),
)
