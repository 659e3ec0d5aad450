"""Which releases are carried: those of pack.lock, or packs that were named and all that they need, proven as for an install (I1 to I8)."""

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from packctl.install.begin import Site, Work, begin
from packctl.install.choose import Choice, choose, wanted_of
from packctl.install.edits import Asked
from packctl.install.entitled import Entitled
from packctl.install.order import Order
from packctl.install.prove import prove
from packctl.install.registries import Registries
from packctl.install.report import Report
from packctl.project.find import Place
from packctl.project.state import InstallState
from packctl.project.texts import Texts
from packctl.resolve.run import resolve
from packctl.resolve.wanted import ASKER
from packctl.session import Session
from packctl.trust.proofs import Proven
from packspec.labels import Label
from packspec.names import PackName


class Selection(Struct, frozen=True):
    """Proven releases, and the registries that they come from."""

    registries: Registries
    proven: Mapping[PackName, Proven]

    @property
    def aliases(self) -> list[Label]:
        """The registries, by alias."""
        return sorted({self.registries.alias_of(pack.publisher) for pack in self.proven})

    def of(self, alias: Label) -> list[Proven]:
        """The releases of one registry, by pack."""
        return [self.proven[pack] for pack in sorted(self.proven) if self.registries.alias_of(pack.publisher) == alias]


def select(session: Session, names: Sequence[str], *, prereleases: bool = False) -> Selection:
    """The releases of the project's lock, every group included; with names those packs, and what they need, chosen anew.

    Raises LockMissing, LockStale, NoProject, BadName, BadRange, NoSolution, and what docs/spec/install.md lists at I1 to I8.
    """
    order = Order(doing="carrying", installs=False, locked=not names, prereleases=prereleases and bool(names))
    work = _of_names(session, names, order) if names else begin(session, order)
    registries = Registries(session, work)
    registries.refresh()
    choice = _chosen(session, work, registries) if names else choose(session, work, registries)
    Report(session, order).resolved(work, choice)
    return Selection(registries, prove(session, work, registries, choice).proven)


def _of_names(session: Session, names: Sequence[str], order: Order) -> Work:
    """Work on a project that wants these packs and nothing else. Where one stands in a project, its registries and policy hold."""
    asked = [Asked.parse(name) for name in names]
    wishes = {one.pack: "*" if one.range is None else str(one.range) for one in asked}
    rows = [f'"{pack}" = {_quoted(wanted)}\n' for pack, wanted in sorted(wishes.items())]
    texts = Texts(("[dependencies]\n" + "".join(rows)).encode())
    place = Place(session.folder)
    site = Site(session.folder, "packs", holds_project=False)
    state = InstallState(site.folder, {}, {})
    project = texts.project()
    return Work(place, site, order, texts, texts, None, project, None, session.rules, state, is_locked=False)


def _chosen(session: Session, work: Work, registries: Registries) -> Choice:
    """As `choose`, for what somebody has just named: it stands in no file, and no command mends it but another one of these."""
    wanted = wanted_of(session, work, work.project, Entitled(session, registries))
    asked = tuple(replace(wish, file=ASKER, origin="") for wish in wanted.wishes)
    found = resolve(replace(wanted, wishes=asked), registries)
    versions = {pack: chosen.version for pack, chosen in found.packs.items()}
    needs = {pack: chosen.needs for pack, chosen in found.packs.items()}
    return Choice(work.texts, work.project, versions, needs, found.left_out)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
