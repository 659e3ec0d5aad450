"""`packctl publisher register`: the first root of a publisher, made and signed here, handed to the registry."""

from typing import Annotated

import typer

from packctl.commands.publisher.show import Publisher, described
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = (
    "packctl publisher register acme --owner acme-owner --release acme-2026",
    "packctl publisher register acme --owner mia --owner tom --release ci --release mia-release --threshold 2",
)


def run(
    session: Session,
    name: Annotated[
        str, typer.Argument(metavar="PUBLISHER", help="Its name, for ever: the first half of its packs' names")
    ],
    owner: Annotated[
        list[str], typer.Option("--owner", metavar="KEY", help="An owner key on this machine; may be repeated")
    ],
    release: Annotated[
        list[str],
        typer.Option(
            "--release",
            metavar="KEY",
            help="A release key: on this machine, or NAME=FILE with its public half; may be repeated",
        ),
    ],
    threshold: Annotated[
        int, typer.Option("--threshold", min=1, metavar="N", help="How many release keys must sign each release")
    ] = 1,
    owner_threshold: Annotated[
        int, typer.Option("--owner-threshold", min=1, metavar="N", help="How many owners must sign a change of keys")
    ] = 1,
    display_name: Annotated[
        str, typer.Option("--display-name", metavar="TEXT", help="The name as people write it")
    ] = "",
    contact: Annotated[
        str, typer.Option("--contact", metavar="TEXT", help="Public, for questions about keys; by default your account")
    ] = "",
) -> Outcome[Publisher]:
    """Register a publisher.

    Its first root lists owner keys, which sign nothing but the next root, and release keys, which sign releases. It is signed here by the
    owner keys. An admin of the registry accepts it before anything can be published; until then it may be handed in again.
    """
    from packctl.publish.anchor import Notes
    from packctl.publish.register import RootWish, first_root_of, key_named
    from packctl.registry.choose import chosen_client
    from packspec.moments import moment
    from packspec.names import PublisherName
    from packspec.protocol.accounts import WHOAMI
    from packspec.protocol.endpoint import Nothing
    from packspec.protocol.publishers import REGISTER, RegisterPublisher

    publisher = PublisherName.parse(name)
    chosen, client = chosen_client(session, publisher)
    wish = RootWish(
        publisher=publisher,
        owners=tuple(key_named(session, text, owned=True) for text in owner),
        release=tuple(key_named(session, text, owned=False) for text in release),
        owner_threshold=owner_threshold,
        threshold=threshold,
        contact=contact or f"{client.call(WHOAMI, Nothing()).account} at {chosen.name}",
        created=moment(session.clock()),
    )
    envelope = first_root_of(session, wish)
    ask = RegisterPublisher(name=publisher, root=envelope.encode().decode(), display_name=display_name)
    view = client.call(REGISTER, ask)
    Notes(session, client.origin).keep(publisher, envelope.digest)
    return Outcome(described(chosen.origin, view))


def text(result: Publisher, console: Console) -> None:
    """What waits, and what the admin must compare."""
    console.line(f"Registered {safe(result.name)} on {safe(result.registry)}: {safe(result.state)}")
    console.line(f"  root 1    {result.root}")
    for key in result.keys:
        console.line(f"  {safe(key.role):<8}  {key.fingerprint}  {safe(key.name)}")
    console.say("Tell an admin of the registry this digest, best by another way than this registry. The admin runs:")
    console.say(f"  packctl admin publisher accept {safe(result.name)} --root {result.root}")
