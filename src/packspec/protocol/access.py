"""Rows of the room `access`: API tokens."""

from typing import Annotated

import msgspec

from packspec import limits
from packspec.protocol.endpoint import Body, Effect, Endpoint, GivenOnce
from packspec.wire import Answer, Message

SHORTEST_SECONDS = 60
LONGEST_SECONDS = 366 * limits.DAY_SECONDS
"""How long a token may be asked to last. A registry may give less."""

TokenId = Annotated[str, msgspec.Meta(pattern=r"^T-[1-9][0-9]{0,14}\Z")]
"""`T-` and a number."""
Scope = Annotated[str, msgspec.Meta(max_length=160, pattern=r"^[a-z]+(:[a-z0-9-]+(/[a-z0-9-]+)?)?\Z")]
"""`read`, `publish`, `publish:{publisher}`, `publish:{publisher}/{name}`, `approve`, `license`, `stats`, `admin`."""


class CreateToken(Message, frozen=True):
    """A new token of the asker. It may do no more than the token it is asked with, and is revoked with it."""

    scopes: Annotated[list[Scope], msgspec.Meta(min_length=1, max_length=32)]
    label: Annotated[str, msgspec.Meta(max_length=100)] = ""
    """What it is for, in the words of its owner."""
    expires_in_seconds: Annotated[int, msgspec.Meta(ge=SHORTEST_SECONDS, le=LONGEST_SECONDS)] | None = None
    """None: as long as the registry gives by itself."""


class ListTokens(Message, frozen=True):
    """The asker's tokens, newest first; those that ended too with `ended`."""

    ended: bool = False
    cursor: str = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=limits.PAGE_ROWS)] = 50


class RevokeToken(Message, frozen=True):
    """Ends a token of the asker, and every token that was made with it."""

    id: TokenId


class TokenView(Answer, frozen=True):
    """What can be known of a token after it was shown."""

    id: TokenId
    label: str
    scopes: list[str]
    created_at: int
    expires_at: int
    used_at: int | None = None
    """Last use, exact to five minutes; None before the first."""
    revoked_at: int | None = None
    made_with: TokenId | None = None
    """The token it was asked for with; it is revoked with that one."""


class NewToken(GivenOnce, frozen=True):
    """A new token. `token` is shown this once."""

    token: str
    view: TokenView

    @property
    def made(self) -> str:
        """The token's id."""
        return self.view.id


class TokenList(Answer, frozen=True):
    """A page of tokens, newest first."""

    tokens: list[TokenView]
    cursor: str = ""
    """Asks for the next page; empty on the last."""


class Revoked(Answer, frozen=True):
    """The tokens that ended, those made with the named one included."""

    ids: list[TokenId]


CREATE = Endpoint(
    "POST", "/api/v1/tokens", CreateToken, NewToken, Effect.WRITE,
    action="token.manage", scope="", status=201, summary="Make a token",
    if_lost=("packctl token revoke {made}", "and make another one: packctl token create"),
)  # fmt: skip
LIST = Endpoint(
    "GET", "/api/v1/tokens", ListTokens, TokenList, Effect.READ,
    action="token.manage", scope="", body=Body.QUERY, summary="One's tokens",
)  # fmt: skip
REVOKE = Endpoint(
    "DELETE", "/api/v1/tokens/{id}", RevokeToken, Revoked, Effect.WRITE,
    action="token.manage", scope="", body=Body.QUERY, summary="End a token and those made with it",
)  # fmt: skip
