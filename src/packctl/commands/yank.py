"""`packctl yank`: keeps a release from being chosen anew, or lifts that."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.commands.options import Key, Note, Reason
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

if TYPE_CHECKING:
    from packspec.names import ReleaseName
    from packspec.protocol.publishing import LoggedAct

EXAMPLES = (
    'packctl yank acme/farm-animals@2.1.0 --reason broken --note "hen.svg is empty"',
    "packctl yank acme/farm-animals@2.1.0 --undo",
)


class Yanked(msgspec.Struct, frozen=True):
    """The release, its state from now on, and the entry of the log that says so (0 for one that is not yanked).

    `changed` false: it was so already.
    """

    registry: str
    pack: str
    version: str
    state: str
    log_index: int
    changed: bool = True


def run(
    session: Session,
    release: Annotated[str, typer.Argument(metavar="NAME@VERSION", help="Which release")],
    reason: Reason = "",
    note: Note = "",
    undo: Annotated[bool, typer.Option("--undo", help="Lift the yank; signed with a release key")] = False,
    key: Key = None,
) -> Outcome[Yanked]:
    """Keep a release from being chosen anew.

    What is locked stays installable, so nobody's build breaks. The yank is in the registry's public log, and so is its end: loosening
    needs the signature of a release key, tightening only the right to publish. What is so already is no failure, so a command whose
    answer was lost can be given again.
    """
    from packctl.registry.choose import choose_registry
    from packspec.names import ReleaseName

    name = ReleaseName.parse(release)
    act = _restore(session, name, key) if undo else _yank(session, name, reason, note)
    origin = choose_registry(session, name.pack.publisher).origin
    return Outcome(Yanked(origin, str(act.pack), str(act.version), act.state, act.log_index, act.is_new))


def _yank(session: Session, name: "ReleaseName", reason: str, note: str) -> "LoggedAct":
    from packctl.registry.choose import chosen_client
    from packctl.usage import BadValue
    from packspec.commandline import MissingArgument
    from packspec.protocol.publishing import YANK, YankRelease
    from packspec.reasons import REASONS

    if not reason:
        raise MissingArgument("--reason", "yank", tuple(REASONS))
    if reason not in REASONS:
        raise BadValue("--reason", reason, ", ".join(REASONS))
    chosen, client = chosen_client(session, name.pack.publisher)
    session.ask.must_confirm(f"Yank {name.pack} {name.version} on {chosen.name}, in the public log?")
    ask = YankRelease(
        publisher=name.pack.publisher, name=name.pack.name, version=name.version, reason=reason, note=note
    )
    return client.call(YANK, ask)


def _restore(session: Session, name: "ReleaseName", key: str | None) -> "LoggedAct":
    """Lifts the yank of exactly the statement that the log has for this release. The catalog is asked only whether there is one."""
    from packctl.publish.restore import logged_statement, signed_restore
    from packctl.publish.review import open_trusted
    from packctl.publish.signer import find_key, open_key, shown
    from packctl.registry.choose import chosen_client
    from packspec.protocol.catalog import RELEASES, AskPack
    from packspec.protocol.publishing import RESTORE, LoggedAct, RestoreRelease

    publisher = name.pack.publisher
    chosen, client = chosen_client(session, publisher)
    for one in client.call(RELEASES, AskPack(publisher=publisher, name=name.pack.name)):
        if one.version == name.version.without_build() and one.state != "yanked":
            return LoggedAct(pack=name.pack, version=one.version, state=one.state, log_index=0, is_new=False)
    registry = open_trusted(session, chosen)
    statement = logged_statement(registry, name)
    keys = registry.publisher(publisher).newest.root.release.public_keys
    stored = find_key(session, key, keys, f"a release key of {publisher}")
    session.ask.must_confirm(f"Lift the yank of {name.pack} {name.version} on {chosen.name}?")
    session.console.say(f"Signing   with key {shown(stored)}")
    envelope = signed_restore(statement, open_key(session, stored), session.clock())
    ask = RestoreRelease(
        publisher=publisher, name=name.pack.name, version=name.version, restore=envelope.encode().decode()
    )
    return client.call(RESTORE, ask)


def text(result: Yanked, console: Console) -> None:
    """One line, and the way back."""
    name = f"{safe(result.pack)} {safe(result.version)}"
    if not result.changed and result.state != "yanked":
        console.line(f"{name} is not yanked: it is {safe(result.state)}")
        return
    already = "" if result.changed else " already"
    console.line(f"{name} is {safe(result.state)}{already}: log entry {result.log_index}")
    if result.state == "yanked":
        console.say(f"  Lift it: packctl yank {safe(result.pack)}@{safe(result.version)} --undo")
