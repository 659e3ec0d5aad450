"""Rows of the room `accounts`: who one is."""

from packspec.protocol.endpoint import Body, Effect, Endpoint, Nothing
from packspec.wire import Answer


class WhoAmI(Answer, frozen=True):
    """The asker as the registry sees them: by this token, at this moment."""

    account: str
    display_name: str
    roles: list[str]
    """Offices at this registry, sorted: `admin`, `reviewer`."""
    scopes: list[str]
    """What the token may do, sorted."""
    token: str
    """The token's id, `T-12`."""
    token_expires_at: int
    """Seconds since the epoch, UTC."""


WHOAMI = Endpoint(
    "GET", "/api/v1/whoami", Nothing, WhoAmI, Effect.READ,
    action="account.see", scope="", body=Body.QUERY, summary="Who one is, by the token shown",
)  # fmt: skip
