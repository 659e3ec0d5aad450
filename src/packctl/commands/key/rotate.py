"""`packctl key rotate`: a new release key in the place of an old one, without a pause."""

from typing import Annotated

import typer

from packctl.commands.rootchange import KeyChange, OwnerKeys, PublisherName, text
from packctl.outcome import Outcome
from packctl.session import Session

EXAMPLES = ("packctl key rotate acme mia-2026 mia-2027", "packctl key rotate acme mia-2026 mia-2027 --at-once")

__all__ = ["EXAMPLES", "run", "text"]


def run(
    session: Session,
    publisher: PublisherName,
    old: Annotated[str, typer.Argument(metavar="OLD-KEY", help="The key that goes, as the publisher's list names it")],
    new: Annotated[
        str, typer.Argument(metavar="NEW-KEY", help="A key on this machine, or NAME=FILE with its public half")
    ],
    at_once: Annotated[
        bool, typer.Option("--at-once", help="In one step: no key counts until the new one has waited")
    ] = False,
    keys: OwnerKeys = None,
) -> Outcome[KeyChange]:
    """Put a new release key in the place of an old one.

    In two steps, by the same command: the first adds the new key, which counts after the registry's cooldown; until then the old one goes
    on signing. Given again after that, it takes the old key out. In between it says how long to wait and changes nothing.
    """
    from packctl.commands.rootchange import changed, unchanged
    from packctl.publish.owners.change import change, standing
    from packctl.publish.owners.present import entry_of, listed, open_present
    from packctl.publish.owners.wanted import added, removed
    from packctl.publish.register import key_named
    from packspec.moments import moment
    from packspec.signing.publisher import Why

    created, present = moment(session.clock()), open_present(session, publisher)
    entry = entry_of(key_named(session, new, owned=False))
    held = present.root.release.public_keys
    here = [one for one in present.root.release.keys if one.name == old or one.key.key_id.startswith(old)]
    if entry.key in held and not here:
        return Outcome(unchanged(present))  # both steps are done
    before = listed(session, present, "release", old)
    if at_once:
        root = removed(present, "release", before, None, created, replacement=entry)
    elif entry.key not in held:
        root = added(present, "release", entry, None, created)
    else:
        waits = standing(present, session.clock()).waiting.get(entry.key)
        if waits is not None and waits.why is Why.TOO_YOUNG:
            return Outcome(
                unchanged(present, f"{entry} counts from {moment(waits.counts_from)}; then give this command again")
            )
        root = removed(present, "release", before, None, created)
    return Outcome(changed(present, change(session, present, root, keys or ())))
