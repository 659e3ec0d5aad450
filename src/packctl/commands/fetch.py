"""`packctl fetch`: a release as two files, verified and not installed."""

from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import many

EXAMPLES = ("packctl fetch acme/farm-animals", "packctl fetch acme/farm-animals@2.1.0 -o dist/")


class Fetched(msgspec.Struct, frozen=True):
    """A release on this machine: the file of its archive with digest (`sha256:...`) and bytes, the file of its packproof."""

    pack: str
    version: str
    file: str
    proof: str
    archive: str
    bytes: int
    files: int


def run(
    session: Session,
    name: Annotated[
        str, typer.Argument(metavar="NAME[@VERSION]", help="A pack, or one release of it; by default the newest")
    ],
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", metavar="FILE", help="The archive's file, or a folder; by default NAME-VERSION.pack here"
        ),
    ] = "",
) -> Outcome[Fetched]:
    """Download a release and its proof without installing it.

    It passes the checks of an install first: signatures, approval, log, the digest of the archive and of every file in it. The packproof
    lies beside it, and `packctl verify FILE --proof FILE` repeats the checks anywhere.
    """
    from packctl.releases.archive import Target, keep_archive
    from packctl.releases.proven import Source, documents_of
    from packspec.names import PackName
    from packspec.versions import Version

    before, _, after = name.partition("@")
    pack, asked = PackName.parse(before), Version.parse(after) if after else None
    source = Source(session, pack)
    (release,) = source.prove([asked or source.newest()], reads_only=False)
    target = Target.of(release, session.folder, output)
    (documents,) = documents_of(session, [release])
    keep_archive(session, release, documents, target)
    said = release.statement
    return Outcome(
        Fetched(
            str(said.pack), str(said.version), str(target.archive), str(target.proof), said.archive.sha256.labelled, said.archive.size,
            said.files,
        )
    )  # fmt: skip


def text(result: Fetched, console: Console) -> None:
    """Digest and file on stdout, so that scripts can keep them; what to do with them on stderr."""
    from shlex import quote

    from packctl.ui.progress import megabytes

    console.line(f"{result.archive}  {safe(result.file)}")
    console.say(
        f"{safe(result.pack)} {safe(result.version)}: {many(result.files, 'file')}, {megabytes(result.bytes)}; "
        "authentic, approved, logged, current"
    )
    console.say(
        f"Check it again anywhere: packctl verify {safe(quote(result.file))} --proof {safe(quote(result.proof))}"
    )
