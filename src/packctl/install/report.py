"""What a run says while it goes on, and the value it ends with. On a terminal sentences, in a log one line per finished thing."""

from typing import TYPE_CHECKING

from packctl.install.order import Order
from packctl.install.result import Change as Changed
from packctl.install.result import HeldBack, Installed, LeftOut
from packctl.outcome import Notice
from packctl.places import PACK_TOML
from packctl.project.state import InstallState
from packctl.ui.table import many

if TYPE_CHECKING:
    from packctl.install.begin import Work
    from packctl.install.change import Change
    from packctl.install.choose import Choice
    from packctl.install.fetch import Supply
    from packctl.install.plan import Action
    from packctl.install.registries import Registries
    from packctl.install.stage import Applied
    from packctl.session import Session
    from packspec.names import PackName


class Report:
    """One command's words. Made when it begins."""

    def __init__(self, session: "Session", order: Order) -> None:
        self._session = session
        self._order = order
        self._console = session.console
        self._started = self._since = session.monotonic()

    @property
    def _is_log(self) -> bool:
        return self._console.progress == "plain"

    def _took(self) -> str:
        return f"{self._session.monotonic() - self._since:.1f} s"

    def _seconds(self) -> float:
        return round(self._session.monotonic() - self._started, 1)

    def nothing(self, state: InstallState) -> Installed:
        """Everything is as it should be, and nobody was asked."""
        return Installed(unchanged=len(state.receipts), releases=len(state.receipts), seconds=self._seconds())

    def resolved(self, work: "Work", choice: "Choice") -> None:
        """After I7."""
        packs, is_kept = many(len(choice.versions), "pack"), work.takes_lock
        if self._is_log:
            self._console.say(f"resolved {packs}{' (locked)' if is_kept else ''}")
        else:
            kept = " (pack.lock is up to date)" if is_kept else ""
            self._console.say(f"Resolved {packs} in {self._took()}{kept}")
        for one in choice.left_out:
            self._console.say(
                f"{'left out' if self._is_log else 'Left out'} {one.pack} {one.range} (optional): {one.why}"
            )

    def fetching(self) -> None:
        """Before I12."""
        self._since = self._session.monotonic()

    def fetched(self, registries: "Registries", todo: "Change", supply: "Supply") -> None:
        """After I14."""
        from packctl.ui.moments import roughly

        releases = len(todo.proven.proven)
        if supply.bytes_fetched and not self._is_log:
            self._console.say(f"Fetched  {_fetched(supply)} in {self._took()}")
        if not releases:
            return
        if self._is_log:
            self._console.say(f"verified {releases} of {many(releases, 'release')}")
            return
        now = self._session.clock()
        age = max(registry.freshness.age(now) for registry in registries.opened.values())
        self._console.say(
            f"Verified {many(releases, 'release')}: authentic, approved, logged, current (index {roughly(age)} old)"
        )

    def would(self, registries: "Registries", todo: "Change", supply: "Supply") -> Installed:
        """With --dry-run: what would happen."""
        self._warn_of_features(todo, supply)
        fetched = {pack: need.fetch_bytes for pack, need in supply.lacking.items()}
        return self._installed(registries, todo, supply, fetched, ())

    def done(self, registries: "Registries", todo: "Change", supply: "Supply", applied: "Applied") -> Installed:
        """After I15."""
        self._warn_of_features(todo, supply)
        for path in applied.kept:
            self._session.warn(Notice("install.kept", "a file of yours was in the way; it was kept", {"file": path}))
        return self._installed(registries, todo, supply, supply.bytes_fetched, applied.kept)

    def _warn_of_features(self, todo: "Change", supply: "Supply") -> None:
        """A feature that no asset is for, because it is misspelled perhaps. Told when every pack was looked at for it."""
        from packctl.install.plan import Move

        if supply.releases and not todo.plan.of(Move.KEEP):
            for feature in sorted(set(todo.part.features or ()) - supply.features):
                known = {"features": ", ".join(sorted(supply.features)) or "none"}
                self._session.warn(Notice("install.no-such-feature", f"no asset is for the feature {feature}", known))

    def _installed(
        self,
        registries: "Registries",
        todo: "Change",
        supply: "Supply",
        fetched: "dict[PackName, int]",
        kept: tuple[str, ...],
    ) -> Installed:
        from packctl.install.plan import Move

        files = todo.files

        def changes(*moves: Move) -> list[Changed]:
            return [_changed(action, supply, fetched) for action in todo.plan.of(*moves)]

        return Installed(
            added=changes(Move.ADD),
            changed=changes(Move.CHANGE),
            removed=changes(Move.REMOVE),
            unchanged=len(todo.plan.of(Move.KEEP)),
            left_out=[
                LeftOut(name=one.pack, range=str(one.range), by=one.by, why=one.why)
                for one in todo.proven.choice.left_out
            ],
            held_back=_held_back(registries, todo) if self._order.tells_held_back else [],
            lock="written" if "pack.lock" in files else "unchanged",
            manifest="written" if any(name.endswith(PACK_TOML) for name in files) else "unchanged",
            releases=len(todo.proven.lock.packs),
            verified=len(todo.proven.proven),
            as_of=_as_of(registries),
            folder=todo.work.site.shown,
            kept=list(kept),
            bytes_fetched=sum(fetched.values()),
            bytes_total=sum(release.archive.size for release in supply.releases),
            bytes_new=sum(need.disk_bytes for need in supply.lacking.values()),
            dry_run=self._order.dry_run,
            seconds=self._seconds(),
        )


def _fetched(supply: "Supply") -> str:
    """What came: packs and bytes, or where some files were here already, bytes of how many, and files of how many."""
    from packctl.install.plan import Way
    from packctl.ui.progress import megabytes

    came = [release for release in supply.releases if release.pack in supply.bytes_fetched]
    got, total = sum(supply.bytes_fetched.values()), sum(release.archive.size for release in came)
    needs = [supply.lacking[release.pack] for release in came]
    if all(need.way is Way.WHOLE for need in needs) or got >= total:
        return f"{many(len(came), 'pack')}, {megabytes(got)}"
    files, all_files = (
        sum(len(need.missing) for need in needs),
        sum(len(supply.trees[one.pack].files) for one in came),
    )
    return f"{megabytes(got)} of {megabytes(total)} ({files} of {many(all_files, 'file')})"


def _changed(action: "Action", supply: "Supply", fetched: "dict[PackName, int]") -> Changed:
    what = action.new or action.old
    assert what is not None  # an action has one of them
    tree, left_out = supply.trees.get(action.pack), supply.left_out.get(action.pack, frozenset())
    after = {file.path: file.sha256 for file in tree.files if file.path not in left_out} if tree else {}
    before = supply.before.get(action.pack, {})
    need = supply.lacking.get(action.pack)
    return Changed(
        name=action.pack,
        version=what.version,
        before=str(action.old.version) if action.old and action.new else "",
        registry=what.registry,
        archive=what.archive.labelled,
        license=str(action.new.license) if action.new else "",
        bytes=sum(file.size for file in tree.files if file.path not in left_out) if tree else 0,
        bytes_fetched=fetched.get(action.pack, 0),
        bytes_archive=action.archive_bytes,
        bytes_new=need.disk_bytes if need else 0,
        files=len(after),
        files_added=len(after.keys() - before.keys()),
        files_changed=sum(before[path] != after[path] for path in after.keys() & before.keys()),
        files_removed=len(before.keys() - after.keys()),
    )


def _held_back(registries: "Registries", todo: "Change") -> list[HeldBack]:
    """The project's own dependencies of which there is a newer release that their range leaves out."""
    found = {}
    for wish in todo.proven.choice.project.wishes():
        version = todo.proven.choice.versions.get(wish.pack)
        newest = registries.newest_or_none(wish.pack) if version is not None else None
        if version is None or newest is None or newest <= version:
            continue
        if not wish.dependency.version.allows(newest, include_prereleases=True):
            found[wish.pack] = HeldBack(name=wish.pack, version=version, newest=newest)
    return [found[pack] for pack in sorted(found)]


def _as_of(registries: "Registries") -> str:
    from packspec.moments import moment

    times = [registry.freshness.signed_at for registry in registries.opened.values()]
    return moment(min(times)) if times else ""
