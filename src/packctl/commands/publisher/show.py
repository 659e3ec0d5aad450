"""`packctl publisher show`: a publisher as everybody sees it."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import many

if TYPE_CHECKING:
    from packspec.protocol.publishers import PublisherView


class Key(msgspec.Struct, frozen=True):
    """A public key in force: `role` is `owner` or `release`, `public` base64 of the DER SubjectPublicKeyInfo.

    `counts`: whether a signature made with it now counts; if it only must wait, `counts_from` is when it will, RFC 3339 UTC. `packs`: the
    second halves of the names that it may sign, empty for all.
    """

    name: str
    role: str
    key_id: str
    fingerprint: str
    public: str
    counts: bool = True
    counts_from: str = ""
    packs: list[str] = []


class Publisher(msgspec.Struct, frozen=True):
    """A publisher. `root` is the digest of its newest root, of the one that waits while `state` is `pending`; `registered` RFC 3339 UTC.

    `threshold` of the release keys must sign a release; while a lower number waits, `threshold_now` of them, until `threshold_from`.
    `owner_threshold` of the owners must sign a change of keys; `waiting_root` is the digest of one that waits for signatures, else empty.
    `reset_root` is the digest of one that the registry announced because the owners lost their keys, else empty; `reset_from` is when it
    comes into force unless an owner objects. `suspended` is since when an admin has stopped all that the publisher does, else empty, with
    the reason that the admin gave; `suspended_by`, the admin's account, is told to the publisher's team and to admins.
    """

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
    owner_threshold: int = 1
    threshold_now: int = 0
    threshold_from: str = ""
    waiting_root: str = ""
    reset_root: str = ""
    reset_from: str = ""
    suspended: str = ""
    suspended_reason: str = ""
    suspended_by: str = ""


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
    from packspec.moments import moment
    from packspec.signing.keys import PublicKey

    keys = []
    for key in view.keys:
        public = PublicKey.parse(key.key)  # the id and fingerprint shown are made here, from the key itself
        since = moment(key.counts_from) if key.counts_from else ""
        packs = list(key.packs)
        keys.append(
            Key(key.name, key.role, str(public.key_id), public.fingerprint, public.base64, key.counts, since, packs)
        )
    return Publisher(
        registry, str(view.name), view.display_name, view.state, view.origin, view.verified, view.root_version,
        view.root.labelled, view.release_threshold, keys, moment(view.registered_at), view.looks_like,
        view.owner_threshold, view.threshold_now, moment(view.threshold_from) if view.threshold_from else "",
        f"sha256:{view.waiting_root}" if view.waiting_root else "",
        f"sha256:{view.reset_root}" if view.reset_root else "", moment(view.reset_from) if view.reset_from else "",
        moment(view.suspended_at) if view.suspended_at else "", view.suspended_reason, view.suspended_by,
    )  # fmt: skip


def text(result: Publisher, console: Console) -> None:
    """A few lines, then the keys: whose signatures count, and which from when."""
    also = f" ({safe(result.display_name)})" if result.display_name != result.name else ""
    marks = [result.state, *(["verified"] if result.verified else []), result.origin]
    console.line(f"{safe(result.name)}{also}: {', '.join(map(safe, marks))}, registered {result.registered}")
    if result.suspended:
        by = f" by {safe(result.suspended_by)}" if result.suspended_by else ""
        console.line(f"  suspended since {result.suspended}{by}: {safe(result.suspended_reason)}")
    console.line(f"  root {result.root_version}    {result.root}")
    console.line(f"  needs     {many(result.threshold, 'release key')} for a release{_until(result)}")
    console.line(f"            {many(result.owner_threshold, 'owner key')} for a change of keys")
    for key in result.keys:
        packs = f", for {', '.join(map(safe, key.packs))} only" if key.packs else ""
        console.line(f"  {safe(key.role):<8}  {key.fingerprint}  {safe(key.name)}{packs}{_since(key)}")
    if result.waiting_root:
        console.line("  A change of keys waits for signatures of more owners:")
        console.line(f"    {result.waiting_root}")
        console.say(f"  Look at it and sign it: packctl publisher sign {safe(result.name)}")
    if result.reset_root:
        console.line(
            f"  Other owners come into force at {result.reset_from}: the registry was told that their keys are lost"
        )
        console.line(f"    {result.reset_root}")
        console.say(f"  An owner who is not gone stops that: packctl publisher object {safe(result.name)}")
    if result.looks_like:
        console.line(f"  looks like {safe(result.looks_like)}, which is another publisher")


def _until(result: Publisher) -> str:
    return f" from {result.threshold_from} on, {result.threshold_now} until then" if result.threshold_from else ""


def _since(key: Key) -> str:
    if key.counts:
        return ""
    return f", counts from {key.counts_from}" if key.counts_from else ", does not count: stolen"
