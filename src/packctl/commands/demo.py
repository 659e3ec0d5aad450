"""`packctl demo`: the whole story on a registry of its own, every exit code checked."""

import tempfile
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

if TYPE_CHECKING:
    from packctl.demo.filling import Library
    from packctl.demo.stage import Stage
    from packspec.errors import PackError

EXAMPLES = ("packctl demo", "packctl demo --serve")


class DemoStep(msgspec.Struct, frozen=True):
    """One step: the exit codes its commands had to end with, those they ended with, and seconds. Skipped: `why` says what it waits for."""

    step: str
    title: str
    expected: str
    got: str
    seconds: float
    skipped: bool
    why: str


class Demo(msgspec.Struct, frozen=True):
    """The story as it went, and how long it took. `folder` is where it is kept; empty if it was removed."""

    steps: list[DemoStep]
    seconds: float
    folder: str
    stayed: bool


def run(
    session: Session,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the demo's folder, and say where it is")] = False,
    serve: Annotated[
        bool, typer.Option("--serve", help="Then fill the registry with the launch library and stay up, until Ctrl-C")
    ] = False,
    fast: Annotated[bool, typer.Option("--fast", help="Leave out what nothing else needs")] = False,
) -> Outcome[Demo]:
    """Tell the whole story on a registry of its own.

    A registry is started in a temporary folder, three publishers sign and publish, a reviewer approves, a developer installs and verifies;
    then things go wrong on purpose. Every command is run as a person would run it, and ends with the exit code that it must end with: any
    surprise ends the demo with 1. Nothing of yours is read or changed, and only 127.0.0.1 listens.
    """
    _need_server()
    from packctl.demo.stage import Stage

    folder = Path(tempfile.mkdtemp(prefix="packctl-demo-")).resolve()
    stage = Stage(folder, session.environ, session.monotonic, color=session.console.color_err)
    began = session.monotonic()
    with ExitStack() as closing:
        closing.callback(lambda: stage.close(keep=keep))
        stage.set_up()
        library = _library(stage, closing, fast) if serve else None
        steps, errors = _tell(session, stage, fast=fast)
        seconds = round(session.monotonic() - began, 1)
        stays = library is not None and not errors
        if library is not None and stays:
            _stay(session, stage, library)
    return Outcome(Demo(steps, seconds, str(folder) if keep else "", stays), errors=errors)


def _need_server() -> None:
    from packctl.commands.serve import SERVER
    from packspec.commandline import NeedsServer

    missing = [name for name in SERVER if find_spec(name) is None]
    if missing:
        raise NeedsServer(", ".join(missing))


def _tell(session: Session, stage: "Stage", *, fast: bool) -> "tuple[list[DemoStep], tuple[PackError, ...]]":
    """Tells the story to its end, or to its first surprise."""
    from packctl.demo.story import story
    from packctl.demo.telling import StoryBroke, Teller, Told

    told: list[Told] = []
    errors: tuple[PackError, ...] = ()
    try:
        Teller(stage, session.console.say, fast).tell(story(), told)
    except StoryBroke as broke:
        errors = (broke,)
    return [DemoStep(*msgspec.structs.astuple(one)) for one in told], errors


def _library(stage: "Stage", closing: ExitStack, fast: bool) -> "Library":
    from packctl.demo.filling import Library

    library = Library(stage, newest=fast)
    closing.callback(library.stop)
    return library


def _stay(session: Session, stage: "Stage", library: "Library") -> None:
    """Fills the registry, shows the way in, and waits for Ctrl-C."""
    from packctl.demo.acts import hand_in
    from packctl.demo.filling import fill
    from packctl.demo.look import invitation
    from packctl.demo.telling import StoryBroke

    say = session.console.say
    say("")
    say("The launch library")
    began = session.monotonic()
    stage.start_registry(int(stage.values["port"]))
    count = fill(stage, library, say)
    say(f"{count} releases published and approved in {session.monotonic() - began:.1f} s")
    waiting = "packs/night-songs@1.0.0"
    act = hand_in(waiting)
    ended = stage.run(act)
    for line in ended.output.splitlines():
        say(f"   {safe(line)}")
    if ended.code != act.expect:
        raise StoryBroke("--serve", "one submission waits", "packctl publish", f"it ended with {ended.code}")
    say("")
    for line in invitation(stage, stage.values[f"submission {waiting}"]):
        say(line)
    try:
        stage.wait_for_registry()
    except KeyboardInterrupt:
        say("Stopping")


def text(result: Demo, console: Console) -> None:
    """A table of all steps, then how many, and how long."""
    from packctl.ui.table import Column, write_table

    columns = (
        Column("STEP", whole=True),
        Column("WHAT"),
        Column("EXPECTED", whole=True),
        Column("GOT", whole=True),
        Column("SECONDS", right=True, whole=True),
    )
    rows = [
        (one.step, one.title, one.expected, one.got, f"{one.seconds:.1f}") for one in result.steps if not one.skipped
    ]
    console.line()
    write_table(columns, rows, console)
    skipped = [one for one in result.steps if one.skipped]
    if skipped:
        console.line()
        write_table(
            (Column("SKIPPED", whole=True), Column("WHAT"), Column("WHY", whole=True)),
            [(one.step, one.title, one.why) for one in skipped],
            console,
        )
    console.line()
    console.line(f"{len(rows)} steps told and {len(skipped)} skipped, in {result.seconds:.1f} s")
    if result.folder:
        console.line(f"Kept: {result.folder}")
    if not result.stayed:
        console.line("Look around: ./run demo --serve")
