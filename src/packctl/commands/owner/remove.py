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
    from packctl.commands.rootchange import changed
    from packctl.publish.owners.change import change
    from packctl.publish.owners.present import listed, open_present
    from packctl.publish.owners.wanted import removed
    from packctl.ui.moments import moment

    present = open_present(session, publisher)
    entry = listed(session, present, "owner", gone)
    root = removed(present, "owner", entry, threshold, moment(session.clock()))
    return Outcome(changed(present, change(session, present, root, keys or ())))
