"""`audit --fix`: recalled files out of reach, and releases to take instead, each of them solved before it is proposed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from packctl.audit.judge import Subject
from packctl.audit.result import Proposal
from packctl.install.apply import open_installation
from packctl.install.begin import Work
from packctl.install.choose import choose
from packctl.install.edits import moving_on
from packctl.install.order import Order
from packctl.install.recovery import tell_recovery, tell_wait
from packctl.install.registries import NoRelease, Registries
from packctl.install.stage import stage
from packctl.outcome import Notice
from packctl.project.missing import NotADependency
from packctl.resolve.refusals import GaveUp, NoSolution
from packspec.errors import Unavailable
from packspec.names import PackName
from packspec.verdict import ReleaseRecalled

if TYPE_CHECKING:
    from packctl.session import Session


def quarantine(session: "Session", work: Work, subjects: Sequence[Subject]) -> list[str]:
    """Moves the installed files of stopped releases to `packs/.packctl/quarantine`, all in one swap. The folders, as paths in the project.

    Raises DiskFailed, LinkInTheWay (all undone), Unfinished.
    """
    stopped = {(one.pack, one.version) for one in subjects if one.is_stopped and one.is_installed}
    if not stopped:
        return []
    doing = f"moving {', '.join(sorted({pack for pack, _ in stopped}))} to quarantine"
    with open_installation(work.site.root, work.site.packs, lambda: tell_wait(session)) as installation:
        tell_recovery(session, installation.recovered)
        here = installation.state.receipts  # another process may have changed them meanwhile
        with stage(installation, doing) as staging:
            for pack, version in sorted(stopped):
                if pack in here and here[pack].version == version:
                    staging.remove(pack, aside=True)
            # Made from nothing: whatever comes next must look again.
            return list(staging.commit().kept)


def propose(session: "Session", work: Work, registries: Registries, subjects: Sequence[Subject]) -> list[Proposal]:
    """Commands that get rid of the stopped releases: an update that was solved, or else taking out what pack.toml names itself."""
    stopped = sorted({one.pack for one in subjects if one.is_stopped and one.line})
    if not stopped:
        return []
    try:
        return _proposals(session, work, registries, stopped)
    except Unavailable as error:  # the files are moved all the same
        session.warn(Notice(error.code, f"{error.what()}; no other releases were looked for", error.facts()))
        return []


def _proposals(session: "Session", work: Work, registries: Registries, stopped: Sequence[PackName]) -> list[Proposal]:
    """Inside the ranges of pack.toml; else beyond them, where it names them all itself; else without them."""
    named, upgrade = " ".join(stopped), frozenset(stopped)
    direct = [pack for pack in stopped if any(wish.pack == pack for wish in work.project.wishes())]
    plain = Order(doing="looking for other releases", upgrade=upgrade)
    gives = _solved(session, replace(work, order=plain), registries, stopped)
    if gives is not None:
        return [Proposal(f"packctl update {named}", gives)]
    if direct == stopped:
        beyond = replace(plain, edit=moving_on(direct), named=upgrade)
        gives = _solved(session, replace(work, order=beyond), registries, stopped)
        if gives is not None:
            return [Proposal(f"packctl update {named} --major", gives)]
    return [Proposal(f"packctl {'remove' if pack in direct else 'why'} {pack}", []) for pack in stopped]


def _solved(session: "Session", work: Work, registries: Registries, stopped: Sequence[PackName]) -> list[str] | None:
    try:
        choice = choose(session, work, registries)
    except (NoSolution, GaveUp, NoRelease, ReleaseRecalled, NotADependency):  # the last: another member's dependency
        return None
    return [f"{pack} {choice.versions[pack]}" for pack in stopped if pack in choice.versions]
