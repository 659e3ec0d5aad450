"""`packctl key add`: one more release key, or another number of signatures for a release."""

from typing import Annotated

import typer

from packctl.commands.rootchange import KeyChange, NewKey, OwnerKeys, PublisherName, Releases, text
from packctl.outcome import Outcome
from packctl.session import Session

EXAMPLES = (
    "packctl key add acme mia-2027",
    "packctl key add acme tom=tom.pub --threshold 2",
)

__all__ = ["EXAMPLES", "run", "text"]


def run(
    session: Session,
    publisher: PublisherName,
    new: NewKey,
    packs: Annotated[
        list[str] | None,
        typer.Option(
            "--pack", metavar="NAME", help="It may sign this pack only, by the second half of its name; may be repeated"
        ),
    ] = None,
    threshold: Releases = None,
    keys: OwnerKeys = None,
) -> Outcome[KeyChange]:
    """Add a release key to a publisher.

    It counts after the registry's cooldown, 72 hours as a rule, so that its owners notice a key that they did not add; a lower --threshold
    waits as long, a higher one holds at once. The change is shown in words and signed by the owner keys on this machine; as long as more
    owners must sign, it waits at the registry for packctl publisher sign.
    """
    from packctl.commands.rootchange import changed, unchanged
    from packctl.publish.owners.change import change
    from packctl.publish.owners.present import entry_of, open_present
    from packctl.publish.owners.wanted import added, is_change
    from packctl.publish.register import key_named
    from packspec.moments import moment

    present = open_present(session, publisher)
    entry = entry_of(key_named(session, new, owned=False), tuple(packs or ()))
    root = added(present, "release", entry, threshold, moment(session.clock()))
    if not is_change(present, root):
        return Outcome(unchanged(present))
    return Outcome(changed(present, change(session, present, root, keys or ())))
