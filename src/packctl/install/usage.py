"""Who uses what of the store: the releases that projects of this machine have, and what nobody uses any more."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from packctl.durable import Folder
from packctl.install.housekeeping import entries_of
from packctl.project.known import KnownFolders
from packctl.project.state import Receipt
from packspec.digests import Digest
from packspec.names import PackName
from packspec.versions import Version


class Held(Struct, frozen=True):
    """A release that projects have. `alone`: bytes of the store that nothing else uses, so that they go with it."""

    pack: PackName
    version: Version
    folders: tuple[Path, ...]
    """The folders of packs that have it."""
    bytes: int
    alone: int


class Usage(Struct, frozen=True):
    """The store, seen from the projects. `held` by bytes, the largest first; `unused` are bytes that no project uses."""

    files: int
    bytes: int
    unused_files: int
    unused: int
    held: tuple[Held, ...]
    keep: frozenset[Digest]
    """What projects use."""


def usage_of(store: Folder, known: KnownFolders) -> Usage:
    """Reads every entry's size, and the trees of all that is installed on this machine."""
    sizes = {Digest(name): size for name, size in entries_of(store)}
    trees: dict[Digest, frozenset[Digest]] = {}
    receipts: dict[Digest, tuple[Receipt, list[Path]]] = {}
    for packs, state in known.states():
        for pack, receipt in state.receipts.items():
            tree = state.tree(pack)
            if tree is not None:
                trees[receipt.tree] = frozenset((receipt.tree, *(file.sha256 for file in tree.files)))
                receipts.setdefault(receipt.tree, (receipt, []))[1].append(packs)
    users = Counter(digest for digests in trees.values() for digest in digests)
    held = [
        Held(receipt.pack, receipt.version, tuple(folders), receipt.bytes, _alone(trees[tree], users, sizes))
        for tree, (receipt, folders) in receipts.items()
    ]
    unused = [size for digest, size in sizes.items() if digest not in users]
    return Usage(
        files=len(sizes),
        bytes=sum(sizes.values()),
        unused_files=len(unused),
        unused=sum(unused),
        held=tuple(sorted(held, key=lambda one: (-one.bytes, one.pack))),
        keep=frozenset(users),
    )


def _alone(digests: frozenset[Digest], users: Mapping[Digest, int], sizes: Mapping[Digest, int]) -> int:
    return sum(sizes.get(digest, 0) for digest in digests if users[digest] == 1)
