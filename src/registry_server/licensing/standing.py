"""Whether a license gives anything now, and whether it takes a machine or person more: its status, as refusals."""

from packspec.licenses.refusals import LicenseExpired, refusal
from packspec.licenses.status import Status
from packspec.licenses.use import Refused
from packspec.moments import day
from registry_server.licensing.refusals import PastDue
from registry_server.licensing.rules import License

REFUSED = {
    Status.REVOKED: Refused.REVOKED,
    Status.SUSPENDED: Refused.SUSPENDED,
    Status.PENDING: Refused.PENDING,
    Status.CANCELLED: Refused.CANCELLED,
    Status.EXPIRED: Refused.EXPIRED,
}


def check_usable(license: License, now: int) -> None:
    """Raises LicenseRevoked, LicenseSuspended, LicensePending, LicenseCancelled or LicenseExpired for a license that gives nothing now."""
    refused = REFUSED.get(license.status(now))
    if refused is not None:
        ended = license.facts.usable_until
        raise refusal(refused, license.pack_key, str(license), "" if ended is None else day(ended))


def check_takes(license: License, now: int) -> None:
    """Raises PastDue, LicenseExpired for one in its days of grace, and as `check_usable`, where no machine or person may be added."""
    check_usable(license, now)
    match license.status(now):
        case Status.PAST_DUE:
            raise PastDue(license.pack_key)
        case Status.GRACE:
            raise LicenseExpired(license.pack_key, str(license), day(license.facts.ends_at or 0))
        case _:
            return
