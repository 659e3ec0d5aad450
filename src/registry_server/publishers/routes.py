"""Answers about publishers."""

from packspec.names import look_alike
from packspec.protocol.publishers import (
    ACCEPT,
    KEYS,
    LIST,
    REGISTER,
    SHOW,
    AcceptPublisher,
    AskPublisher,
    KeyView,
    ListPublishers,
    PublisherList,
    PublisherView,
    RegisterPublisher,
)
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import PublisherRoot
from registry_server.audit import actions as audit
from registry_server.call import Call
from registry_server.http.bind import bind
from registry_server.publishers import actions, rules, store
from registry_server.publishers.rules import KeptRoot, NameReserved, NameTaken, Publisher, State


def register(call: Call, ask: RegisterPublisher) -> PublisherView:
    """A new publisher, which waits for an admin. Its owner may hand in another root as long as it waits."""
    assert call.actor.member is not None  # the row asks for a token
    if ask.name.is_reserved:
        raise NameReserved(ask.name)
    envelope = Envelope.parse(ask.root.encode())
    rules.check_first_root(ask.name, envelope)
    found = store.find(call.db, ask.name)
    if found is None:
        found = _add(call, ask)
    elif actions.role_in(call, ask.name) != "owner" or found.state is not State.PENDING:
        raise NameTaken(ask.name)
    root = KeptRoot(version=1, digest=envelope.digest, envelope=envelope.encode(), log_number=None, logged_at=None)
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
    return _view(call, actions.accept(call, ask.publisher, ask.root, ask.note))


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


def _view(call: Call, one: Publisher) -> PublisherView:
    newest = store.roots(call.db, one.name)[-1]
    root = PublisherRoot.parse(Envelope.parse(newest.envelope).payload)
    return PublisherView(
        name=one.name,
        display_name=one.display_name,
        state=one.state.value,
        origin=one.origin,
        verified=one.is_verified,
        root_version=newest.version,
        root=newest.digest,
        release_threshold=root.release.threshold,
        keys=[
            KeyView(id=entry.key.key_id, key=entry.key.base64, name=entry.name, role=role)
            for role, held in (("owner", root.owners), ("release", root.release))
            for entry in held.keys
        ],
        registered_at=one.registered_at,
        looks_like=one.looks_like,
    )


BINDINGS = (
    bind(REGISTER, register),
    bind(SHOW, show),
    bind(KEYS, keys),
    bind(LIST, list_publishers),
    bind(ACCEPT, accept),
)
