"""A publish from the folder to the queue: the order of the steps, and nothing else (docs/how-to/publish.md).

1 find, 2 collect, 3 check, 4 build, 5 sign, 6 send and hand in; what follows is the registry's and a reviewer's. Each step may be repeated:
after a lost answer the same command goes on where it was.
"""

from pathlib import Path

from msgspec import Struct

from packctl.keys import HeldKey
from packctl.outcome import Notice
from packctl.publish.anchor import Identity, identify
from packctl.publish.attach import Attachment, read_attachment
from packctl.publish.build import Built, archive_name, build, read_built
from packctl.publish.checks import refuse
from packctl.publish.online import look_up
from packctl.publish.prepare import Prepared, find_pack, prepare
from packctl.publish.send import Delivery, hand_in, open_draft, send, waiting_statement
from packctl.publish.signer import find_key, open_key, shown
from packctl.publish.statement import Signed, prepare_statement, with_signature, write_statement
from packctl.publish.tell import tell_warnings
from packctl.registry.choose import Chosen
from packctl.registry.client import RegistryClient
from packctl.registry.open import pace_of
from packctl.session import Session
from packctl.ui.escape import safe
from packctl.ui.progress import megabytes
from packctl.ui.table import many
from packspec.errors import Conflict
from packspec.moments import moment
from packspec.protocol.accounts import WHOAMI
from packspec.protocol.endpoint import Nothing
from packspec.protocol.publishing import SIGN, AddSignature, SubmissionView
from packspec.signing.publisher.counting import KeyTooYoung
from packspec.submissions import State

_COLUMN = 51


class NothingToSign(Conflict):
    """A submission that waits for no signature."""

    submission: str
    state: str

    code = "publish.nothing-to-sign"

    def what(self) -> str:
        return f"{self.submission} waits for no signature: it is {self.state}"

    def why(self) -> str:
        return "signatures are added to a draft that was handed in with fewer than its publisher's root asks for"

    def fix(self) -> list[str]:
        return [f"packctl status {self.submission}"]


class Wish(Struct, frozen=True):
    """What the person asked for: what to publish, which key, and what goes along."""

    what: str | None
    key: str | None
    note: str = ""
    attach: tuple[str, ...] = ()
    hold: bool = False


def archive_to_publish(session: Session, what: str | None, *, into: Path | None = None) -> Built:
    """Steps 1 to 4: the archive that is named, or the one built from a folder, to that folder or `into` another one."""
    if what is not None and what.endswith(".pack"):
        built = read_built(session.folder / what)
        _say(session, "Reading", f"{built.path.name} ({megabytes(built.size)})", built.sha256.labelled)
        return built
    prepared = prepare(find_pack(session, what))
    ok = "ok" if _is_ok(prepared) else ""
    _say(session, "Checking", f"pack.toml, {many(len(prepared.collected.files), 'file')}", ok)
    tell_warnings(session, prepared.warnings)
    refuse(prepared.findings)
    target = (into or prepared.place.folder) / archive_name(prepared.manifest)
    with session.progress("building", total=1, total_bytes=prepared.collected.size) as progress:
        built = build(prepared.collected, target, progress.item(target.name, prepared.collected.size).advance)
    _say(session, "Building", f"{built.path.name} ({megabytes(built.size)})", built.sha256.labelled)
    return built


def _is_ok(prepared: Prepared) -> bool:
    return all(finding.level != "error" for finding in prepared.findings)


def attachments_of(session: Session, built: Built, wish: Wish) -> tuple[Attachment, ...]:
    """What is given along. Raises BadProvenance, NoSuchFile, NotAFile, DiskFailed."""
    return tuple(read_attachment(session.folder / path, built.sha256) for path in wish.attach)


def publish(session: Session, chosen: Chosen, client: RegistryClient, built: Built, wish: Wish) -> SubmissionView:
    """Steps 5 and 6. Raises what the steps raise; what was done until then is kept, and is not done again by the next try."""
    attachments = attachments_of(session, built, wish)
    delivery = Delivery(attachments, wish.note, wish.hold)
    client.call(WHOAMI, Nothing())  # nobody should type a passphrase to learn then that they are not logged in
    tell_warnings(session, look_up(client, built.manifest))
    identity = identify(session, client, built.manifest.pack.name.publisher)
    name = f"{built.manifest.pack.name} {built.manifest.pack.version}"
    signed, _ = sign(session, identity, _start(session, built, identity, attachments), wish.key)
    session.ask.must_confirm(f"Upload {name} to {chosen.name}?")
    view = open_draft(client, built)
    if view.state != State.DRAFT:
        return view
    if (theirs := waiting_statement(view, built, identity)) is not None and not theirs.digest.same(signed.digest):
        # A colleague handed in first: their statement says the same of the same bytes, so this key signs that one.
        signed, _ = sign(session, identity, Signed(signed.path, signed.claim, theirs), wish.key)
    began = session.monotonic()
    with session.progress("uploading", total=1, total_bytes=built.size) as progress:
        item = progress.item(built.path.name, built.size)
        send(client, pace_of(session), view, built, delivery, lambda count: item.advance(count - item.bytes))
    session.console.say(f"Uploaded in {session.monotonic() - began:.1f} s")
    return hand_in(client, view, signed, delivery)


def _start(session: Session, built: Built, identity: Identity, attachments: tuple[Attachment, ...]) -> Signed:
    attached = tuple(attachment.named for attachment in attachments)
    return prepare_statement(built, identity, attached, moment(session.clock()))


def sign(session: Session, identity: Identity, signed: Signed, named_key: str | None) -> tuple[Signed, str]:
    """One more signature, kept beside the archive, and whose. A key that has signed already is not opened again."""
    key = _key_of(session, identity, named_key)
    if not signed.envelope.is_signed_by(key.public):
        signed = with_signature(signed, open_key(session, key))
        write_statement(signed)
    return signed, shown(key)


def add_signature(
    session: Session, client: RegistryClient, view: SubmissionView, built: Built, named_key: str | None
) -> tuple[SubmissionView, str]:
    """One more signature to a draft that waits for some: over its statement, if that is true of the archive that was fetched.

    Raises NothingToSign, StatementMismatch, and what signing and the registry raise.
    """
    identity = identify(session, client, view.pack.publisher)
    envelope = waiting_statement(view, built, identity)
    if envelope is None:
        raise NothingToSign(view.id, view.state)
    key = _key_of(session, identity, named_key)
    envelope = envelope.signed_by(open_key(session, key))
    ask = AddSignature(id=view.id, statement=envelope.encode().decode())
    return client.call(SIGN, ask), shown(key)


def _key_of(session: Session, identity: Identity, named: str | None) -> HeldKey:
    """The key to sign with. That it does not count yet is told before it signs."""
    key = find_key(session, named, identity.keys, identity.purpose, identity.counting)
    _say(session, "Signing", f"with key {shown(key)}", "")
    if counts_from := identity.counts_from(key.public):
        said = f"{shown(key)} does not count yet; once it does, sign again"
        fix = [f"packctl publisher show {identity.publisher}"]
        session.warn(Notice(KeyTooYoung.code, said, {"counts from": moment(counts_from)}, fix))
    return key


def _say(session: Session, verb: str, text: str, end: str) -> None:
    session.console.say(f"{verb:<9} {safe(text):<{_COLUMN - 10}}  {end}".rstrip())
