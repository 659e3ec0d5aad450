"""Who a publisher is: the digest of its first root, which every statement names, and the keys that may sign for it now.

The machine that registers a publisher keeps the digest of root 1, and so does every machine that once learned it from the registry. Later
the registry's answer must agree with what is kept: it cannot make a publisher sign under another beginning. Only where nothing is kept, as
on the machine of a colleague, the registry's word is taken, once.
"""

from collections.abc import Iterable

import msgspec
from msgspec import Struct

from packctl.durable import PLAIN, Folder
from packctl.registry.client import RegistryClient
from packctl.registry.network import Origin
from packctl.session import Session
from packspec import limits, site, wire
from packspec.digests import Digest
from packspec.errors import Damaged, Invalid
from packspec.names import PublisherName
from packspec.protocol.publishers import SHOW, AskPublisher, PublisherView
from packspec.signing.dsse import Envelope
from packspec.signing.keys import PublicKey
from packspec.signing.publisher import PublisherChanged

FOLDER = "publishers"
NOTE_BYTES = 4096


class AnchorUnknown(Invalid):
    """The first root of a publisher is not known here, and the registry may not be asked."""

    publisher: PublisherName

    code = "publish.anchor-unknown"

    def what(self) -> str:
        return f"this machine does not know the first root of {self.publisher}"

    def why(self) -> str:
        return "a statement names the first list of its publisher's keys, so that nobody can begin the publisher anew"

    def fix(self) -> list[str]:
        return [f"packctl publisher show {self.publisher}", "run the command once without --offline"]


class NoteBroken(Damaged):
    """The note about a publisher cannot be read."""

    path: str

    code = "publish.note-broken"

    def what(self) -> str:
        return f"{self.path} is not a note about a publisher"

    def why(self) -> str:
        return "packctl replaces it as a whole, so another program or a person changed it"

    def fix(self) -> list[str]:
        return [f"remove {self.path} and run the command again"]


class _Note(msgspec.Struct, frozen=True):
    v: int
    publisher: PublisherName
    anchor: Digest


class Identity(Struct, frozen=True):
    """A publisher as a signer sees it. `keys` and `threshold` are what the registry says now; None and 1 where it was not asked.

    `counting` are those of `keys` whose signature counts now, `later` those that must wait, with the time from which they count.
    """

    publisher: PublisherName
    anchor: Digest
    keys: tuple[PublicKey, ...] | None = None
    threshold: int = 1
    counting: tuple[PublicKey, ...] = ()
    later: tuple[tuple[PublicKey, int], ...] = ()

    @property
    def purpose(self) -> str:
        """What a key must be to sign for it, in words."""
        return f"a release key of {self.publisher}"

    def counts_from(self, key: PublicKey) -> int:
        """When a key that waits out its cooldown counts, in seconds UTC; 0 for others."""
        return next((at for one, at in self.later if one == key), 0)


class Notes:
    """What this machine keeps about publishers of one registry."""

    def __init__(self, session: Session, origin: Origin) -> None:
        self.path = session.places.data / FOLDER / _folder_name(origin)

    def find(self, publisher: PublisherName) -> Digest | None:
        """The digest of the publisher's first root, if this machine knows it. Raises NoteBroken, DiskFailed."""
        name = f"{publisher}.json"
        if not (self.path / name).exists():
            return None
        with Folder.open(self.path) as folder:
            data = folder.read(name, NOTE_BYTES)
        try:
            note = wire.decode(data, _Note)
        except msgspec.DecodeError as error:
            raise NoteBroken(str(self.path / name)) from error
        if note.publisher != publisher:
            raise NoteBroken(str(self.path / name))
        return note.anchor

    def keep(self, publisher: PublisherName, anchor: Digest) -> None:
        """Keeps it, replacing what was known."""
        with Folder.open(self.path, create=True) as folder:
            folder.replace(f"{publisher}.json", wire.encode(_Note(1, publisher, anchor)) + b"\n", PLAIN)


def identify(session: Session, client: RegistryClient, publisher: PublisherName) -> Identity:
    """The publisher, from the registry if it may be asked, and always in accord with what this machine knows.

    Raises AnchorUnknown, PublisherChanged, NoteBroken, and what a call raises (`publishers.no-such-publisher` among it).
    """
    notes = Notes(session, client.origin)
    known = notes.find(publisher)
    if session.settings.offline:
        if known is None:
            raise AnchorUnknown(publisher)
        return Identity(publisher, known)
    view = client.call(SHOW, AskPublisher(publisher=publisher))
    anchor = first_root(session, client, view)
    # A root that still waits may be handed in again by its owner, so only an accepted one is a beginning.
    if known is not None and not known.same(anchor) and view.state != "pending":
        raise PublisherChanged(
            publisher, 1, f"this machine knows {known.labelled}, the registry shows {anchor.labelled}"
        )
    if known is None or not known.same(anchor):
        notes.keep(publisher, anchor)
    release = [(PublicKey.parse(key.key), key) for key in view.keys if key.role == "release"]
    return Identity(
        publisher,
        anchor,
        keys_of(view, "release"),
        view.threshold_now or view.release_threshold,
        tuple(public for public, key in release if key.counts),
        tuple((public, key.counts_from) for public, key in release if key.counts_from),
    )


def first_root(session: Session, client: RegistryClient, view: PublisherView) -> Digest:
    """The digest of root 1: the newest root's where that is the first, else of the document on the static side."""
    if view.root_version == 1:
        return view.root
    from packctl.registry.exchange import Request
    from packctl.registry.open import open_http

    address = f"{client.address}/{site.publisher_root(view.name, 1)}"
    with session.once(open_http).send(Request("GET", address)) as exchange:
        data = exchange.read(limits.ENVELOPE_BYTES)
        status = exchange.status
    if status != 200:
        raise PublisherChanged(view.name, 1, f"the registry does not show it (status {status})")
    return Envelope.parse(data).digest


def keys_of(view: PublisherView, role: str) -> tuple[PublicKey, ...]:
    """The keys that the registry lists for one role. Raises BadKey."""
    return tuple(PublicKey.parse(key.key) for key in view.keys if key.role == role)


def _folder_name(origin: Origin) -> str:
    """A folder's name for an origin, legal on every system: `https_registry.example`, `http_127.0.0.1_8787`."""
    return "".join(_plain(origin.replace("://", "_")))


def _plain(text: str) -> Iterable[str]:
    for letter in text:
        yield letter if letter.isalnum() or letter in ".-_" else "_"
