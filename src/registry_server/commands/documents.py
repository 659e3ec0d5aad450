"""Ceremony documents as files: what several commands need to write one, read one, and have it looked at."""

import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from packspec.errors import Conflict, Invalid, NotFound
from registry_server.commands.shell import say
from registry_server.telling import plain

if TYPE_CHECKING:
    from registry_server.index.offline.document import CeremonyDocument
    from registry_server.index.offline.preparing import Changes
    from registry_server.world import World

Output = Annotated[
    Path,
    typer.Option("--output", "-o", metavar="FILE", help="Where the document goes that the offline keys shall sign."),
]


class Unconfirmed(Invalid):
    """A document was to be signed, and nobody said which."""

    digest: str

    code = "ceremony.unconfirmed"

    def what(self) -> str:
        return "nobody has said that this is the document to sign"

    def facts(self) -> dict[str, str]:
        return {"digest": self.digest}

    def why(self) -> str:
        return "what the offline keys sign, everybody believes; so a person looks at it, or a script names what a person looked at"

    def fix(self) -> list[str]:
        return [f"registry-server keys sign FILE --keys DIR --digest {self.digest}"]


class FileThere(Conflict):
    """A file that would be written is there already."""

    path: str

    code = "ceremony.file-there"

    def what(self) -> str:
        return f"{self.path} is there already"

    def fix(self) -> list[str]:
        return ["name another file"]


class NoSuchFile(NotFound):
    """A file or folder that the command line names cannot be read."""

    path: str
    reason: str

    code = "ceremony.no-such-file"

    def what(self) -> str:
        return f"cannot read {self.path}: {self.reason}"

    def fix(self) -> list[str]:
        return ["name the file where it is"]


class CannotWrite(Invalid):
    """A file that the command line names cannot be written."""

    path: str
    reason: str

    code = "ceremony.cannot-write"

    def what(self) -> str:
        return f"cannot write {self.path}: {self.reason}"

    def why(self) -> str:
        return "nothing was changed and nothing was signed"

    def fix(self) -> list[str]:
        return ["name a file in a folder that you may write"]


def prepare_document(world: "World", changes: "Changes", output: Path) -> None:
    """Writes the document for a ceremony, and says what it would change and what comes next. Raises FileThere."""
    from registry_server.index.offline.preparing import prepare

    if output.exists():
        raise FileThere(str(output))
    document = prepare(world, changes)
    write_named(output, document.encode(), mode=0o644)
    tell(document)
    say(
        [
            "Nothing has changed yet. On each machine with an offline key:",
            f"  registry-server keys sign {quote(output.name)} --keys DIR",
            "then here, with all copies:",
            f"  registry-server keys publish {quote(output.name)}",
        ]
    )


def tell(document: "CeremonyDocument") -> None:
    """What a document would change. It may come from a server in wrong hands: nothing in it acts on the terminal, or makes a line."""
    from registry_server.index.offline import signing

    typer.echo(plain(f"{document.registry}: {document.digest.labelled}"))
    for line in signing.sentences(document):
        typer.echo(f"  {plain(line)}")


def confirm(document: "CeremonyDocument", digest: str) -> None:
    """Lets the person at the terminal say yes, or a script name the digest. Raises Unconfirmed."""
    from packspec.digests import Digest

    if digest:
        if not Digest.parse_labelled(digest).same(document.digest):
            raise Unconfirmed(document.digest.labelled)
    elif not sys.stdin.isatty() or not typer.confirm("Sign this?", default=False, err=True):
        raise Unconfirmed(document.digest.labelled)


def read_named(path: Path) -> bytes:
    """The bytes of a file that the command line names; of a pipe or device none, which might never end. Raises NoSuchFile."""
    try:
        if path.exists() and not path.is_file():
            raise NoSuchFile(str(path), "it is not a file")
        return path.read_bytes()
    except OSError as error:
        raise NoSuchFile(str(path), error.strerror or str(error)) from error


def write_named(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Writes a file that the command line names, whole or not at all. Raises CannotWrite, NoSpace."""
    from registry_server.durable import Disk

    try:
        Disk().write(path.absolute(), [data], mode=mode)
    except OSError as error:
        raise CannotWrite(str(path), error.strerror or str(error)) from error


def read_document(path: Path) -> "CeremonyDocument":
    """The document in a file. Raises NoSuchFile, BadCeremony."""
    from registry_server.index.offline.document import CeremonyDocument

    return CeremonyDocument.parse(read_named(path), str(path))
