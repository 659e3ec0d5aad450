"""What verify reads before it can judge it: threads hash the large files of a project while the proofs are loaded and checked.

A release's files and its proofs are judged each by itself, so neither waits for the other. Loading what checks signatures takes as long as
hashing some hundred megabytes, and it needs the interpreter, which hashing does not.
"""

import os
import sys
from collections.abc import Collection, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Self

from packctl.durable import DiskFailed, Folder
from packctl.project.files import LARGE_BYTES, Differences, begin_large
from packctl.project.state import InstallState
from packspec.names import PackName
from packspec.tree import Tree

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

WORTH_BYTES = 64 * LARGE_BYTES
"""Fewer bytes are hashed sooner than threads are there."""
SWITCH_SECONDS = 0.0005
"""How long a thread that has hashed a buffer waits for the interpreter at most; the system's 5 ms are longer than the hash takes."""


class Ahead:
    """Comparisons of large files that were begun; on leaving, threads and folders are let go."""

    def __init__(self) -> None:
        self._trees: dict[PackName, Tree] = {}
        self._begun: dict[PackName, dict[str, Future[Differences]]] = {}
        self._open = ExitStack()
        self._pool: ThreadPoolExecutor | None = None

    def begin(self, packs: Path, state: InstallState, names: Collection[PackName]) -> None:
        """Begins to compare the large files of `names` (empty: of all packs) below the folder `packs`, where there are enough."""
        wanted = [one for one in state.receipts.values() if not names or one.pack in names]
        if sum(receipt.bytes for receipt in wanted) < WORTH_BYTES:
            return
        self._pool = self._threads()
        for receipt in wanted:
            tree = state.tree(receipt.pack)
            if tree is None:
                continue
            self._trees[receipt.pack] = tree
            try:
                root = self._open.enter_context(_folder_of(packs, receipt.pack))
            except DiskFailed:  # whoever looks at the pack itself says what is there instead
                continue
            self._begun[receipt.pack] = begin_large(root, tree, self._pool)

    def tree(self, pack: PackName) -> Tree | None:
        """The tree of a pack whose files were begun."""
        return self._trees.get(pack)

    def begun(self, pack: PackName) -> "Mapping[str, Future[Differences]]":
        """The comparisons of a pack that were begun, by path."""
        return self._begun.get(pack, {})

    def _threads(self) -> "ThreadPoolExecutor":
        from concurrent.futures import ThreadPoolExecutor

        self._open.callback(sys.setswitchinterval, sys.getswitchinterval())
        sys.setswitchinterval(SWITCH_SECONDS)
        return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="hash")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:  # before the folders that the threads read in are closed
            self._pool.shutdown(cancel_futures=True)
        self._open.close()


def _folder_of(packs: Path, pack: PackName) -> Folder:
    with Folder.open(packs) as root:
        return root.descend(pack.split("/"))
