"""The flow: one order, from the files of a project to a change that is whole or not at all (docs/spec/install.md, I1 to I15).

Nothing in the project changes before I15, and what fails before it has changed nothing but the store, which may have got verified files.
Another process may change pack.toml or pack.lock while this one asks the registry: then it begins anew with what it finds.
"""

from typing import TYPE_CHECKING

from packctl.install.order import Order
from packctl.install.quick import nothing_to_do
from packctl.install.remember import remember
from packctl.install.report import Report
from packctl.install.result import Installed

if TYPE_CHECKING:
    from packctl.session import Session


def carry_out(session: "Session", order: Order) -> Installed:
    """What `order` came to. Raises what its steps raise; docs/spec/install.md lists it step by step."""
    report = Report(session, order)
    if (state := nothing_to_do(session, order)) is not None:
        done = report.nothing(state)
    else:
        while (made := _once(session, order, report)) is None:
            pass
        done = made
    if order.installs and not order.dry_run:
        remember(session)
    return done


def _once(session: "Session", order: Order, report: Report) -> Installed | None:
    """One pass; None if another process was faster, so that everything must be looked at again."""
    # Late, because they load TLS, TUF and cryptography, and an install with nothing to do needs none of them.
    from packctl.install.begin import begin
    from packctl.install.change import Change, apply, supplied
    from packctl.install.choose import choose
    from packctl.install.cover import Licensed
    from packctl.install.newkeys import tell_new_keys
    from packctl.install.prove import prove
    from packctl.install.registries import Registries

    work = begin(session, order)  # I1
    registries = Registries(session, work)
    registries.refresh()  # I2 to I5
    choice = choose(session, work, registries)  # I6, I7
    report.resolved(work, choice)
    proven = prove(session, work, registries, choice)  # I8
    tell_new_keys(session, work, proven)
    todo = Change.of(work, proven)  # I10
    licensed = Licensed.of(session, registries, todo)
    todo = licensed.require()  # I9
    with supplied(session, registries, todo, licensed.addresses) as supply:  # I11
        if order.dry_run:
            return report.would(registries, todo, supply)
        report.fetching()
        supply.fetch()  # I12 to I14
        report.fetched(registries, todo, supply)
        applied = apply(session, registries, todo, supply)  # I14, I15
        return None if applied is None else report.done(registries, todo, supply, applied)
