"""Devices of a test: a P-256 key each, which activates, proves itself, and asks like a client."""

import random
from dataclasses import dataclass, field
from typing import Any

import httpx

from packspec import wire
from packspec.digests import Digest
from packspec.licenses.files import Receipt, Request
from packspec.licenses.jwk import Jwk
from packspec.licenses.proof import PROOF_HEADER, prove
from packspec.names import PackName
from packspec.problems import Problem, relayed
from packspec.protocol import activations as rows
from packspec.protocol.activations import Activate, Activated, Deactivated, DeviceKey
from packspec.protocol.endpoint import Endpoint
from packspec.signing.keys import SEED_BYTES, PrivateKey
from tests.support.registry import Registry

_CHANCE = random.Random(20_261_120)


def new_key() -> PrivateKey:
    """A P-256 key."""
    return PrivateKey.from_seed("p256", _CHANCE.randbytes(SEED_BYTES))


@dataclass
class Device:
    """A machine with its key; `nonce` and `activation` are what its last answer said."""

    registry: Registry
    key: PrivateKey = field(default_factory=new_key)
    nonce: str = ""
    activation: str = ""
    token: str = ""

    @property
    def jwk(self) -> DeviceKey:
        """Its public key, as it is sent."""
        found = Jwk.of(self.key.public)
        return DeviceKey(kty=found.kty, crv=found.crv, x=found.x, y=found.y)

    @property
    def name(self) -> str:
        """The thumbprint of its key."""
        return Jwk.of(self.key.public).thumbprint

    def activate(self, license: str, key: str = "", token: str = "", **fields: Any) -> Activated:
        """Takes a place by key or by the login `token`."""
        ask = Activate(id=license, device=self.jwk, key=key, **fields)
        return self._keep(self.registry.call(rows.ACTIVATE, ask, token))

    def refresh(self, nonce: str | None = None) -> Activated:
        """Renews the lease, proven by its key."""
        shown = self.nonce if nonce is None else nonce
        return self._keep(self.call(rows.REFRESH, self.activation, nonce=shown))

    def deactivate(self) -> Deactivated:
        """Gives the place back, proven by its key."""
        ended: Deactivated = self.call(rows.DEACTIVATE, self.activation)
        return ended

    def copy(self) -> "Device":
        """A clone: the same key and state on another machine."""
        return Device(self.registry, self.key, self.nonce, self.activation, self.token)

    def request(self, pack: str, id: str = "R1", **fields: Any) -> str:
        """A request file of this machine."""
        origin = "registry.test/log"
        made = Request(id=id, iss=origin, iat=self.registry.clock(), pack=PackName(pack), **fields)
        return made.sign(self.key)

    def receipt(self, license: str) -> str:
        """The receipt that gives its place back without network."""
        origin = "registry.test/log"
        return Receipt(iss=origin, sub=license, jti=self.activation, iat=self.registry.clock()).sign(self.key)

    def call(self, endpoint: Endpoint[Any, Any], id: str, nonce: str = "") -> Any:
        """Calls a row that takes an id, with the proof of this device."""
        answer = self.ask(endpoint, id, nonce)
        if answer.is_error:
            raise relayed(wire.decode(answer.content, Problem))
        return wire.decode(answer.content, endpoint.reply)

    def ask(self, endpoint: Endpoint[Any, Any], id: str, nonce: str = "") -> httpx.Response:
        """The same, as the bare answer."""
        path = endpoint.path.replace("{id}", id)
        body = b"{}" if endpoint.method == "POST" else b""
        proof = prove(self.key, endpoint.method, path, self.registry.clock(), body=Digest.of(body), nonce=nonce)
        headers = {PROOF_HEADER: proof} | ({"content-type": "application/json"} if body else {})
        return self.registry.client.request(endpoint.method, path, content=body, headers=headers)

    def _keep(self, answer: Activated) -> Activated:
        self.nonce, self.activation, self.token = answer.nonce, answer.activation.id, answer.token
        return answer
