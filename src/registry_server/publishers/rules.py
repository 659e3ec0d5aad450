"""Values of publishers, who may act for one, and the refusals."""

from enum import StrEnum
from typing import Self

import msgspec

from packspec.digests import Digest
from packspec.errors import Conflict, Denied, Invalid, NotFound
from packspec.moments import moment
from packspec.names import PackName, PublisherName
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import Chain, LoggedRoot, PublisherRoot, follow
from registry_server.actor import Actor
from registry_server.log.rules import Place


class State(StrEnum):
    """Where a publisher stands."""

    PENDING = "pending"
    ACTIVE = "active"
    SUSPENDED = "suspended"


class Publisher(msgspec.Struct, frozen=True, kw_only=True):
    """A publisher as it is kept."""

    name: PublisherName
    display_name: str
    origin: str
    state: State
    is_verified: bool
    registered_at: int
    looks_like: str


class Suspension(msgspec.Struct, frozen=True):
    """Why an admin stopped a publisher, and when: seconds since the epoch, UTC. `by` is the name of the admin's account."""

    at: int
    by: str
    reason: str


class KeptRoot(msgspec.Struct, frozen=True, kw_only=True):
    """A root in its envelope. `log_number` and `logged_at` are None while it waits."""

    version: int
    digest: Digest
    envelope: bytes
    log_number: int | None
    logged_at: int | None

    @classmethod
    def waiting(cls, version: int, envelope: Envelope) -> Self:
        """One that waits: for an admin, or for more signatures."""
        data = envelope.encode()
        return cls(version=version, digest=envelope.digest, envelope=data, log_number=None, logged_at=None)

    def logged(self, place: Place) -> Self:
        """The same with its place in the log."""
        return msgspec.structs.replace(self, log_number=place.index, logged_at=place.at)


class NameReserved(Invalid):
    """Nobody may register this name."""

    name: PublisherName

    code = "publishers.name-reserved"

    def what(self) -> str:
        return f"the name {self.name} is reserved"

    def why(self) -> str:
        return "it is a word of the registry's own addresses, of a system, or claims an office"

    def fix(self) -> list[str]:
        return ["packctl publisher register ANOTHER-NAME"]


class NameTaken(Conflict):
    """Somebody has the name; names are never free again."""

    name: PublisherName

    code = "publishers.name-taken"

    def what(self) -> str:
        return f"the name {self.name} is taken"

    def why(self) -> str:
        return "a publisher's name is never free again, so that old packs cannot get a new author"

    def fix(self) -> list[str]:
        return ["packctl publisher register ANOTHER-NAME"]


class OtherRoot(Conflict):
    """The admin accepts a root by its digest, and another one waits."""

    name: PublisherName
    expected: Digest
    found: Digest

    code = "publishers.other-root"

    def what(self) -> str:
        return f"another root of {self.name} waits to be accepted"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected.labelled, "found": self.found.labelled}

    def why(self) -> str:
        return "the publisher handed in a new one after you looked"

    def fix(self) -> list[str]:
        return ["packctl admin publisher list --state pending"]


class NotPending(Conflict):
    """Only a publisher that waits can be accepted."""

    name: PublisherName
    state: State

    code = "publishers.not-pending"

    def what(self) -> str:
        return f"{self.name} does not wait to be accepted: it is {self.state}"

    def fix(self) -> list[str]:
        return ["packctl admin publisher list"]


class NoSuchPublisher(NotFound):
    """No publisher has that name."""

    name: str

    code = "publishers.no-such-publisher"

    def what(self) -> str:
        return f"there is no publisher {self.name}"

    def fix(self) -> list[str]:
        return [f"packctl search --publisher {self.name}", f"packctl publisher register {self.name}"]


class NotYourPublisher(Denied):
    """The asker does not act for this publisher, or their token does not reach it."""

    name: PublisherName
    reason: str

    code = "publishers.not-yours"

    def what(self) -> str:
        return f"you cannot act for {self.name}"

    def why(self) -> str:
        return self.reason

    def fix(self) -> list[str]:
        return [f"ask an owner of {self.name}", "packctl whoami"]


class NotActive(Denied):
    """The publisher may not publish yet."""

    name: PublisherName

    code = "publishers.not-active"

    def what(self) -> str:
        return f"{self.name} cannot publish: it is pending"

    def why(self) -> str:
        return "an admin of the registry has not accepted its first root yet"

    def fix(self) -> list[str]:
        return ["ask an admin of the registry"]


class PublisherSuspended(Denied):
    """An admin has stopped all that a publisher does here, until an admin lets it go on."""

    name: PublisherName
    suspension: Suspension

    code = "publishers.suspended"

    def what(self) -> str:
        return f"{self.name} is suspended"

    def facts(self) -> dict[str, str]:
        found = self.suspension
        return {"by": found.by, "since": moment(found.at), "reason": found.reason}

    def why(self) -> str:
        return "it publishes nothing and changes no keys until an admin lets it go on; what it published stays"

    def fix(self) -> list[str]:
        return [f"ask {self.suspension.by}, or another admin of the registry", f"packctl publisher show {self.name}"]


class NeverAccepted(Conflict):
    """A publisher that waits to be accepted does nothing yet that could be stopped."""

    name: PublisherName

    code = "publishers.never-accepted"

    def what(self) -> str:
        return f"{self.name} was not accepted yet"

    def why(self) -> str:
        return "it can do nothing here until an admin accepts its first root, so there is nothing to stop"

    def fix(self) -> list[str]:
        return ["packctl admin publisher list --state pending"]


class NotSuspended(Conflict):
    """A publisher that nobody stopped was to get other owners."""

    name: PublisherName

    code = "publishers.not-suspended"

    def what(self) -> str:
        return f"{self.name} is not suspended, so its own owners say who acts for it"

    def fix(self) -> list[str]:
        return [f"packctl publisher show {self.name}", f"packctl admin publisher suspend {self.name} --reason TEXT"]


class NoSuchAccount(NotFound):
    """Nobody has an account of that name here."""

    account: str

    code = "publishers.no-such-account"

    def what(self) -> str:
        return f"nobody is called {self.account[:80]} here"

    def fix(self) -> list[str]:
        return ["ask them for the name of their account: packctl whoami"]


class LastOwner(Conflict):
    """A publisher would be left without an owner."""

    name: PublisherName
    account: str

    code = "publishers.last-owner"

    def what(self) -> str:
        return f"{self.account} is the last owner of {self.name}"

    def why(self) -> str:
        return "nobody could change its team and its keys any more"

    def fix(self) -> list[str]:
        return [f"packctl publisher team {self.name} --add ACCOUNT --role owner"]


def check_first_root(name: PublisherName, envelope: Envelope) -> PublisherRoot:
    """The root in `envelope`, if it can be root 1 of `name`, signed by enough of its own owners. Raises as `follow`."""
    return follow(Chain(name), [LoggedRoot(envelope, envelope.digest, 0, 0)]).newest.root


def check_acts_for(actor: Actor, role: str | None, name: PublisherName, pack: PackName | None = None) -> None:
    """Raises NotYourPublisher unless `actor`, with `role` in the publisher, may publish `pack`."""
    if role not in ("owner", "maintainer"):
        raise NotYourPublisher(name, "only its owners and maintainers may")
    if not actor.may_publish(name, pack):
        raise NotYourPublisher(name, "this token is for other packs")


def check_owns(actor: Actor, role: str | None, name: PublisherName) -> None:
    """Raises NotYourPublisher unless `actor`, with `role` in the publisher, may change its team and keys."""
    if role != "owner":
        raise NotYourPublisher(name, "only its owners may")
    if not actor.may_publish(name, None):
        raise NotYourPublisher(name, "this token is for other packs")
