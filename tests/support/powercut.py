"""A power cut at any moment, in every way that a disk may forget: what was not synced may be lost, each thing by itself.

`Ledger.of(work, *roots)` runs `work` in a child and looks at `roots` at each change that `packctl.durable` announces, so it knows every
change of a name and every file's bytes at that moment, and what was synced since. `cuts` then makes disks as they may be found afterwards.

The model is stricter than journalling file systems are. A change of names (create, link, rename, remove) is whole or not there; it may
survive without any other one except those before it in a folder that it touches, and those that made that folder. fsync of a folder keeps
the changes of its names, not its own name; fsync of a file keeps its bytes, not its name; a file whose bytes were not synced may be found
with all of them, a part, or empty. syncfs keeps everything.
"""

import json
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from tests.support.faults import run_in_child

Names = dict[str, dict[str, int]]
"""What stands where: path of a folder to names to nodes. A node is a file or folder, whatever it is called."""


@dataclass
class Look:
    """The roots at one moment: `folders` by node, and the bytes of files by node. `before` is what was about to happen."""

    before: tuple[str, str]
    folders: dict[int, dict[str, int]]
    files: dict[int, str]
    """Bytes, as latin-1."""


@dataclass
class Change:
    """Names of folders that changed at once. A node of None: the name was taken away."""

    names: list[tuple[int, str, int | None]]
    after: set[int]
    """The changes before it in its folders."""
    inside: set[int]
    """Those that made its folders."""


@dataclass
class Disk:
    """What is certain, and what is not yet."""

    folders: dict[int, dict[str, int]]
    files: dict[int, str]
    pending: dict[int, Change] = field(default_factory=dict)
    unsynced: dict[int, str] = field(default_factory=dict)

    def keep(self, numbers: set[int]) -> None:
        """Makes changes certain, in their order, with those before them in their folders."""
        for number in sorted(self.closed(numbers, lambda change: change.after)):
            for folder, name, node in self.pending.pop(number).names:
                inside = self.folders.setdefault(folder, {})
                if node is None:
                    inside.pop(name, None)
                else:
                    inside[name] = node

    def closed(self, numbers: set[int], needs: Callable[[Change], set[int]]) -> set[int]:
        """`numbers` and what they need, as far as it is not certain."""
        found: set[int] = set()
        todo = list(numbers)
        while todo:
            number = todo.pop()
            if number in self.pending and number not in found:
                found.add(number)
                todo += needs(self.pending[number])
        return found

    def cut(self, kept: set[int], chance: random.Random) -> "Disk":
        """As it may be found when of what is pending only `kept` came through, with what that needs to be reachable."""
        folders = {node: dict(names) for node, names in self.folders.items()}
        found = Disk(folders, dict(self.files), dict(self.pending))
        found.keep(self.closed(kept, lambda change: change.after | change.inside))
        for node, text in self.unsynced.items():
            found.files[node] = text[: chance.choice((0, 0, len(text) // 2, len(text)))]
        return found

    def inside(self, folder: int) -> dict[str, object]:
        """What a reader finds in a folder, by name: bytes, or the same of a folder in it."""
        names = sorted(self.folders.get(folder, {}).items())
        return {name: self.inside(node) if node in self.folders else self.files.get(node, "") for name, node in names}


class Ledger:
    """The looks of one run, in order. The last one is the end, when success was told."""

    def __init__(self, roots: Sequence[Path], looks: list[Look], syncfs: bool) -> None:
        self.roots = roots
        self.looks = looks
        self.syncfs = syncfs

    @classmethod
    def of(cls, work: Callable[[], object], *roots: Path, syncfs: bool = True) -> "Ledger":
        """Runs `work` in a child. `syncfs` False: as on a system that cannot sync a file system at once."""
        told = roots[0].parent / "looks.json"

        def watched() -> None:
            looks: list[Look] = []
            nodes = _Nodes(roots)

            def hook(event: str, args: tuple[object, ...]) -> None:
                if event == "packctl.durable":
                    looks.append(nodes.look((str(args[0]), str(args[1]))))

            sys.addaudithook(hook)
            with mock.patch("packctl.durable.folder.sync_file_system", _no) if not syncfs else mock.MagicMock():
                work()
            looks.append(nodes.look(("end", "")))
            told.write_text(
                json.dumps([[*look.before, [*look.folders.items()], [*look.files.items()]] for look in looks])
            )

        assert run_in_child(watched) == 0
        seen = json.loads(told.read_text())
        looks = [Look((doing, place), dict(folders), dict(files)) for doing, place, folders, files in seen]
        told.unlink()
        return cls(roots, looks, syncfs)

    def disks(self, forgotten: str = "") -> Iterator[tuple[int, Disk]]:
        """The disk at each moment. `forgotten`: a sync whose `operation path` ends so is left out, as if the code did not have it."""
        first = self.looks[0]
        disk = Disk({node: dict(names) for node, names in first.folders.items()}, dict(first.files))
        made: dict[int, int] = {}
        last_in: dict[int, int] = {}
        for number, (before, after) in enumerate(zip(self.looks, self.looks[1:], strict=False), 1):
            disk.folders = {node: {} for node in after.folders} | disk.folders
            names = list(_changed(before.folders, after.folders))
            if names:
                touched = {folder for folder, _, _ in names}
                earlier = {last_in[folder] for folder in touched if folder in last_in}
                disk.pending[number] = Change(names, earlier, {made[folder] for folder in touched if folder in made})
                last_in |= dict.fromkeys(touched, number)
                made |= {node: number for _, _, node in names if node in after.folders and node not in before.folders}
            for node, text in after.files.items():
                if before.files.get(node) != text:
                    disk.unsynced[node] = text
            operation, place = before.before
            if not (forgotten and f"{operation} {place}".endswith(forgotten)):
                self._sync(disk, operation, place, after)
            yield number, disk

    def _sync(self, disk: Disk, operation: str, place: str, now: Look) -> None:
        if operation == "syncfs" and self.syncfs:
            disk.keep(set(disk.pending))
            disk.files |= disk.unsynced
            disk.unsynced.clear()
        elif operation == "fsync":
            node = self._node(now, place)
            if node in now.folders:
                disk.keep(
                    {number for number, change in disk.pending.items() if any(at == node for at, _, _ in change.names)}
                )
            elif node in disk.unsynced:
                disk.files[node] = disk.unsynced.pop(node)

    def _node(self, now: Look, place: str) -> int:
        for number, root in enumerate(self.roots):
            if Path(place).is_relative_to(root):
                node = -1 - number
                for part in Path(place).relative_to(root).parts:
                    node = now.folders[node][part]
                return node
        return 0

    def cuts(
        self, into: Path, *, ways: int = 1, every: int = 1, forgotten: str = ""
    ) -> Iterator[tuple[int, bool, list[Path]]]:
        """Number, whether success had been told, and the roots as they may be found: nothing kept, all names kept, and `ways` others.

        `every`: not at each moment, but at every so many, and at the end. They are made below `into`, and gone when the next ones come.
        What would be found a second time, byte by byte, is given once.
        """
        chance = random.Random(7)
        given = set[tuple[bool, str]]()
        for number, disk in self.disks(forgotten):
            if number % every and number != len(self.looks) - 1:
                continue
            some = [set(chance.sample(sorted(disk.pending), chance.randint(0, len(disk.pending)))) for _ in range(ways)]
            for kept in [set(), set(disk.pending), *some]:
                found, is_told = disk.cut(kept, chance), number == len(self.looks) - 1
                told = (is_told, json.dumps([found.inside(-1 - place) for place in range(len(self.roots))]))
                if told in given:
                    continue
                given.add(told)
                roots = [into / str(place) / root.name for place, root in enumerate(self.roots)]
                for place, root in enumerate(roots):
                    shutil.rmtree(root, ignore_errors=True)
                    _write(root, -1 - place, found)
                yield number, is_told, roots


def _no(_fd: int) -> bool:
    return False


class _Nodes:
    """Gives files and folders numbers that are never used again, as the system's own are."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self._roots = roots
        self._known: dict[tuple[int, int], int] = {}
        self._next = 1

    def look(self, before: tuple[str, str]) -> Look:
        """What is there now. Roots have the nodes -1, -2 ..."""
        look, seen = Look(before, {}, {}), set[tuple[int, int]]()
        for number, root in enumerate(self._roots):
            self._walk(str(root), -1 - number, look, seen)
        self._known = {key: node for key, node in self._known.items() if key in seen}
        return look

    def _walk(self, folder: str, node: int, look: Look, seen: set[tuple[int, int]]) -> None:
        names = look.folders[node] = {}
        with os.scandir(folder) as entries:
            for entry in entries:
                found = entry.stat(follow_symlinks=False)
                key = (found.st_dev, found.st_ino)
                seen.add(key)
                if key not in self._known:
                    self._known[key], self._next = self._next, self._next + 1
                inner = names[entry.name] = self._known[key]
                if entry.is_dir(follow_symlinks=False):
                    self._walk(entry.path, inner, look, seen)
                else:
                    look.files[inner] = Path(entry.path).read_bytes().decode("latin-1")


def _changed(old: dict[int, dict[str, int]], new: dict[int, dict[str, int]]) -> Iterator[tuple[int, str, int | None]]:
    for folder in old.keys() | new.keys():
        before, after = old.get(folder, {}), new.get(folder, {})
        for name in before.keys() | after.keys():
            if before.get(name) != after.get(name) and folder in new:
                yield folder, name, after.get(name)


def _write(path: Path, node: int, disk: Disk) -> None:
    path.mkdir(parents=True)
    for name, inner in disk.folders.get(node, {}).items():
        if inner in disk.folders:
            _write(path / name, inner, disk)
        else:
            (path / name).write_text(disk.files.get(inner, ""), encoding="latin-1", newline="")
