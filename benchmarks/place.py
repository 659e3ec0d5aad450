"""Where one tool works: a project, and a home whose cache can be emptied. Nothing of the machine's own settings reaches it."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

KEPT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")


@dataclass(frozen=True)
class Place:
    """The folders of one tool in one work."""

    folder: Path

    @property
    def project(self) -> Path:
        """Where the command runs."""
        return self.folder / "project"

    @property
    def home(self) -> Path:
        """The tool's home; everything it caches is below."""
        return self.folder / "home"

    def begin(self) -> None:
        """Makes both."""
        self.project.mkdir(parents=True)
        self.home.mkdir()

    def forget_cache(self) -> None:
        """Makes the home as on the first day."""
        shutil.rmtree(self.home)
        self.home.mkdir()

    def environment(self, **more: str) -> dict[str, str]:
        """Variables for the tool: programs are found, the home is its own, and no setting of the machine is."""
        return environment(self.home, more)


def environment(home: Path, more: Mapping[str, str]) -> dict[str, str]:
    """The variables of a process whose home is `home`. Programs of the Python that runs this come first."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    return {**kept, "PATH": path, "HOME": str(home), "NO_COLOR": "1", "LC_ALL": "C.UTF-8", **more}
