"""Downloads archives and pieces of archives, several at once, and reads each into the store as it arrives.

Steps I12 to I14 of docs/spec/install.md.
"""

from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager

from msgspec import Struct, field

from packctl.install.incoming import WrongContent
from packctl.install.readin import fill_from_archive, fill_from_piece
from packctl.install.store import Store
from packctl.registry.transfer import Transfers
from packctl.registry.wanted import Piece, Wanted
from packctl.ui.progress import Item, Progress
from packspec.archive.unpack import BadStream
from packspec.digests import Digest
from packspec.names import PackName
from packspec.tree import Span, Tree


class Job(Struct, frozen=True):
    """One download for a pack: its archive, or a piece of it with the files that are wanted from there."""

    pack: PackName
    ask: Wanted | Piece
    tree: Tree
    span: Span | None = None


def bring(
    jobs: Sequence[Job],
    store: Store,
    transfers: Transfers,
    progress: Callable[[int, int], Progress],
    fetched: MutableMapping[PackName, int],
) -> set[PackName]:
    """Downloads and reads in; the packs whose pieces were no use. `fetched` are bytes by pack, added to.

    Raises what a transfer and the strict reader raise.
    """
    refused: set[PackName] = set()
    asked: dict[Digest, list[Job]] = {}
    for job in jobs:
        asked.setdefault(job.ask.file_name, []).append(job)
    with _Told.of(jobs, progress) as told:
        for ask, name in transfers.fetch_all([job.ask for job in jobs], told.advance):
            for job in asked[ask.file_name]:
                if name is not None:
                    fetched[job.pack] = fetched.get(job.pack, 0) + ask.length
                if name is None or not _read_in(job, store, transfers):
                    refused.add(job.pack)
            if name is not None:
                transfers.remove(name)
                told.done(ask)
    return refused


def _read_in(job: Job, store: Store, transfers: Transfers) -> bool:
    """Reads what was fetched into the store. False: a piece is not what was signed. An archive that is not raises."""
    source = transfers.open(job.ask)
    if source is None:
        return False
    with source:
        if job.span is None:
            fill_from_archive(store, source, job.tree)
            return True
        try:
            fill_from_piece(store, source, job.span)
        except (BadStream, WrongContent):
            return False
        return True


class _Told(Struct):
    """How far the downloads are, told pack by pack, whatever number of pieces each has."""

    progress: Progress
    names: dict[Digest, str]
    bytes: dict[str, int]
    left: dict[str, int]
    items: dict[str, Item] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def of(cls, jobs: Sequence[Job], make: Callable[[int, int], Progress]) -> "Iterator[_Told]":
        distinct = {job.ask.file_name: job for job in jobs}
        names = {file_name: job.ask.name for file_name, job in distinct.items()}
        sizes, left = dict[str, int](), dict[str, int]()
        for file_name, job in distinct.items():
            name = names[file_name]
            sizes[name] = sizes.get(name, 0) + job.ask.length
            left[name] = left.get(name, 0) + 1
        with make(len(left), sum(sizes.values())) as progress:
            yield cls(progress, names, sizes, left)

    def advance(self, ask: Wanted | Piece, count: int) -> None:
        name = self.names[ask.file_name]
        if name not in self.items:
            self.items[name] = self.progress.item(name, self.bytes[name])
        self.items[name].advance(count)

    def done(self, ask: Wanted | Piece) -> None:
        name = self.names[ask.file_name]
        self.left[name] -= 1
        if not self.left[name] and name in self.items:
            self.items[name].done()
