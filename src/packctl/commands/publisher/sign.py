"""`packctl publisher sign`: one more owner's signature to a change of keys."""

from typing import Annotated

import typer

from packctl.commands.rootchange import KeyChange, OwnerKeys, PublisherName, text
from packctl.outcome import Outcome
from packctl.session import Session

EXAMPLES = ("packctl publisher sign acme --root sha256:9d41...e6", "packctl publisher sign acme --discard")

__all__ = ["EXAMPLES", "run", "text"]


def run(
    session: Session,
    publisher: PublisherName,
    root: Annotated[
        str, typer.Option("--root", metavar="sha256:...", help="The digest of the change, as the other owner told you")
    ] = "",
    discard: Annotated[bool, typer.Option("--discard", help="Take the change back instead")] = False,
    keys: OwnerKeys = None,
) -> Outcome[KeyChange]:
    """Sign a change of a publisher's keys that another owner proposed.

    The change is read here, compared with the list of keys that the registry's log proves, and shown in words. With the last signature it
    is in force. On a terminal it is asked about; -y does not answer, --root does.
    """
    from packctl.commands.rootchange import changed, unchanged
    from packctl.publish.owners.change import discard_waiting, sign_waiting
    from packctl.publish.owners.present import open_present
    from packspec.digests import Digest

    present = open_present(session, publisher)
    if discard:
        discard_waiting(session, present)
        return Outcome(unchanged(present))
    named = Digest.parse_labelled(root) if root else None
    return Outcome(changed(present, sign_waiting(session, present, named, keys or ())))
