"""The journal of one install: which things change places, so that whoever comes after a crash can finish it, or undo it.

Everything that a swap needs lies in `packs/.packctl/change` before the journal is written: `new/N` is what comes in, `old/N` what goes out.
A journal named journal.json means "finish", named undo.json "undo". Each step looks at what is there and may be repeated at will.
Chapter: docs/spec/install-state.md.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from packctl.durable import DiskFailed, Folder, What
from packctl.install.link import CANNOT
from packspec import SPECIFICATION, limits, wire
from packspec.errors import Damaged

FILE = "journal.json"
BACK = "undo.json"
"""The journal under another name: undo. A rename takes no room, so undoing also begins on a full disk."""
NEW = "new"
OLD = "old"
JOURNAL_BYTES = 16 * limits.MIB


class JournalBroken(Damaged):
    """The journal of an interrupted install cannot be read, so nothing is touched."""

    path: Path
    reason: str

    code = "install.journal-broken"

    def what(self) -> str:
        return f"{self.path} cannot be read: {self.reason}"

    def why(self) -> str:
        return "an install was interrupted, and what it noted down was damaged afterwards, or a newer packctl wrote it"

    def fix(self) -> list[str]:
        return [
            f"look into {self.path.parent}: new holds what came in, old what went out; then remove it and run packctl install"
        ]


class Swap(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One thing that changes place. `at` is its path in the project; it has the same number in `new` and `old`."""

    at: str
    number: int
    is_file: bool = False
    has_new: bool = True
    has_old: bool = True
    pack: str = ""
    version: str = ""
    """The version that goes out; empty where no receipt told of one."""
    tree: str = ""
    """Digest of the tree of what goes out, where it is known."""
    aside: bool = False
    """What goes out is not dropped: all of it moves to the quarantine."""

    def __post_init__(self) -> None:
        # A journal may have come with a project that strangers wrote.
        names = [*self.at.split("/"), *_parts(self.pack), *filter(None, (self.version, self.tree))]
        for name in names:
            if name in ("", ".", "..") or "/" in name or "\0" in name:
                raise ValueError(f"not a name in a project: {name[:80]!r}")


class Journal(msgspec.Struct, frozen=True, kw_only=True):
    """All swaps in their order, and for people what the command was doing."""

    v: int
    doing: str
    swaps: tuple[Swap, ...]


def write_journal(work: Folder, journal: Journal) -> None:
    """Puts the journal there, durably: from now on a crash does not undo but finish.

    Its name must be on the disk before the first swap: else a power cut could keep a swap and lose what says how to finish it.
    """
    import json  # it holds bytes of names that are no text, as halves of pairs; msgspec's does not

    work.replace(FILE, json.dumps(msgspec.to_builtins(journal, enc_hook=wire.enc_hook), indent=1).encode() + b"\n")


def turn_back(work: Folder) -> None:
    """From now on, durably, a crash does not finish but undo. Without a journal: nothing to do.

    Synced, because going forward again over what was half undone could find neither the old nor the new thing.
    """
    if work.what(FILE) is not None:
        work.rename(FILE, work, BACK)
        work.sync()


def drop_journal(work: Folder) -> None:
    """The end. Not synced: a journal that comes back after a power cut finds everything done."""
    work.remove(FILE)
    work.remove(BACK)


def read_journal(work: Folder) -> tuple[Journal, bool] | None:
    """The journal in the folder of a change, if there is one, and whether it says undo. Raises JournalBroken."""
    name = BACK if work.what(BACK) is not None else FILE
    if work.what(name) is None:
        return None
    import json

    try:
        journal = wire.convert(json.loads(work.read(name, JOURNAL_BYTES)), Journal)
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        raise JournalBroken(work.path / name, str(error)) from error
    if journal.v > SPECIFICATION:
        raise JournalBroken(work.path / name, f"format {journal.v}, this packctl knows {SPECIFICATION}")
    return journal, name == BACK


def swap_all(root: Folder, work: Folder, journal: Journal, *, back: bool = False) -> None:
    """Brings in all that is new, in order, or with `back` takes all of it out again, in reverse order; then makes that durable."""
    swaps = journal.swaps[::-1] if back else journal.swaps
    with work.folder(NEW, create=True) as new, work.folder(OLD, create=True) as old:
        _make_parents(root, swaps)
        for swap in swaps:
            with _place(root, swap.at) as (parent, name):
                step = _File(parent, name, new, old, swap) if swap.is_file else _Folder(parent, name, new, old, swap)
                if back:
                    step.back()
                else:
                    step.forward()
        # Without this a power cut after the end of the journal could bring back some of the old names and not others. A rename is in both
        # of its folders or in none, so those of `new` and `old`, which nobody looks into without a journal, need no fsync of their own.
        sync_names(root, {swap.at.rpartition("/")[0] for swap in swaps})
    drop_empty(root, swaps)


def _make_parents(root: Folder, swaps: Iterable[Swap]) -> None:
    """Makes the folders of publishers, and their names durable: what is renamed into a folder that a power cut takes away goes with it.

    Also where they are there already: a process that was killed may have made them a moment ago.
    """
    parents = {swap.at.rpartition("/")[0] for swap in swaps if swap.pack}
    for parent in sorted(parents):
        root.descend(_parts(parent), create=True).close()
    sync_names(root, {parent.rpartition("/")[0] for parent in parents})


def sync_names(root: Folder, paths: Iterable[str]) -> None:
    """Makes the names in these folders below `root` durable; the empty path is `root` itself."""
    for path in sorted(set(paths)):
        with root.descend(_parts(path)) as folder:
            folder.sync()


def drop_empty(root: Folder, swaps: Iterable[Swap]) -> None:
    """Removes publishers' folders that became empty."""
    for parts in sorted({tuple(_parts(swap.at)[:-1]) for swap in swaps if swap.pack}):
        *above, name = parts
        with root.descend(above) as parent:
            parent.remove_folder(name)


class _Step:
    def __init__(self, parent: Folder, name: str, new: Folder, old: Folder, swap: Swap) -> None:
        self.parent = parent
        self.name = name
        self.new = new
        self.old = old
        self.swap = swap
        self.number = str(swap.number)

    def is_in(self, folder: Folder) -> bool:
        return folder.what(self.number) is not None

    @property
    def is_there(self) -> bool:
        return self.parent.what(self.name) is not None


class _Folder(_Step):
    """A folder cannot be replaced by a rename, so there is a moment without either; the journal bridges it."""

    def forward(self) -> None:
        if self.swap.has_new and not self.is_in(self.new):
            return
        if self.swap.has_old and self.is_there and not self.is_in(self.old):
            self.parent.rename(self.name, self.old, self.number)
        if self.swap.has_new:
            self.new.rename(self.number, self.parent, self.name)

    def back(self) -> None:
        if self.swap.has_new and not self.is_in(self.new) and self.is_there and self._came_in:
            self.parent.rename(self.name, self.new, self.number)
        if self.swap.has_old and self.is_in(self.old):
            self.old.rename(self.number, self.parent, self.name)

    @property
    def _came_in(self) -> bool:
        """Whether what stands there is the new one. With an old one, only as long as that still waits in `old`."""
        return not self.swap.has_old or self.is_in(self.old)


class _File(_Step):
    """A file is replaced by one rename, so readers always find one; the old one gets a second name first."""

    def forward(self) -> None:
        if not self.swap.has_new:
            if self.is_there and not self.is_in(self.old):
                self.parent.rename(self.name, self.old, self.number)
            return
        if not self.is_in(self.new):
            return
        if self.swap.has_old and not self.is_in(self.old):
            self._save()
        self.new.rename(self.number, self.parent, self.name)

    def _save(self) -> None:
        try:
            self.parent.link(self.name, self.old, self.number)
        except DiskFailed as error:
            if error.errno not in CANNOT:
                raise
            # Written beside and renamed: a half copy must not look like the saved file.
            half = f"{self.number}.half"
            self.old.remove(half)
            self.old.write(half, self.parent.read(self.name, JOURNAL_BYTES))
            self.old.rename(half, self.old, self.number)

    def back(self) -> None:
        if self.swap.has_old:
            if self.is_in(self.old):
                self.old.rename(self.number, self.parent, self.name)
        elif not self.is_in(self.new) and self.is_there:
            self.parent.rename(self.name, self.new, self.number)


@contextmanager
def _place(root: Folder, at: str) -> Iterator[tuple[Folder, str]]:
    *parts, name = _parts(at)
    with root.descend(parts, create=True) as parent:
        yield parent, name


def _parts(path: str) -> list[str]:
    return path.split("/") if path else []


def what_stands(root: Folder, at: str) -> What | None:
    """What stands at `at` now; nothing is made. Raises LinkInTheWay if a folder on the way is a link."""
    *parts, name = _parts(at)
    for count, part in enumerate(parts):
        with root.descend(parts[:count]) as above:
            if above.what(part) is None:
                return None
    with root.descend(parts) as parent:
        return parent.what(name)
