"""An update moves only what changed: bytes and requests, counted at the server."""

import itertools
import random
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from packctl.install.fetch import Part, Release, Supply
from packctl.install.store import Store
from packctl.registry.failures import ArchiveChanged
from packctl.ui.progress import Progress
from packspec.digests import Digest
from packspec.names import PackName
from packspec.signing.documents import BlobRef
from packspec.versions import Version
from tests.support.counted import counted
from tests.support.downloads import Rig, scripted
from tests.support.faults import KILLED, Fault, list_changes, run_in_child, run_together
from tests.support.liar import Answer, Asked, Liar, answer, file_server
from tests.support.machine import Machine
from tests.support.packs import build
from tests.support.registry import Registry, registry_at, registry_on_disk
from tests.support.terminal import screen

KB = 1000


def noise(seed: int, size: int) -> bytes:
    """A sound that no zlib makes smaller."""
    return b"RIFF" + (size - 8).to_bytes(4, "little") + b"WAVE" + random.Random(seed).randbytes(size - 12)


def prose(seed: int, size: int) -> bytes:
    """Text, which DEFLATE makes smaller."""
    words = random.Random(seed).choices(("cow", "hen", "barn", "moo", "cluck"), k=size // 5)
    return " ".join(words).encode()[:size]


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with registry_at(tmp_path / "registry", now=int(time.time())) as registry:
        yield registry


def machine_with(registry: Registry, tmp_path: Path, files: Mapping[str, bytes]) -> Machine:
    """A machine that has acme/zoo 1.0.0 with these files."""
    registry.publish("acme/zoo", "1.0.0", files=files)
    machine = Machine.at(tmp_path / "machine", registry)
    machine.depends(acme__zoo="^1")
    done = machine.packctl("install")
    assert done.code == 0, done.err
    return machine


def test_an_update_of_one_small_file_fetches_one_percent_in_six_requests_at_most(
    registry: Registry, tmp_path: Path
) -> None:
    files = {f"voices/{number:02}.wav": noise(number, 400 * KB) for number in range(25)} | {
        "a/cow.wav": noise(99, 20 * KB)
    }
    machine = machine_with(registry, tmp_path, files)
    changed = {**files, "a/cow.wav": noise(100, 20 * KB)}
    registry.publish("acme/zoo", "1.1.0", files=changed)
    with counted() as sent:
        done = machine.packctl("update", "--json")
    assert done.code == 0, done.err
    assert len(sent.content) <= 6
    assert sent.bytes <= 10_000 * KB // 100
    assert {one.status for one in sent.content} == {200, 206}
    assert machine.read("packs/acme/zoo/a/cow.wav") == changed["a/cow.wav"]
    assert machine.packctl("verify").code == 0


@pytest.mark.long
@pytest.mark.timeout(600)
def test_of_200_MB_one_changed_file_of_20_kB_costs_one_percent_and_six_requests_at_most(tmp_path: Path) -> None:
    files = {f"voices/{number:05}.wav": noise(number, 20 * KB) for number in range(10_000)}
    with registry_on_disk(tmp_path / "registry") as registry:
        registry.clock.now = int(time.time())
        machine = machine_with(registry, tmp_path, files)
        files["voices/05000.wav"] = noise(1_000_000, 20 * KB)
        registry.publish("acme/zoo", "1.1.0", files=files)
        with counted() as sent:
            done = machine.packctl("update")
    assert done.code == 0, done.err
    assert len(sent.content) <= 6
    assert sent.bytes <= 2_000 * KB
    assert machine.read("packs/acme/zoo/voices/05000.wav") == files["voices/05000.wav"]


# What servers do with ranges

VOICES = {f"{number:02}.wav": noise(number, 100 * KB) for number in range(6)} | {
    "song.txt": prose(1, 150 * KB),
    "no.txt": b"",
}
ARCHIVE, TREE = build(VOICES)
LACKING = ("01.wav", "04.wav", "song.txt", "no.txt")


@dataclass
class Shelf:
    """A store that lacks some files of one release, and what fetches them from a server."""

    store: Store
    supply: Supply
    rig: Rig

    @classmethod
    def at(cls, folder: Path, *addresses: str, lacking: Sequence[str] = LACKING) -> "Shelf":
        store, rig = Store.open(folder / "store"), Rig(folder / "downloads")
        for file in TREE.files:
            if file.path not in lacking:
                store.put(file.sha256, file.size, [VOICES.get(file.path, b"[pack]\n")], file.path)
        size = len(TREE.encode())
        release = Release(
            PackName("acme/zoo"), Version.parse("1.0.0"), addresses, BlobRef(sha256=Digest.of(ARCHIVE), size=len(ARCHIVE)),
            BlobRef(sha256=TREE.digest, size=size), TREE.content, TREE.files[0].sha256,
        )  # fmt: skip
        supply = Supply(store, [release], lambda: rig.transfers, silent_progress)
        supply.read_trees({release.pack: TREE}, Part())
        return cls(store, supply, rig)

    def has(self, *paths: str) -> bool:
        """Whether the store has these files, with their bytes."""
        entries = [TREE.by_path[path] for path in paths]
        return all(self.store.read(entry.sha256, entry.size) == VOICES[entry.path] for entry in entries)


def silent_progress(total: int, total_bytes: int) -> Progress:
    return Progress(screen().console, time.monotonic, "fetching", total=total, total_bytes=total_bytes)


def test_stored_deflated_and_empty_files_come_out_of_their_ranges(tmp_path: Path) -> None:
    with Liar(file_server(ARCHIVE)) as liar:
        shelf = Shelf.at(tmp_path, liar.url)
        shelf.supply.fetch()
    assert TREE.by_path["song.txt"].packed < TREE.by_path["song.txt"].size
    assert shelf.has(*LACKING)
    assert [asked.headers["range"] for asked in sorted(liar.asked, key=lambda one: one.headers["range"])] == [
        f"bytes={TREE.by_path[path].offset}-{TREE.by_path[path].end - 1}" for path in ("01.wav", "04.wav", "song.txt")
    ]
    assert shelf.supply.bytes_fetched == {"acme/zoo": sum(TREE.by_path[path].packed for path in LACKING)}
    assert shelf.rig.left() == []


def ignoring(asked: Asked) -> Iterable[bytes]:
    return [answer(200, ARCHIVE, ETag='"one"')]


def shifting(asked: Asked) -> Iterable[bytes]:
    """Says that it serves the range, and serves the bytes beside it."""
    if "range" not in asked.headers:
        return [answer(200, ARCHIVE, ETag='"one"')]
    first, _, last = asked.headers["range"].removeprefix("bytes=").partition("-")
    body = ARCHIVE[int(first) + 1 : int(last) + 2]
    return [answer(206, body, Content_Range=f"bytes {first}-{last}/{len(ARCHIVE)}")]


@pytest.mark.parametrize("server", [ignoring, shifting])
def test_I12_where_ranges_are_ignored_or_lied_about_the_whole_archive_comes(tmp_path: Path, server: Answer) -> None:
    with Liar(server) as liar:
        shelf = Shelf.at(tmp_path, liar.url)
        shelf.supply.fetch()
    assert shelf.has(*LACKING)
    assert [asked.headers.get("range") for asked in liar.asked][-1] is None
    assert shelf.rig.left() == []


def test_C11_of_other_bytes_nothing_wrong_enters_the_store_and_the_archive_is_named(tmp_path: Path) -> None:
    wrong = bytearray(ARCHIVE)
    wrong[TREE.by_path["04.wav"].offset + 5000] ^= 1
    with Liar(file_server(bytes(wrong))) as liar:
        shelf = Shelf.at(tmp_path, liar.url)
        with pytest.raises(ArchiveChanged):
            shelf.supply.fetch()
    assert shelf.has("01.wav")
    assert TREE.by_path["04.wav"].sha256 not in shelf.store
    lanes = [path for path in (tmp_path / "store/incoming").rglob("*") if path.is_file() and path.name != "lock"]
    assert lanes == []


def test_a_lie_about_a_piece_costs_the_archive_once_from_a_mirror_too(tmp_path: Path) -> None:
    with Liar(scripted(answer(500))) as broken, Liar(file_server(ARCHIVE)) as mirror:
        shelf = Shelf.at(tmp_path, broken.url, mirror.url, lacking=("04.wav",))
        shelf.supply.fetch()
    assert shelf.has("04.wav")
    assert [asked.headers["range"][:6] for asked in mirror.asked] == ["bytes="]


def test_what_two_releases_lack_alike_is_fetched_once(tmp_path: Path) -> None:
    with Liar(file_server(ARCHIVE)) as liar:
        shelf = Shelf.at(tmp_path, liar.url, lacking=("04.wav",))
        again = replace(shelf.supply.releases[0], pack=PackName("acme/zoo-too"))
        shelf.supply.releases = [*shelf.supply.releases, again]
        shelf.supply.read_trees({again.pack: TREE, PackName("acme/zoo"): TREE}, Part())
        shelf.supply.fetch()
    assert len(liar.asked) == 1


# Killed, full, and at once

PIECES = {f"{number:02}.wav": noise(number, 90 * KB) for number in range(8)}
NEWER = {**PIECES, "01.wav": noise(101, 90 * KB), "04.wav": noise(104, 90 * KB), "07.wav": noise(107, 90 * KB)}


@pytest.fixture
def started(registry: Registry, tmp_path: Path) -> Callable[[], Machine]:
    """Copies of a machine that has acme/zoo 1.0.0; three files of it are others in 1.1.0."""
    first = machine_with(registry, tmp_path, PIECES)
    registry.publish("acme/zoo", "1.1.0", files=NEWER)
    numbers = itertools.count()

    def copy() -> Machine:
        folder = tmp_path / "copies" / str(next(numbers))
        shutil.copytree(first.folder, folder, symlinks=True)
        environ = {name: text.replace(str(first.folder), str(folder)) for name, text in first.environ.items()}
        return Machine(folder, registry, folder / "project", environ)

    return copy


def succeed(machine: Machine) -> None:
    done = machine.packctl("update")
    assert done.code == 0, done.err


def test_C01_an_update_by_pieces_killed_at_any_change_ends_well_at_the_next(
    started: Callable[[], Machine], request: pytest.FixtureRequest
) -> None:
    counting = started()
    changes = list_changes(lambda: succeed(counting))
    pieces = [number for number, change in enumerate(changes, 1) if "downloads" in change]
    step = 1 if request.config.getoption("--long") else 7
    for number in pieces[::step]:
        machine = started()
        assert run_in_child(partial(succeed, machine), Fault(number)) == KILLED
        assert machine.read("packs/acme/zoo/01.wav") == PIECES["01.wav"]
        succeed(machine)
        assert {path: machine.read(f"packs/acme/zoo/{path}") for path in NEWER} == NEWER
        # What had come and had been read in when the process died is asked for by nobody any more: that is for cache clean.
        assert [path.name for path in (machine.cache / "downloads").iterdir() if path.suffix == ".part"] == []
        assert machine.packctl("cache", "clean", "--all").code == 0
        assert [path.name for path in machine.cache.rglob("downloads/*")] == []


def test_C07_two_projects_of_one_person_updated_at_once_share_what_comes(started: Callable[[], Machine]) -> None:
    machine = started()
    shutil.copytree(machine.project, machine.folder / "second", symlinks=True)
    both = [machine, Machine(machine.folder, machine.registry, machine.folder / "second", machine.environ)]
    assert run_together([partial(succeed, one) for one in both]) == [0, 0]
    for one in both:
        assert {path: one.read(f"packs/acme/zoo/{path}") for path in NEWER} == NEWER
    assert [path.name for path in (machine.cache / "downloads").iterdir()] == []
