"""Rows of the room `publishers`: who may publish, and by which keys."""

from typing import Annotated

import msgspec

from packspec import limits
from packspec.digests import Digest
from packspec.names import PublisherName
from packspec.protocol.endpoint import Body, Effect, Endpoint
from packspec.wire import Answer, Message

Envelope = Annotated[str, msgspec.Meta(max_length=limits.ENVELOPE_BYTES)]
"""A DSSE envelope as its JSON text."""
Text = Annotated[str, msgspec.Meta(max_length=limits.TEXT_CHARACTERS)]


class RegisterPublisher(Message, frozen=True):
    """A new publisher with its first root, signed by that root's own owners."""

    name: PublisherName
    root: Envelope
    display_name: Annotated[str, msgspec.Meta(max_length=100)] = ""


class AskPublisher(Message, frozen=True):
    """Which publisher."""

    publisher: PublisherName


class AcceptPublisher(Message, frozen=True):
    """An admin lets root 1 into the log. `root` names the very bytes that were looked at."""

    publisher: PublisherName
    root: Digest
    note: Text = ""


class ListPublishers(Message, frozen=True):
    """All publishers in order of name; `state` empty means any."""

    state: str = ""


class KeyView(Answer, frozen=True):
    """A public key of a publisher root."""

    id: Digest
    key: str
    """DER SubjectPublicKeyInfo, standard base64."""
    name: str
    role: str
    """`owner` or `release`."""


class PublisherView(Answer, frozen=True):
    """What everybody may know of a publisher."""

    name: PublisherName
    display_name: str
    state: str
    """`pending`, `active`, `suspended`."""
    origin: str
    """`first-party` or `third-party`."""
    verified: bool
    root_version: int
    root: Digest
    """Digest of the newest root; of the one that waits, while `pending`."""
    release_threshold: int
    keys: list[KeyView]
    registered_at: int
    """Seconds since the epoch, UTC."""
    looks_like: str = ""
    """An existing publisher this name could be taken for; shown to the admin who accepts."""


class PublisherList(Answer, frozen=True):
    """Publishers in order of name."""

    publishers: list[PublisherView]


REGISTER = Endpoint(
    "POST", "/api/v1/publisher/register", RegisterPublisher, PublisherView, Effect.WRITE,
    action="publisher.register", scope="publish", status=201, summary="Ask to become a publisher",
)  # fmt: skip
SHOW = Endpoint(
    "GET", "/api/v1/publishers/{publisher}", AskPublisher, PublisherView, Effect.READ,
    action="catalog.browse", body=Body.QUERY, summary="A publisher and its keys",
)  # fmt: skip
KEYS = Endpoint(
    "GET", "/api/v1/publishers/{publisher}/keys", AskPublisher, list[KeyView], Effect.READ,
    action="catalog.browse", body=Body.QUERY, summary="A publisher's public keys", external=True,
)  # fmt: skip
LIST = Endpoint(
    "GET", "/api/v1/admin/publishers", ListPublishers, PublisherList, Effect.READ,
    action="publisher.accept", scope="admin", body=Body.QUERY, summary="All publishers, those that wait included",
)  # fmt: skip
ACCEPT = Endpoint(
    "POST", "/api/v1/admin/publishers/{publisher}/accept", AcceptPublisher, PublisherView, Effect.WRITE,
    action="publisher.accept", scope="admin", summary="Let a publisher's first root into the log",
)  # fmt: skip
