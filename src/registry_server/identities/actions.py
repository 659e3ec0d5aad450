"""Which run is asking, by the token that it shows. Slow where keys must be fetched: never inside a transaction."""

from packspec.identities.faults import UnknownIssuer
from packspec.identities.issuers import Issuer, parse_issuers
from packspec.identities.runs import Run
from packspec.identities.tokens import IdentityToken
from registry_server.identities.keys import ring
from registry_server.world import World


def identify(world: World, text: str, audience: str, now: int) -> Run:
    """The run that `text` is the identity of, shown to `audience`.

    Raises IdentityMalformed, UnknownIssuer, WrongIdentityAlgorithm, WrongAudience, IdentityOutOfTime, UnknownIssuerKey, IdentityForged,
    IssuerUnreachable. What costs nothing is checked first, so that most of what is wrong makes nobody ask an issuer.
    """
    token = IdentityToken.read(text)
    issuer = _issuer(world, token.issuer)
    token.check(issuer, audience, now)
    token.check_signed(issuer, ring(world).find(issuer, token, now))
    return Run.of(issuer, token.claims)


def issuers(world: World) -> tuple[Issuer, ...]:
    """Those whose word counts here."""
    return parse_issuers(world.settings.oidc.issuers)


def _issuer(world: World, address: str) -> Issuer:
    known = issuers(world)
    for one in known:
        if one.address == address:
            return one
    raise UnknownIssuer(address, ", ".join(one.address for one in known))
