"""`packctl owner remove`: an owner key less."""

from packctl.commands.rootchange import KeyChange, ListedKey, OwnerKeys, Owners, PublisherName, text
from packctl.outcome import Outcome
from packctl.session import Session

EXAMPLES = ("packctl owner remove acme tom", "packctl owner remove acme 9f3c51a0 --threshold 1")

__all__ = ["EXAMPLES", "run", "text"]


def run(
    session: Session, publisher: PublisherName, gone: ListedKey, threshold: Owners = None, keys: OwnerKeys = None
) -> Outcome[KeyChange]:
    """Take an owner key out of a publisher, because it was lost or stolen or its holder left.

    As many owners as had to sign until now sign the change, and as many of those who are left as must sign from then on.
    """
    from packctl.commands.rootchange import changed, unchanged
    from packctl.publish.owners.change import change
    from packctl.publish.owners.present import ever_listed, open_present
    from packctl.publish.owners.wanted import is_change, removed
    from packspec.moments import moment

    present = open_present(session, publisher)
    entry = ever_listed(session, present, "owner", gone)
    root = removed(present, "owner", entry, threshold, moment(session.clock()))
    if not is_change(present, root):
        return Outcome(unchanged(present))
    return Outcome(changed(present, change(session, present, root, keys or ())))
