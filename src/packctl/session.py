"""`Session`: the world of one command. What a command needs from outside (settings, places, time, randomness, people) it gets from here.

It is opened once, before a command runs, and closed once, whatever happens. Everything expensive in it is made on first use. Only this
module asks the system for the time and for randomness.
"""

import os
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import msgspec
from msgspec import Struct, field

from packctl.arguments import Globals
from packctl.config_file import ConfigFile, read_config, read_project
from packctl.outcome import Notice
from packctl.places import Places, project_root
from packctl.settings import Layer, Settings, load_settings
from packctl.ui.console import Console, is_on

if TYPE_CHECKING:
    from packctl.rules import Rules
    from packctl.ui.ask import Ask
    from packctl.ui.progress import Progress

T = TypeVar("T")


class Session(Struct, dict=True):
    """One command's world.

    `environ` is the environment as read at the door, `globals` the global options. `clock` gives integer seconds since the epoch, UTC;
    `monotonic` seconds that only grow, for durations; `random_bytes` bytes fit for keys. Tests exchange all three.
    """

    globals: Globals
    environ: Mapping[str, str]
    console: Console
    clock: Callable[[], int] = lambda: int(time.time())
    monotonic: Callable[[], float] = time.monotonic
    random_bytes: Callable[[int], bytes] = os.urandom
    is_automatic: bool = False
    """A timer runs this command, nobody looks. Registries are told, so that they can count what persons want apart from this."""
    _open: dict[Callable[..., Any], Any] = field(default_factory=dict)
    _closing: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def places(self) -> Places:
        """Where things live on this machine."""
        return Places(self.environ, self.globals.config_file, self.globals.no_config)

    @cached_property
    def folder(self) -> Path:
        """The folder the command works in: where it was started, or `--project`. Raises NoFolder."""
        named = self.globals.project or self.environ.get("PACKCTL_PROJECT")
        try:
            folder = Path(named).absolute() if named else Path.cwd()
            if folder.is_dir():
                return folder
        except FileNotFoundError:  # it was removed under the shell that stands in it
            pass
        from packctl.usage import NoFolder

        raise NoFolder(str(named or ""), os.path.lexists(named or ""))

    @cached_property
    def project_file(self) -> Path | None:
        """The pack.toml of the project: in `folder`, the nearest folder above, or that of its workspace; None outside of projects."""
        return project_root(self.folder)

    @cached_property
    def config_files(self) -> tuple[tuple[Layer, ConfigFile], ...]:
        """The files that settings come from, strongest first, those that are there. Raises the errors of `config_file`."""
        found: list[tuple[Layer, ConfigFile | None]] = []
        if self.project_file:
            found.append((Layer.PROJECT, read_project(self.project_file)))
        if not self.globals.no_config:
            named = bool(self.globals.config_file or self.environ.get("PACKCTL_CONFIG"))
            found.append((Layer.USER, read_config(self.places.config_file, required=named)))
            found.append((Layer.SYSTEM, read_config(self.places.system_config_file)))
        return tuple((layer, file) for layer, file in found if file is not None)

    @cached_property
    def settings(self) -> Settings:
        """Every setting, each with its origin. Raises BadVariable, BadConfig and their kin."""
        return load_settings(msgspec.structs.asdict(self.globals), self.environ, self.config_files)

    @cached_property
    def rules(self) -> "Rules":
        """The registries, policy and install table that hold here. Raises ManifestFaults and LoosensTrust."""
        from packctl.rules import rules_in_force

        return rules_in_force(self.config_files)

    @cached_property
    def ask(self) -> "Ask":
        """Questions to the person, refused where nobody is there."""
        from packctl.ui.ask import Ask

        return Ask(self.console, yes=self.globals.yes)

    @cached_property
    def in_ci(self) -> bool:
        """Whether `CI` says that nobody looks."""
        return is_on(self.environ, "CI")

    def warn(self, notice: Notice) -> None:
        """Tells the person of something that does not stop the command."""
        self.console.warn(notice)

    def progress(self, what: str, *, past: str = "", total: int = 0, total_bytes: int = 0) -> "Progress":
        """Progress of one long step, `what` in -ing: `with session.progress("fetching", past="fetched", total=4) as progress:`."""
        from packctl.ui.progress import Progress

        return Progress(self.console, self.monotonic, what, past=past, total=total, total_bytes=total_bytes)

    def once(self, make: "Callable[[Session], AbstractContextManager[T]]") -> T:
        """What `make(session)` gives when entered: made at the first call, the same at every later one, closed with the session.

        This is how a room attaches what it opens: `client = session.once(open_client)`.
        """
        if make not in self._open:
            self._open[make] = self._closing.enter_context(make(self))
        value: T = self._open[make]
        return value

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.clear()
        self._closing.__exit__(kind, error, trace)
