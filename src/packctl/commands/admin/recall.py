"""`packctl admin recall`: the registry itself calls a release back, or lifts a recall."""

from typing import Annotated

import msgspec
import typer

from packctl.commands.options import Action, Confirm, Key, Note, Reason, Rehearse, Replacement
from packctl.outcome import Outcome
from packctl.publish.recall import Options, Recalled, Rows, recall, write
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = (
    "packctl admin recall acme/farm-animals@2.1.0 --action stop --reason malware",
    "packctl admin recall acme/farm-animals@2.1.0 --undo --document farm.restore",
)


class Lifted(msgspec.Struct, frozen=True):
    """Of `--undo`: who signed, how many of the needed signatures there are, and the file that holds them while they are too few."""

    by: str
    signatures: int
    needed: int
    document: str


class RecalledByRegistry(Recalled, frozen=True):
    """As of `packctl recall`; with `--undo` `lifted` is there, and `log_index` is null while signatures are missing."""

    lifted: Lifted | None = None


def run(
    session: Session,
    release: Annotated[str, typer.Argument(metavar="NAME@VERSION", help="Which release")],
    action: Action = "",
    reason: Reason = "",
    replacement: Replacement = "",
    note: Note = "",
    rehearse: Rehearse = False,
    confirm: Confirm = "",
    undo: Annotated[bool, typer.Option("--undo", help="Lift the recall; signed with a reviewer's key")] = False,
    document: Annotated[
        str, typer.Option("--document", metavar="FILE", help="With --undo: where several reviewers collect signatures")
    ] = "",
    key: Key = None,
) -> Outcome[RecalledByRegistry]:
    """Call any release back, or lift a recall.

    Recalling needs the right to run the registry. Lifting needs the signatures of as many reviewers as an approval: with --document each
    of them adds one to the same file, and whoever completes it hands it in. A registry alone, whoever holds it, brings nothing back.
    """
    if undo:
        return Outcome(_lift(session, release, key, document))
    from packspec.protocol.recalls import REHEARSE_STOP, STOP

    options = Options(action, reason, replacement, note, rehearse, confirm)
    done = recall(session, release, options, Rows("admin recall", STOP, REHEARSE_STOP))
    return Outcome(RecalledByRegistry(**msgspec.structs.asdict(done)))


def _lift(session: Session, release: str, key: str | None, document: str) -> RecalledByRegistry:
    from packctl.durable import Folder
    from packctl.publish.restore import collect
    from packctl.registry.choose import chosen_client
    from packspec.commandline import MissingArgument
    from packspec.names import ReleaseName
    from packspec.protocol.catalog import RELEASES, AskPack
    from packspec.protocol.recalls import LIFT, LiftRecall

    name = ReleaseName.parse(release)
    publisher = name.pack.publisher
    chosen, client = chosen_client(session, publisher)
    for one in client.call(RELEASES, AskPack(publisher=publisher, name=name.pack.name)):
        if one.version == name.version.without_build() and one.state != "recalled":
            return RecalledByRegistry(
                chosen.origin, str(name.pack), str(one.version), "", "", one.state, None, changed=False
            )
    path = session.folder / document if document else None
    found = collect(session, name, key, path)
    if not found.is_enough:
        if path is None:
            raise MissingArgument("--document", "admin recall --undo")
        with Folder.open(path.parent) as folder:
            folder.replace(path.name, found.envelope.encode())
        lifted = Lifted(found.by, found.signatures, found.needed, document)
        return RecalledByRegistry(
            chosen.origin, str(name.pack), str(name.version), "", "", "recalled", None, False, lifted=lifted
        )
    ask = LiftRecall(
        publisher=publisher, name=name.pack.name, version=name.version, restore=found.envelope.encode().decode()
    )
    act = client.call(LIFT, ask)
    lifted = Lifted(found.by, found.signatures, found.needed, "")
    return RecalledByRegistry(
        chosen.origin, str(act.pack), str(act.version), "", "", act.state, act.log_index, act.is_new, lifted=lifted
    )


def text(result: RecalledByRegistry, console: Console) -> None:
    """What is so from now on; what is still missing on stderr."""
    name = f"{safe(result.pack)} {safe(result.version)}"
    if result.action:
        write(result, console)
    elif result.lifted is None:
        console.line(f"{name} is not recalled: it is {safe(result.state)}")
    elif result.log_index is None:
        console.line(f"{name} is still recalled")
        console.say(f"Signed by {result.lifted.signatures} of {result.lifted.needed} reviewers")
        again = f"packctl admin recall {safe(result.pack)}@{safe(result.version)} --undo"
        console.say(f"  Another reviewer runs: {again} --document {safe(result.lifted.document)}")
    else:
        console.line(f"{name} is recalled no longer, it is {safe(result.state)}: log entry {result.log_index}")
