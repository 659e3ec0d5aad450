"""What a registry is made of, put aside once a process, so that tests begin with a copy of it.

Beginning one takes 40 ms and publishing a release 150 ms, a copy takes 5 ms, and hundreds of tests begin with the same. Keys are the same
in all copies that a process makes.
"""

import atexit
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from packspec.digests import Digest
from registry_server.world import World
from tests.support.publishing import People


def folder_while_we_run(prefix: str) -> Path:
    """A new folder, which goes with this process; what was forked from it leaves it alone."""
    folder, owner = Path(tempfile.mkdtemp(prefix=prefix)), os.getpid()

    def remove() -> None:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder


@dataclass(frozen=True)
class Kept:
    """A registry that is closed: the files of its folder, its blobs, its static side, and whom it knows."""

    folder: Path
    blobs: dict[Digest, bytes]
    files: dict[str, bytes]
    people: People

    @classmethod
    def of(cls, world: World, people: People, folder: Path) -> "Kept":
        """Puts a closed `world` aside, whose few files are below `folder`."""
        sources = {digest: world.blobs.open(digest) for digest in world.blobs.digests()}
        blobs = {digest: source.read_at(0, source.size) for digest, source in sources.items()}
        files = {path: world.public.read(path) or b"" for path in world.public.paths()}
        place = folder_while_we_run("registry-kept-") / "registry"
        shutil.copytree(folder, place)
        return cls(place, blobs, files, people)

    def lay_out(self, folder: Path) -> None:
        """Copies the files to `folder`, before a world is opened there."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)

    def fill(self, world: World) -> People:
        """Copies the rest into a world that has nothing yet. Whom it knows then."""
        for digest, data in self.blobs.items():
            world.blobs.put([data], len(data), digest)
        for path, data in self.files.items():
            world.public.replace(path, data)
        return People(dict(self.people.publishers), dict(self.people.reviewers))
