"""From what is wanted to one version of each pack: taken from the lock, or resolved (docs/spec/install.md I6, I7; resolver.md)."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from packctl.install.begin import Work
from packctl.install.entitled import Entitled
from packctl.install.recalled import tell
from packctl.install.registries import Registries
from packctl.project.missing import NotChosen
from packctl.project.texts import Texts
from packctl.resolve.wanted import Wanted, wishes_of
from packspec.lockfile import Lock
from packspec.names import PackName
from packspec.project import Project, Wish
from packspec.verdict import ReleaseRecalled
from packspec.versions import Version

if TYPE_CHECKING:
    from packctl.resolve.run import LeftOut, Resolution
    from packctl.session import Session


class Choice(Struct, frozen=True):
    """One version of every pack that is needed, and the files that asked for them."""

    texts: Texts
    project: Project
    versions: Mapping[PackName, Version]
    needs: Mapping[PackName, tuple[PackName, ...]]
    left_out: tuple["LeftOut", ...] = ()


class _Versions(Struct, frozen=True):
    """What an edit of pack.toml may ask for."""

    registries: Registries
    found: Mapping[PackName, Version] = field(default_factory=dict)
    is_final: bool = False

    def chosen(self, pack: PackName) -> Version | None:
        return self.found.get(pack)

    def newest(self, pack: PackName) -> Version:
        return self.registries.newest(pack)


def choose(session: "Session", work: Work, registries: Registries) -> Choice:
    """The lock's versions where they may be taken as they are, else a resolution that keeps what is locked where it can.

    Raises NoSolution, GaveUp, NotChosen (an update of what nobody wants), NoSuchPack,
    NoSuchRelease, ReleaseYanked, ReleaseRecalled, ManifestFaults, and what reading indexes raises.
    """
    if work.takes_lock and work.lock is not None:
        return _of_lock(work, work.lock)
    texts = work.edited(_Versions(registries))
    project = texts.project()
    found = _resolve(session, work, registries, project)
    versions = {pack: chosen.version for pack, chosen in found.packs.items()}
    if work.order.edit:
        texts = work.edited(_Versions(registries, versions, is_final=True))
        project = texts.project()
    needs = {pack: chosen.needs for pack, chosen in found.packs.items()}
    return Choice(texts, project, versions, needs, found.left_out)


def _of_lock(work: Work, lock: Lock) -> Choice:
    return Choice(
        work.texts,
        work.project,
        {pack.name: pack.version for pack in lock.packs},
        {pack.name: tuple(need.pack for need in pack.needs) for pack in lock.packs},
    )


def _resolve(session: "Session", work: Work, registries: Registries, project: Project) -> "Resolution":
    from packctl.install.wayout import add_ways_out  # late, as the resolver: a lock that is taken needs neither
    from packctl.resolve.refusals import NoSolution

    order = work.order
    for pack in sorted(order.upgrade or ()):
        if not (work.lock and work.lock.find(pack)) and all(wish.pack != pack for wish in project.wishes()):
            raise NotChosen(pack)
    locked = {pack.name: pack.version for pack in work.lock.packs} if work.lock else {}
    wanted = wanted_of(session, work, project, Entitled(session, registries))
    try:
        return _solved(wanted, locked, registries)
    except NoSolution as refusal:
        add_ways_out(session, order, wanted, locked, registries, refusal)
        raise
    except ReleaseRecalled as error:
        tell(error, work, project, registries.of(PackName(error.release.partition(" ")[0])))
        raise


def wanted_of(session: "Session", work: Work, project: Project, entitled: Entitled) -> Wanted:
    """What the resolver is asked for this project: the lock's versions are kept but for those that the order wants to move."""
    order = work.order
    locked = {pack.name: pack.version for pack in work.lock.packs} if work.lock else {}
    kept = {} if order.upgrade is None else {name: locked[name] for name in locked if name not in order.upgrade}
    return Wanted(
        wishes=wishes_of(project, order.named if order.edit else frozenset(), work.place.file),
        locked=kept,
        overrides=project.overrides,
        host=project.surroundings(),
        policy=work.rules.policy,
        now=session.clock(),
        as_of=order.as_of,
        prereleases=order.prereleases,
        lowest=order.lowest,
        has_early=entitled.has_early,
        constraints=(entitled,),
        file=work.place.file,
    )


def _solved(wanted: Wanted, locked: Mapping[PackName, Version], registries: Registries) -> "Resolution":
    from packctl.resolve.refusals import NoSolution
    from packctl.resolve.run import resolve

    try:
        return resolve(wanted, registries)
    except NoSolution:
        # A yanked release may stay where it is locked (I7), so an update that finds nothing better keeps it.
        yanked = {pack: version for pack, version in locked.items() if _is_yanked(registries, pack, version)}
        if not yanked.keys() - wanted.locked.keys():
            raise
        return resolve(replace(wanted, locked={**wanted.locked, **yanked}), registries)


def _is_yanked(registries: Registries, pack: PackName, version: Version) -> bool:
    rows = registries.candidates(pack) or []
    return any(row.version == version and row.state == "yanked" for row in rows)


def wanted_here(
    project: Project, groups: Iterable[str], choice: Choice, counts: Callable[[Wish], bool] = lambda wish: True
) -> frozenset[PackName]:
    """The packs of a choice that shall be installed: what `[dependencies]` and these groups lead to, of the wishes that count."""
    wishes = project.wishes(list(groups))
    todo = [wish.pack for wish in wishes if wish.dependency.kind == "requires" and counts(wish)]
    found: set[PackName] = set()
    while todo:
        pack = todo.pop()
        if pack in choice.versions and pack not in found:
            found.add(pack)
            todo += choice.needs[pack]
    return frozenset(found)
