"""Tokens, scopes, and the table of roles and actions."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from packspec.errors import Anonymous, Conflict, Denied, Invalid, NotFound
from packspec.limits import DAY_SECONDS
from packspec.names import PackName, PublisherName
from packspec.protocol.endpoint import Endpoint
from registry_server.actor import Actor, Role

SCOPES = ("read", "publish", "approve", "license", "stats", "admin")
"""What a token may be for. `publish` may be narrowed: `publish:acme`, `publish:acme/icons`."""
USE_NOTED_SECONDS = 300
"""Last use is noted at most this often, so reading does not write."""


class NotLoggedIn(Anonymous):
    """The call needs a token, and none came."""

    code = "access.not-logged-in"

    def what(self) -> str:
        return "this needs a token"

    def fix(self) -> list[str]:
        return ["packctl login --with-token"]


class TokenRejected(Anonymous):
    """A token came and is not valid: malformed, unknown, expired or revoked. Which of these is not told."""

    code = "access.token-rejected"

    def what(self) -> str:
        return "this token is not valid here"

    def why(self) -> str:
        return "it expired, was revoked, belongs to another registry, or was not copied whole"

    def fix(self) -> list[str]:
        return ["packctl login --with-token"]


class ScopeMissing(Denied):
    """The token is valid and not for this."""

    needed: str
    held: list[str]

    code = "access.scope-missing"

    def what(self) -> str:
        return f"this token does not have the scope {self.needed}"

    def facts(self) -> dict[str, str]:
        return {"needed": self.needed, "token has": ", ".join(self.held) or "nothing"}

    def fix(self) -> list[str]:
        office = {"approve": "reviewer", "admin": "admin"}.get(self.needed)
        if office:
            return [f"ask the registry's operator for the role: registry-server account add NAME --role {office}"]
        return [
            "packctl login --with-token < TOKEN-FILE",
            "with a token that has the scope; packctl token list shows them",
        ]


class RoleMissing(Denied):
    """The member may not do this."""

    action: str
    roles: list[str]

    code = "access.role-missing"

    def what(self) -> str:
        return f"this is for {' or '.join(self.roles)}s of the registry" if self.roles else "nobody may do this"

    def facts(self) -> dict[str, str]:
        return {"action": self.action}

    def fix(self) -> list[str]:
        return ["ask an admin of the registry"]


class BadScope(Invalid):
    """A scope that does not exist."""

    scope: str

    code = "access.bad-scope"

    def what(self) -> str:
        return f"there is no scope {self.scope!r}"

    def why(self) -> str:
        return f"scopes are {', '.join(SCOPES)}, and publish:PUBLISHER or publish:PUBLISHER/NAME"

    def fix(self) -> list[str]:
        return ["packctl token create --scope read"]


class ScopeTooWide(Denied):
    """A new token was to do more than the one it was asked with."""

    scope: str
    held: list[str]

    code = "access.scope-too-wide"

    def what(self) -> str:
        return f"a token without {self.scope} cannot make one with it"

    def facts(self) -> dict[str, str]:
        return {"token has": ", ".join(self.held) or "nothing"}

    def fix(self) -> list[str]:
        return ["use a token that has the scope, or ask for less"]


class CannotMake(Denied):
    """A token that was made with another one makes no tokens."""

    code = "access.cannot-make-tokens"

    def what(self) -> str:
        return "this token was made with another one, so it makes no tokens itself"

    def why(self) -> str:
        return "revoking a token ends all that were made with it; longer chains would hide some of them"

    def fix(self) -> list[str]:
        return ["use the token you logged in with first"]


class LifeTooLong(Invalid):
    """A token was to live longer than the registry gives."""

    asked_days: int
    longest_days: int

    code = "access.life-too-long"

    def what(self) -> str:
        return f"a token lives {self.longest_days} days at most here"

    def facts(self) -> dict[str, str]:
        return {"longest": f"{self.longest_days} days", "asked": f"{self.asked_days} days"}

    def fix(self) -> list[str]:
        return [f"packctl token create --expires {self.longest_days}d"]


class TooManyTokens(Conflict):
    """A member has as many living tokens as the registry gives."""

    most: int

    code = "access.too-many-tokens"

    def what(self) -> str:
        return f"you have {self.most} tokens, and more are not given"

    def fix(self) -> list[str]:
        return ["packctl token list", "packctl token revoke ID"]


class NoToken(NotFound):
    """The asker has no token of that id."""

    id: str

    code = "access.no-token"

    def what(self) -> str:
        return f"you have no token {self.id}"

    def fix(self) -> list[str]:
        return ["packctl token list"]


class KeptToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token as it is kept: without its text."""

    id: int
    member_id: int
    made_with: int | None
    label: str
    scopes: tuple[str, ...]
    created_at: int
    expires_at: int
    used_at: int | None
    revoked_at: int | None

    def is_valid(self, now: int) -> bool:
        """Whether it opens anything at `now`. The second of its end is over already."""
        return self.revoked_at is None and now < self.expires_at


def check_scopes(scopes: Iterable[str]) -> tuple[str, ...]:
    """`scopes`, each once, sorted. Raises BadScope."""
    for scope in scopes:
        kind, narrowed, target = scope.partition(":")
        if kind not in SCOPES or (narrowed and kind != "publish"):
            raise BadScope(scope)
        try:
            if narrowed:
                PackName.parse(target) if "/" in target else PublisherName.parse(target)
        except ValueError as error:
            raise BadScope(scope) from error
    return tuple(sorted(set(scopes)))


def check_not_wider(wanted: Iterable[str], held: frozenset[str]) -> None:
    """Raises ScopeTooWide unless each scope is held, or is a narrower form of one that is."""
    for scope in wanted:
        kind, _, target = scope.partition(":")
        covering = {scope, kind, f"{kind}:{target.partition('/')[0]}"}
        if covering.isdisjoint(held):
            raise ScopeTooWide(scope, sorted(held))


def life_seconds(asked_seconds: int | None, default_days: int, longest_days: int) -> int:
    """How long a new token lives. Raises LifeTooLong."""
    if asked_seconds is None:
        return default_days * DAY_SECONDS
    if asked_seconds > longest_days * DAY_SECONDS:
        raise LifeTooLong(-(-asked_seconds // DAY_SECONDS), longest_days)
    return asked_seconds


def scopes_of_person(roles: frozenset[Role]) -> tuple[str, ...]:
    """All that a first token of somebody with `roles` may carry."""
    extra = {"approve"} if Role.REVIEWER in roles else set()
    extra |= {"admin"} if Role.ADMIN in roles else set()
    return tuple(sorted({"read", "publish", "license", "stats"} | extra))


class Cell(StrEnum):
    """One cell of the table."""

    YES = "yes"
    OWN = "own"
    """What belongs to the asker or their publisher; whose it is, the room decides."""
    NO = "-"


class Column(StrEnum):
    """The roles of the table that exist. They add up: a reviewer is a consumer too."""

    VISITOR = "visitor"
    CONSUMER = "consumer"
    PUBLISHER = "publisher"
    REVIEWER = "reviewer"
    ADMIN = "admin"


_ORDER = tuple(Column)
_CELLS = {"y": Cell.YES, "o": Cell.OWN, "-": Cell.NO}


def _row(cells: str) -> Mapping[Column, Cell]:
    return {column: _CELLS[cell] for column, cell in zip(_ORDER, cells.split(), strict=True)}


ACTIONS: Mapping[str, Mapping[Column, Cell]] = {
    # action                    visitor consumer publisher reviewer admin
    "catalog.browse":      _row("y       y        y         y        y"),
    "account.see":         _row("-       o        o         o        o"),
    "token.manage":        _row("-       o        o         o        o"),
    "publisher.register":  _row("-       y        y         y        y"),
    "publisher.accept":    _row("-       -        -         -        y"),
    "publisher.suspend":   _row("-       -        -         -        y"),
    "publisher.keys":      _row("-       -        o         -        -"),
    "publisher.team":      _row("-       -        o         -        -"),
    "upload.send":         _row("-       o        o         o        o"),
    "submission.open":     _row("-       -        o         -        -"),
    "submission.see":      _row("-       -        o         y        y"),
    "submission.review":   _row("-       -        -         y        y"),
    "submission.decide":   _row("-       -        -         y        -"),
    "release.yank":        _row("-       -        o         -        -"),
    "release.deprecate":   _row("-       -        o         -        -"),
    "release.recall":      _row("-       -        o         -        -"),
    "release.stop":        _row("-       -        -         -        y"),
    "recall.lift":         _row("-       -        -         y        -"),
    "license.validate":    _row("y       y        y         y        y"),
    "license.activate":    _row("y       y        y         y        y"),
    "license.see":         _row("-       o        o         o        o"),
    "license.use":         _row("-       o        o         o        o"),
    "license.seats":       _row("-       o        o         o        o"),
    "license.issue":       _row("-       -        o         -        y"),
    "license.judge":       _row("-       -        -         -        y"),
    "plan.edit":           _row("-       -        o         -        -"),
}  # fmt: skip
"""Who may do what. One test per cell; an endpoint whose action has no row does not start."""


def authorize(actor: Actor, endpoint: Endpoint[object, object]) -> None:
    """Raises NotLoggedIn, ScopeMissing or RoleMissing unless `actor` may use `endpoint`, as far as the table and the token say.

    A publisher's cell lets every member pass: whether the publisher is theirs, the room decides, since it knows the object.
    """
    if actor.is_visitor:
        if endpoint.scope is not None or ACTIONS[endpoint.action][Column.VISITOR] is Cell.NO:
            raise NotLoggedIn()
        return
    if endpoint.scope and not actor.has_scope(endpoint.scope):
        raise ScopeMissing(endpoint.scope, sorted(actor.scopes))
    row = ACTIONS[endpoint.action]
    columns = {Column.CONSUMER, Column.PUBLISHER} | {Column(role.value) for role in actor.roles}
    if all(row[column] is Cell.NO for column in columns):
        raise RoleMissing(endpoint.action, [role.value for role in Role if row[Column(role.value)] is not Cell.NO])
