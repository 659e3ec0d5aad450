"""`packctl token revoke`: ends a token and those made with it."""

from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe


class Ended(msgspec.Struct, frozen=True):
    """The tokens that count no more: the named one, and those that were made with it."""

    registry: str
    tokens: list[str]


def run(
    session: Session,
    token: Annotated[str, typer.Argument(metavar="TOKEN", help="Its id, such as T-12; see packctl token list")],
) -> Outcome[Ended]:
    """End a token, and every token that was made with it."""
    from packctl.registry.choose import chosen_client
    from packctl.usage import BadValue
    from packspec.protocol.access import REVOKE, RevokeToken
    from packspec.wire import convert

    try:
        ask = convert({"id": token}, RevokeToken)
    except msgspec.ValidationError as error:
        raise BadValue("TOKEN", token, "an id such as T-12") from error
    chosen, client = chosen_client(session)
    return Outcome(Ended(chosen.origin, list(client.call(REVOKE, ask).ids)))


def text(result: Ended, console: Console) -> None:
    """One line, on stderr."""
    console.say(f"Revoked {', '.join(map(safe, result.tokens))}")
