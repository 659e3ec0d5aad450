"""`Work`: what one run starts from, read once (docs/spec/install.md, I1): project, lock, place of packs, rules that hold.

An interrupted install is brought to its end first, and that is said.
"""

import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from packctl.install.mend import mended_lock
from packctl.install.order import Order, Versions
from packctl.install.quick import installed_groups
from packctl.install.recovery import recovered
from packctl.project.find import Place, find_project
from packctl.project.missing import NotADependency
from packctl.project.state import InstallState
from packctl.project.texts import Texts
from packctl.rules import Rules, rules_in_force
from packspec.errors import NotFound
from packspec.lockfile import Lock, LockMissing, check_current, conflict_sides, inputs_digest, parse_lock
from packspec.names import PackName
from packspec.project import Project, parse_project

if TYPE_CHECKING:
    from packctl.session import Session


class NoSuchGroup(NotFound):
    """A group is named that pack.toml does not have."""

    group: str
    known: tuple[str, ...]

    code = "project.no-such-group"

    def what(self) -> str:
        return f"pack.toml has no group {self.group}"

    def facts(self) -> dict[str, str]:
        return {"groups": ", ".join(self.known) or "none"}

    def why(self) -> str:
        return "a group is a set of dependencies that is installed on request; [groups] of pack.toml names them"

    def fix(self) -> list[str]:
        return [f"packctl add NAME --group {self.group}"]


class Site(Struct, frozen=True):
    """Where packs lie: the folder `packs` (a path with `/`) in `root`. `holds_project`: pack.toml and pack.lock are files of `root`."""

    root: Path
    packs: str
    holds_project: bool

    @property
    def folder(self) -> Path:
        """The folder of packs."""
        return self.root / self.packs

    @property
    def shown(self) -> str:
        """The folder of packs, as a person knows it."""
        return f"{self.packs}/" if self.holds_project else f"{self.folder}/"


def site_of(place: Place, packs: str, target: Path | None) -> Site:
    """The site of a project; `target` is a folder that a person named instead, there or not."""
    if target is None:
        return Site(place.folder, packs, holds_project=True)
    folder = Path(os.path.normpath(target))
    try:
        inside = folder.relative_to(place.folder).as_posix()
    except ValueError:
        return Site(folder.parent, folder.name, holds_project=False)
    return Site(place.folder, inside, holds_project=True)


class Work(Struct, frozen=True):
    """One run. `lock` is None where there is none; `texts` and `lock_bytes` are the files as they were read."""

    place: Place
    site: Site
    order: Order
    texts: Texts
    recorded: Texts
    """The same with the registry that shall be recorded: what edits begin with."""
    lock_bytes: bytes | None
    project: Project
    lock: Lock | None
    rules: Rules
    state: InstallState
    is_locked: bool
    """Nothing may be chosen anew."""

    @property
    def is_current(self) -> bool:
        """Whether there is a lock that was made for this pack.toml."""
        return self.lock is not None and self.lock.inputs == inputs_digest(self.project)

    @property
    def is_mended(self) -> bool:
        """Whether the lock is one side of a file with the marks of a merge, so that the file must be written anew."""
        return self.lock_bytes is not None and conflict_sides(self.lock_bytes) is not None

    @property
    def takes_lock(self) -> bool:
        """Whether the lock is taken as it is, without a resolution."""
        return self.is_current and not self.order.chooses

    def places_of(self, pack: PackName) -> str:
        """Where pack.toml and pack.lock name a pack."""
        wishes = [wish for wish in self.project.wishes() if wish.pack == pack and wish.line]
        places = [f"{wish.file} line {wish.line}" for wish in wishes]
        line = self.lock.line_of(pack, "name") if self.lock else 0
        return ", ".join([*places, f"pack.lock line {line}"] if line else places)

    def groups_of(self, project: Project) -> tuple[str, ...]:
        """The groups of `project`, this one or as it shall become, that will be installed."""
        known = project.group_names
        return tuple(group for group in installed_groups(self.order, self.state.groups) if group in known)

    def edited(self, versions: Versions) -> Texts:
        """The files as the order wants them: it edits that of the folder where the command was started."""
        if self.order.edit is None:
            return self.texts
        member = self.place.member
        try:
            return self.recorded.changed(member, self.order.edit(self.recorded.of(member), versions))
        except NotADependency as error:
            folders = {posixpath.dirname(wish.file) for wish in self.project.wishes() if wish.pack == error.pack}
            error.members = tuple(sorted(posixpath.relpath(one or ".", member or ".") for one in folders - {member}))
            raise


def begin(session: "Session", order: Order, place: Place | None = None) -> Work:
    """I1.

    Raises NoProject, ManifestFaults, LoosensTrust, LockBroken, LockTooNew, with `locked` LockMissing and LockStale, NoSuchGroup, and what
    an interrupted install can raise.
    """
    place = place or find_project(session.folder)
    project = parse_project(place.manifest_bytes())
    site = site_of(place, str(project.install.dir), session.folder / order.target if order.target else None)
    recovered(session, site.root, site.packs)
    texts, lock_bytes = Texts.read(place), place.lock_bytes()  # what was interrupted may have changed them
    project = texts.project()
    lock = _read_lock(lock_bytes, order)
    is_locked = order.locked or session.settings.locked or (order.may_be_locked and session.in_ci and lock is not None)
    if is_locked:
        if lock is None:
            raise LockMissing
        check_current(lock, project)
    for group in (*order.groups, *order.no_groups):
        if group not in project.group_names and order.edit is None:
            raise NoSuchGroup(group, tuple(map(str, project.group_names)))
    recorded = texts.changed("", order.record.apply(texts.root)) if order.record else texts
    rules = rules_in_force(session.config_files, recorded.project() if order.record else project)
    state = InstallState.load(site.folder)
    return Work(place, site, order, texts, recorded, lock_bytes, project, lock, rules, state, is_locked)


def _read_lock(data: bytes | None, order: Order) -> Lock | None:
    if data is None:
        return None
    return mended_lock(data) if order.mends_lock else parse_lock(data)
