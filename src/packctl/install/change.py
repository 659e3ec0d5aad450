"""The change itself: what must be done (docs/spec/install.md, I10), and doing it as one swap with pack.lock last (I14, I15)."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from packctl.durable import Folder, What
from packctl.install.apply import Installation, open_installation
from packctl.install.begin import Work
from packctl.install.choose import wanted_here
from packctl.install.features import check_features
from packctl.install.fetch import Part, Release, Supply
from packctl.install.limit import check_limit
from packctl.install.plan import Move, Plan, plan_install
from packctl.install.prove import ProvenChoice
from packctl.install.quick import NEVER, inputs_of, recalls_known
from packctl.install.recovery import tell_recovery, tell_wait
from packctl.install.registries import Registries
from packctl.install.stage import Applied, MadeFrom, Staging, stage
from packctl.install.store import NotInStore, Placed, Store
from packctl.project.known import KnownFolders
from packctl.project.missing import NotChosen
from packctl.project.state import OWN, InstallState, Receipt
from packctl.project.texts import Texts
from packctl.registry.open import open_transfers
from packspec.lockfile import FILE
from packspec.names import PackName

if TYPE_CHECKING:
    from packctl.session import Session
    from packctl.ui.progress import Progress

TRIES = 3
"""How often what the store lost between fetching and staging is fetched again."""


class Change(Struct, frozen=True):
    """Everything that one run will change."""

    work: Work
    proven: ProvenChoice
    plan: Plan
    away: frozenset[PackName] = frozenset()
    """What is in the lock and not here, and stays away: optional packs that no license covers."""

    @classmethod
    def of(cls, work: Work, proven: ProvenChoice) -> "Change":
        """I10."""
        return cls(work, proven, _plan(work, proven, work.state))

    def without(self, away: frozenset[PackName]) -> "Change":
        """The same, but that these packs do not come in."""
        return replace(self, plan=_without(self.plan, away), away=away)

    @property
    def texts(self) -> Texts:
        """Every pack.toml as it shall be."""
        return self.proven.choice.texts

    @property
    def lock_bytes(self) -> bytes:
        """pack.lock as it shall be: the file as it is, where it says the same."""
        before = self.work.lock_bytes
        is_same = self.proven.lock is self.work.lock and not self.work.is_mended
        return before if before is not None and is_same else self.proven.lock.encode()

    @property
    def files(self) -> dict[str, bytes]:
        """Files of the project that change."""
        before = self.work.texts.files
        found = {name: data for name, data in self.texts.files.items() if data != before[name]}
        return found if self.lock_bytes == self.work.lock_bytes else {**found, FILE: self.lock_bytes}

    @property
    def part(self) -> Part:
        """Which part of packs the project wants."""
        install = self.proven.choice.project.install
        return Part(None if install.features is None else tuple(map(str, install.features)), install.essential)


def _plan(work: Work, proven: ProvenChoice, state: InstallState) -> Plan:
    if not work.order.installs:
        return Plan(())
    here = wanted_here(proven.choice.project, work.groups_of(proven.choice.project), proven.choice)
    if work.order.only is not None:
        here &= work.order.only
        state = replace(state, receipts={pack: state.receipts[pack] for pack in here & state.receipts.keys()})
    locked = [pack for pack in proven.lock.packs if pack.name in here]
    for pack in sorted(work.order.again - here):
        raise NotChosen(pack)
    present = {pack: receipt for pack, receipt in state.receipts.items() if (work.site.folder / pack).is_dir()}
    lost = {pack for pack in present if state.tree(pack) is None}
    again = frozenset(here) if work.order.everything_again else work.order.again | lost
    if work.order.clean:
        from packctl.project.untouched import touched_packs  # late: it hashes every file, and loads what for

        again |= touched_packs(work.site.folder, state, [present[pack] for pack in sorted(present.keys() & here)])
    return plan_install(locked, present, again)


def _without(plan: Plan, away: frozenset[PackName]) -> Plan:
    return (
        Plan(tuple(one for one in plan.actions if one.move is not Move.ADD or one.pack not in away)) if away else plan
    )


@contextmanager
def supplied(
    session: "Session", registries: Registries, todo: Change, addresses: Callable[[PackName], tuple[str, str] | None]
) -> Iterator[Supply]:
    """I11: the store, and the trees of what comes in. `addresses` tells where archive and tree of what must be paid lie (I9)."""
    coming = [action.pack for action in todo.plan.of(Move.ADD, Move.CHANGE)]
    releases = [_release(registries, todo, pack) for pack in coming]

    def progress(total: int, total_bytes: int) -> "Progress":
        return session.progress("fetching", past="fetched", total=total, total_bytes=total_bytes)

    from packctl.project.untouched import installed_files  # late: it loads what reads manifests

    state, packs = todo.work.state, todo.work.site.folder
    known = {pack: tree for pack in coming if (tree := state.tree(pack)) is not None}
    before = {pack: installed_files(packs, state.receipts[pack], tree) for pack, tree in known.items()}
    with Store.open(session.places.store) as store:
        supply = Supply(store, releases, lambda: session.once(open_transfers), progress, before, addresses)
        if coming:
            store.enter(lambda: tell_wait(session, "the store"))
        supply.read_trees(known, todo.part)
        if not todo.plan.of(Move.KEEP):  # every pack was looked at for them
            check_features(todo.work.order.features, supply.features)
        check_limit(session, store, supply, packs)
        yield supply
    if todo.work.order.installs and not todo.work.order.dry_run and (packs / OWN).is_dir():
        KnownFolders(session.places.projects).note(packs)


def _release(registries: Registries, todo: Change, pack: PackName) -> Release:
    statement = todo.proven.proven[pack].verdict.statement
    assert statement is not None  # it was proven
    return Release(
        pack,
        statement.version,
        registries.addresses_of(pack),
        statement.archive,
        statement.tree,
        statement.content,
        statement.manifest,
    )


def apply(session: "Session", registries: Registries, todo: Change, supply: Supply) -> Applied | None:
    """I14, I15: stages beside the target, then swaps. None if somebody else changed the project meanwhile; then nothing was done.

    Raises DiskFailed, LinkInTheWay (all undone), Unfinished.
    """
    work = todo.work
    if not work.order.installs and not todo.files:
        return Applied(Placed(), ())
    with open_installation(work.site.root, work.site.packs, lambda: tell_wait(session)) as installation:
        tell_recovery(session, installation.recovered)
        if _has_moved(todo) or _without(_plan(work, todo.proven, installation.state), todo.away) != todo.plan:
            return None
        applied = _swap(session, registries, todo, supply, installation)
    if not work.site.holds_project:
        _write_beside(todo)
    return applied


def _has_moved(todo: Change) -> bool:
    """Whether pack.toml or pack.lock is no longer what this run began with."""
    place, work = todo.work.place, todo.work
    return (Texts.read(place), place.lock_bytes()) != (work.texts, work.lock_bytes)


def _swap(
    session: "Session", registries: Registries, todo: Change, supply: Supply, installation: Installation
) -> Applied:
    evidence = _evidence(registries, todo) if todo.work.order.installs else {}
    for attempt in range(1, TRIES + 1):
        try:
            with stage(installation, todo.work.order.doing, todo.work.order.link) as staging:
                return _commit(session, registries, todo, supply, staging, evidence)
        except NotInStore:
            if attempt == TRIES:
                raise
            supply.set_aside_damaged()  # where one is, there may be more; they are missing then, and fetched anew
            supply.fetch()
    raise AssertionError("the last attempt raises")


def _commit(
    session: "Session",
    registries: Registries,
    todo: Change,
    supply: Supply,
    staging: Staging,
    evidence: Mapping[str, bytes],
) -> Applied:
    work = todo.work
    if work.site.holds_project:
        for name, data in todo.files.items():
            staging.set_file(name, data)
    if not work.order.installs:
        return staging.commit_files()
    locked = {pack.name: pack for pack in todo.proven.lock.packs}
    for action in todo.plan.of(Move.ADD, Move.CHANGE):
        left_out = supply.left_out.get(action.pack, frozenset())
        tree = supply.trees[action.pack]
        files = [file for file in tree.files if file.path not in left_out]
        receipt = Receipt.of(locked[action.pack], len(files), sum(file.size for file in files))
        staging.put(receipt, tree, supply.store, left_out)
    for action in todo.plan.of(Move.REMOVE):
        staging.remove(action.pack)
    if work.order.clean:
        for name in _strangers(staging.installation, {action.pack for action in todo.plan.actions}):
            staging.clear(name)
    staging.drop_evidence("registries/")
    staging.drop_evidence("packs/", "/packproof")
    for name, data in evidence.items():
        staging.add_evidence(name, data)
    return staging.commit(_made_from(session, registries, todo))


def _evidence(registries: Registries, todo: Change) -> dict[str, bytes]:
    """What `verify` needs without network, with proofs for the checkpoints in the lock."""
    found: dict[str, bytes] = {}
    for entry in todo.proven.lock.registries:
        proven = [one for pack, one in todo.proven.proven.items() if registries.alias_of(pack.publisher) == entry.name]
        found |= registries.named(entry.name).evidence(proven, entry)
    return found


def _made_from(session: "Session", registries: Registries, todo: Change) -> MadeFrom:
    own = todo.work.rules.policy.max_index_age
    ends = [0 if todo.away else NEVER]  # a license may have come meanwhile, so the next install looks again
    for registry in registries.opened.values():
        fresh = registry.freshness
        ends += [fresh.expires] + ([fresh.signed_at + own.seconds] if own else [])
    folders = [registry.opened.state.name for registry in registries.opened.values()]
    return MadeFrom(
        inputs=inputs_of(session, todo.texts.files, todo.lock_bytes),
        fresh_until=min(ends),
        groups=todo.work.groups_of(todo.proven.choice.project),
        recalls={folder: recalls_known(session.places.registries, folder) for folder in folders},
    )


def _strangers(installation: Installation, packs: set[PackName]) -> list[str]:
    """What lies in the folder of packs and belongs to no pack, as paths in it."""
    found = []
    publishers = {pack.publisher for pack in packs}
    with installation.root.descend(installation.packs.split("/")) as folder:
        for name, kind in folder.entries():
            if name == OWN:
                continue
            if name not in publishers or kind is not What.FOLDER:
                found.append(name)
                continue
            with folder.folder(name) as inside:
                found += [f"{name}/{inner}" for inner, _ in inside.entries() if f"{name}/{inner}" not in packs]
    return found


def _write_beside(todo: Change) -> None:
    """With --target outside of the project: pack.toml and pack.lock, once the target is as they say."""
    for path, data in todo.files.items():
        file = todo.work.place.folder / path
        with Folder.open(file.parent) as folder:
            folder.replace(file.name, data)
