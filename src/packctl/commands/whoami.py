"""`packctl whoami`: who the registry takes us for."""

import msgspec

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe


class Account(msgspec.Struct, frozen=True):
    """Who is logged in, where, as what, by which token, what that may do, and until when it counts (RFC 3339 UTC)."""

    registry: str
    account: str
    display_name: str
    roles: list[str]
    token: str
    scopes: list[str]
    expires: str


def run(session: Session) -> Outcome[Account]:
    """Show who is logged in, and what the token may do."""
    from packctl.registry.choose import chosen_client
    from packspec.moments import moment
    from packspec.protocol.accounts import WHOAMI
    from packspec.protocol.endpoint import Nothing

    chosen, client = chosen_client(session)
    who = client.call(WHOAMI, Nothing())
    expires = moment(who.token_expires_at)
    return Outcome(Account(chosen.origin, who.account, who.display_name, who.roles, who.token, who.scopes, expires))


def text(result: Account, console: Console) -> None:
    """Two lines: who, and by which token."""
    roles = f" ({', '.join(map(safe, result.roles))})" if result.roles else ""
    console.line(f"{safe(result.account)}{roles} on {safe(result.registry)}")
    scopes = ", ".join(map(safe, result.scopes)) or "nothing"
    console.line(f"  token {safe(result.token)} may {scopes}; it ends {result.expires}")
