"""An issuer of identities for runs in CI: a real one on loopback, with RSA and P-256 keys, description, key set and rotation.

It also stands in for the address at which GitHub gives a job its token. Tokens are signed by joserfc, not by us; `instead` answers whatever
a test wants in place of an honest answer.
"""

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from packspec.identities.issuers import parse_issuers
from registry_server.identities.keys import KeyRing
from registry_server.settings import OidcSettings
from registry_server.world import World
from tests.support.liar import Answer, Asked, Liar, answer

AUDIENCE = "registry.test/log"
BEARER = "the-bearer-of-this-job"
GITHUB = {
    "sub": "repo:mia/game:ref:refs/heads/main",
    "repository": "Mia/Game",
    "repository_id": "4242",
    "repository_owner": "Mia",
    "repository_owner_id": "77",
    "ref": "refs/heads/main",
    "event_name": "push",
    "run_id": "9001",
    "run_attempt": "1",
    "jti": "one",
}
"""What GitHub says of a run (the claims that its documentation lists, without those that nobody looks at)."""
GITLAB = {
    "sub": "project_path:studio/games/farm:ref_type:branch:ref:main",
    "project_path": "studio/games/farm",
    "project_id": "31",
    "namespace_id": "12",
    "ref": "main",
    "ref_type": "branch",
    "ref_path": "refs/heads/main",
    "pipeline_source": "push",
    "pipeline_id": "555",
    "jti": "two",
}


@lru_cache(maxsize=16)
def rsa(name: str) -> RSAKey:
    """An RSA key, made once a process."""
    return RSAKey.generate_key(2048, {"kid": name})


@lru_cache(maxsize=16)
def p256(name: str) -> ECKey:
    """A P-256 key, made once a process."""
    return ECKey.generate_key("P-256", {"kid": name})


@dataclass
class CiIssuer:
    """One issuer. `keys` are those that it publishes; `instead` is asked before every honest answer."""

    liar: Liar
    now: Callable[[], int]
    claims: Mapping[str, Any]
    keys: list[RSAKey | ECKey] = field(default_factory=lambda: [rsa("first")])
    instead: Answer | None = None

    @property
    def url(self) -> str:
        """What stands in its tokens as `iss`."""
        return self.liar.url

    @property
    def asked(self) -> list[str]:
        """What it was asked for, path by path."""
        return [urlsplit(one.target).path for one in self.liar.asked]

    def token(self, key: RSAKey | ECKey | None = None, header: Mapping[str, Any] | None = None, **changed: Any) -> str:
        """A token for a run, signed; `changed` claims differ from the usual, None leaves one out."""
        now = self.now()
        usual = {"iss": self.url, "aud": AUDIENCE, "iat": now, "nbf": now, "exp": now + 300, **self.claims}
        claims = {name: value for name, value in {**usual, **changed}.items() if value is not None}
        by = key or self.keys[0]
        alg = "RS256" if isinstance(by, RSAKey) else "ES256"
        return jwt.encode({"alg": alg, "typ": "JWT", "kid": by.kid, **(header or {})}, claims, by, algorithms=[alg])

    def rotate(self, name: str = "second") -> RSAKey:
        """Signs with another key from now on, and publishes no other."""
        new = rsa(name)
        self.keys = [new]
        return new

    def trusted_by(self, world: World, kind: str = "github", options: str = "", seconds: int = 5) -> None:
        """Lets a registry take its identities, and forget what it knew of any issuer."""
        settings = OidcSettings(issuers=f"{kind}={self.url}{options}", seconds=seconds)
        parse_issuers(settings.issuers)
        world.settings = msgspec.structs.replace(world.settings, oidc=settings)
        world.memory.take(KeyRing)

    def answer(self, asked: Asked) -> Iterable[bytes]:
        if self.instead is not None:
            yield from self.instead(asked)
            return
        parts = urlsplit(asked.target)
        if parts.path == "/.well-known/openid-configuration":
            yield _json({"issuer": self.url, "jwks_uri": f"{self.url}/keys"})
        elif parts.path == "/keys":
            yield _json({"keys": [{**key.as_dict(private=False), "use": "sig"} for key in self.keys]})
        elif parts.path == "/token" and asked.headers.get("authorization") == f"Bearer {BEARER}":
            asked_for = parse_qs(parts.query)
            pull: dict[str, Any] = (
                {"event_name": "pull_request", "ref": "refs/pull/5/merge"} if "pull" in asked_for else {}
            )
            yield _json({"count": 1, "value": self.token(aud=asked_for["audience"][0], **pull)})
        else:
            yield answer(404)

    @property
    def job(self) -> dict[str, str]:
        """What GitHub sets for a job that may ask for its identity."""
        return {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{self.url}/token?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": BEARER,
        }


@contextmanager
def ci_issuer(now: Callable[[], int], claims: Mapping[str, Any] = GITHUB) -> Iterator[CiIssuer]:
    """An issuer that answers while in the `with`."""

    def ask(asked: Asked) -> Iterable[bytes]:
        return made.answer(asked)

    with Liar(ask) as liar:
        made = CiIssuer(liar, now, claims)
        yield made


def forged(token: str, header: Mapping[str, Any] | None = None, claims: Mapping[str, Any] | None = None) -> str:
    """A token with its old signature, and another header or other claims."""
    parts = token.split(".")
    for at, changed in ((0, header), (1, claims)):
        if changed is not None:
            plain = json.loads(base64.urlsafe_b64decode(parts[at] + "=="))
            parts[at] = base64.urlsafe_b64encode(json.dumps({**plain, **changed}).encode()).rstrip(b"=").decode()
    return ".".join(parts)


def _json(value: object) -> bytes:
    return answer(200, json.dumps(value).encode(), Content_Type="application/json")
