"""Tokens: what the registry signs about one activation, with the key that its root vouches for."""

from dataclasses import dataclass

import msgspec

from packspec.licenses import jose
from packspec.licenses.jwk import KeySet
from packspec.licenses.keys import LicenseKey
from packspec.licenses.status_list import LIST_BITS
from packspec.licenses.token import Confirmation, LicenseToken, ListEntry, Sold, StatusRef, device_name
from packspec.licenses.use import Right
from packspec.limits import DAY_SECONDS
from packspec.protocol.seats import Entitlement
from registry_server.index.readable import readable
from registry_server.license_keys import LicenseKeys
from registry_server.licensing.rules import Activation, License
from registry_server.world import World


@dataclass(frozen=True)
class Signing:
    """The keys of licenses, and the name of the registry that signs: the origin of its log. `trusted` is what the offline keys say."""

    keys: LicenseKeys
    origin: str
    trusted: KeySet

    def kept(self, key: str) -> str:
        """What is kept of a license key that somebody typed. Raises BadLicenseKey for a text that is none."""
        return self.keys.digest(LicenseKey.parse(key))


def signing(world: World) -> Signing:
    """Read once, and again when other keys are trusted. Raises KeyUnreadable, MetadataDamaged."""
    readers, known = readable(world), world.memory.get(Signing)
    if known is not None and known.trusted == readers.license_keys:
        return known
    keys = LicenseKeys.keep(world.disk, world.folder.keys, world.randomness, readers.license_keys)
    return world.memory.keep(Signing(keys, readers.origin, readers.license_keys))


def status_uri(status_index: int) -> str:
    """The path of the status list that this place is in."""
    return f"license-status/{status_index // LIST_BITS}"


def status_ref(license: License) -> StatusRef:
    """Which bit of which list tells whether a license was revoked."""
    return StatusRef(status_list=ListEntry(idx=license.status_index % LIST_BITS, uri=status_uri(license.status_index)))


def sold(license: License) -> Sold:
    """The license as a token tells of it."""
    plan, facts, quantity = license.plan, license.facts, license.quantity
    right = Right.of(plan, facts.starts_at)
    return Sold(
        kind=plan.kind,
        plan=plan.id,
        pack=right.pack,
        covers=right.covers,
        versions=right.versions,
        updates_until=right.updates_until,
        starts=facts.starts_at,
        ends=facts.ends_at,
        trial_until=facts.trial_until,
        cancel_at=facts.cancel_at,
        past_due_since=facts.past_due_since,
        grace_s=facts.grace_s,
        freshness=plan.freshness,
        max_instances=plan.machines(quantity),
        max_users=plan.persons(quantity),
        max_ci=plan.ci_runs(quantity),
        domains=right.domains,
        features=right.features,
        seq=license.seq,
    )


class EntitlementClaims(msgspec.Struct, frozen=True, kw_only=True):
    """The claims of a signed list of entitlements. It counts for a day: what a resolver reads is no right, and a token decides."""

    iss: str
    sub: str
    iat: int
    exp: int
    entitlements: list[Entitlement]


def entitlement_list(world: World, account: str, found: list[Entitlement], now: int) -> str:
    """What an account may use, signed."""
    by = signing(world)
    claims = EntitlementClaims(iss=by.origin, sub=account, iat=now, exp=now + DAY_SECONDS, entitlements=found)
    return jose.sign("packctl-entitlements+jwt", claims, by.keys.signing, device_name(by.keys.signing.public))


def token(by: Signing, license: License, activation: Activation, device: str, now: int) -> str:
    """The token of an activation, bound to the key with the thumbprint `device`, until its lease ends."""
    claims = LicenseToken(
        iss=by.origin,
        sub=str(license),
        jti=str(activation),
        aud=by.origin,
        iat=now,
        nbf=now,
        exp=activation.expires_at,
        cnf=Confirmation(jkt=device),
        status=status_ref(license),
        pool=activation.pool,
        lic=sold(license),
    )
    return claims.sign(by.keys.signing)
