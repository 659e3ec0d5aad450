"""The identity of this run in CI: what a variable holds, or what GitHub gives a job that asks. Never written, shown or kept.

It goes to the registry that it was made for and to nobody else: an identity for another reader is refused here, before it is sent, because
whoever gets it could show it there.
"""

from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec

from packctl.registry.exchange import Request
from packctl.registry.network import Origin
from packctl.registry.open import open_api
from packspec import wire
from packspec.errors import Invalid, PackError, Unavailable
from packspec.identities.faults import INSTEAD, WrongAudience
from packspec.identities.tokens import TOKEN_BYTES, IdentityToken

if TYPE_CHECKING:
    from packctl.session import Session

_NAMES_END = "/log"
"""How names of registries end. One that calls itself as another service does (`sts.cloud.example`) gets nothing that is good there."""
_ADDRESS, _BEARER = "ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"


class IdentityNotIssued(Unavailable):
    """GitHub does not give this job an identity."""

    reason: str

    code = "identity.not-issued"

    def what(self) -> str:
        return f"GitHub gives this job no identity: {self.reason}"

    def why(self) -> str:
        return f"it is asked for at the address that {_ADDRESS} names"

    def fix(self) -> list[str]:
        return ["run the job again", INSTEAD]


class Identity(msgspec.Struct, frozen=True):
    """The identity of this run, and whether somebody put it there for us. One that GitHub gives every job may be meant for others."""

    token: str
    is_meant: bool

    def __repr__(self) -> str:
        return "Identity(hidden)"


def identity_for(session: "Session", audience: str) -> Identity | None:
    """The identity of this run for one reader, a registry by its name; None where there is none.

    Raises IdentityMalformed and WrongAudience for a variable that holds something else, IdentityNotIssued, and as asking over the network.
    """
    given, environ = session.settings.oidc_token, session.environ
    if not audience.endswith(_NAMES_END):
        return None
    if given:
        token = given.reveal().strip()
    elif environ.get(_ADDRESS) and environ.get(_BEARER):
        token = _ask_github(session, environ[_ADDRESS], environ[_BEARER], audience)
    else:
        return None
    found = IdentityToken.read(token).audience
    if found != audience:
        raise WrongAudience(audience, found)
    return Identity(token, bool(given))


def _ask_github(session: "Session", address: str, bearer: str, audience: str) -> str:
    try:
        origin = Origin.parse(address)
    except Invalid as error:
        raise IdentityNotIssued(f"{_ADDRESS} is no address") from error
    if not origin.keeps_secrets:
        raise IdentityNotIssued(f"{_ADDRESS} is no https address")
    url = f"{address}{'&' if '?' in address else '?'}audience={quote(audience, safe='')}"
    request = Request("GET", url, {"Authorization": f"Bearer {bearer}", "Accept": "application/json"})
    try:
        with session.once(open_api).send(request) as exchange:
            status, body = exchange.status, exchange.read(2 * TOKEN_BYTES) if exchange.status == 200 else b""
    except PackError as error:
        raise IdentityNotIssued(str(error)) from error
    if status != 200:
        raise IdentityNotIssued(f"{origin} answers {status}")
    try:
        return wire.decode(body, _Given).value
    except msgspec.DecodeError as error:
        raise IdentityNotIssued(f"{origin} answers with something else") from error


class _Given(msgspec.Struct, frozen=True):
    value: str
