"""`packctl license refresh`: renews the leases of this machine, and the lists of revoked licenses."""

from functools import partial
from typing import Annotated

import msgspec
import typer

from packctl.licenses.standing import Standing
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packspec.errors import Busy, PackError, Unavailable

EXAMPLES = ("packctl license refresh", "packctl license refresh --if-older 1d")


class Renewed(msgspec.Struct, frozen=True):
    """The licenses of this machine as they stand now. `refused` are those that the registry did not renew, by id."""

    licenses: list[Standing]
    refused: list[str]


def run(
    session: Session,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A pack, or a license such as L-12; by default all")
    ] = None,
    if_older: Annotated[
        str, typer.Option("--if-older", metavar="DURATION", help="Only leases older than this: 12h, 1d")
    ] = "",
) -> Outcome[Renewed]:
    """Renew the leases of this machine now.

    An install does it by itself, once a day. What the registry refuses to renew is told, and can no longer be used for new installs.
    """
    from packctl.licenses.named import Named, is_meant
    from packctl.licenses.opening import desks_here
    from packctl.licenses.renewal import renew
    from packctl.licenses.state import judge
    from packctl.registry.failures import Unreachable
    from packctl.usage import read_duration
    from packspec.licenses.refusals import refusal
    from packspec.licenses.use import Refused

    named = Named.parse(name) if name else None
    older_than = read_duration("--if-older", if_older, "12h") if if_older else 0
    found: list[Standing] = []
    refused: list[str] = []
    errors: list[PackError] = []
    for desk in desks_here(session, online=True):
        if not any(is_meant(desk, named, place) for place in desk.places):
            continue
        if not desk.is_online:
            raise Unreachable(desk.counter.address, "--offline")
        try:
            failed = renew(desk, older_than=older_than, wanted=partial(is_meant, desk, named))
        except (Unavailable, Busy) as error:  # other registries may answer
            failed = []
            errors.append(error)
        refused += [place.license for place, _ in failed]
        errors += [error for _, error in failed]
        desk.remember()
        found += [judge(desk, one).standing for one in desk.holdings() if is_meant(desk, named, one.place)]
    if named is not None and not found and not errors:
        raise refusal(Refused.NOT_ACTIVATED, named.text)
    return Outcome(Renewed(found, refused), errors=tuple(errors))


def text(result: Renewed, console: Console) -> None:
    """A line for each license, on stderr."""
    for one in result.licenses:
        if one.license not in result.refused:
            console.say(
                f"{safe(one.pack)}  {one.license}  {one.status.replace('_', ' ')}, lease until {one.lease_ends}"
            )
    if not result.licenses:
        console.say("no license is activated on this machine")
