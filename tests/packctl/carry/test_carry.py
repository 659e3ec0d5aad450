"""One file across an air gap: made here, taken in there, and everything works there as if there were a network."""

import os
import threading
import time
from pathlib import Path

import pytest

from packspec.archive import BytesSource
from packspec.carry import CarryFile, share_out
from tests.support.gap import Gap, kept, opened, takes_in
from tests.support.liar import Asked, Liar, answer
from tests.support.registry import Registry


def test_a_machine_without_network_installs_verifies_and_audits_from_one_file(gap: Gap) -> None:
    file = gap.export()
    there = gap.there()
    assert takes_in(there, file).out.splitlines()[-1] == "Stored   2 releases, 5 files"
    for words in ("install --locked --offline", "ci --offline", "verify", "audit --offline", "log verify --offline"):
        ended = there.packctl(*words.split())
        assert ended.code == (8 if "log" in words else 0), (words, ended.err)
    assert there.files() == [
        "acme/icons/cow.md", "acme/icons/hen.md", "acme/icons/pack.toml", "zed/lamp/lamp.md", "zed/lamp/pack.toml"
    ]  # fmt: skip


def test_equal_releases_make_equal_bytes_on_every_machine(gap: Gap) -> None:
    """Whatever lies in their caches: one machine has just resolved, the other knows nothing."""
    other = gap.there("other")
    other.environ.pop("PACKCTL_OFFLINE")
    assert other.packctl("carry", "export", "-o", "other.carry").code == 0
    first = gap.export().read_bytes()
    assert first == gap.export("again.carry").read_bytes() == other.read("other.carry")
    names = [name for name in CarryFile.open(BytesSource(first), "farm.carry").paths() if name.startswith("blobs/")]
    assert len(names) == 6  # archive, tree and pack.toml of two releases, and nothing of any other


def test_what_came_is_shown_and_of_what_did_not_come_it_is_said_that_nobody_was_asked(gap: Gap) -> None:
    """acme/icons 2.0.0 is newer than the release that came."""
    there = gap.there()
    takes_in(there, gap.export())
    shown = there.packctl("show", "acme/icons", "--assets", "--trust", "--json").document["data"]
    assert (shown["version"], [one["version"] for one in shown["releases"]]) == ("1.2.0", ["2.0.0", "1.2.0", "1.0.0"])
    assert [one["path"] for one in shown["assets"]] == ["cow.md", "hen.md"]
    assert [one["answer"] for one in shown["trust"]] == ["yes"] * 4
    for name in ("acme/icons@2.0.0", "zed/desk"):
        refused = there.packctl("show", name)
        assert (refused.code, refused.error) == (8, "registry.unreachable")
        assert "was not asked" in refused.err and "without --offline" in refused.err


def test_packs_that_are_named_come_with_what_they_need(gap: Gap) -> None:
    file = gap.export("desk.carry", "zed/desk@^1")
    there = gap.there()
    there.wants("[dependencies]\n")
    assert takes_in(there, file).out.splitlines()[-1] == "Stored   2 releases, 5 files"
    ended = there.packctl("add", "zed/desk")
    assert (ended.code, ended.out) == (0, "+ acme/icons 2.0.0\n+ zed/desk 1.0.0\n"), ended.err
    refused = gap.here.packctl("carry", "export", "zed/desk@^9")
    assert (refused.code, refused.error) == (5, "resolve.no-solution")


def test_taking_a_file_in_twice_changes_nothing_and_mends_a_damaged_store(gap: Gap) -> None:
    file, there = gap.export(), gap.there()
    takes_in(there, file)
    before = kept(there)
    takes_in(there, file)
    assert kept(there) == before
    damaged = next(path for path in (there.data / "store" / "files").rglob("*") if path.is_file())
    damaged.chmod(0o600)
    damaged.write_bytes(b"x" * damaged.stat().st_size)
    takes_in(there, file)
    assert there.packctl("ci").code == 0
    assert there.packctl("verify").code == 0


@pytest.mark.parametrize("spoilt", ["timestamp.json", "snapshot.json", "targets.json", "1.root.json"])
def test_C12_what_is_damaged_of_the_metadata_on_this_machine_is_taken_in_anew(gap: Gap, spoilt: str) -> None:
    """A machine without network has nobody else to ask. That a file is not older than what was seen, its memory knows."""
    file, there = gap.export(), gap.there()
    takes_in(there, file)
    for path in (there.data / "registries").rglob(spoilt):
        path.write_bytes(path.read_bytes()[:-40])
    takes_in(there, file)
    assert there.packctl("ci").code == 0


def test_a_dry_run_checks_everything_and_makes_the_machine_believe_nothing(gap: Gap) -> None:
    file, there = gap.export(), gap.there()
    ended = there.packctl("carry", "import", "--dry-run", str(file))
    assert (ended.code, ended.out.splitlines()[-1]) == (0, "Would store 2 releases, 5 files")
    assert not [name for name in kept(there) if "store/files" in name or name.endswith(("seen.json", "timestamp.json"))]
    assert there.packctl("install", "--locked").error == "registry.unreachable"


def test_C07_two_at_once_leave_what_one_leaves(gap: Gap) -> None:
    file, there, alone = gap.export(), gap.there(), gap.there("alone")
    codes: list[int] = []
    barrier = threading.Barrier(2)

    def take() -> None:
        barrier.wait()
        codes.append(there.packctl("carry", "import", str(file)).code)

    threads = [threading.Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    takes_in(alone, file)
    assert codes == [0, 0]
    assert names(kept(there)) == names(kept(alone))
    assert there.packctl("ci").code == 0


def test_a_file_may_come_through_a_pipe(gap: Gap, tmp_path: Path) -> None:
    file, there = gap.export(), gap.there()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    data, seen = file.read_bytes(), list[Path]()

    def write() -> None:
        with pipe.open("wb", buffering=0) as opened_pipe:
            opened_pipe.write(data[:1000])
            while not (there.cache / "downloads").is_dir():
                time.sleep(0.01)
            opened_pipe.write(data[1000:-1])
            seen.extend(there.cache.rglob("carry-*"))  # while it is read a kill would leave what has a name
            opened_pipe.write(data[-1:])

    writer = threading.Thread(target=write)
    writer.start()
    takes_in(there, pipe)
    writer.join()
    assert there.packctl("ci").code == 0
    assert not seen


def test_a_set_in_parts_is_taken_in_part_by_part_in_any_order(gap: Gap, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = gap.export()
    monkeypatch.setattr(
        "packctl.carry.export.share_out", lambda rows, needed, room_bytes: share_out(rows, needed, 2_000)
    )
    ended = gap.here.packctl("carry", "export", "-o", "set.carry")
    assert ended.code == 0, ended.err
    one, two = (gap.here.project / f"set.{part}-of-2.carry" for part in (1, 2))
    there = gap.there()
    said = takes_in(there, two)
    assert "Part 2 of 2: 1 release in the other parts" in said.err
    assert there.packctl("install", "--locked").error == "registry.unreachable"
    takes_in(there, one)
    assert there.packctl("ci").code == 0
    more = gap.export("more.carry", "--since", str(one))
    assert (more.stat().st_size < whole.stat().st_size, takes_in(there, more).out.splitlines()[-1]) == (
        True, "Stored   0 releases, 0 files"
    )  # fmt: skip


def names(files: dict[str, bytes]) -> set[str]:
    """Without the lanes of the store, of which two processes need two."""
    return {name for name in files if "/incoming/" not in name}


def test_unpacked_a_file_is_a_mirror(gap: Gap, shop: Registry) -> None:
    """Served by anything, while the registry itself is away."""
    _, files = opened(gap.export())

    def serve(asked: Asked) -> list[bytes]:
        data = files.get(asked.target.lstrip("/"))
        return [answer(404) if data is None else answer(200, data)]

    with Liar(serve) as mirror:
        machine = gap.there("mirrored")
        root = machine.environ.pop("PACKCTL_TRUST_ROOT")
        for name in ("PACKCTL_OFFLINE", "PACKCTL_REGISTRY"):
            machine.environ.pop(name)
        machine.wants(
            f'[dependencies]\n"zed/lamp" = "^1"\n\n[registries]\n'
            f'default = {{ url = "http://127.0.0.1:9", root = "{root}", mirrors = ["{mirror.url}"] }}\n'
        )
        (machine.project / "pack.lock").unlink()
        ended = machine.packctl("install")
    assert (ended.code, ended.out) == (0, "+ acme/icons 1.2.0\n+ zed/lamp 1.0.0\n"), ended.err
    assert machine.packctl("verify").code == 0
