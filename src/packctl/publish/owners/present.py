"""The keys of a publisher as the log proves them now, and which of them a person means."""

from collections.abc import Sequence

from msgspec import Struct

from packctl.keyring import KeyRing
from packctl.publish.anchor import Notes
from packctl.publish.owners.faults import KeyNotListed
from packctl.publish.register import NamedKey
from packctl.publish.review import open_trusted
from packctl.registry.choose import Chosen, chosen_client
from packctl.registry.client import RegistryClient
from packctl.session import Session
from packspec.names import PublisherName
from packspec.signing.publisher import Chain, Cooldown, KeyRole, PublisherChanged, PublisherRoot, RootKey

ROLES = {"owner": "owner", "release": "release key"}
"""The roles of a root, and what a key of each is called."""


class Present(Struct, frozen=True):
    """A publisher's verified roots, with what judging a change of them needs. `size`: how many entries the log has."""

    chosen: Chosen
    client: RegistryClient
    chain: Chain
    waits: tuple[Cooldown, ...]
    size: int

    @property
    def publisher(self) -> PublisherName:
        """Whose they are."""
        return self.chain.publisher

    @property
    def root(self) -> PublisherRoot:
        """The newest root."""
        return self.chain.newest.root


def open_present(session: Session, name: str) -> Present:
    """The publisher's roots, proven by the log of the registry whose root is pinned here.

    Raises PublisherChanged also where this machine knows another beginning, NoSuchPublisher, RootUnknown and what proving raises.
    """
    publisher = PublisherName.parse(name)
    chosen, client = chosen_client(session, publisher)
    registry = open_trusted(session, chosen)
    chain = registry.publisher(publisher)
    notes = Notes(session, client.origin)
    known = notes.find(publisher)
    if known is not None and not known.same(chain.anchor):
        raise PublisherChanged(
            publisher, 1, f"this machine knows {known.labelled}, the registry shows {chain.anchor.labelled}"
        )
    if known is None:
        notes.keep(publisher, chain.anchor)
    return Present(chosen, client, chain, tuple(registry.trust.policy.waits), registry.checkpoint.checkpoint.size)


def role_of(root: PublisherRoot, role: str) -> KeyRole:
    """The keys of one role: `owner` or `release`."""
    return root.owners if role == "owner" else root.release


def listed(session: Session, present: Present, role: str, asked: str) -> RootKey:
    """The key of the newest root that a person means: by its name there, by its id or the beginning of it, or by its name on this machine.

    Raises KeyNotListed.
    """
    keys = role_of(present.root, role).keys
    if found := _meant(session, keys, asked):
        return found
    raise KeyNotListed(present.publisher, ROLES[role], asked, tuple(map(str, keys)))


def ever_listed(session: Session, present: Present, role: str, asked: str) -> RootKey:
    """The same, also of a key that is gone: from the newest root that has one. It can still be called stolen. Raises KeyNotListed."""
    for rooted in reversed(present.chain.roots):
        if found := _meant(session, role_of(rooted.root, role).keys, asked):
            return found
    return listed(session, present, role, asked)


def _meant(session: Session, keys: Sequence[RootKey], asked: str) -> RootKey | None:
    digits = asked.replace(" ", "").lower()
    here = {one.public for one in KeyRing(session).list() if one.name == asked}
    for fits in (
        [entry for entry in keys if entry.name == asked],
        [entry for entry in keys if entry.key in here],
        [entry for entry in keys if len(digits) >= 8 and entry.key.key_id.startswith(digits)],
    ):
        if len(fits) == 1:
            return fits[0]
    return None


def entry_of(key: NamedKey, packs: tuple[str, ...] = ()) -> RootKey:
    """A key as a root lists it."""
    return RootKey(key=key.public, name=key.name, packs=tuple(sorted(set(packs))) or None)
