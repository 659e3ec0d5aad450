"""Tokens: what they may be for, how long they live, and who may make which."""

from collections.abc import Iterable

import msgspec

from packspec.errors import Anonymous, Conflict, Denied, Invalid, NotFound
from packspec.limits import DAY_SECONDS
from packspec.names import PackName, PublisherName
from registry_server.actor import Role

SCOPES = ("read", "publish", "approve", "license", "stats", "admin")
"""What a token may be for. `publish` may be narrowed: `publish:acme`, `publish:acme/icons`."""
USE_NOTED_SECONDS = 300
"""Last use is noted at most this often, so reading does not write."""


class TokenRejected(Anonymous):
    """A token came and is not valid: malformed, unknown, expired or revoked. Which of these is not told."""

    code = "access.token-rejected"

    def what(self) -> str:
        return "this token is not valid here"

    def why(self) -> str:
        return "it expired, was revoked, belongs to another registry, or was not copied whole"

    def fix(self) -> list[str]:
        return ["packctl login --with-token"]


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
