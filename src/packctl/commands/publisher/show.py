"""`packctl publisher show`: a publisher as everybody sees it."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

if TYPE_CHECKING:
    from packspec.protocol.publishers import PublisherView


class Key(msgspec.Struct, frozen=True):
    """A public key in force: `role` is `owner` or `release`, `public` base64 of the DER SubjectPublicKeyInfo."""

    name: str
    role: str
    key_id: str
    fingerprint: str
    public: str


class Publisher(msgspec.Struct, frozen=True):
    """A publisher. `root` is the digest of its newest root, of the one that waits while `state` is `pending`; `registered` RFC 3339 UTC."""

    registry: str
    name: str
    display_name: str
    state: str
    origin: str
    verified: bool
    root_version: int
    root: str
    threshold: int
    keys: list[Key]
    registered: str
    looks_like: str


def run(
    session: Session, name: Annotated[str, typer.Argument(metavar="PUBLISHER", help="Its name, such as acme")]
) -> Outcome[Publisher]:
    """Show a publisher: where it stands, and which keys sign for it."""
    from packctl.registry.choose import chosen_client
    from packspec.names import PublisherName
    from packspec.protocol.publishers import SHOW, AskPublisher

    publisher = PublisherName.parse(name)
    chosen, client = chosen_client(session, publisher)
    return Outcome(described(chosen.origin, client.call(SHOW, AskPublisher(publisher=publisher))))


def described(registry: str, view: "PublisherView") -> Publisher:
    """What the registry said, as the result of a command. Raises BadKey."""
    from packctl.ui.moments import moment
    from packspec.signing.keys import PublicKey

    keys = []
    for key in view.keys:
        public = PublicKey.parse(key.key)  # the id and fingerprint shown are made here, from the key itself
        keys.append(Key(key.name, key.role, str(public.key_id), public.fingerprint, public.base64))
    return Publisher(
        registry, str(view.name), view.display_name, view.state, view.origin, view.verified, view.root_version,
        view.root.labelled, view.release_threshold, keys, moment(view.registered_at), view.looks_like,
    )  # fmt: skip


def text(result: Publisher, console: Console) -> None:
    """A few lines, then the keys."""
    also = f" ({safe(result.display_name)})" if result.display_name != result.name else ""
    marks = [result.state, *(["verified"] if result.verified else []), result.origin]
    console.line(f"{safe(result.name)}{also}: {', '.join(map(safe, marks))}, registered {result.registered}")
    console.line(f"  root {result.root_version}    {result.root}")
    console.line(f"  needs     {result.threshold} release {'key' if result.threshold == 1 else 'keys'} for a release")
    for key in result.keys:
        console.line(f"  {safe(key.role):<8}  {key.fingerprint}  {safe(key.name)}")
    if result.looks_like:
        console.line(f"  looks like {safe(result.looks_like)}, which is another publisher")
