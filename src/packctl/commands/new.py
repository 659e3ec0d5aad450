"""`packctl new`: a pack to start from."""

from shlex import quote
from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.project.scaffold import TEMPLATES
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packspec.errors import Conflict

EXAMPLES = ("packctl new acme/farm-animals", "packctl new acme/counting lessons/counting --template lessons")


class Made(msgspec.Struct, frozen=True):
    """The new pack: its name, its folder, and the files that were written, as paths in it."""

    pack: str
    folder: str
    files: list[str]


class FolderInUse(Conflict):
    """The folder of a new pack holds something already."""

    folder: str
    file: str
    code = "publish.folder-in-use"

    def what(self) -> str:
        return f"{self.folder} holds {self.file} already"

    def why(self) -> str:
        return "a new pack never replaces anybody's files"

    def fix(self) -> list[str]:
        return ["packctl new NAME ANOTHER-DIR"]


def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Its name, publisher/name")],
    directory: Annotated[
        str | None,
        typer.Argument(metavar="DIR", help="Its folder, made if it is missing; by default the second half of the name"),
    ] = None,
    template: Annotated[str, typer.Option("--template", metavar="T", help=f"One of {', '.join(TEMPLATES)}")] = "assets",
) -> Outcome[Made]:
    """Make a pack to start from, version 1.0.0.

    It passes check as it is. Put your files in the place of the examples, and say in pack.toml what they are.
    """
    from packctl.durable import Folder
    from packctl.project.scaffold import new_pack
    from packctl.usage import BadValue
    from packspec.names import PackName

    pack = PackName.parse(name)
    wanted = next((one for one in TEMPLATES if one == template), None)
    if wanted is None:
        raise BadValue("--template", template, ", ".join(TEMPLATES))
    files = new_pack(pack, wanted)
    with Folder.open(session.folder / (directory or pack.name), create=True) as folder:
        for path in files:
            if folder.what(path.partition("/")[0]) is not None:
                raise FolderInUse(str(folder.path), path.partition("/")[0])
        for path, data in files.items():
            *parts, file = path.split("/")
            with folder.descend(parts, create=True) as inside:
                inside.write(file, data)
        here = folder.path == session.folder.absolute()
        return Outcome(Made(str(pack), str(folder.path), sorted(files)), view="" if here else directory or pack.name)


def text(result: Made, console: Console, view: str) -> None:
    """What was written, and what comes next; on stderr, because there is no result. `view` is the folder as those commands need it."""
    console.say(f"Wrote {safe(result.pack)} in {safe(result.folder)}")
    for path in result.files:
        console.say(f"  {path}")
    console.say("Next:")
    for verb in ("check", "build", "publish"):
        console.say(f"  packctl {verb}{f' {quote(view)}' if view else ''}")
