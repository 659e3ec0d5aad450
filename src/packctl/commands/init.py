"""`packctl init`: a pack.toml to begin with, and a line in .gitignore that keeps installed packs out of the repository."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packspec.errors import Conflict

if TYPE_CHECKING:
    from packctl.durable import Folder

EXAMPLES = ("packctl init", "packctl init lessons --bare", "packctl init --name acme/site")


class Initialized(msgspec.Struct, frozen=True):
    """The folder of the project, and the files that were written or changed in it."""

    folder: str
    written: list[str]


class ProjectExists(Conflict):
    """There is a pack.toml already."""

    path: str
    code = "project.exists"

    def what(self) -> str:
        return f"there is a project already: {self.path}"

    def why(self) -> str:
        return "a pack.toml is written by a person, so it is never replaced"

    def fix(self) -> list[str]:
        return ["packctl add publisher/name", "or take another folder: packctl init DIR"]


def run(
    session: Session,
    directory: Annotated[
        str | None,
        typer.Argument(metavar="DIR", help="The project's folder, made if it is missing; by default this one"),
    ] = None,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="The project is a pack as well, publisher/name")
    ] = None,
    bare: Annotated[bool, typer.Option("--bare", help="Write nothing but an empty table of dependencies")] = False,
) -> Outcome[Initialized]:
    """Start a project that uses packs.

    Writes pack.toml, and a line for the folder of installed packs into .gitignore. A pack.toml that is there is left as it is.
    """
    from packctl.durable import Folder
    from packctl.places import PACK_TOML
    from packctl.project.edit import with_ignored
    from packctl.project.scaffold import new_project
    from packspec.names import PackName
    from packspec.project import INSTALL_FOLDER

    data = new_project(PackName.parse(name) if name else None, bare=bare)
    folder = session.folder / directory if directory else session.folder
    with Folder.open(folder, create=True) as opened:
        if opened.what(PACK_TOML) is not None:
            raise ProjectExists(str(opened.path / PACK_TOML))
        written = [PACK_TOML]
        ignored = _text(opened, ".gitignore")
        wanted = with_ignored(ignored, str(INSTALL_FOLDER))
        opened.write_once(PACK_TOML, data)
        if wanted != ignored:
            try:
                opened.replace(".gitignore", wanted.encode("utf-8", "surrogateescape"))
            except BaseException:
                opened.remove(PACK_TOML)
                raise
            written.append(".gitignore")
    return Outcome(Initialized(str(opened.path), written))


def _text(folder: "Folder", name: str) -> str:
    from packspec.limits import MIB

    if folder.what(name) is None:
        return ""
    return folder.read(name, MIB).decode("utf-8", "surrogateescape")


def text(result: Initialized, console: Console) -> None:
    """What was written, and what comes next; on stderr, because there is no result."""
    console.say(f"Wrote {' and '.join(result.written)} in {safe(result.folder)}")
    console.say("Next: packctl add publisher/name")
