"""`packctl sign`: a statement about an archive, or one more signature to it or to a submission."""

from typing import Annotated

import msgspec
import typer

from packctl.commands.options import Key
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = ("packctl sign farm-animals-2.1.0.pack", "packctl sign S-1042 --key tom-2026")


class Signed(msgspec.Struct, frozen=True):
    """A signed statement: whose key signed, how many signatures there are, how many the publisher's root asks for, and where it is.

    `file` is the statement beside the archive, empty for a submission; `state` is the submission's, empty for a file.
    """

    pack: str
    version: str
    archive: str
    statement: str
    key: str
    signatures: int
    needed: int
    file: str
    submission: str
    state: str


def run(
    session: Session,
    what: Annotated[
        str, typer.Argument(metavar="FILE or SUBMISSION", help="An archive, or a submission such as S-1042")
    ],
    key: Key = None,
) -> Outcome[Signed]:
    """Sign an archive, or add a signature to a submission.

    An archive gets its statement beside it (FILE.statement); where one is there and says the same, the signature is added to it. The
    archive of a submission is fetched first, read and compared with the statement, so that you know what you sign.
    """
    from packctl.commands.submission import is_submission

    return Outcome(_submission(session, what, key) if is_submission(what) else _file(session, what, key))


def _file(session: Session, what: str, key: str | None) -> Signed:
    from packctl.publish.anchor import identify
    from packctl.publish.build import read_built
    from packctl.publish.flow import sign
    from packctl.publish.statement import prepare_statement
    from packctl.registry.choose import chosen_client
    from packspec.moments import moment

    built = read_built(session.folder / what)
    pack = built.manifest.pack
    _, client = chosen_client(session, pack.name.publisher)
    identity = identify(session, client, pack.name.publisher)
    signed, by = sign(session, identity, prepare_statement(built, identity, None, moment(session.clock())), key)
    return Signed(
        str(pack.name), str(signed.claim.version), built.sha256.labelled, signed.digest.labelled, by,
        len(signed.envelope.signatures), identity.threshold, str(signed.path), "", "",
    )  # fmt: skip


def _submission(session: Session, what: str, key: str | None) -> Signed:
    from packctl.commands.submission import submission_named
    from packctl.publish.fetch import fetched
    from packctl.publish.flow import add_signature
    from packctl.registry.choose import chosen_client
    from packspec.protocol.publishing import SHOW, AskSubmission

    chosen, client = chosen_client(session)
    view = client.call(SHOW, AskSubmission(id=submission_named(what)))
    with fetched(session, client, view) as built:
        name = f"{view.pack} {view.version}"
        session.console.say(
            f"{safe(name)}, sent by {safe(view.submitted_by)}: {view.archive.labelled}, read on this machine"
        )
        session.ask.must_confirm(f"Sign {name} for {view.pack.publisher} on {chosen.name}?")
        after, by = add_signature(session, client, view, built, key)
    return Signed(
        str(after.pack), str(after.version), after.archive.labelled,
        after.statement_digest.labelled if after.statement_digest else "", by, after.signatures, after.signatures_needed,
        "", after.id, after.state,
    )  # fmt: skip


def text(result: Signed, console: Console) -> None:
    """Where the statement is, or where the submission stands; what is still missing on stderr."""
    if result.file:
        console.line(f"{result.statement}  {safe(result.file)}")
    else:
        console.line(f"{safe(result.submission)} is {safe(result.state)}")
    console.say(f"Signed by {result.signatures} of {result.needed} {'key' if result.needed == 1 else 'keys'}")
    if result.signatures < result.needed:
        from shlex import quote

        again = result.submission or result.file.removesuffix(".statement")
        console.say(f"  Another person runs: packctl sign {safe(quote(again))}")
