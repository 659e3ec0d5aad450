"""`packctl login`: keeps a token for a registry, after the registry said whose it is."""

from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packspec.errors import Anonymous

EXAMPLES = ("packctl login --with-token < token.txt", "packctl login https://registry.example --with-token < token.txt")


class LoggedIn(msgspec.Struct, frozen=True):
    """Who is logged in now, where, until when the token counts (RFC 3339 UTC), and the file that keeps it."""

    registry: str
    account: str
    scopes: list[str]
    expires: str
    file: str


class NoDeviceLogin(Anonymous):
    """The registry has no login in the browser, so a token must be given."""

    registry: str
    code = "access.no-device-login"

    def what(self) -> str:
        return f"{self.registry} offers no login in the browser"

    def why(self) -> str:
        return "a token is made by an admin of the registry, or by packctl token create where you are logged in already"

    def fix(self) -> list[str]:
        return ["packctl login --with-token < token.txt", "where the registry runs: registry-server account add NAME"]


def run(
    session: Session,
    registry: Annotated[
        str | None, typer.Argument(metavar="REGISTRY", help="Alias or address; by default the default registry")
    ] = None,
    with_token: Annotated[bool, typer.Option("--with-token", help="Read the token from stdin")] = False,
) -> Outcome[LoggedIn]:
    """Log in to a registry.

    The token is tried first and kept only if the registry takes it, in a file that nobody else on this machine can read. It goes to that
    registry and to no other. With --with-token it is read from stdin, or asked for without echo on a terminal.
    """
    if registry is not None:
        session.globals = msgspec.structs.replace(session.globals, registry=registry)
    from packctl.registry.choose import choose_registry
    from packctl.registry.client import RegistryClient
    from packctl.registry.credentials import Credentials, Stored
    from packctl.registry.open import open_api, pace_of
    from packspec.moments import moment
    from packspec.protocol.accounts import WHOAMI
    from packspec.protocol.endpoint import Nothing
    from packspec.tokens import Token

    chosen = choose_registry(session)
    if not with_token:
        raise NoDeviceLogin(chosen.name)
    token = Token.parse(_read(session))
    client = RegistryClient(chosen.address, session.once(open_api), pace_of(session), lambda origin: token)
    who = client.call(WHOAMI, Nothing())
    credentials = Credentials(session.places.credentials.parent)
    credentials.keep(chosen.origin, Stored(str(token), who.account))
    expires = moment(who.token_expires_at)
    return Outcome(LoggedIn(chosen.origin, who.account, who.scopes, expires, str(credentials.path)))


def _read(session: Session) -> str:
    if session.console.attended:
        return session.ask.secret("Token (not shown)", option="--with-token < token.txt")
    return session.ask.secret_from_stdin("the token", "--with-token < token.txt")


def text(result: LoggedIn, console: Console) -> None:
    """Who, and what is kept where; on stderr, because there is no result."""
    console.say(f"Logged in to {safe(result.registry)} as {safe(result.account)}")
    console.say(f"  Token kept in {safe(result.file)}, until {result.expires}")
