"""`packctl key revoke`: a release key that counts no more."""

from typing import Annotated

import typer

from packctl.commands.rootchange import KeyChange, ListedKey, OwnerKeys, PublisherName, Releases, text
from packctl.outcome import Outcome
from packctl.session import Session

EXAMPLES = (
    "packctl key revoke acme mia-2025",
    "packctl key revoke acme mia-2026 --compromised-since 48377 --replacement mia-2027",
)

__all__ = ["EXAMPLES", "run", "text"]


def run(
    session: Session,
    publisher: PublisherName,
    gone: ListedKey,
    since: Annotated[
        int | None,
        typer.Option(
            "--compromised-since",
            min=0,
            metavar="INDEX",
            help="It was stolen: what the log has from this entry on does not count",
        ),
    ] = None,
    replacement: Annotated[
        str, typer.Option("--replacement", metavar="KEY", help="A key that comes with the same change, as for key add")
    ] = "",
    threshold: Releases = None,
    confirm: Annotated[
        str, typer.Option("--confirm", metavar="KEY", help="The key's name once more, where nobody can be asked")
    ] = "",
    keys: OwnerKeys = None,
) -> Outcome[KeyChange]:
    """Take a release key out of a publisher, at once.

    What was signed with it before stays good. If it was stolen, --compromised-since names the first entry of the registry's log that the
    thief may have made: from there on its signatures count for nothing, on no machine, whatever the registry says. That cannot be undone.
    It can be said of a key that is gone already, too.
    """
    from packctl.commands.rootchange import changed, unchanged
    from packctl.publish.owners.change import hand_over_signed, tell
    from packctl.publish.owners.present import entry_of, ever_listed, open_present
    from packctl.publish.owners.wanted import is_change, removed
    from packctl.publish.register import key_named
    from packspec.moments import moment

    created, present = moment(session.clock()), open_present(session, publisher)
    entry = ever_listed(session, present, "release", gone)
    root = removed(
        present, "release", entry, threshold, created, since,
        entry_of(key_named(session, replacement, owned=False)) if replacement else None,
    )  # fmt: skip
    if not is_change(present, root):
        return Outcome(unchanged(present))
    said = tell(session, present, root)
    if confirm != entry.name:
        session.ask.typed(
            f"Type the name of the key to take it out of {present.publisher}",
            entry.name,
            option=f"--confirm {entry.name}",
        )
    return Outcome(changed(present, hand_over_signed(session, present, root, keys or (), said)))
