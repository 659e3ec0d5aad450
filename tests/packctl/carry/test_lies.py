"""Files that are old, forged, of somebody else, or not whole: refused for what they are, and the machine believes what it did."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from packspec import site
from packspec.archive import BytesSource
from packspec.carry import CarriedRelease, CarryBroken, CarryFile
from packspec.digests import Digest
from packspec.names import PackName
from packspec.versions import Version
from tests.support.faults import Fault, run_in_child
from tests.support.gap import Closed, closed_copy, export_of, opened, project_of, rewritten, write
from tests.support.hostile import Client, HostileRegistry, Ran, forked, hostile_registry


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[HostileRegistry]:
    with hostile_registry(tmp_path / "registry") as opened_registry:
        yield opened_registry


@pytest.fixture
def here(registry: HostileRegistry, tmp_path: Path) -> Client:
    return project_of(registry, tmp_path / "here")


@pytest.fixture
def there(here: Client, tmp_path: Path) -> Closed:
    return closed_copy(here, tmp_path / "there")


def refused(ran: Ran, code: str, exit_code: int = 6) -> None:
    assert f"error[{code}]" in ran.err, ran.err
    assert ran.code == exit_code


def believed(there: Closed) -> dict[str, bytes]:
    folder = there.client.folder / "data" / "registries"
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.name in ("seen.json", "timestamp.json")}


def test_S12_a_file_from_before_a_recall_is_refused_once_the_recall_was_seen(
    registry: HostileRegistry, here: Client, there: Closed
) -> None:
    old = export_of(here, "old.carry")
    registry.publication.publish("acme/icons", "1.0.1")
    registry.publication.recall("acme/icons@1.0.0")
    refused(here.run("carry", "export", "-o", "never.carry"), "policy.release-recalled", 10)
    assert not (here.folder / "never.carry").exists()
    assert here.run("update").code == 0
    new = export_of(here, "new.carry")
    assert there.takes(new).code == 0
    before = believed(there)
    ran = there.takes(old)
    refused(ran, "trust.index-rollback")
    for words in ("old.carry holds an older index than this machine has seen", "packctl carry export"):
        assert words in ran.err
    assert believed(there) == before
    refused(there.run("install --locked"), "policy.release-recalled", 10)  # its lock still names it
    (there.client.folder / "pack.lock").write_bytes((here.folder / "pack.lock").read_bytes())
    assert there.run("ci").code == 0


def _blob(registry: HostileRegistry, digest: Digest) -> bytes:
    with registry.world.blobs.open(digest) as source:
        return source.read_at(0, source.size)


def everything(registry: HostileRegistry, file: Path, *releases: str) -> Path:
    """A file of all that a registry serves, that says to be about `releases`: what no honest export would make."""
    carry, _ = opened(file)
    rows = []
    for name in sorted(releases):
        pack, _, version = name.partition("@")
        archive = registry.publication.releases[name].statement.archive
        row = CarriedRelease(
            pack=PackName(pack), version=Version.parse(version), archive=archive.sha256, size=archive.size, part=1
        )
        rows.append(row)
    blobs = {
        site.blob(digest): _blob(registry, digest)
        for name in releases
        for said in [registry.publication.releases[name].statement]
        for digest in (said.archive.sha256, said.tree.sha256, said.manifest)
    }
    header = structs.replace(carry, releases=tuple(rows))
    return write(file.with_name("everything.carry"), header, {**registry.copy(), **blobs})


def test_a_recalled_release_is_not_taken_in_whoever_made_the_file(
    registry: HostileRegistry, here: Client, there: Closed
) -> None:
    file = export_of(here)
    registry.publication.recall("acme/icons@1.0.0")
    refused(there.takes(everything(registry, file, "acme/icons@1.0.0")), "policy.release-recalled", 10)
    assert believed(there) == {}


def test_a_recall_that_was_seen_does_not_vanish_in_a_file(
    registry: HostileRegistry, here: Client, there: Closed
) -> None:
    file = export_of(here)
    registry.publication.publish("acme/icons", "1.0.1")
    registry.publication.recall("acme/icons@1.0.0")
    assert there.takes(everything(registry, file, "acme/icons@1.0.1")).code == 0
    registry.sign({site.RECALLS_TARGET: None})
    refused(there.takes(everything(registry, file, "acme/icons@1.0.1")), "trust.recall-vanished")


def test_a_recall_that_was_lifted_is_lifted_on_the_other_side(
    registry: HostileRegistry, here: Client, there: Closed
) -> None:
    first = export_of(here)
    assert there.takes(first).code == 0
    registry.publication.publish("acme/icons", "1.0.1")
    registry.publication.recall("acme/icons@1.0.0")
    assert there.takes(everything(registry, first, "acme/icons@1.0.1")).code == 0
    refused(there.run("install --locked"), "policy.release-recalled", 10)
    registry.publication.restore("acme/icons@1.0.0")
    assert there.takes(export_of(here, "again.carry")).code == 0
    installed = there.run("install --locked")
    assert installed.code == 0, installed.err
    assert there.run("verify").code == 0


def test_S23_two_histories_are_found_out_by_files_alone(
    registry: HostileRegistry, here: Client, there: Closed, tmp_path: Path
) -> None:
    first = export_of(here)
    with forked(registry, tmp_path / "fork") as other:
        registry.publication.publish("acme/icons", "1.1.0")
        assert there.takes(export_of(here, "one.carry")).code == 0
        for version in ("1.2.0", "1.2.1", "1.2.2"):
            other.publication.publish("acme/icons", version)
        two = export_of(project_of(other, tmp_path / "their", '"acme/icons" = "1.0.0"'), "two.carry")
        ran = there.takes(two, "--registry", registry.url)
        refused(ran, "trust.log-forked")
        kept = list((there.client.folder / "data").rglob("forks/*.txt"))
        assert len(kept) == 1 and kept[0].name in ran.err
        assert there.takes(first).code == 6
        # The other side finds it out as well: an export compares with the file that it continues.
        mine = rewritten(here.folder / "one.carry", {}, registry=other.url)
        refused(
            Client(tmp_path / "their", other.url, other.root).run("carry", "export", "--since", str(mine)),
            "trust.log-forked",
        )


PAYLOAD = b'"payload":"'
CHANGED = {
    "tuf/timestamp.json": "trust.metadata-malformed",
    "tuf/2.root.json": "trust.metadata-malformed",
    "snapshot.json": "trust.metadata-mismatch",
    ".log.json": "trust.metadata-mismatch",
    "tuf/targets/index/_/": "trust.metadata-mismatch",
    "log/tile/0/": "trust.log-tile",
    "publishers/acme/1": "trust.publisher-changed",
    "proofs/acme": "trust.log-mismatch",
}
"""What is said of a file in which one byte was changed and whose checksums were made right again, by the beginning or end of its path."""


def test_whatever_is_changed_in_a_file_with_right_checksums_is_refused(
    registry: HostileRegistry, here: Client, tmp_path: Path
) -> None:
    registry.publication.publish("acme/icons", "1.0.1")
    registry.publication.recall("acme/icons@1.0.1")
    file = export_of(here)
    _, files = opened(file)
    said: dict[str, str] = {}
    for path, data in files.items():
        kind = next((kind for kind in CHANGED if path.startswith(kind) or path.endswith(kind)), None)
        if kind is None or kind in said:
            continue
        # where the bytes are the same in every run: lengths of signatures differ, and what else lies in the middle with them
        at = data.index(PAYLOAD) + len(PAYLOAD) if PAYLOAD in data else len(data) // 2
        there = closed_copy(here, tmp_path / f"there-{len(said)}")
        ran = there.takes(rewritten(file, {path: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]}))
        assert ran.code == 6, (path, ran.err)
        said[kind] = ran.err.partition("error[")[2].partition("]")[0]
        assert believed(there) == {}
    assert said == {kind: code for kind, code in CHANGED.items() if kind in said}
    assert len(said) >= 6


def test_an_archive_that_is_not_the_signed_one_is_refused_and_nothing_of_it_stored(
    registry: HostileRegistry, here: Client, there: Closed, tmp_path: Path
) -> None:
    file = export_of(here)
    said = registry.publication.releases["acme/icons@1.0.0"].statement
    _, files = opened(file)
    archive = files[site.blob(said.archive.sha256)]
    refused(
        there.takes(rewritten(file, {site.blob(said.archive.sha256): archive[:-1] + b"x"})), "trust.archive-changed"
    )
    other = closed_copy(here, tmp_path / "other")
    refused(other.takes(rewritten(file, {site.blob(said.tree.sha256): b"packtree/v1 0 0\n"})), "trust.archive-changed")
    assert not list((there.client.folder / "data" / "store" / "files").rglob("*.md"))
    assert believed(there) == {}


def test_a_file_that_lacks_what_a_check_needs_says_so(registry: HostileRegistry, here: Client, there: Closed) -> None:
    file = export_of(here)
    archive = registry.publication.releases["acme/icons@1.0.0"].statement.archive.sha256
    for path in (
        "tuf/timestamp.json", "proofs/acme/icons/1.0.0.packproof", "publishers/acme/1.root.json", site.blob(archive)
    ):  # fmt: skip
        refused(there.takes(rewritten(file, {path: None})), "carry.incomplete")
    assert believed(there) == {}


def test_a_file_of_another_registry_is_nobody_that_this_machine_knows(
    registry: HostileRegistry, here: Client, there: Closed, tmp_path: Path
) -> None:
    with hostile_registry(tmp_path / "other", keys="other") as other:
        theirs = export_of(project_of(other, tmp_path / "their"), "theirs.carry")
        refused(there.takes(theirs), "trust.root-unknown")
        refused(there.takes(rewritten(theirs, {}, registry=registry.url)), "trust.root-mismatch")
        refused(here.run("carry", "export", "--since", str(theirs)), "carry.other-registry", 2)
    assert believed(there) == {}


def test_M18_what_was_carried_never_crosses_a_name_that_is_bound_to_another_registry(
    registry: HostileRegistry, here: Client, there: Closed
) -> None:
    file = export_of(here)
    loose = (there.client.folder / "pack.toml").read_text()
    bound = f'{loose}\n[registries]\ncorp = {{ url = "https://packs.corp.example", publishers = ["acme"] }}\n'
    (there.client.folder / "pack.toml").write_text(bound)
    ran = there.takes(file)
    refused(ran, "carry.bound-elsewhere", 10)
    assert "https://packs.corp.example" not in believed(there)
    assert believed(there) == {}
    (there.client.folder / "pack.toml").write_text(loose)
    assert there.takes(file).code == 0  # somebody takes it in elsewhere on this machine
    (there.client.folder / "pack.toml").write_text(bound)
    (there.client.folder / "pack.lock").unlink()
    for line in ("install", "add acme/icons@1.0.0"):
        assert there.run(line).code in (6, 8)
    assert not (there.client.folder / "packs").exists()


def test_C30_taking_a_file_in_asks_nobody_though_it_may(registry: HostileRegistry, here: Client, there: Closed) -> None:
    file = export_of(here)
    registry.forget_asked()
    assert there.client.run("carry", "import", str(file)).code == 0
    assert registry.asked == []


def test_files_that_are_no_carry_files_and_wrong_options_are_told(here: Client, there: Closed, tmp_path: Path) -> None:
    file = export_of(here)
    cut = tmp_path / "cut.carry"
    cut.write_bytes(file.read_bytes()[:-100])
    refused(there.takes(cut), "carry.broken")
    refused(there.takes(tmp_path / "none.carry"), "cli.no-such-file", 3)
    refused(there.takes(tmp_path), "cli.bad-value", 2)
    refused(there.takes(Path("/dev/zero")), "cli.not-a-file", 2)
    assert there.client.run("carry", "import", "-", typed="").code == 2  # nobody types an archive
    refused(here.run("carry", "export", "--since", str(cut)), "carry.broken")
    refused(here.run("carry", "export", "--since", "farm.carry", "-o", "farm.carry"), "cli.bad-value", 2)
    refused(here.run("carry", "export", "-o", "/dev/null"), "cli.bad-value", 2)
    refused(here.run("carry", "export", "-o", "nowhere/farm.carry"), "cli.no-folder", 3)
    (here.folder / "pack.lock").unlink()
    refused(here.run("carry", "export"), "project.lock-missing", 9)


@pytest.fixture
def small(here: Client) -> bytes:
    return export_of(here).read_bytes()


def test_no_bit_can_be_turned_and_no_byte_cut_off_without_being_noticed(small: bytes) -> None:
    @settings(max_examples=50, deadline=None, database=None)
    @given(st.integers(0, len(small) - 1), st.integers(0, 7), st.booleans())
    def holds(at: int, bit: int, cuts: bool) -> None:
        changed = small[:at] if cuts else small[:at] + bytes([small[at] ^ 1 << bit]) + small[at + 1 :]
        with pytest.raises(CarryBroken):
            CarryFile.open(BytesSource(changed), "farm.carry").check_sums()

    holds()


@pytest.mark.parametrize("side", ["export", "import"])
def test_C03_a_full_disk_is_told_and_leaves_what_was_there(here: Client, there: Closed, side: str) -> None:
    file = export_of(here)
    before = file.read_bytes()

    def work() -> None:
        ran = here.run("carry", "export", "-o", "farm.carry") if side == "export" else there.takes(file)
        assert ran.code == 1 and "error[install.disk-full]" in ran.err, ran.err

    where = "farm.carry" if side == "export" else "store|timestamp"
    for at in (1, 3):
        assert run_in_child(work, Fault(at, errno.ENOSPC, for_ever=True, where=where)) == 0
    assert file.read_bytes() == before
    assert not [path.name for path in here.folder.iterdir() if path.name.startswith(".")]
    assert there.takes(file).code == 0
    assert there.run("ci").code == 0
