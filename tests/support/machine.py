"""A machine of a test: a home, a project, and `packctl` run in this very process with whatever registry the test has."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from packctl.frame import run
from packctl.ui.console import Streams
from packspec.digests import Digest
from tests.support.home import at_home
from tests.support.registry import Registry
from tests.support.transcript import clean_environment


@dataclass(frozen=True)
class Ended:
    """One command: exit code and output."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON document."""
        found: dict[str, Any] = json.loads(self.out)
        return found

    @property
    def error(self) -> str:
        """The code of the error that a JSON document or a log names; empty for none."""
        if self.out.startswith("{"):
            error = self.document["error"]
            return error["code"] if error else ""
        _, found, rest = self.err.partition("error[")
        return rest.partition("]")[0] if found else ""


@dataclass
class Machine:
    """A person's machine below `folder`, that trusts `registry` and works in `project`."""

    folder: Path
    registry: Registry
    project: Path
    environ: dict[str, str] = field(default_factory=dict)

    @classmethod
    def at(cls, folder: Path, registry: Registry, **environ: str) -> "Machine":
        """A fresh one, with an empty project in the folder `project`."""
        folder.mkdir(parents=True, exist_ok=True)
        root = registry.world.public.read("tuf/1.root.json")
        assert root is not None
        known = {"PACKCTL_REGISTRY": registry.url, "PACKCTL_TRUST_ROOT": Digest.of(root).labelled}
        machine = cls(folder, registry, folder / "project", {**clean_environment(folder), **known, **environ})
        machine.project.mkdir(exist_ok=True)
        return machine

    @property
    def data(self) -> Path:
        """Where packctl keeps what must not be lost."""
        return Path(self.environ["HOME"]) / ".local/share/packctl"

    @property
    def cache(self) -> Path:
        """Where it keeps what can be fetched again."""
        return Path(self.environ["HOME"]) / ".cache/packctl"

    def wants(self, text: str) -> None:
        """Writes pack.toml."""
        (self.project / "pack.toml").write_text(text, encoding="utf-8")

    def depends(self, **ranges: str) -> None:
        """Writes a pack.toml with these dependencies; `__` stands for the slash, `_` for a hyphen."""
        rows = [f'"{name.replace("__", "/").replace("_", "-")}" = "{wanted}"\n' for name, wanted in ranges.items()]
        self.wants("[dependencies]\n" + "".join(rows))

    def packctl(self, *words: str, environ: Mapping[str, str] | None = None) -> Ended:
        """Runs a command in the project, without a terminal."""
        out, err = _Text(), _Text()
        streams = Streams(io.StringIO(), out, err)
        with at_home(self.environ["HOME"]):
            code = run(["-C", str(self.project), *words], {**self.environ, **(environ or {})}, streams)
        return Ended(code, out.getvalue(), err.getvalue())

    def read(self, name: str) -> bytes:
        """A file of the project."""
        return (self.project / name).read_bytes()

    def files(self) -> Sequence[str]:
        """Installed files, as paths in the folder of packs, without our own."""
        packs = self.project / "packs"
        return sorted(
            path.relative_to(packs).as_posix()
            for path in packs.rglob("*")
            if path.is_file() and ".packctl" not in path.relative_to(packs).parts
        )


class _Text(io.StringIO):
    """StringIO that says which encoding it has."""

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return "utf-8"
