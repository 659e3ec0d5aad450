"""Why a license does not let a release be used, as errors: one class for each word of `use.Refused`, the same on client and registry."""

from packspec.errors import Unlicensed
from packspec.licenses.use import Refused


class NotUsable(Unlicensed):
    """A license that does not let a release be used. `called` is the pack, or the license where no pack is asked for."""

    called: str
    license: str = ""
    until: str = ""
    """A day of its past or future that explains it."""

    def facts(self) -> dict[str, str]:
        return {"license": self.license} if self.license else {}

    def fix(self) -> list[str]:
        return [f"packctl license status {self.named}"]

    @property
    def named(self) -> str:
        """What commands take for it: a license for a list of things by its id."""
        return self.license if self.license and " " in self.called else self.called


class LicenseRevoked(NotUsable):
    """The license ended for ever: refunded, replaced, or taken away."""

    code = "licensing.revoked"

    def what(self) -> str:
        return f"the license for {self.called} was revoked"

    def why(self) -> str:
        return "what is installed stays and verifies; nothing new is installed under it"


class LicenseSuspended(NotUsable):
    """The registry stopped the license for a while."""

    code = "licensing.suspended"

    def what(self) -> str:
        return f"the license for {self.called} is suspended"

    def why(self) -> str:
        return "the registry stopped it, mostly because of a dispute; it can go on"

    def fix(self) -> list[str]:
        return ["ask the registry's admin", f"packctl license status {self.named}"]


class LicensePending(NotUsable):
    """The license does not run yet."""

    code = "licensing.pending"

    def what(self) -> str:
        return f"the license for {self.called} does not run yet"

    def why(self) -> str:
        return "it waits for a payment, a permission, its holder, or its first day"


class LicenseCancelled(NotUsable):
    """The license ended as its holder wished."""

    code = "licensing.cancelled"

    def what(self) -> str:
        return f"the license for {self.called} was cancelled and ended{_on(self.until)}"


class LicenseExpired(NotUsable):
    """The license is over."""

    code = "licensing.expired"

    def what(self) -> str:
        return f"the license for {self.called} expired{_on(self.until)}"

    def why(self) -> str:
        return "what is installed stays and verifies; renewing it goes on from the old end"


class NotCovered(NotUsable):
    """No license of this machine is for that pack."""

    code = "licensing.not-covered"

    def what(self) -> str:
        return f"no license on this machine covers {self.called}"

    def fix(self) -> list[str]:
        return [f"packctl license activate {self.called}"]


class VersionNotCovered(NotUsable):
    """The version is outside of what was sold."""

    code = "licensing.version-not-covered"

    def what(self) -> str:
        return f"the license does not cover {self.called}"

    def why(self) -> str:
        return "it was sold for a range of versions, and this one is outside"


class TooNew(NotUsable):
    """The release was published after the license's updates."""

    code = "licensing.too-new"

    def what(self) -> str:
        return f"{self.called} was published after the updates that the license covers{_until(self.until)}"

    def why(self) -> str:
        return "older releases stay covered"


class EarlyAccessOnly(NotUsable):
    """For now the release is for holders of early access."""

    code = "licensing.early-access"

    def what(self) -> str:
        return f"{self.called} is in early access{_until(self.until)}"

    def why(self) -> str:
        return "its publisher gives it to licenses with the feature early-access first"


class NotActivated(NotUsable):
    """This machine has no place of the license."""

    code = "licensing.not-activated"

    def what(self) -> str:
        return f"the license for {self.called} is not activated on this machine"

    def fix(self) -> list[str]:
        return [f"packctl license activate {self.called}", "packctl license list"]


class PlaceEnded(NotUsable):
    """The lease of this machine is over."""

    code = "licensing.lease-ended"

    def what(self) -> str:
        return f"the lease for {self.called} ended{_on(self.until)}"

    def fix(self) -> list[str]:
        return ["packctl license refresh"]


REFUSALS: dict[Refused, type[NotUsable]] = {
    Refused.REVOKED: LicenseRevoked,
    Refused.SUSPENDED: LicenseSuspended,
    Refused.PENDING: LicensePending,
    Refused.CANCELLED: LicenseCancelled,
    Refused.EXPIRED: LicenseExpired,
    Refused.NOT_COVERED: NotCovered,
    Refused.VERSION_NOT_COVERED: VersionNotCovered,
    Refused.TOO_NEW: TooNew,
    Refused.EARLY_ACCESS: EarlyAccessOnly,
    Refused.NOT_ACTIVATED: NotActivated,
    Refused.LEASE_ENDED: PlaceEnded,
}


def refusal(refused: Refused, called: str, license: str = "", until: str = "") -> NotUsable:
    """The error that says so."""
    return REFUSALS[refused](called, license, until)


def _on(day: str) -> str:
    return f" on {day}" if day else ""


def _until(day: str) -> str:
    return f" (until {day})" if day else ""
