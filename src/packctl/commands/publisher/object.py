"""`packctl publisher object`: an owner who still has a key stops a reset."""

from packctl.commands.rootchange import KeyChange, OwnerKeys, PublisherName, text
from packctl.outcome import Outcome
from packctl.session import Session

EXAMPLES = ("packctl publisher object acme",)

__all__ = ["EXAMPLES", "run", "text"]


def run(session: Session, publisher: PublisherName, keys: OwnerKeys = None) -> Outcome[KeyChange]:
    """Stop a reset of your publisher's keys.

    Where the registry was told that all owner keys are lost, it announces other owners and waits. As long as enough owners can sign, they
    stop that: with the next list of keys, the same as before. Any other change of keys does it too. If a key of yours is with somebody
    else, take it out instead: packctl owner remove.
    """
    from packctl.commands.rootchange import changed
    from packctl.publish.owners.change import change
    from packctl.publish.owners.present import open_present
    from packspec.moments import moment
    from packspec.signing.publisher import next_of

    present = open_present(session, publisher)
    root = next_of(present.chain.newest, moment(session.clock()))
    session.console.say("The keys stay as they are:")
    return Outcome(changed(present, change(session, present, root, keys or ())))
