"""`packctl license list`: the licenses of this machine, or of one's account."""

from typing import Annotated

import msgspec
import typer

from packctl.licenses.standing import Standing
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.table import Column, write_table

EXAMPLES = ("packctl license list", "packctl license list --remote", "packctl license list --plain")


class Owned(msgspec.Struct, frozen=True, kw_only=True):
    """A license of the account. Times are RFC 3339 UTC, empty where there is none; `key_hint` are the last characters of its key."""

    license: str
    pack: str
    plan: str
    status: str
    holder: str
    quantity: int
    machines: int
    machines_used: int
    persons: int | None
    persons_used: int
    ends: str
    key_hint: str


class Licenses(msgspec.Struct, frozen=True):
    """`here` are the licenses that this machine has a place in, `remote` those of the account, where they were asked for."""

    here: list[Standing]
    remote: list[Owned] | None = None


def run(
    session: Session,
    remote: Annotated[bool, typer.Option("--remote", help="Ask the registry for the licenses of your account")] = False,
) -> Outcome[Licenses]:
    """Show the licenses of this machine.

    With --remote those of your account, on whatever machines they are used.
    """
    if remote:
        return Outcome(Licenses([], _owned(session)))
    from packctl.licenses.opening import desks_here
    from packctl.licenses.state import judge

    here = [judge(desk, holding).standing for desk in desks_here(session) for holding in desk.holdings()]
    return Outcome(Licenses(sorted(here, key=lambda one: (one.pack, one.license))))


def _owned(session: Session) -> list[Owned]:
    from packctl.licenses.named import own_licenses
    from packctl.registry.choose import chosen_client
    from packspec.moments import moment

    _, client = chosen_client(session)
    return [
        Owned(
            license=one.id,
            pack=one.pack,
            plan=one.plan.id,
            status=one.status,
            holder=one.holder,
            quantity=one.quantity,
            machines=one.machines,
            machines_used=one.machines_used,
            persons=one.persons,
            persons_used=one.persons_used,
            ends="" if one.ends_at is None else moment(one.ends_at),
            key_hint=one.key_hint,
        )
        for one in own_licenses(client)
    ]


def text(result: Licenses, console: Console) -> None:
    """A table; a word where there are none."""
    head = ("PACK", "LICENSE", "STATUS", "PLAN", "ENDS", "MACHINES" if result.remote is not None else "LEASE UNTIL")
    columns = [Column(one, whole=True) for one in head]
    rows = list(_rows(result))
    write_table(columns, rows, console)
    if not rows:
        where = (
            "your account has no licenses" if result.remote is not None else "no license is activated on this machine"
        )
        console.say(where)


def _rows(result: Licenses) -> list[tuple[str, ...]]:
    if result.remote is not None:
        return [
            (
                one.pack,
                one.license,
                _word(one.status),
                one.plan,
                one.ends[:10] or "-",
                f"{one.machines_used} of {one.machines}",
            )
            for one in result.remote
        ]
    return [
        (one.pack, one.license, _word(one.status), one.plan, one.ends[:10] or "-", one.lease_ends)
        for one in result.here
    ]


def _word(status: str) -> str:
    return status.replace("_", " ")


def plain(result: Licenses) -> list[tuple[str, ...]]:
    """Pack, license, status, plan, end; then machines in use and machines, or the end of the lease."""
    if result.remote is not None:
        return [
            (one.pack, one.license, one.status, one.plan, one.ends, str(one.machines_used), str(one.machines))
            for one in result.remote
        ]
    return [(one.pack, one.license, one.status, one.plan, one.ends, one.lease_ends) for one in result.here]
