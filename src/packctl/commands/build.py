"""`packctl build`: the canonical archive of a pack."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.commands.options import PackFolder
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

if TYPE_CHECKING:
    from packctl.publish.build import Built

EXAMPLES = ("packctl build", "packctl build farm-animals -o dist/farm-animals-2.1.0.pack")


class Archive(msgspec.Struct, frozen=True):
    """An archive: its file, digest (`sha256:...`) and size in bytes, and the tree of its files."""

    pack: str
    version: str
    file: str
    archive: str
    bytes: int
    tree: str
    files: int
    unpacked: int


def run(
    session: Session,
    directory: PackFolder = None,
    output: Annotated[
        str,
        typer.Option(
            "-o", "--output", metavar="FILE", help="Where it goes; by default NAME-VERSION.pack in the folder"
        ),
    ] = "",
) -> Outcome[Archive]:
    """Write the archive of a pack.

    The same folder gives the same bytes on every machine, whatever the clock says. The folder is checked first; the archive is read again
    by the reader that registries and installs use, and replaces an older one only then.
    """
    from packctl.publish.build import archive_name, build
    from packctl.publish.checks import refuse
    from packctl.publish.prepare import find_pack, prepare, target_of
    from packctl.publish.tell import tell_warnings

    prepared = prepare(find_pack(session, directory))
    tell_warnings(session, prepared.warnings)
    refuse(prepared.findings)
    target = target_of(session, prepared.place, archive_name(prepared.manifest), output)
    with session.progress("building", total=1, total_bytes=prepared.collected.size) as progress:
        item = progress.item(target.name, prepared.collected.size)
        built = build(prepared.collected, target, item.advance)
        item.done()
    return Outcome(described(built))


def described(built: "Built") -> Archive:
    """An archive as it stands in results."""
    pack, tree = built.manifest.pack, built.archive.tree
    return Archive(
        str(pack.name), str(pack.version), str(built.path), built.sha256.labelled, built.size, tree.digest.labelled,
        len(tree.files), tree.unpacked,
    )  # fmt: skip


def text(result: Archive, console: Console) -> None:
    """Digest and file on stdout, so that scripts can keep them; counts on stderr."""
    from packctl.ui.progress import megabytes
    from packctl.ui.table import many

    console.line(f"{result.archive}  {safe(result.file)}")
    console.say(
        f"{safe(result.pack)} {safe(result.version)}: {many(result.files, 'file')}, {megabytes(result.unpacked)}, "
        f"packed {megabytes(result.bytes)}"
    )
