"""The folders of packs on this machine, as installs noted them: who shares the store (docs/spec/install-state.md, section 5).

A note is one small file. Losing one costs a download at most: a project keeps its files, whatever is removed from the store.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from packctl.durable import PRIVATE, Folder, What
from packctl.project.state import InstallState
from packspec.digests import Digest
from packspec.errors import PackError

NOTE_BYTES = 8192


class KnownFolders:
    """The notes in `folder`, which lies in the person's data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def note(self, packs: Path) -> None:
        """Remembers a folder of packs. Never fails: what cannot be noted is only not known."""
        data = str(packs.resolve()).encode("utf-8", "surrogateescape")
        name = Digest.of(data)[:32]
        if (self._folder / name).exists() or len(data) > NOTE_BYTES:
            return
        with suppress(PackError, OSError), Folder.open(self._folder, create=True, mode=0o700) as folder:
            folder.replace(name, data, PRIVATE)

    def states(self) -> Iterator[tuple[Path, InstallState]]:
        """Each folder where packs are still installed, by path, with what is installed. What cannot be read is left out."""
        if not self._folder.is_dir():
            return
        found = []
        with Folder.open(self._folder) as folder:
            for name, kind in folder.entries():
                if kind is What.FILE:
                    with suppress(PackError):
                        found.append(Path(folder.read(name, NOTE_BYTES).decode("utf-8", "surrogateescape")))
        for packs in sorted(found):
            with suppress(PackError, OSError):
                state = InstallState.load(packs)
                if state.receipts:
                    yield packs, state

    def forget_gone(self) -> None:
        """Drops the notes of folders that are not there any more, or have no packs."""
        if not self._folder.is_dir():
            return
        here = {Digest.of(str(packs).encode("utf-8", "surrogateescape"))[:32] for packs, _ in self.states()}
        with Folder.open(self._folder) as folder:
            for name, _ in folder.entries():
                if name not in here:
                    folder.remove_tree(name)
