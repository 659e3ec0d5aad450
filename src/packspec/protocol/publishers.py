"""Rows of the room `publishers`: who may publish, and by which keys."""

from typing import Annotated, Literal

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


class SuspendPublisher(Message, frozen=True):
    """An admin stops all that a publisher does here. `reason` is shown to everybody."""

    publisher: PublisherName
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=limits.TEXT_CHARACTERS, pattern=r"\S")]


class RestorePublisher(Message, frozen=True):
    """An admin lets a suspended publisher go on."""

    publisher: PublisherName
    reason: Text = ""
    owners: Annotated[list[Annotated[str, msgspec.Meta(max_length=64)]], msgspec.Meta(max_length=64)] = []
    """Accounts that are its whole team from then on; none: the team stays."""


class ListPublishers(Message, frozen=True):
    """All publishers in order of name; `state` empty means any."""

    state: str = ""


class NextRoot(Message, frozen=True):
    """The root after the one that is called `after`, with as many of its owners' signatures as there are."""

    publisher: PublisherName
    after: Digest
    root: Envelope


class DiscardRoot(Message, frozen=True):
    """Takes back a root that waits for signatures. `root` names the very bytes that were looked at."""

    publisher: PublisherName
    root: Digest


class RootView(Answer, frozen=True):
    """A root after the first: in force, or waiting for more owners to sign."""

    publisher: PublisherName
    version: int
    root: Digest
    envelope: Envelope
    before: int
    """How many owners of the root before have signed, of `before_needed`."""
    before_needed: int
    own: int
    """How many of its own owners have signed, of `own_needed`."""
    own_needed: int
    log_index: int | None = None
    """Its entry in the log; absent while it waits."""


class SetMember(Message, frozen=True):
    """Lets an account act for a publisher, as what `role` says."""

    publisher: PublisherName
    account: Annotated[str, msgspec.Meta(max_length=64)]
    role: Literal["owner", "maintainer", "analyst"]
    """Owners change team and keys, maintainers publish, analysts look."""


class DropMember(Message, frozen=True):
    """Lets an account act for a publisher no more."""

    publisher: PublisherName
    account: Annotated[str, msgspec.Meta(max_length=64)]


class MemberView(Answer, frozen=True):
    """Somebody who acts for a publisher."""

    account: str
    role: str


class Team(Answer, frozen=True):
    """Who acts for a publisher, in order of name."""

    publisher: PublisherName
    members: list[MemberView]


class KeyView(Answer, frozen=True):
    """A public key of a publisher root."""

    id: Digest
    key: str
    """DER SubjectPublicKeyInfo, standard base64."""
    name: str
    role: str
    """`owner` or `release`."""
    counts: bool = True
    """Whether a signature made with it now counts."""
    counts_from: int = 0
    """When it counts, where a cooldown must pass first: seconds since the epoch, UTC."""
    packs: list[str] = []
    """The second halves of the pack names that it may sign; empty for all."""


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
    owner_threshold: int = 1
    """How many owners must sign a change of keys."""
    threshold_now: int = 0
    """How many release keys must sign now: after a lowering the number before, until `threshold_from`. 0 while `pending`."""
    threshold_from: int = 0
    """Seconds since the epoch, UTC; 0 where `release_threshold` counts already."""
    waiting_root: str = ""
    """Digest of the next root, which waits for more owners to sign; empty if none does."""
    reset_root: str = ""
    """Digest of the next root, if the registry's offline keys announced one because the owners lost their keys; else empty."""
    reset_from: int = 0
    """When that comes into force, unless an owner signs another root before: seconds since the epoch, UTC."""
    suspended_at: int = 0
    """When an admin stopped it: seconds since the epoch, UTC; 0 where nobody did."""
    suspended_reason: str = ""
    """Why, in the admin's words; everybody sees it."""
    suspended_by: str = ""
    """The admin's account; told to the publisher's team and to admins, else empty."""


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
SUSPEND = Endpoint(
    "POST", "/api/v1/admin/publishers/{publisher}/suspend", SuspendPublisher, PublisherView, Effect.WRITE,
    action="publisher.suspend", scope="admin", summary="Stop all that a publisher does here; what it published stays",
)  # fmt: skip
RESTORE = Endpoint(
    "POST", "/api/v1/admin/publishers/{publisher}/restore", RestorePublisher, PublisherView, Effect.WRITE,
    action="publisher.suspend", scope="admin", summary="Let a suspended publisher go on",
)  # fmt: skip
NEXT_ROOT = Endpoint(
    "POST", "/api/v1/publishers/{publisher}/roots", NextRoot, RootView, Effect.WRITE,
    action="publisher.keys", scope="publish", summary="Change a publisher's keys: its next root, or one more signature to it",
)  # fmt: skip
WAITING_ROOT = Endpoint(
    "GET", "/api/v1/publishers/{publisher}/roots/waiting", AskPublisher, RootView, Effect.READ,
    action="publisher.keys", scope="publish", body=Body.QUERY, summary="The next root, which waits for signatures",
)  # fmt: skip
DISCARD_ROOT = Endpoint(
    "DELETE", "/api/v1/publishers/{publisher}/roots/{root}", DiscardRoot, PublisherView, Effect.WRITE,
    action="publisher.keys", scope="publish", summary="Take back a root that waits for signatures",
)  # fmt: skip
TEAM = Endpoint(
    "GET", "/api/v1/publishers/{publisher}/team", AskPublisher, Team, Effect.READ,
    action="publisher.team", scope="publish", body=Body.QUERY, summary="Who acts for a publisher",
)  # fmt: skip
SET_MEMBER = Endpoint(
    "PUT", "/api/v1/publishers/{publisher}/team/{account}", SetMember, Team, Effect.WRITE,
    action="publisher.team", scope="publish", summary="Let an account act for a publisher, or change as what",
)  # fmt: skip
DROP_MEMBER = Endpoint(
    "DELETE", "/api/v1/publishers/{publisher}/team/{account}", DropMember, Team, Effect.WRITE,
    action="publisher.team", scope="publish", summary="Let an account act for a publisher no more",
)  # fmt: skip
