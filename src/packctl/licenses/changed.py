"""A license as the registry tells it after a change: the answer of the commands `admin license ...`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from packctl.ui.console import Console
from packctl.ui.escape import safe
from packspec.moments import moment

if TYPE_CHECKING:
    from packctl.session import Session
    from packspec.protocol.endpoint import Endpoint
    from packspec.protocol.licenses import ChangeLicense, LicenseView


class Changed(msgspec.Struct, frozen=True, kw_only=True):
    """A license after a change. Times are RFC 3339 UTC, empty where there is none; `key` is shown when it was made, and never again."""

    registry: str
    license: str
    pack: str
    plan: str
    holder: str
    status: str
    quantity: int
    machines: int
    machines_used: int
    starts: str
    ends: str
    outcome: str = ""
    key: str = ""


def changed(registry: str, view: "LicenseView", *, outcome: str = "", key: str = "") -> Changed:
    """The answer for a license as the registry told it."""
    return Changed(
        registry=registry,
        license=view.id,
        pack=view.pack,
        plan=view.plan.id,
        holder=view.holder,
        status=view.status,
        quantity=view.quantity,
        machines=view.machines,
        machines_used=view.machines_used,
        starts=moment(view.starts_at),
        ends="" if view.ends_at is None else moment(view.ends_at),
        outcome=outcome,
        key=key,
    )


def change(session: "Session", row: "Endpoint[ChangeLicense, LicenseView]", license: str, reason: str) -> Changed:
    """Asks the registry for one change of one license. Raises BadValue, and the registry's refusals."""
    from packctl.licenses.named import license_id
    from packctl.registry.choose import chosen_client
    from packspec.protocol.licenses import ChangeLicense

    asked = license_id(license)
    chosen, client = chosen_client(session)
    return changed(chosen.origin, client.call(row, ChangeLicense(id=asked, note=reason)))


def say(result: Changed, console: Console, verb: str, after: Callable[[Changed], str] = lambda result: "") -> None:
    """One line, on stderr: `Suspended L-12 (acme/farm-animals-pro, mia): suspended`."""
    status = result.status.replace("_", " ")
    until = f", until {result.ends[:10]}" if result.ends and result.status not in ("revoked", "suspended") else ""
    console.say(f"{verb} {result.license} ({safe(result.pack)}, {safe(result.holder)}): {status}{until}{after(result)}")
