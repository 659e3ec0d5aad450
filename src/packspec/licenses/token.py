"""The license token: what the registry signs about one activation, bound to the key of its device (docs/spec/licenses.md).

It lives as long as the lease, never as long as the license. `read` answers who signed it; `check` whether it counts here and now; what
it covers is computed by `use` from `lic`. The three are apart because a lease that is over still tells which license to renew.
"""

from functools import lru_cache
from typing import Annotated, Self, TypeAlias

import msgspec
from msgspec import Meta

from packspec import limits
from packspec.errors import Unlicensed
from packspec.licenses import jose
from packspec.licenses.jwk import Jwk, KeySet, Thumbprint
from packspec.licenses.refusals import PlaceEnded
from packspec.licenses.status import LicenseFacts
from packspec.licenses.use import Right
from packspec.moments import Moment, day
from packspec.names import PackName
from packspec.ranges import Range
from packspec.signing.keys import PublicKey, Signer

KIND: jose.Kind = "packctl-license+jwt"
_Count: TypeAlias = Annotated[int, Meta(ge=0, le=2**31 - 1)]


class NotYetValid(Unlicensed):
    """A token begins later than the clock says."""

    pack: str
    begins: str

    code = "licensing.not-yet-valid"

    def what(self) -> str:
        return f"the license token for {self.pack} begins on {self.begins}"

    def why(self) -> str:
        return "the clock of this machine is behind, or the license starts later"

    def fix(self) -> list[str]:
        return ["set the clock of this machine", "packctl license status"]


class OtherRegistry(Unlicensed):
    """A token was made by another registry, or for another one."""

    expected: str
    found: str

    code = "licensing.other-registry"

    def what(self) -> str:
        return "the license token belongs to another registry"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected, "found": self.found[:120]}

    def why(self) -> str:
        return "a license counts where it was sold"

    def fix(self) -> list[str]:
        return ["packctl license list"]


class OtherDevice(Unlicensed):
    """A token was made for the key of another device."""

    pack: str

    code = "licensing.other-device"

    def what(self) -> str:
        return f"the license token for {self.pack} belongs to another machine"

    def why(self) -> str:
        return "a token is bound to the key of the machine that was activated, so a copy of it is of no use elsewhere"

    def fix(self) -> list[str]:
        return [f"packctl license activate {self.pack}"]


class Confirmation(msgspec.Struct, frozen=True):
    """`cnf` (RFC 7800): the thumbprint of the key that must show itself."""

    jkt: Thumbprint


class ListEntry(msgspec.Struct, frozen=True):
    """Which bit of which status list tells of a revocation. `uri` is a path of the registry's static side."""

    idx: _Count
    uri: Annotated[str, Meta(max_length=200)]


class StatusRef(msgspec.Struct, frozen=True):
    """`status` of a token, as the IETF draft on token status lists has it."""

    status_list: ListEntry


class Sold(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`lic`: the license as it was when the token was made. Times are seconds since 1970, UTC; what is left out does not limit."""

    kind: str
    """`perpetual`, `subscription`, `trial`, `institution`, ..."""
    plan: Annotated[str, Meta(max_length=64)] = ""
    """The plan that was sold, for people."""
    pack: PackName | None = None
    """The pack; None for a plan that covers several."""
    covers: tuple[str, ...] = ()
    """For a plan that covers several: which."""
    versions: Range | None = None
    updates_until: Moment | None = None
    """Releases published up to then are covered for ever."""
    starts: Moment
    ends: Moment | None = None
    trial_until: Moment | None = None
    cancel_at: Moment | None = None
    past_due_since: Moment | None = None
    grace_s: _Count = 0
    freshness: str = "normal"
    """`online`, `normal`, `airgap`: how old the status list may be."""
    max_instances: _Count
    max_users: _Count | None = None
    max_ci: _Count = 0
    domains: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    seq: _Count = 0
    """Grows with every change of the license: of two tokens the higher one is newer."""

    @property
    def right(self) -> Right:
        """Which releases it is for, as `may_use` asks."""
        return Right(
            pack=self.pack,
            covers=self.covers,
            versions=self.versions,
            updates_until=self.updates_until,
            features=self.features,
            domains=self.domains,
        )

    def facts(self, revoked_at: int | None = None) -> LicenseFacts:
        """What its status follows from; `revoked_at` is what a status list said since."""
        return LicenseFacts(
            starts_at=self.starts,
            ends_at=self.ends,
            grace_s=self.grace_s,
            trial_until=self.trial_until,
            cancel_at=self.cancel_at,
            past_due_since=self.past_due_since,
            revoked_at=revoked_at,
        )

    @property
    def called(self) -> str:
        """What people call what it covers: the pack, or the list."""
        return str(self.pack) if self.pack else ", ".join(self.covers)


class LicenseToken(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The claims of a license token."""

    iss: Annotated[str, Meta(max_length=200)]
    """The registry: the origin of its log, which its root vouches for."""
    sub: Annotated[str, Meta(max_length=64)]
    """The license."""
    jti: Annotated[str, Meta(max_length=64)]
    """The activation."""
    aud: Annotated[str, Meta(max_length=200)]
    """The registry where it counts."""
    iat: Moment
    nbf: Moment
    exp: Moment
    """The end of the lease."""
    cnf: Confirmation
    status: StatusRef
    pool: str = "machine"
    """`machine`, `floating` or `ci`."""
    lic: Sold

    @property
    def expires_at(self) -> int:
        """The end of the lease: a token is what `may_use` calls held."""
        return self.exp

    @property
    def ended_at(self) -> int | None:
        """A token does not know of an end before its time."""
        return None

    def sign(self, signer: Signer) -> str:
        """The token as text, signed by a license key of the registry."""
        return jose.sign(KIND, self, signer, device_name(signer.public))

    @classmethod
    def read(cls, text: str, keys: KeySet) -> Self:
        """The claims, if one of `keys` signed them. Raises MalformedText, WrongAlgorithm, WrongType, UnknownKey, Forged."""
        return jose.decode(jose.read(text, KIND).by(keys), cls, jose.WHAT[KIND])

    def check_bound(self, registry: str, device: str) -> None:
        """Refuses a token of another registry or device. `device` is the thumbprint of the key that showed itself.

        Raises OtherRegistry, OtherDevice.
        """
        for named in (self.iss, self.aud):
            if named != registry:
                raise OtherRegistry(registry, named)
        if self.cnf.jkt != device:
            raise OtherDevice(self.lic.called)

    def check(self, registry: str, device: str, now: int) -> None:
        """The same, and refuses a token out of its time. Raises OtherRegistry, OtherDevice, NotYetValid, PlaceEnded."""
        self.check_bound(registry, device)
        # The server's clock may be ahead of this one; an end is an end.
        if now + limits.CLOCK_SLACK_SECONDS < self.nbf:
            raise NotYetValid(self.lic.called, day(self.nbf))
        if now >= self.exp:
            raise PlaceEnded(self.lic.called, self.sub, day(self.exp))


@lru_cache(maxsize=16)
def device_name(key: PublicKey) -> str:
    """The name of a device: the thumbprint of its key, 43 characters that tell nothing about the hardware. Raises BadKey."""
    return Jwk.of(key).thumbprint
