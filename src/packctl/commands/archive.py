"""`packctl archive`: ends a pack without breaking anybody's build, or revives it."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.commands.options import Key, Note
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

if TYPE_CHECKING:
    from packspec.names import PackName
    from packspec.protocol.archiving import PackActed

EXAMPLES = ('packctl archive acme/farm-animals --note "acme/zoo goes on"', "packctl archive acme/farm-animals --undo")
REASON = "archived"


class Archived(msgspec.Struct, frozen=True):
    """Releases whose state changed, highest first, and the index of the last log entry; null where there was nothing to do."""

    registry: str
    pack: str
    versions: list[str]
    log_index: int | None
    archived: bool


def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Which pack")],
    note: Note = "",
    undo: Annotated[bool, typer.Option("--undo", help="Lift it; signed with a release key")] = False,
    key: Key = None,
) -> Outcome[Archived]:
    """End a pack: no new installs, and what is locked stays.

    Every release is yanked with reason `archived`, in the public log, and the pack is found by no search any more. Releases that were
    yanked before keep their own reason, and stay yanked when it is undone. A release that is published later can be chosen again.
    """
    from packspec.names import PackName

    pack = PackName.parse(name)
    act = _revive(session, pack, key) if undo else _archive(session, pack, note)
    from packctl.registry.choose import choose_registry

    origin = choose_registry(session, pack.publisher).origin
    return Outcome(Archived(origin, str(pack), [str(one) for one in act.versions], act.log_index, not undo))


def _archive(session: Session, pack: "PackName", note: str) -> "PackActed":
    from packctl.registry.choose import chosen_client
    from packspec.protocol.archiving import ARCHIVE, ArchivePack

    chosen, client = chosen_client(session, pack.publisher)
    session.ask.must_confirm(f"Yank every release of {pack} on {chosen.name}, in the public log?")
    return client.call(ARCHIVE, ArchivePack(publisher=pack.publisher, name=pack.name, note=note))


def _revive(session: Session, pack: "PackName", key: str | None) -> "PackActed":
    """Signs a restore of each release that was archived. Which those are says the index, and what is signed the proven log entry."""
    from packctl.publish.restore import logged_statement, signed_restore
    from packctl.publish.review import open_trusted
    from packctl.publish.signer import find_key, open_key, shown
    from packctl.registry.choose import chosen_client
    from packspec.names import ReleaseName
    from packspec.protocol.archiving import RESTORES_AT_ONCE, REVIVE, PackActed, RevivePack

    chosen, client = chosen_client(session, pack.publisher)
    registry = open_trusted(session, chosen)
    rows = [row for row in registry.index(pack).releases if (row.state, row.reason) == ("yanked", REASON)]
    if not rows:
        return PackActed(pack=pack, versions=[])
    keys = registry.publisher(pack.publisher).newest.root.release.public_keys
    stored = find_key(session, key, keys, f"a release key of {pack.publisher}")
    session.ask.must_confirm(f"Let {len(rows)} releases of {pack} be chosen again on {chosen.name}?")
    session.console.say(f"Signing   with key {shown(stored)}")
    signer, now = open_key(session, stored), session.clock()
    names = [ReleaseName.parse(f"{pack}@{row.version}") for row in rows]
    signed = [signed_restore(logged_statement(registry, name), signer, now) for name in names]
    documents = [one.encode().decode() for one in signed]
    parts = [documents[at : at + RESTORES_AT_ONCE] for at in range(0, len(documents), RESTORES_AT_ONCE)]
    acts = [client.call(REVIVE, RevivePack(publisher=pack.publisher, name=pack.name, restores=part)) for part in parts]
    versions = [version for act in acts for version in act.versions]
    return PackActed(pack=pack, versions=versions, log_index=acts[-1].log_index)


def text(result: Archived, console: Console) -> None:
    """One line, and the way back."""
    name, count = safe(result.pack), len(result.versions)
    releases = "1 release" if count == 1 else f"{count} releases"
    if result.log_index is None:
        console.line(f"{name} is {'archived already' if result.archived else 'not archived'}")
    elif result.archived:
        console.line(f"{name} is archived: {releases} yanked, log entry {result.log_index}")
        console.say(f"  Lift it: packctl archive {name} --undo")
    else:
        console.line(f"{name} is archived no longer: {releases}, log entry {result.log_index}")
