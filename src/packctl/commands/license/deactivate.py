"""`packctl license deactivate`: gives a machine's place in a license back."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.commands.options import LicenseName
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

if TYPE_CHECKING:
    from packctl.licenses.desk import Desk
    from packctl.licenses.named import Named
    from packspec.protocol.licenses import ActivationView

EXAMPLES = (
    "packctl license deactivate acme/farm-animals-pro",
    "packctl license deactivate acme/farm-animals-pro --machine studio-02",
    "packctl license deactivate acme/farm-animals-pro --offline -o farm.receipt",
)


class Freed(msgspec.Struct, frozen=True, kw_only=True):
    """A place that was given back. `activation` is its id."""

    license: str
    activation: str
    label: str
    slot: int


class Deactivation(msgspec.Struct, frozen=True):
    """The places that are free now; with --offline the file of the receipt that frees one when it is handed in."""

    pack: str
    freed: list[Freed]
    receipt: str = ""


def run(
    session: Session,
    name: LicenseName,
    machine: Annotated[
        str, typer.Option("--machine", metavar="MACHINE", help="Another machine of yours, by its label or activation")
    ] = "",
    every: Annotated[bool, typer.Option("--all", help="All machines of the license")] = False,
    output: Annotated[
        str, typer.Option("-o", "--output", metavar="FILE", help="With --offline: where the receipt is written")
    ] = "",
) -> Outcome[Deactivation]:
    """Give a machine's place in a license back.

    What is installed stays. Another machine's place is given back by whoever holds the license, logged in. A machine without network
    writes a receipt (--offline -o FILE): its place is free when packctl license import hands it in, or when the lease ends.
    """
    from packctl.licenses.getting import give_back
    from packctl.licenses.named import Named, place_of
    from packctl.licenses.opening import desk_for
    from packctl.usage import OptionsExclude

    if machine and every:
        raise OptionsExclude("--machine", "--all")
    named = Named.parse(name)
    _, desk = desk_for(session, named.publisher)
    if session.settings.offline:
        return Outcome(Deactivation(name, [], _receipt(session, desk, named, output)))
    if machine or every:
        return Outcome(Deactivation(name, _others(desk, named, machine)))
    return Outcome(Deactivation(name, [_freed(give_back(desk, place_of(desk, named)).activation)]))


def _receipt(session: Session, desk: "Desk", named: "Named", output: str) -> str:
    from packctl.licenses.getting import forget
    from packctl.licenses.named import place_of
    from packctl.licenses.paper import write_text
    from packspec.commandline import MissingArgument
    from packspec.licenses.files import Receipt

    if not output:
        raise MissingArgument("-o FILE", "license deactivate --offline")
    place = place_of(desk, named)
    receipt = Receipt(iss=desk.name, sub=place.license, jti=place.activation, iat=session.clock())
    path = write_text(session.folder / output, receipt.sign(desk.device.key))
    forget(desk, place)
    return str(path)


def _others(desk: "Desk", named: "Named", machine: str) -> list[Freed]:
    """Gives back what the holder names, by label or activation; empty: every machine."""
    from packctl.licenses.faults import NoSuchMachine
    from packctl.licenses.getting import forget
    from packctl.licenses.named import own_license
    from packspec.protocol.activations import DEACTIVATE, Deactivate
    from packspec.protocol.licenses import SHOW, AskLicense

    detail = desk.client.call(SHOW, AskLicense(id=own_license(desk.client, named)))
    live = [one for one in detail.activations if one.ended_at is None]
    meant = [one for one in live if not machine or machine in (one.label, one.id) or one.instance.startswith(machine)]
    if machine and not meant:
        raise NoSuchMachine(named.text, machine, tuple(one.label or one.id for one in live))
    here = {place.activation: place for place in desk.places}
    freed = []
    for one in meant:
        freed.append(_freed(desk.client.call(DEACTIVATE, Deactivate(id=one.id)).activation))
        if one.id in here:
            forget(desk, here[one.id])
    return freed


def _freed(one: "ActivationView") -> Freed:
    return Freed(license=one.license, activation=one.id, label=one.label, slot=one.slot)


def text(result: Deactivation, console: Console) -> None:
    """A line for each place, on stderr."""
    for one in result.freed:
        label = f" ({safe(one.label)})" if one.label else ""
        console.say(f"Gave back {safe(result.pack)}, slot {one.slot}{label}; what is installed stays")
    if result.receipt:
        console.say(f"Wrote {safe(result.receipt)}; hand it in where there is network: packctl license import FILE")
    elif not result.freed:
        console.say("no machine was in use")
