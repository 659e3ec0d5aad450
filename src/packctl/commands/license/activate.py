"""`packctl license activate`: gives this machine a place in a license."""

from typing import Annotated

import msgspec
import typer

from packctl.commands.options import Domain, LicenseName, MachineLabel
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = (
    "packctl license activate acme/farm-animals-pro",
    "packctl license activate acme/farm-animals-pro --key-file key.txt --label studio-02",
    "packctl license activate acme/farm-animals-pro --key-file - < key.txt",
)


class ActivatedHere(msgspec.Struct, frozen=True, kw_only=True):
    """The place that this machine has. Times are RFC 3339 UTC, empty where there is none; `new` is false if it had this place already."""

    pack: str
    license: str
    activation: str
    registry: str
    plan: str
    status: str
    label: str
    slot: int
    machines: int
    new: bool
    lease_ends: str
    lease_seconds: int
    ends: str
    updates_until: str


def run(
    session: Session,
    name: LicenseName,
    key_file: Annotated[
        str, typer.Option("--key-file", metavar="FILE", help="A file with the license key, or - for stdin")
    ] = "",
    label: MachineLabel = "",
    domain: Domain = "",
) -> Outcome[ActivatedHere]:
    """Give this machine a place in a license.

    With the key of the license, or logged in as whoever holds it. The key is asked for without echo, or read from a file or stdin; it is
    never an argument, which others on this machine could see. The same machine always gets the same place.
    """
    import socket

    from packctl.licenses.faults import KeyUnknown
    from packctl.licenses.getting import activate
    from packctl.licenses.keytext import asked_key
    from packctl.licenses.named import Named, find_own_license
    from packctl.licenses.opening import desk_for
    from packctl.licenses.renewal import keep_up
    from packctl.registry.open import tokens_of
    from packspec.moments import moment
    from packspec.protocol.licenses import VALIDATE, ValidateLicense

    named = Named.parse(name)
    chosen, desk = desk_for(session, named.publisher)
    key, license = None, ""
    if not key_file and tokens_of(session)(chosen.origin):
        license = find_own_license(desk.client, named) or ""
    if not license:
        key = asked_key(session, key_file)
        found = desk.client.call(VALIDATE, ValidateLicense(key=str(key))).id
        if found is None:
            raise KeyUnknown(chosen.name)
        license = found
    got, holding = activate(desk, license, key, label=label, domain=domain, host=socket.gethostname())
    keep_up(desk, asks_for_lists=False)
    desk.remember()
    lic, place = holding.token.lic, holding.place
    return Outcome(
        ActivatedHere(
            pack=lic.called,
            license=place.license,
            activation=place.activation,
            registry=chosen.origin,
            plan=lic.plan or lic.kind,
            status=got.license.status,
            label=place.label,
            slot=place.slot,
            machines=got.license.machines,
            new=got.is_new,
            lease_ends=moment(holding.token.exp),
            lease_seconds=max(0, holding.token.exp - holding.token.iat),
            ends="" if lic.ends is None else moment(lic.ends),
            updates_until="" if lic.updates_until is None else moment(lic.updates_until),
        )
    )


def text(result: ActivatedHere, console: Console) -> None:
    """What this machine has now, on stderr: there is no result to keep."""
    from packctl.ui.moments import duration

    label = f" ({safe(result.label)})" if result.label else ""
    verb = "Activated" if result.new else "Already active:"
    console.say(f"{verb} {safe(result.pack)} on this machine{label}, slot {result.slot} of {result.machines}")
    plan = safe(result.plan) + (f", until {result.ends[:10]}" if result.ends else "")
    plan += f", updates until {result.updates_until[:10]}" if result.updates_until else ""
    console.say(f"  plan     {plan}")
    console.say(f"  lease    {duration(result.lease_seconds)} without network, renewed at each install")
