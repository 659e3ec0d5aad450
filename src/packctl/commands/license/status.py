"""`packctl license status`: whether the licenses of this machine can be used, and until when."""

from functools import partial
from typing import Annotated

import msgspec
import typer

from packctl.licenses.standing import Standing
from packctl.outcome import Notice, Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packspec.errors import PackError

EXAMPLES = (
    "packctl license status",
    "packctl license status acme/farm-animals-pro --strict",
    "packctl license status --remote --json",
)


class Statuses(msgspec.Struct, frozen=True):
    """The licenses of this machine that were asked about, each as it stands."""

    licenses: list[Standing]


def run(
    session: Session,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="A pack, or a license such as L-12; by default all")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Fail also where a payment is due, or days of grace run")
    ] = False,
    remote: Annotated[bool, typer.Option("--remote", help="Ask the registry first, and renew the leases")] = False,
) -> Outcome[Statuses]:
    """Show whether the licenses of this machine can be used.

    Answered by this machine alone, from what the registry signed; --remote asks it anew. The exit status is 0 if every license that was
    asked about can be used, and 7 if one cannot.
    """
    from packctl.licenses.faults import NearEnd
    from packctl.licenses.named import Named, is_meant
    from packctl.licenses.opening import desks_here
    from packctl.licenses.renewal import ask_now
    from packctl.licenses.state import judge
    from packspec.licenses.refusals import refusal
    from packspec.licenses.use import Refused

    named = Named.parse(name) if name else None
    found: list[Standing] = []
    errors: list[PackError] = []
    for desk in desks_here(session, online=remote):
        meant = partial(is_meant, desk, named)
        if remote and any(map(meant, desk.places)):
            ask_now(desk, meant)
        good, bad = desk.checked()
        errors += [error for place, error in bad if meant(place)]
        for holding in good:
            if not meant(holding.place):
                continue
            judged = judge(desk, holding)
            found.append(judged.standing)
            if judged.refused is not None:
                errors.append(judged.refused)
            elif judged.near_end and strict:
                errors.append(NearEnd(judged.standing.pack, judged.near_end, judged.standing.license))
            elif judged.near_end:
                one = judged.standing
                session.warn(
                    Notice(
                        "licensing.near-end", f"the license for {one.pack}: {judged.near_end}", {"license": one.license}
                    )
                )
    if named is not None and not found and not errors:
        raise refusal(Refused.NOT_ACTIVATED, named.text)
    return Outcome(Statuses(found), errors=tuple(errors))


def text(result: Statuses, console: Console) -> None:
    """A paragraph for each license."""
    for one in result.licenses:
        console.line(
            f"{safe(one.pack)}  {one.license}  {one.status.replace('_', ' ')}{'' if one.usable else ', not usable'}"
        )
        for label, said in _rows(one):
            console.line(f"  {label:<9}{safe(said)}")
    if not result.licenses:
        console.say("no license is activated on this machine")


def _rows(one: Standing) -> list[tuple[str, str]]:
    rows = [("plan", one.plan + (f", until {one.ends[:10]}" if one.ends else ""))]
    if one.updates_until:
        rows.append(("updates", f"releases published until {one.updates_until[:10]}"))
    if one.features:
        rows.append(("features", ", ".join(one.features)))
    where = f"slot {one.slot}" if one.slot else one.activation
    rows.append(("machine", f"{one.label + ', ' if one.label else ''}{where}"))
    rows.append(("lease", f"until {one.lease_ends}, {'by file' if one.is_offline else 'renewed at each install'}"))
    rows.append(("list", f"as of {one.list_as_of}" if one.list_as_of else "none on this machine"))
    if one.clock == "back":
        rows.append(("clock", f"was set back; counted as {one.now}"))
    return rows


def plain(result: Statuses) -> list[tuple[str, ...]]:
    """Pack, license, status, whether it is usable, end of the lease, end of the license, code."""
    return [
        (one.pack, one.license, one.status, "yes" if one.usable else "no", one.lease_ends, one.ends, one.code)
        for one in result.licenses
    ]
