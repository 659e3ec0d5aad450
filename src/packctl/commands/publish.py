"""`packctl publish`: from a folder to the queue of the reviewers."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.commands.options import DryRun, Key
from packctl.commands.submission import Submission, described, is_submission, stands
from packctl.commands.submission import wait as wait_for
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packspec.errors import PackError

if TYPE_CHECKING:
    from packctl.publish.flow import Wish

EXAMPLES = (
    "packctl publish",
    'packctl publish --note "new pictures of hens" --wait',
    "packctl publish dist/farm-animals-2.1.0.pack --yes",
    "packctl publish S-1042",
)


class Published(msgspec.Struct, frozen=True):
    """What came of it. `submission` is null after a dry run; `archive` is `sha256:...`."""

    pack: str
    version: str
    archive: str
    bytes: int
    files: int
    dry_run: bool
    submission: Submission | None


def run(
    session: Session,
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="DIR, FILE or SUBMISSION", help="A folder, an archive, or an approved submission that was held back"
        ),
    ] = None,
    dry_run: DryRun = False,
    key: Key = None,
    note: Annotated[
        str, typer.Option("--note", metavar="TEXT", help="For the reviewer; the changelog is for users")
    ] = "",
    attach: Annotated[
        list[str] | None,
        typer.Option("--attach", metavar="FILE", help="A document to give along, such as provenance; may be repeated"),
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="Wait until a reviewer has decided")] = False,
    wait_limit: Annotated[
        str, typer.Option("--wait-limit", metavar="DURATION", help="How long to wait at most")
    ] = "30m",
    hold: Annotated[
        bool, typer.Option("--hold", help="Keep the release back after approval, until publish SUBMISSION")
    ] = False,
) -> Outcome[Published]:
    """Check, build, sign, upload and hand in a release.

    Nobody can install it before a reviewer has approved it. The command may be repeated at any time: what is done is not done again.
    """
    from packctl.usage import read_duration

    limit = (wait_limit, read_duration("--wait-limit", wait_limit, "30m or 2h"))
    if what is not None and is_submission(what):
        return Outcome(_let_go(session, what))
    from packctl.publish.flow import Wish

    wish = Wish(what, key, note, tuple(attach or ()), hold)
    return Outcome(_dry(session, wish)) if dry_run else _publish(session, wish, limit if wait else None)


def _dry(session: Session, wish: "Wish") -> Published:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from packctl.publish.flow import archive_to_publish, attachments_of

    with TemporaryDirectory(prefix="packctl-") as folder:
        built = archive_to_publish(session, wish.what, into=Path(folder))
        attachments_of(session, built, wish)
    session.console.say("Nothing was signed or sent (--dry-run)")
    pack = built.manifest.pack
    files = len(built.archive.tree.files)
    return Published(str(pack.name), str(pack.version), built.sha256.labelled, built.size, files, True, None)


def _publish(session: Session, wish: "Wish", limit: tuple[str, int] | None) -> Outcome[Published]:
    from packctl.publish.flow import archive_to_publish, publish
    from packctl.registry.choose import chosen_client

    built = archive_to_publish(session, wish.what)
    pack = built.manifest.pack
    chosen, client = chosen_client(session, pack.name.publisher)
    view = publish(session, chosen, client, built, wish)
    errors: tuple[PackError, ...] = ()
    if limit is not None:
        view, errors = wait_for(session, chosen, client, view, limit)
    files = len(built.archive.tree.files)
    result = Published(
        str(pack.name), str(pack.version), built.sha256.labelled, built.size, files, False, described(chosen, view)
    )
    return Outcome(result, errors=errors)


def _let_go(session: Session, submission: str) -> Published:
    from packctl.registry.choose import chosen_client
    from packspec.protocol.publishing import PUBLISH, SHOW, AskSubmission

    chosen, client = chosen_client(session)
    view = client.call(SHOW, AskSubmission(id=submission))
    if view.state == "approved":
        session.ask.must_confirm(f"Publish {view.pack} {view.version} on {chosen.name}, for everybody?")
    view = client.call(PUBLISH, AskSubmission(id=submission))
    archive = view.archive.labelled
    return Published(str(view.pack), str(view.version), archive, view.size, 0, False, described(chosen, view))


def text(result: Published, console: Console) -> None:
    """Where the release stands now; what to do next on stderr."""
    name = f"{safe(result.pack)} {safe(result.version)}"
    one = result.submission
    if one is None:
        console.line(f"{result.archive}  {name}")
        return
    console.line(f"{name}: {safe(stands(one))} ({one.id})")
    if one.state == "draft" and one.statement:
        console.say(f"  A second person runs: packctl sign {one.id}")
    elif one.state in ("pending_review", "in_review"):
        console.say(f"  Follow it: packctl status {one.id}         Wait here: packctl publish {one.id} --wait")
        console.say(f"Nobody can install {safe(result.version)} before a reviewer approves it.")
    elif one.state == "approved":
        console.say(f"  Let it go: packctl publish {one.id}")
    elif one.state == "published":
        console.say(f"  Install it: packctl add {safe(result.pack)}")
