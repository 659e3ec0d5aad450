"""`packctl admin publisher accept`: lets a publisher's first root into the log."""

from typing import Annotated

import typer

from packctl.commands.options import Note
from packctl.commands.publisher.show import Publisher, described
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.ask import Declined
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packspec.errors import Untrusted

EXAMPLES = ("packctl admin publisher accept acme --root sha256:9d41...e6",)


class RootNotNamed(Untrusted):
    """A first root is accepted by its digest, and nobody is there to look at it."""

    publisher: str
    root: str
    code = "publishers.root-not-named"

    def what(self) -> str:
        return f"accepting {self.publisher} needs the digest of its first root"

    def facts(self) -> dict[str, str]:
        return {"it shows": self.root}

    def why(self) -> str:
        return "the keys in it sign for this publisher for ever, so somebody must have compared them with their owner"

    def fix(self) -> list[str]:
        return [f"packctl admin publisher accept {self.publisher} --root sha256:..."]


def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="PUBLISHER", help="Which publisher")],
    root: Annotated[
        str, typer.Option("--root", metavar="sha256:...", help="The digest of its first root, as its owner told you")
    ] = "",
    note: Note = "",
) -> Outcome[Publisher]:
    """Let a publisher's first root into the log.

    From then on its keys sign for it, and only its owners can change them. Compare the digest with the owner by another way than this
    registry. On a terminal the root is shown and asked about; -y does not answer.
    """
    from packctl.registry.choose import chosen_client
    from packspec.digests import Digest
    from packspec.names import PublisherName
    from packspec.protocol.publishers import ACCEPT, SHOW, AcceptPublisher, AskPublisher

    publisher = PublisherName.parse(name)
    chosen, client = chosen_client(session, publisher)
    if root:
        digest = Digest.parse_labelled(root)
    else:
        view = client.call(SHOW, AskPublisher(publisher=publisher))
        digest = view.root
        _confirm(session, described(chosen.origin, view))
    view = client.call(ACCEPT, AcceptPublisher(publisher=publisher, root=digest, note=note))
    return Outcome(described(chosen.origin, view))


def _confirm(session: Session, shown: Publisher) -> None:
    say = session.console.say
    say(f"{safe(shown.name)} ({safe(shown.display_name)}), root {shown.root_version}: {shown.root}")
    for key in shown.keys:
        say(f"  {safe(key.role):<8}  {key.fingerprint}  {safe(key.name)}")
    if shown.looks_like:
        say(f"  its name looks like {safe(shown.looks_like)}, which is another publisher")
    question = "Are these the keys that their owner told you?"
    if not session.ask.trust(question, RootNotNamed(shown.name, shown.root)):
        raise Declined(question)


def text(result: Publisher, console: Console) -> None:
    """One line, and the root that counts from now on."""
    console.line(f"{safe(result.name)} is {safe(result.state)}; root {result.root_version} is in the log")
    console.line(f"  {result.root}")
