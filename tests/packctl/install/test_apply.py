"""One journalled swap: wholly old or wholly new, whatever dies, fails or stands in the way."""

import errno
import functools
import json
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from packctl.durable import LinkInTheWay
from packctl.install.apply import CHANGE, Ending, Recovered, Unfinished, open_installation, recover
from packctl.install.journal import FILE, JournalBroken
from packctl.install.link import Link
from packctl.install.stage import Applied, stage
from packctl.install.store import NotInStore, Store
from packctl.project.state import OWN, InstallState, StateBroken
from packspec.names import PackName
from tests.support.copies import copy_folder
from tests.support.faults import (
    CRASHED,
    CTRL_C,
    FAILED,
    INTERRUPTED,
    KILLED,
    Fault,
    count_changes,
    die,
    run_in_child,
    run_together,
    run_with,
)
from tests.support.invariants import clean_refusal, listing, nothing_outside, old_or_new, visible
from tests.support.packs import build, open_store, receipt

SHAPES_1 = build({"a.svg": b"<svg>1</svg>", "sounds/cow.ogg": b"moo" * 40, "sounds/hen.ogg": b"cluck"})
SHAPES_2 = build({"a.svg": b"<svg>2</svg>", "sounds/cow.ogg": b"moo" * 40, "new/deep/er.txt": b"fresh"})
FARM = build({"barn.txt": b"red"})
LAMP = build({"lamp.txt": b"on"})
PACKS = {"acme/shapes@1": SHAPES_1, "acme/shapes@2": SHAPES_2, "acme/farm@1": FARM, "zed/lamp@1": LAMP}


def install(project: Path, store: Path, *wanted: str, gone: tuple[str, ...] = (), link: Link = Link.AUTO) -> Applied:
    """Installs `publisher/name@major` and removes `gone`, with a pack.lock that says so."""
    with (
        open_installation(project) as installation,
        Store.open(store) as opened,
        stage(installation, f"installing {' '.join(wanted)}", link) as staging,
    ):
        for name in wanted:
            pack, _, major = name.partition("@")
            staging.put(receipt(pack, f"{major}.0.0", PACKS[name][1]), PACKS[name][1], opened)
        for pack in gone:
            staging.remove(PackName(pack))
        staging.add_evidence("registries/default/note", " ".join(wanted).encode())
        staging.set_file("pack.lock", f"lock of {' '.join(wanted)}\n".encode())
        return staging.commit()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    with open_store(tmp_path / "store", *PACKS.values()):
        return tmp_path / "store"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "pack.toml").write_text("mine\n")
    return tmp_path / "project"


def test_first_install_puts_files_lock_and_receipts_there(project: Path, store: Path) -> None:
    install(project, store, "acme/shapes@1", "zed/lamp@1")
    assert {path for path in visible(project) if not path.startswith("packs/.packctl")} == {
        "pack.toml",
        "pack.lock",
        "packs/acme/shapes/pack.toml",
        "packs/acme/shapes/a.svg",
        "packs/acme/shapes/sounds/cow.ogg",
        "packs/acme/shapes/sounds/hen.ogg",
        "packs/zed/lamp/pack.toml",
        "packs/zed/lamp/lamp.txt",
    }
    state = InstallState.load(project / "packs")
    assert sorted(state.receipts) == ["acme/shapes", "zed/lamp"]
    assert state.tree(PackName("acme/shapes")) == SHAPES_1[1]
    assert state.read("registries/default/note") == b"acme/shapes@1 zed/lamp@1"


def test_update_changes_one_pack_keeps_another_and_drops_old_evidence(project: Path, store: Path) -> None:
    install(project, store, "acme/shapes@1", "zed/lamp@1")
    install(project, store, "acme/shapes@2")
    assert (project / "packs/acme/shapes/a.svg").read_bytes() == b"<svg>2</svg>"
    assert not (project / "packs/acme/shapes/sounds/hen.ogg").exists()
    assert (project / "packs/zed/lamp/lamp.txt").read_bytes() == b"on"
    evidence = {path.name for path in (project / "packs/.packctl/evidence").iterdir()}
    assert SHAPES_1[1].digest not in evidence
    assert SHAPES_2[1].digest in evidence


def test_removing_the_only_pack_of_a_publisher_removes_the_publishers_folder(project: Path, store: Path) -> None:
    install(project, store, "acme/shapes@1", "zed/lamp@1")
    install(project, store, gone=("zed/lamp",))
    assert not (project / "packs/zed").exists()
    assert (project / "packs/acme/shapes").is_dir()


def test_a_change_that_is_not_committed_leaves_no_trace(project: Path, store: Path) -> None:
    before = listing(project)
    with (
        pytest.raises(RuntimeError),
        open_installation(project) as installation,
        Store.open(store) as opened,
        stage(installation, "installing") as staging,
    ):
        staging.put(receipt("acme/shapes", "1.0.0", SHAPES_1[1]), SHAPES_1[1], opened)
        raise RuntimeError
    assert listing(project) == before


def test_a_missing_file_in_the_store_stops_before_anything_changes(project: Path, tmp_path: Path) -> None:
    before = listing(project)
    with pytest.raises(NotInStore) as refused:
        install(project, tmp_path / "empty", "acme/shapes@1")
    clean_refusal(refused.value)
    assert listing(project) == before


def test_C13_files_that_a_person_changed_or_added_are_kept_at_update(project: Path, store: Path) -> None:
    install(project, store, "acme/shapes@1", link=Link.COPY)
    (project / "packs/acme/shapes/a.svg").write_bytes(b"my drawing")
    (project / "packs/acme/shapes/sounds/note.txt").write_bytes(b"my note")
    applied = install(project, store, "acme/shapes@2")
    assert applied.kept == (
        "packs/.packctl/kept/acme/shapes/1.0.0/a.svg",
        "packs/.packctl/kept/acme/shapes/1.0.0/sounds/note.txt",
    )
    assert (project / applied.kept[0]).read_bytes() == b"my drawing"
    assert (project / applied.kept[1]).read_bytes() == b"my note"
    assert (project / "packs/acme/shapes/a.svg").read_bytes() == b"<svg>2</svg>"


def test_C13_a_second_kept_file_of_the_same_name_does_not_replace_the_first(project: Path, store: Path) -> None:
    for text in ("first", "second"):
        install(project, store, "acme/shapes@1", link=Link.COPY)
        (project / "packs/acme/shapes/a.svg").write_text(text)
        install(project, store, gone=("acme/shapes",))
    kept = project / "packs/.packctl/kept/acme/shapes/1.0.0"
    assert (kept / "a.svg").read_text() == "first"
    assert (kept / "a.svg.1").read_text() == "second"


def test_a_folder_that_no_receipt_knows_is_kept_whole(project: Path, store: Path) -> None:
    (project / "packs/acme/shapes/old").mkdir(parents=True)
    (project / "packs/acme/shapes/old/mine.txt").write_text("mine")
    applied = install(project, store, "acme/shapes@1")
    assert applied.kept == ("packs/.packctl/kept/acme/shapes/unknown/old/mine.txt",)


def test_C27_removing_a_pack_that_became_a_link_never_touches_what_the_link_points_to(
    project: Path, store: Path, tmp_path: Path
) -> None:
    install(project, store, "acme/shapes@1")
    elsewhere = tmp_path / "elsewhere"
    (project / "packs/acme/shapes").rename(elsewhere)
    (project / "packs/acme/shapes").symlink_to(elsewhere)
    canaries = listing(elsewhere)
    applied = install(project, store, gone=("acme/shapes",))
    nothing_outside(canaries, listing(elsewhere))
    assert applied.kept == ("packs/.packctl/kept/acme/shapes/1.0.0/shapes",)
    assert not (project / "packs/acme").exists()


def test_C27_a_link_inside_a_pack_is_kept_as_a_link_and_not_followed(
    project: Path, store: Path, tmp_path: Path
) -> None:
    install(project, store, "acme/shapes@1")
    (tmp_path / "secret").write_text("secret")
    (project / "packs/acme/shapes/sounds/cow.ogg").unlink()
    (project / "packs/acme/shapes/sounds/cow.ogg").symlink_to(tmp_path / "secret")
    install(project, store, gone=("acme/shapes",))
    kept = project / "packs/.packctl/kept/acme/shapes/1.0.0/sounds/cow.ogg"
    assert kept.is_symlink()
    assert (tmp_path / "secret").read_text() == "secret"


@pytest.mark.parametrize(
    "place", ["packs", "packs/.packctl", "packs/acme", "packs/.packctl/change", "packs/.packctl/evidence"]
)
def test_C23_a_link_below_the_project_is_refused_and_not_followed(
    project: Path, store: Path, tmp_path: Path, place: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "canary").write_text("alive")
    (project / place).parent.mkdir(parents=True, exist_ok=True)
    (project / place).symlink_to(outside)
    canaries = listing(outside)
    with pytest.raises(LinkInTheWay) as refused:
        install(project, store, "acme/shapes@1")
    clean_refusal(refused.value)
    nothing_outside(canaries, listing(outside))
    assert not (project / "pack.lock").exists()


def test_C23_a_lock_file_that_is_a_link_is_refused(project: Path, store: Path, tmp_path: Path) -> None:
    (tmp_path / "other.lock").write_text("other")
    (project / "pack.lock").symlink_to(tmp_path / "other.lock")
    with pytest.raises(LinkInTheWay):
        install(project, store, "acme/shapes@1")
    assert (tmp_path / "other.lock").read_text() == "other"
    assert not (project / "packs/acme").exists()


def test_C23_a_parent_swapped_for_a_link_during_the_install_leads_nowhere(
    project: Path, store: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    install(project, store, "acme/shapes@1")
    before, canaries = visible(project), listing(outside)
    with (
        open_installation(project) as installation,
        Store.open(store) as opened,
        stage(installation, "updating") as staging,
    ):
        staging.put(receipt("acme/shapes", "2.0.0", SHAPES_2[1]), SHAPES_2[1], opened)
        (project / "packs/acme").rename(project / "packs/aside")
        (project / "packs/acme").symlink_to(outside)
        with pytest.raises(Unfinished) as refused:
            staging.commit()
    clean_refusal(refused.value)
    nothing_outside(canaries, listing(outside))
    (project / "packs/acme").unlink()
    (project / "packs/aside").rename(project / "packs/acme")
    assert recover(project) == Recovered(Ending.UNDONE, "updating")
    assert visible(project) == before


Known = tuple[dict[str, tuple[str, int, str]], dict[str, tuple[str, int, str]], int]
"""The project before the update and after it, and how many changes the update makes."""

# The sweeps: an update that changes one pack, adds one and removes one, with files of a person in the way.


def world(folder: Path) -> tuple[Path, Callable[[], object]]:
    """A project with an install behind it, and the update that the sweeps interrupt."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    project, store = folder / "project", folder / "store"
    copy_folder(Path(_installed().name) / "world", folder)
    return project, lambda: install(project, store, "acme/shapes@2", "acme/farm@1", gone=("zed/lamp",))


@functools.cache
def _installed() -> tempfile.TemporaryDirectory[str]:
    """What every world is a copy of; it goes with the process."""
    folder = tempfile.TemporaryDirectory()
    project, store = Path(folder.name) / "world/project", Path(folder.name) / "world/store"
    project.mkdir(parents=True)
    (project / "pack.toml").write_text("mine\n")
    open_store(store, *PACKS.values()).close()
    install(project, store, "acme/shapes@1", "zed/lamp@1")
    return folder


@pytest.fixture(scope="module")
def known(
    tmp_path_factory: pytest.TempPathFactory,
) -> Known:
    project, update = world(tmp_path_factory.mktemp("known") / "world")
    old = visible(project)
    count = count_changes(update)
    return old, visible(project), count


def sweep(known: Known, folder: Path, fault: Fault) -> tuple[int, bool]:
    """Runs the update with a fault, then what the next command does. How the child ended, and whether the project is new."""
    old, new, _ = known
    project, update = world(folder / str(fault).replace(" ", "-"))
    ended = run_in_child(update, fault) if fault.number is None else run_with(update, fault)
    assert ended != CRASHED, fault
    recover(project)
    is_new = old_or_new(project, old, new)
    update()
    assert old_or_new(project, old, new), f"{fault}: the same command did not succeed afterwards"
    return ended, is_new


def test_C01_C28_a_kill_before_every_single_change_leaves_the_project_wholly_old_or_wholly_new(
    known: Known, tmp_path: Path
) -> None:
    outcomes = []
    for at in range(1, known[2] + 1):
        ended, is_new = sweep(known, tmp_path, Fault(at))
        assert ended == KILLED
        outcomes.append(is_new)
    assert not outcomes[0]
    assert outcomes[-1]
    assert outcomes == sorted(outcomes), "there is one moment from which on the new state holds"


@pytest.mark.parametrize(("number", "for_ever"), [(errno.ENOSPC, False), (errno.ENOSPC, True), (errno.EIO, False)])
def test_C03_C04_a_disk_that_fails_at_every_single_change_leaves_the_project_wholly_old_or_wholly_new(
    known: Known,
    tmp_path: Path,
    number: int,
    for_ever: bool,
) -> None:
    endings = set()
    for at in range(1, known[2] + 1):
        ended, is_new = sweep(known, tmp_path / str(number), Fault(at, number, for_ever))
        endings.add(ended)
        if ended == 0:
            assert is_new, f"success was reported at {at}, and the project is old"
    assert endings == {0, FAILED}


def test_C26_ctrl_c_at_every_single_change_leaves_the_project_wholly_old_or_wholly_new(
    known: Known, tmp_path: Path
) -> None:
    endings = {sweep(known, tmp_path, Fault(at, CTRL_C))[0] for at in range(1, known[2] + 1, 2)}
    assert endings - {0} == {INTERRUPTED}


def test_C02_data_is_synced_before_the_journal_and_names_before_its_end(tmp_path: Path) -> None:
    project, update = world(tmp_path / "world")
    seen: list[str] = []
    active = True

    def note(event: str, args: tuple[object, ...]) -> None:
        if active and event == "packctl.durable":
            seen.append(f"{args[0]} {os.path.relpath(str(args[1]), project)}")

    sys.addaudithook(note)
    update()
    active = False
    work = "packs/.packctl/change"
    begun = seen.index(f"rename {work}/journal.json.new")
    ended = seen.index(f"remove {work}/journal.json")
    swaps = [place for place in range(begun + 1, ended) if seen[place].startswith("rename ")]
    assert seen[begun - 5 : begun + 2] == [
        f"syncfs {work}",
        f"create {work}/journal.json.new",
        f"write {work}/journal.json.new",
        f"fsync {work}/journal.json.new",
        f"close {work}/journal.json.new",
        f"rename {work}/journal.json.new",
        f"fsync {work}",
    ]
    synced = {step.removeprefix("fsync ") for step in seen[max(swaps) : ended] if step.startswith("fsync ")}
    assert synced == {".", "packs/.packctl", "packs/acme", "packs/zed"}
    assert "fsync packs" in seen[begun : min(swaps)]  # the publishers' folders, before anything is renamed into them


def test_C06_a_store_on_another_disk_is_copied_from(project: Path) -> None:
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == project.stat().st_dev:
        pytest.skip("this machine has no second file system that we may write")
    with tempfile.TemporaryDirectory(dir=other) as store:
        open_store(Path(store), SHAPES_1).close()
        applied = install(project, Path(store), "acme/shapes@1")
    assert (applied.placed.links, applied.placed.copies) == (0, 4)
    assert (project / "packs/acme/shapes/a.svg").read_bytes() == b"<svg>1</svg>"


def test_C04_a_failed_sync_before_the_journal_is_a_failed_install(project: Path, store: Path) -> None:
    def failing() -> None:
        def hook(event: str, args: tuple[object, ...]) -> None:
            if event == "packctl.durable" and args[0] == "syncfs":
                raise OSError(errno.EIO, "EIO")

        sys.addaudithook(hook)
        install(project, store, "acme/shapes@1")

    before = listing(project)
    assert run_in_child(failing) == FAILED
    assert listing(project) == before


def test_C01_a_kill_during_the_recovery_itself_is_recovered(known: Known, tmp_path: Path) -> None:
    old, new, count = known
    for number, at in enumerate(range(count // 2, count, 4)):
        project, update = world(tmp_path / str(number))
        assert run_in_child(update, Fault(at)) == KILLED
        for again in range(1, 12, 2):
            run_in_child(partial(recover, project), Fault(again))
        recover(project)
        old_or_new(project, old, new)


def test_recovery_tells_what_it_found(project: Path, store: Path, tmp_path: Path) -> None:
    assert recover(project) is None
    world_project, update = world(tmp_path / "world")
    endings = set()
    for at in range(1, 200, 9):
        if run_in_child(update, Fault(at)) != KILLED:
            break
        found = recover(world_project)
        if found is not None:
            endings.add(found.ending)
            assert bool(found.doing) == (found.ending is not Ending.CLEANED)
    assert endings == {Ending.CLEANED, Ending.FINISHED}


def test_C01_a_change_of_a_person_survives_a_kill_at_every_moment_of_an_update(tmp_path: Path) -> None:
    def changed(folder: Path) -> tuple[Path, Callable[[], object]]:
        project, update = world(folder)
        (project / "packs/acme/shapes/a.svg").unlink()
        (project / "packs/acme/shapes/a.svg").write_bytes(b"my drawing")
        return project, update

    count = count_changes(changed(tmp_path / "count")[1])
    for at in range(1, count + 1, 2):
        project, update = changed(tmp_path / str(at))
        run_in_child(update, Fault(at))
        recover(project)
        texts = [path.read_bytes() for path in project.rglob("a.svg*")]
        assert texts.count(b"my drawing") == 1, at


def test_C07_two_installs_at_once_are_serialized_and_the_second_says_that_it_waits(project: Path, store: Path) -> None:
    inside, waiting, told = threading.Event(), threading.Event(), []

    def second() -> None:
        inside.wait()

        def on_wait() -> None:
            told.append("waits")
            waiting.set()

        with open_installation(project, on_wait=on_wait) as installation:
            assert sorted(installation.state.receipts) == ["acme/shapes"]

    thread = threading.Thread(target=second)
    thread.start()
    with open_installation(project) as installation, Store.open(store) as opened:
        inside.set()
        assert waiting.wait(20)
        with stage(installation, "installing") as staging:
            staging.put(receipt("acme/shapes", "1.0.0", SHAPES_1[1]), SHAPES_1[1], opened)
            staging.commit()
    thread.join(20)
    assert not thread.is_alive()
    assert told == ["waits"]


def test_C07_sixteen_installs_at_once_end_in_the_result_of_some_order(project: Path, store: Path) -> None:
    wanted = ["acme/shapes@1" if number % 2 else "acme/shapes@2" for number in range(16)]
    assert run_together([functools.partial(install, project, store, one) for one in wanted]) == [0] * 16
    receipt_version = str(InstallState.load(project / "packs").receipts[PackName("acme/shapes")].version)
    drawing = (project / "packs/acme/shapes/a.svg").read_bytes()
    lock = (project / "pack.lock").read_text()
    assert (receipt_version, drawing, lock) in (
        ("1.0.0", b"<svg>1</svg>", "lock of acme/shapes@1\n"),
        ("2.0.0", b"<svg>2</svg>", "lock of acme/shapes@2\n"),
    )


def test_C08_the_lock_of_a_killed_holder_is_free_at_once(project: Path, store: Path) -> None:
    def hold_and_die() -> None:
        with open_installation(project):
            die()

    assert run_in_child(hold_and_die) == KILLED
    waited = []
    with open_installation(project, on_wait=lambda: waited.append(1)):
        pass
    assert waited == []


def test_a_broken_journal_is_refused_and_nothing_is_touched(tmp_path: Path) -> None:
    project, _ = world(tmp_path / "world")
    (project / "packs" / OWN / CHANGE).mkdir()
    (project / "packs" / OWN / CHANGE / FILE).write_text('{"v":1,')
    before = listing(project)
    with pytest.raises(JournalBroken) as refused:
        recover(project)
    clean_refusal(refused.value)
    assert listing(project) == before


@pytest.mark.parametrize(
    "swap",
    [
        {"at": "../outside", "number": 1},
        {"at": "/etc/passwd", "number": 1},
        {"at": "packs//shapes", "number": 1},
        {"at": "packs/nul\0", "number": 1},
        {"at": "packs/acme/shapes", "number": 1, "pack": "../../outside", "has_new": False},
        {"at": "packs/acme/shapes", "number": 1, "pack": "acme/shapes", "version": "1/../..", "has_new": False},
        {"at": "packs/acme/shapes", "number": 1, "pack": "acme/shapes", "tree": "../state.json", "has_new": False},
    ],
)
def test_A01_a_journal_that_leads_elsewhere_is_refused_and_nothing_is_touched(
    tmp_path: Path, swap: dict[str, object]
) -> None:
    project, _ = world(tmp_path / "world")
    (project / "packs" / OWN / CHANGE).mkdir()
    journal = {"v": 1, "doing": "installing acme/shapes", "swaps": [swap]}
    (project / "packs" / OWN / CHANGE / FILE).write_text(json.dumps(journal))
    before = listing(tmp_path)
    with pytest.raises(JournalBroken) as refused:
        recover(project)
    clean_refusal(refused.value)
    assert listing(tmp_path) == before


def test_a_journal_of_a_newer_packctl_is_refused(tmp_path: Path) -> None:
    project, _ = world(tmp_path / "world")
    (project / "packs" / OWN / CHANGE).mkdir()
    (project / "packs" / OWN / CHANGE / FILE).write_text('{"v":2,"doing":"x","swaps":[]}')
    with pytest.raises(JournalBroken):
        recover(project)


def test_a_broken_state_is_refused_with_the_way_out(tmp_path: Path) -> None:
    project, update = world(tmp_path / "world")
    (project / "packs/.packctl/state.json").write_bytes(b"\x00\xff")
    with pytest.raises(StateBroken) as refused:
        update()
    clean_refusal(refused.value)


def test_damaged_evidence_counts_as_missing(tmp_path: Path) -> None:
    project, _ = world(tmp_path / "world")
    state = InstallState.load(project / "packs")
    path = project / "packs/.packctl/evidence" / SHAPES_1[1].digest
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    assert state.tree(PackName("acme/shapes")) is None
    assert state.read("packs/acme/shapes/tree") is None


def test_a_folder_of_packs_may_lie_deeper_in_the_project(project: Path, store: Path) -> None:
    with (
        open_installation(project, "assets/packs") as installation,
        Store.open(store) as opened,
        stage(installation, "installing") as staging,
    ):
        staging.put(receipt("zed/lamp", "1.0.0", LAMP[1]), LAMP[1], opened)
        staging.commit()
    assert (project / "assets/packs/zed/lamp/lamp.txt").read_bytes() == b"on"
    assert recover(project, "assets/packs") is None
