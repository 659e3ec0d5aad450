"""A fresh clone of this repository, and its `./run` as somebody on a machine of their own would call it."""

import os
import subprocess
import sys
import sysconfig
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Environ = Mapping[str, str | None]
NOTHING: Environ = {}
ROOT = Path(__file__).parents[2]
OWN_SCRIPTS = sysconfig.get_path("scripts")
HOST_PYTHON = getattr(sys, "_base_executable", sys.executable)
"""The Python that this environment was made with, which has pip; the environment's own has none."""


def caches() -> dict[str, str]:
    """Where this account's uv and pip keep downloads. Clones share them: what is tested is not the network."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    return {
        "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(home / "uv")),
        "PIP_CACHE_DIR": os.environ.get("PIP_CACHE_DIR", str(home / "pip")),
    }


def host_environment(changes: Environ = NOTHING) -> dict[str, str]:
    """This machine's environment without the tests' own; None leaves a variable out."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    path = [folder for folder in os.get_exec_path() if Path(folder) != Path(OWN_SCRIPTS)]
    merged: dict[str, str | None] = {**kept, "PATH": os.pathsep.join(path), **caches(), **changes}
    return {name: value for name, value in merged.items() if value is not None}


@dataclass
class Ended:
    """How a `./run` ended."""

    code: int
    out: str
    err: str
    seconds: float

    @property
    def set_up(self) -> bool:
        """Whether it had to set something up."""
        return "run: setting up" in self.err


@dataclass
class Clone:
    """A copy of all tracked files in `folder`; `changes` to the environment hold for every call."""

    folder: Path
    changes: Environ

    def start(self, *arguments: str, cwd: Path | None = None, environ: Environ = NOTHING) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [HOST_PYTHON, str(self.folder / "run"), *arguments],
            cwd=cwd or self.folder.parent,
            env=host_environment({**self.changes, **environ}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, cwd: Path | None = None, environ: Environ = NOTHING) -> Ended:
        began = time.monotonic()
        process = self.start(*arguments, cwd=cwd, environ=environ)
        out, err = process.communicate()
        return Ended(process.returncode, out, err, time.monotonic() - began)

    @property
    def venv(self) -> Path:
        return self.folder / ".venv"

    def stamps(self) -> set[str]:
        return {path.name for path in self.venv.glob(".stamp-*")}


def clone_into(folder: Path) -> None:
    """Copies what git tracks here, as it is now, into `folder`."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
            target.chmod(source.stat().st_mode & 0o777)
