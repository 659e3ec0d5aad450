"""`packctl owner add`: one more owner key, or another number of owners who must sign."""

from packctl.commands.rootchange import KeyChange, NewKey, OwnerKeys, Owners, PublisherName, text
from packctl.outcome import Outcome
from packctl.session import Session

EXAMPLES = (
    "packctl owner add acme tom=tom.pub --threshold 2",
    "packctl owner add acme acme-owner-2",
)

__all__ = ["EXAMPLES", "run", "text"]


def run(
    session: Session, publisher: PublisherName, new: NewKey, threshold: Owners = None, keys: OwnerKeys = None
) -> Outcome[KeyChange]:
    """Add an owner key to a publisher.

    Owner keys sign the next list of keys and nothing else. The change is shown in words and signed by the owner keys on this machine; as
    long as more owners must sign, it waits at the registry for packctl publisher sign. With --threshold the number of owners who must sign
    changes too, and the new owners must be able to: as many of them as it says sign this very change.
    """
    from packctl.commands.rootchange import changed, unchanged
    from packctl.publish.owners.change import change
    from packctl.publish.owners.present import entry_of, open_present
    from packctl.publish.owners.wanted import added, is_change
    from packctl.publish.register import key_named
    from packspec.moments import moment

    present = open_present(session, publisher)
    root = added(present, "owner", entry_of(key_named(session, new, owned=False)), threshold, moment(session.clock()))
    if not is_change(present, root):
        return Outcome(unchanged(present))
    return Outcome(changed(present, change(session, present, root, keys or ())))
