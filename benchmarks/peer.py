"""What every tool that is compared can do."""

import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from benchmarks.place import Place
from benchmarks.work import Files

STATES = ("cold", "warm", "noop")
"""Nothing there; what was downloaded is there and the project is empty; everything is there."""
SETUP_SECONDS = 600


class Peer(ABC):
    """One tool. `site` is the folder that its static server serves, `url` that server's address."""

    name: str

    @abstractmethod
    def publish(self, site: Path, packs: Mapping[str, Files]) -> None:
        """Writes the packs into `site`, as the tool wants to find them."""

    @abstractmethod
    def prepare(self, place: Place, url: str, names: list[str]) -> None:
        """Makes a project that wants every pack, with its lock file."""

    @abstractmethod
    def reset(self, place: Place) -> None:
        """Takes what is installed out of the project."""

    @abstractmethod
    def command(self, state: str) -> list[str]:
        """The command line, to be run in the project."""

    @abstractmethod
    def environment(self, place: Place, url: str) -> dict[str, str]:
        """The variables of that command."""

    def version(self) -> str:
        """What the tool calls itself."""
        done = subprocess.run([*self.program(), "--version"], capture_output=True, text=True, check=True)
        return done.stdout.split("\n")[0].strip()

    @abstractmethod
    def program(self) -> list[str]:
        """The tool itself."""

    def set_up(self, place: Place, url: str, *words: str) -> None:
        """Runs the tool while making a project, untimed."""
        environ = self.environment(place, url)
        done = subprocess.run(
            [*self.program(), *words],
            cwd=place.project,
            env=environ,
            capture_output=True,
            text=True,
            timeout=SETUP_SECONDS,
        )
        if done.returncode:
            raise RuntimeError(f"{self.name} {' '.join(words)}: {done.stderr or done.stdout}")


def found(program: str) -> str:
    """Where a program is: beside this Python, or on PATH. Raises LookupError."""
    beside = Path(sys.executable).parent / program
    path = str(beside) if beside.exists() else shutil.which(program)
    if path is None:
        raise LookupError(f"no {program} on PATH")
    return path
