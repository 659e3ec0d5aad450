"""What a change of a project takes out and a person had touched is kept: changed files, and whole packs that must not be used.

Nothing of a person is deleted: it moves to `packs/.packctl/kept` or to the quarantine, under a name that is free.
"""

from collections.abc import Iterator

from msgspec import Struct

from packctl.durable import Folder, What
from packctl.install.journal import OLD, Journal, Swap
from packctl.project.files import Fault, check_files
from packctl.project.state import OWN, kept_tree
from packspec.tree import Tree

KEPT = "kept"
QUARANTINE = "quarantine"
"""Where whole packs lie that must not be used: nothing loads from there, and nothing of it is deleted."""


class Keeper(Struct, frozen=True):
    """Keeps what belongs to a person, in our own folder of a project. `packs` is the folder of packs, as a path in the project."""

    own: Folder
    packs: str

    def keep_all(self, work: Folder, journal: Journal) -> Iterator[str]:
        """Keeps what the swaps of a journal took out of the folder of the change; each as a path in the project."""
        for swap in journal.swaps:
            if swap.pack and swap.has_old:
                with work.folder(OLD) as old:
                    what = old.what(str(swap.number))
                    if swap.aside and what is not None:
                        yield self._set_aside(old, swap)
                    elif what is What.FOLDER:
                        with old.folder(str(swap.number)) as gone:
                            yield from self._keep_changed(gone, swap)
                    elif what is not None:
                        yield self._keep(old, str(swap.number), swap, swap.at.rpartition("/")[2])

    def _keep_changed(self, gone: Folder, swap: Swap) -> Iterator[str]:
        # Where no tree tells what went out, every file counts as a person's.
        tree = kept_tree(self.own, swap.tree) if swap.tree else None
        for finding in check_files(gone, tree or Tree(())):
            if finding.fault is not Fault.MISSING:
                *parts, name = finding.path.split("/")
                with gone.descend(parts) as folder:
                    yield self._keep(folder, name, swap, finding.path)

    def _keep(self, folder: Folder, name: str, swap: Swap, path: str) -> str:
        """Moves one file of a person to `packs/.packctl/kept`, under a name that is free."""
        *parts, last = path.split("/")
        place = [KEPT, *swap.pack.split("/"), swap.version or "unknown", *parts]
        with self.own.descend(place, create=True) as into:
            free = _free_name(into, last)
            folder.rename(name, into, free)
        return "/".join((self.packs, OWN, *place, free))

    def _set_aside(self, old: Folder, swap: Swap) -> str:
        """Moves a whole pack to the quarantine, in one rename: after a crash it is there, or the journal still says so."""
        *above, name = swap.pack.split("/")
        with self.own.descend([QUARANTINE, *above], create=True) as into:
            free = _free_name(into, f"{name}@{swap.version or 'unknown'}")
            old.rename(str(swap.number), into, free)
        return "/".join((self.packs, OWN, QUARANTINE, *above, free))


def _free_name(folder: Folder, name: str) -> str:
    """`name`, or `name.1`, `name.2` and so on: the first that nothing has in `folder`."""
    free, number = name, 0
    while folder.what(free) is not None:
        number += 1
        free = f"{name}.{number}"
    return free
