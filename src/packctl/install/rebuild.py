"""An install state that cannot be read is made anew: from pack.lock, and from what lies in the folder of packs.

It is what `heal` begins with. The new state says no more than what the lock names and what is there; it has no proofs, and names nothing as
looked at, so whoever reads it next looks properly.
"""

from typing import TYPE_CHECKING

from packctl.durable import Folder, KernelLock
from packctl.install.apply import LOCK
from packctl.install.begin import Site, site_of
from packctl.install.recovery import recovered, tell_wait
from packctl.outcome import Notice
from packctl.project.find import Place, find_project
from packctl.project.state import OWN, STATE, InstallState, Receipt, StateBroken, kept_tree, tree_name
from packspec.errors import PackError
from packspec.lockfile import Lock, LockedPack, parse_lock
from packspec.names import PackName
from packspec.project import Project
from packspec.tree import Tree

if TYPE_CHECKING:
    from pathlib import Path

    from packctl.session import Session


def rebuild_broken_state(session: "Session") -> None:
    """Replaces a state that cannot be read, and says so. Raises NoProject, ManifestFaults, StateTooNew, DiskFailed."""
    place = find_project(session.folder)
    project = place.read_project()
    site = site_of(place, str(project.install.dir), None)
    try:
        recovered(session, site.root, site.packs)
        InstallState.load(site.folder)
    except StateBroken as error:
        with (
            Folder.open(site.folder) as packs,
            packs.folder(OWN) as own,
            KernelLock.take(own, LOCK, lambda: tell_wait(session)),
        ):
            own.replace(STATE, _rebuilt(own, site, place, project).encode())
        session.warn(
            Notice(error.code, "what is installed was made out anew, from pack.lock", {"file": str(error.path)})
        )


def _rebuilt(own: Folder, site: Site, place: Place, project: Project) -> InstallState:
    try:
        lock = parse_lock(place.lock_bytes() or b"")
    except PackError:  # then nothing is known, and an install keeps whatever it finds
        return InstallState(own.path, {}, {})
    here = [pack for pack in lock.packs if (site.folder / pack.name).is_dir()]
    trees = {pack.name: tree for pack in here if (tree := kept_tree(own, pack.tree)) is not None}
    receipts = {pack.name: _receipt(pack, trees.get(pack.name), site.folder / pack.name) for pack in here}
    evidence = {tree_name(pack): tree.digest for pack, tree in trees.items()}
    return InstallState(own.path, receipts, evidence, groups=_groups(project, lock, frozenset(receipts)))


def _receipt(pack: LockedPack, tree: Tree | None, folder: "Path") -> Receipt:
    files = [file for file in tree.files if (folder / file.path).is_file()] if tree else []
    return Receipt.of(pack, len(files), sum(file.size for file in files))


def _groups(project: Project, lock: Lock, here: frozenset[PackName]) -> tuple[str, ...]:
    """The groups of which everything is here that the lock has."""
    wanted: dict[str, set[PackName]] = {}
    for wish in project.wishes():
        if wish.group and lock.find(wish.pack) is not None:
            wanted.setdefault(str(wish.group), set()).add(wish.pack)
    return tuple(sorted(group for group, packs in wanted.items() if packs <= here))
