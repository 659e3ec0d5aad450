"""Changes a project as one: wholly old or wholly new, whenever a process dies (docs/spec/install.md, I15; docs/spec/install-state.md).

    stage everything in packs/.packctl/change → make it durable → write the journal → swap → keep what a person changed → drop the journal

Before the journal is there, a crash leaves a folder of rubbish; after it, the next command finishes. `recover` is called by whatever opens
a project. What fails while swapping is undone at once.
"""

import errno
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from packctl.durable import DiskFailed, Folder, KernelLock, What
from packctl.install.journal import (
    Journal,
    Swap,
    drop_journal,
    read_journal,
    swap_all,
    sync_names,
    turn_back,
    write_journal,
)
from packctl.install.keep import Keeper
from packctl.project.state import EVIDENCE, OWN, STATE, InstallState, drop_evidence
from packspec import SPECIFICATION
from packspec.errors import Damaged, PackError

CHANGE = "change"
LOCK = "lock"


class Unfinished(Damaged):
    """A change of a project failed and could not be undone either. The next command tries again."""

    project: Path
    doing: str

    code = "install.unfinished"

    def what(self) -> str:
        return f"{self.doing} failed, and undoing it failed too"

    def facts(self) -> dict[str, str]:
        return {"project": str(self.project), "causes": "; ".join(self.because())}

    def why(self) -> str:
        return "the disk refused twice; nothing is lost, and the next command in this project undoes the rest"

    def fix(self) -> list[str]:
        return ["put right what the disk refuses, then packctl install"]


class Ending(StrEnum):
    """How an interrupted change was brought to its end."""

    FINISHED = "finished"
    UNDONE = "undone"
    CLEANED = "cleaned"
    """It had changed nothing yet; its staging folder was removed."""


class Recovered(Struct, frozen=True):
    """What opening a project found and did. `doing` are the words of the interrupted command, empty if it had not come so far."""

    ending: Ending
    doing: str
    kept: tuple[str, ...] = ()


class Installation(Struct):
    """A project that only we may change now. Made by `open_installation`."""

    root: Folder
    own: Folder
    packs: str
    """The folder of packs, as a path in the project."""
    recovered: Recovered | None = None

    @property
    def state(self) -> InstallState:
        """What is installed now."""
        return InstallState.read_from(self.own)

    def commit(self, work: Folder, doing: str, swaps: tuple[Swap, ...]) -> tuple[str, ...]:
        """Swaps in what was staged in `change`. The files of a person that were kept, as paths in the project.

        Raises DiskFailed after everything was undone, Unfinished if that failed too.
        """
        self._make_durable(work)
        journal = Journal(v=SPECIFICATION, doing=doing, swaps=swaps)
        try:
            write_journal(work, journal)
            swap_all(self.root, work, journal)
        except BaseException as error:
            self._undo(work, journal, error)
            raise
        return self._settle(work, journal)

    def _make_durable(self, work: Folder) -> None:
        """Before the journal: a power cut may not leave empty files behind names that it makes valid, nor take away the folders above."""
        if work.sync_all():
            return
        if self.own.what(EVIDENCE) is What.FOLDER:
            with self.own.folder(EVIDENCE) as evidence:
                evidence.sync_all()
        self.own.sync()
        parts = self.packs.split("/")
        sync_names(self.root, ["/".join(parts[:count]) for count in range(len(parts) + 1)])

    def _undo(self, work: Folder, journal: Journal, cause: BaseException) -> None:
        try:
            turn_back(work)
            swap_all(self.root, work, journal, back=True)
            self._clean(work)
        except PackError as error:
            error.__cause__ = cause
            raise Unfinished(self.root.path, journal.doing) from error

    def _settle(self, work: Folder, journal: Journal) -> tuple[str, ...]:
        """After all swaps: keeps what belongs to a person, then drops the journal, then what is rubbish now."""
        kept = tuple(Keeper(self.own, self.packs).keep_all(work, journal))
        # A power cut could otherwise drop the journal and not the move; then the next command removes `change` with a person's only copy.
        above = {"/".join(path.split("/")[:count]) for path in kept for count in range(path.count("/") + 1)}
        sync_names(self.root, above if kept else ())
        self._clean(work)
        return kept

    def _clean(self, work: Folder) -> None:
        drop_journal(work)
        with suppress(PackError):  # the change is complete; the next command removes what is left
            drop_evidence(self.own, self.state)
            self.own.remove_tree(CHANGE)

    def abandon(self) -> None:
        """Removes a staging folder that was not committed. One that has a journal is left to `recover`."""
        if self.own.what(CHANGE) is not What.FOLDER:
            return
        with self.own.folder(CHANGE) as work:
            if read_journal(work) is not None:
                return
        self.own.remove_tree(CHANGE)
        drop_evidence(self.own, self.state)

    def recover(self) -> Recovered | None:
        """Brings an interrupted change to its end. Raises JournalBroken, Unfinished."""
        if self.own.what(CHANGE) is None:
            return None
        with self.own.folder(CHANGE) as work:
            found = read_journal(work)
            if found is not None:
                return self._resume(work, *found)
        self.own.remove_tree(CHANGE)
        drop_evidence(self.own, self.state)
        return Recovered(Ending.CLEANED, "")

    def _resume(self, work: Folder, journal: Journal, back: bool) -> Recovered:
        if not back:
            try:
                swap_all(self.root, work, journal)
            except DiskFailed as error:
                self._undo(work, journal, error)
                return Recovered(Ending.UNDONE, journal.doing)
            return Recovered(Ending.FINISHED, journal.doing, self._settle(work, journal))
        try:
            swap_all(self.root, work, journal, back=True)
        except DiskFailed as error:
            raise Unfinished(self.root.path, journal.doing) from error
        self._clean(work)
        return Recovered(Ending.UNDONE, journal.doing)


@contextmanager
def open_installation(
    project: Path, packs: str = "packs", on_wait: Callable[[], None] = lambda: None
) -> Iterator[Installation]:
    """Takes the project's lock, waiting for another packctl if one holds it (`on_wait` is told first), and recovers.

    The project's folder is resolved once; below it no link is followed (reliability C23). Raises DiskFailed, LinkInTheWay, JournalBroken,
    Unfinished, StateBroken. Leaves no folder behind if nothing was installed.
    """
    with ExitStack() as stack:
        root = stack.enter_context(Folder.open(project))
        own, made = _locked(stack, root, packs, on_wait)
        try:
            installation = Installation(root, own, packs)
            installation.recovered = installation.recover()
            yield installation
        finally:
            with suppress(PackError):
                _tidy(root, own, made)


def _locked(stack: ExitStack, root: Folder, packs: str, on_wait: Callable[[], None]) -> tuple[Folder, list[list[str]]]:
    """The folder of ours, locked until `stack` ends, and the folders that were made for it."""
    parts = [*packs.split("/"), OWN]
    while True:
        made = _missing(root, parts)
        with ExitStack() as attempt:
            own = attempt.enter_context(root.descend(parts, create=True))
            try:
                attempt.enter_context(KernelLock.take(own, LOCK, on_wait))
            except DiskFailed as error:
                if error.errno != errno.ENOENT:
                    with suppress(PackError):
                        _tidy(root, own, made)
                    raise
                continue  # whom we waited for had installed nothing, and removed the folder that it had made
            stack.enter_context(attempt.pop_all())
            return own, made


def _missing(root: Folder, parts: list[str]) -> list[list[str]]:
    """The folders on the way that are not there yet, innermost first."""
    for count in range(1, len(parts) + 1):
        with root.descend(parts[: count - 1]) as folder:
            if folder.what(parts[count - 1]) is None:
                return [parts[:end] for end in range(len(parts), count - 1, -1)]
    return []


def _tidy(root: Folder, own: Folder, made: list[list[str]]) -> None:
    """Removes what opening made, if nothing came of it."""
    if not made or own.what(STATE) is not None or own.what(CHANGE) is not None:
        return
    own.remove(LOCK)
    for parts in made:
        with root.descend(parts[:-1]) as parent:
            if not parent.remove_folder(parts[-1]):
                return


def recover(project: Path, packs: str = "packs", on_wait: Callable[[], None] = lambda: None) -> Recovered | None:
    """Brings an interrupted install of this project to its end; None, at the price of one look, if there was none.

    Called by everything that opens a project, also to read it. Raises as `open_installation`.
    """
    if not (project / packs / OWN / CHANGE).is_dir():
        return None
    with open_installation(project, packs, on_wait) as installation:
        return installation.recovered
