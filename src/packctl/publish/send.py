"""What goes to the registry: the draft, the bytes, the statement. Every step may be repeated after an answer was lost.

Opening a draft for the same archive gives the same draft, bytes that are there are not sent again, and a statement that was handed in
already is answered with where the submission stands.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct

from packctl.durable import open_named
from packctl.publish.anchor import Identity
from packctl.publish.attach import Attachment
from packctl.publish.build import Built
from packctl.publish.statement import Signed, checked
from packctl.registry.client import RegistryClient
from packctl.registry.network import Pace
from packctl.registry.upload import FINISH_SECONDS, upload
from packspec.protocol.publishing import HAND_IN, OPEN, SIGN, AddSignature, HandIn, OpenSubmission, SubmissionView
from packspec.signing.dsse import Envelope
from packspec.submissions import State


class Delivery(Struct, frozen=True):
    """What is handed in besides archive and statement."""

    attachments: Sequence[Attachment] = ()
    note: str = ""
    hold: bool = False


def open_draft(client: RegistryClient, built: Built) -> SubmissionView:
    """The submission of this archive: a new draft, or the one there is, wherever it stands. Raises `publishing.version-exists` and kin."""
    pack = built.manifest.pack
    ask = OpenSubmission(pack=pack.name, version=pack.version, archive=built.sha256, size=built.size)
    return client.call(OPEN, ask)


def waiting_statement(view: SubmissionView, built: Built, identity: Identity) -> Envelope | None:
    """The statement that a draft has already, waiting for more signatures. Raises StatementMismatch where it is not about this archive."""
    if view.state != State.DRAFT or not view.statement:
        return None
    envelope = Envelope.parse(view.statement.encode())
    checked(envelope, built, identity)
    return envelope


def send(
    client: RegistryClient,
    pace: Pace,
    view: SubmissionView,
    built: Built,
    delivery: Delivery,
    on_bytes: Callable[[int], None] = lambda count: None,
) -> None:
    """Uploads the archive and what is attached. `on_bytes` hears how much of the archive the registry has."""
    if view.state != State.DRAFT:
        return
    for attachment in delivery.attachments:
        with open_named(attachment.path) as source:
            upload(client, source, attachment.named.sha256, pace)
    with open_named(built.path) as source:
        upload(client, source, built.sha256, pace, on_bytes)


def hand_in(client: RegistryClient, view: SubmissionView, signed: Signed, delivery: Delivery) -> SubmissionView:
    """Hands in the statement; where the draft has this one already, adds its signatures. Beyond draft there is nothing to do."""
    if view.state != State.DRAFT:
        return view
    text = signed.envelope.encode().decode()
    if view.statement_digest is not None and view.statement_digest.same(signed.digest):
        return client.call(SIGN, AddSignature(id=view.id, statement=text))
    ask = HandIn(id=view.id, statement=text, note=delivery.note, hold=delivery.hold)
    return client.call(HAND_IN, ask, timeout_seconds=FINISH_SECONDS)
