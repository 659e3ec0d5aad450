"""Licenses in tests: a paid release, a license for it, and machines that take places in it, straight through the rooms.

What goes over the wire is somebody else's concern: here a place is had in one line.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import httpx
import msgspec

from packspec.digests import Digest
from packspec.licenses.jwk import Jwk
from packspec.licenses.plans import Plan
from packspec.licenses.proof import LICENSE_HEADER, PROOF_HEADER, prove
from packspec.licenses.token import LicenseToken
from packspec.names import PackName
from packspec.protocol.activations import Activate, DeviceKey
from packspec.signing.keys import PrivateKey
from registry_server.accounts.store import find_by_name
from registry_server.actor import TERMINAL
from registry_server.call import Call, call_of
from registry_server.licensing import actions, activating, places
from registry_server.licensing.actions import Order
from registry_server.licensing.activating import Placed, Wish
from registry_server.licensing.rules import Activation, License
from registry_server.licensing.signing import signing, token
from registry_server.world import World
from tests.support.registry import Registry
from tests.support.signing import key

PRICE = {"price": {"amount": "12.00", "currency": "EUR"}}
"""Keys of `[pack]` that make a release one that must be paid."""


@dataclass(frozen=True)
class Machine:
    """A machine by its key, which its name makes."""

    name: str

    @cached_property
    def key(self) -> PrivateKey:
        return key(f"device-{self.name}")

    @cached_property
    def device(self) -> str:
        """What a registry calls it."""
        return Jwk.of(self.key.public).thumbprint

    @property
    def public(self) -> DeviceKey:
        jwk = Jwk.of(self.key.public)
        return DeviceKey(kty=jwk.kty, crv=jwk.crv, x=jwk.x, y=jwk.y)

    def asks(self, license: License) -> Activate:
        """The ask of its activation by login."""
        return Activate(id=str(license), device=self.public, label=self.name)

    def headers(self, path: str, now: int, text: str = "", method: str = "GET", body: bytes = b"") -> dict[str, str]:
        """What it shows with a request."""
        shown = {PROOF_HEADER: prove(self.key, method, path, now, body=Digest.of(body))}
        return {**shown, LICENSE_HEADER: text} if text else shown


def issue(world: World, holder: str, pack: str, quantity: int = 1, **terms: Any) -> License:
    """A license for the person `holder`, of a plan of these terms."""
    plan = Plan(**{"id": "test", "kind": "perpetual", "pack": PackName(pack), **terms})
    with call_of(world, TERMINAL).writing() as call:
        member = find_by_name(call.db, holder)
        assert member is not None
        return actions.issue(call, Order(member.account_id, plan, quantity)).license


def take(world: World, license: License, machine: Machine, **wish: Any) -> Placed:
    """A place for a machine. Raises what activating raises."""
    with call_of(world, TERMINAL).writing() as call:
        return take_in(call, license, machine, **wish)


def take_in(call: Call, license: License, machine: Machine, **wish: Any) -> Placed:
    """The same inside a transaction."""
    locked = actions.get_locked(call, license.id)
    fields = {"pool": locked.pool, "label": machine.name, "is_holder": True, **wish}
    return activating.take(call, locked, Wish(machine.device, **fields))


def give_back(world: World, license: License, activation: Activation) -> Activation:
    """Frees a place."""
    with call_of(world, TERMINAL).writing() as call:
        locked = actions.get_locked(call, license.id)
        return activating.end(call, locked, places.find(call.db, activation.id) or activation, "given-back")


def token_of(world: World, placed: Placed) -> str:
    """The token of a place."""
    return token(signing(world), placed.license, placed.activation, placed.activation.instance_id, world.now())


def download(registry: Registry, machine: Machine, release: str, text: str, **changes: Any) -> httpx.Response:
    """Asks for the archive of `acme/icons 1.0.0` with a token; redirects are not followed."""
    pack, _, version = release.partition(" ")
    path = f"/api/v1/packs/{pack}/releases/{version}/download"
    headers = machine.headers(changes.pop("path", path), changes.pop("now", registry.clock()), text, **changes)
    return registry.client.get(path, headers=headers)


def changed(token_text: str, registry: Registry, **claims: Any) -> str:
    """A token that says something else, signed by the registry all the same."""
    from registry_server.index.readable import readable
    from registry_server.licensing.signing import signing

    claims_before = LicenseToken.read(token_text, readable(registry.world).license_keys)
    return msgspec.structs.replace(claims_before, **claims).sign(signing(registry.world).keys.signing)
