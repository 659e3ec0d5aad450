"""Staging: everything that an install will bring in is put together beside the target, on its own file system, before anything changes.

Only legal paths (a `Tree` has no others), each folder opened without following links, each file hashed on its way (I14).
"""

import errno
from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager, suppress

from msgspec import Struct, field
from msgspec.structs import replace

from packctl.durable import Folder, LinkInTheWay, What
from packctl.install.apply import CHANGE, Installation
from packctl.install.journal import NEW, OLD, Swap, what_stands
from packctl.install.link import Link
from packctl.install.store import Placed, Store
from packctl.project.state import OWN, STATE, InstallState, Receipt, keep_evidence, tree_name
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.names import PackName
from packspec.paths import check_path
from packspec.tree import Tree, TreeEntry


class Applied(Struct, frozen=True):
    """What a commit did: how files came in, and a person's files that were kept, as paths in the project."""

    placed: Placed
    kept: tuple[str, ...]


class MadeFrom(Struct, frozen=True):
    """What an install was made from, as `InstallState` remembers it so that the next one can find nothing to do."""

    inputs: str = ""
    fresh_until: int = 0
    groups: tuple[str, ...] = ()
    recalls: Mapping[str, str] = field(default_factory=dict)


class Staging(Struct):
    """A change being prepared. Nothing in the project changes before `commit`; leaving without it removes all of it."""

    installation: Installation
    work: Folder
    doing: str
    link: Link
    placed: Placed = field(default_factory=Placed)
    _packs: list[Swap] = field(default_factory=list)
    _files: dict[str, Swap] = field(default_factory=dict)
    _receipts: dict[PackName, Receipt] = field(default_factory=dict)
    _evidence: dict[str, Digest] = field(default_factory=dict)
    _number: int = 0

    def put(self, receipt: Receipt, tree: Tree, store: Store, left_out: Container[str] = ()) -> None:
        """Brings in a pack, or another release of it, from the store; its tree becomes evidence.

        Raises NotInStore (the caller fetches and stages again), DiskFailed, LinkInTheWay.
        """
        number = self._next()
        store.look_ahead(tree.files)
        with self.work.folder(NEW) as new, new.folder(str(number), create=True) as into:
            for entry, folder, name in _places(into, tree, left_out):
                store.place(entry.sha256, entry.size, folder, name, self.link, self.placed)
        self._swap_pack(receipt.pack, number, has_new=True)
        self._receipts[receipt.pack] = receipt
        self.add_evidence(tree_name(receipt.pack), tree.encode())

    def keep(self, receipt: Receipt) -> None:
        """Notes another receipt for a pack whose files stay as they are."""
        self._receipts[receipt.pack] = receipt

    def remove(self, pack: PackName, *, aside: bool = False) -> None:
        """Takes a pack out, with all evidence about it; `aside`: into the quarantine, whole, as it lies there."""
        self._swap_pack(pack, self._next(), has_new=False, aside=aside)
        self._receipts.pop(pack, None)
        self.drop_evidence(f"packs/{pack}/")

    def add_evidence(self, name: str, data: bytes) -> None:
        """Evidence under a name of the caller's choice; what had this name is dropped."""
        self._evidence[name] = next(iter(keep_evidence(self.installation.own, [data])))

    def drop_evidence(self, prefix: str, suffix: str = "") -> None:
        """Drops all evidence whose name begins with `prefix` and ends with `suffix`."""
        for name in [name for name in self._evidence if name.startswith(prefix) and name.endswith(suffix)]:
            del self._evidence[name]

    def set_file(self, name: str, data: bytes) -> None:
        """Replaces a file in the project's folder (pack.toml, pack.lock, also of a member) together with the rest. It keeps its mode."""
        number = self._next()
        found = what_stands(self.installation.root, name)
        if found not in (None, What.FILE):
            raise LinkInTheWay("replace", self.installation.root.path / name, errno.ELOOP)
        *above, last = name.split("/")
        with self.installation.root.descend(above) as folder:
            there = folder.stat(last)
        with self.work.folder(NEW) as new:
            new.write(str(number), data, (there.st_mode & 0o777) if there else 0o644)
        self._files[name] = Swap(at=name, number=number, is_file=True, has_old=found is not None)

    def clear(self, name: str) -> None:
        """Takes out what stands under `name` in the folder of packs and belongs to no pack. It is kept, as all that is a person's."""
        at = f"{self.installation.packs}/{name}"
        is_folder = what_stands(self.installation.root, at) is What.FOLDER
        place = name if is_folder else name.rpartition("/")[0]
        self._packs.append(Swap(at=at, number=self._next(), has_new=False, pack=f"other/{place}".rstrip("/")))

    def commit(self, made_from: MadeFrom = MadeFrom()) -> Applied:
        """Makes the change; `made_from` goes into the new state. Raises DiskFailed (all undone), Unfinished."""
        installation = self.installation
        old = installation.state
        new = replace(
            old,
            receipts=self._receipts,
            evidence=self._evidence,
            inputs=made_from.inputs,
            fresh_until=made_from.fresh_until,
            groups=made_from.groups,
            recalls=made_from.recalls,
        )
        if not (self._packs or self._files) and new == old:
            return Applied(self.placed, ())
        state = self._state(new, has_old=bool(installation.own.what(STATE)))
        return Applied(self.placed, installation.commit(self.work, self.doing, (*self._packs, state, *self._last())))

    def commit_files(self) -> Applied:
        """Changes the project's own files and nothing of what is installed. Raises as `commit`."""
        return Applied(self.placed, self.installation.commit(self.work, self.doing, tuple(self._last())))

    def _last(self) -> list[Swap]:
        """The files in the order of their change: whoever sees the new pack.lock sees everything else new, too."""
        files = dict(self._files)
        last = files.pop("pack.lock", None)
        return [*files.values(), *([] if last is None else [last])]

    def _state(self, state: InstallState, *, has_old: bool) -> Swap:
        number = self._next()
        with self.work.folder(NEW) as new:
            new.write(str(number), state.encode())
        return Swap(at=f"{self.installation.packs}/{OWN}/{STATE}", number=number, is_file=True, has_old=has_old)

    def _swap_pack(self, pack: PackName, number: int, *, has_new: bool, aside: bool = False) -> None:
        at = f"{self.installation.packs}/{pack}"
        before = self._receipts.get(pack)
        self._packs.append(
            Swap(
                at=at,
                number=number,
                has_new=has_new,
                has_old=what_stands(self.installation.root, at) is not None,
                pack=pack,
                version=str(before.version) if before else "",
                tree=before.tree if before else "",
                aside=aside,
            )
        )

    def _next(self) -> int:
        self._number += 1
        return self._number


def _places(into: Folder, tree: Tree, left_out: Container[str]) -> Iterator[tuple[TreeEntry, Folder, str]]:
    """Each file with its folder, made where missing. Files come in order of path, so a folder is opened once per run of its files."""
    at: list[str] = []
    folder = into.again()
    try:
        for entry in tree.files:
            if entry.path in left_out:
                continue
            check_path(entry.path)  # a tree checked it; a second look here keeps A01 true whatever made this one
            *parts, name = entry.path.split("/")
            if parts != at:
                below = into.descend(parts, create=True)
                folder.close()
                folder, at = below, parts
            yield entry, folder, name
    finally:
        folder.close()


@contextmanager
def stage(installation: Installation, doing: str, link: Link = Link.AUTO) -> Iterator[Staging]:
    """A change of `installation`, told in the words `doing` ("installing 3 packs"). Left without `commit`: nothing happened."""
    state = installation.state
    try:
        with installation.own.folder(CHANGE, create=True) as work:
            for name in (NEW, OLD):
                work.folder(name, create=True).close()
            staging = Staging(installation, work, doing, link)
            staging._receipts |= state.receipts
            staging._evidence |= state.evidence
            yield staging
    finally:
        # What was staged and not committed. If even that fails, the next command removes it.
        with suppress(PackError):
            installation.abandon()
