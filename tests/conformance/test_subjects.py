"""What the public suite asks of a client, asked of ours by a small driver: going back, mixing, ends, keys, delegations, sizes."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tuf.api.metadata import MetaFile

from registry_server.index.metadata import at
from tests.support.liar import Liar
from tests.support.town import live_by
from tests.support.tuf_repository import KEYS, Repository


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    made = Repository(tmp_path)
    with Liar(made.reply) as liar:
        made.url = liar.url
        yield made.init()


def threshold_of_two(one: Repository) -> None:
    one.signers["timestamp"] = [KEYS[1], KEYS[5]]
    one.root.add_key(KEYS[5].public_key, "timestamp")
    one.root.roles["timestamp"].threshold = 2
    one.next_root()


def code_of(one: Repository) -> str:
    """What ended the last command that failed."""
    return one.errors[-1]


def test_a_refresh_keeps_every_top_level_role(repository: Repository) -> None:
    assert repository.refresh() == 0
    assert repository.trusted() == {"root": 1, "timestamp": 1, "snapshot": 1, "targets": 1}


@pytest.mark.parametrize("broken", [b"{}", b'{"signatures":[],"signed":{}}', b"not JSON"])
def test_an_initial_root_that_is_none_is_refused_and_nobody_asked(repository: Repository, broken: bytes) -> None:
    (repository.folder / "root.json").write_bytes(broken)
    repository.run("--metadata-dir", str(repository.metadata), "init", str(repository.folder / "root.json"))
    assert repository.refresh() == 1
    assert repository.asked == []


def test_a_download_refreshes_first_even_where_the_target_is_missing(repository: Repository) -> None:
    assert repository.download("nothing") == 1
    assert repository.trusted() == {"root": 1, "timestamp": 1, "snapshot": 1, "targets": 1}


# Going back


def back(one: Repository) -> None:
    one.timestamp.version = 0
    one.publish()


def snapshot_back(one: Repository) -> None:
    one.stamp(1)


def snapshot_meta_back(one: Repository) -> None:
    one.roles["targets"].version = 0
    one.publish("targets")


def without_targets(one: Repository) -> None:
    one.snapshot.meta.pop("targets.json")
    one.publish()


@pytest.mark.parametrize("lie", [back, snapshot_back, snapshot_meta_back, without_targets])
def test_nothing_goes_back(repository: Repository, lie: Callable[[Repository], None]) -> None:
    repository.publish("targets")
    assert repository.refresh() == 0
    before = repository.trusted()
    lie(repository)
    assert repository.refresh() == 1
    assert code_of(repository) == "trust.index-rollback"
    assert {role: repository.trusted()[role] for role in ("snapshot", "targets")} == {
        role: before[role] for role in ("snapshot", "targets")
    }


def test_a_timestamp_of_the_same_version_and_other_content_does_not_count(repository: Repository) -> None:
    assert repository.refresh() == 0
    kept = (repository.metadata / "timestamp.json").read_bytes()
    repository.timestamp.version -= 1
    repository.stamp(100)
    repository.refresh()
    assert (repository.metadata / "timestamp.json").read_bytes() == kept


@pytest.mark.parametrize("role", ["timestamp", "snapshot"])
def test_versions_that_were_driven_up_are_taken_back_by_new_keys(repository: Repository, role: str) -> None:
    signed = getattr(repository, role)
    signed.version = 99_999
    if role == "snapshot":
        repository.write(role, signed)
        repository.stamp(signed.version)
    else:
        repository.publish()
    assert repository.refresh() == 0
    signed.version = 0
    for one in ("timestamp", "snapshot"):  # both, because each may have been driven up
        repository.root.revoke_key(repository.signers[one][0].public_key.keyid, one)
        repository.signers[one] = [KEYS[6] if one == "snapshot" else KEYS[7]]
        repository.root.add_key(repository.signers[one][0].public_key, one)
    repository.next_root()
    repository.publish()
    assert repository.refresh() == 0
    assert repository.trusted()[role] == signed.version < 100


# Parts of several states


@pytest.mark.parametrize("role", ["snapshot", "targets"])
@pytest.mark.parametrize("by", ["version", "digest"])
def test_what_is_listed_must_be_what_comes(repository: Repository, role: str, by: str) -> None:
    assert repository.refresh() == 0
    other = MetaFile(2, hashes={"sha256": "0" * 64}) if by == "digest" else MetaFile(3)
    if role == "snapshot":
        repository.publish()
        repository.timestamp.version += 1
        repository.timestamp.snapshot_meta = other
        repository.files["/m/3.snapshot.json"] = repository.files["/m/2.snapshot.json"]
        repository.write("timestamp", repository.timestamp, "timestamp")
    else:
        repository.publish("targets")
        repository.files["/m/3.targets.json"] = repository.files["/m/2.targets.json"]
        repository.snapshot.meta["targets.json"] = other
        repository.publish()
    assert repository.refresh() == 1
    assert code_of(repository) == "trust.metadata-mismatch"
    assert repository.trusted()[role] == 1


# Ends


@pytest.mark.parametrize("role", ["timestamp", "snapshot", "targets", "root"])
def test_what_has_ended_is_refused(repository: Repository, role: str) -> None:
    getattr(repository, role).expires = at(int(time.time()) - 60)
    if role == "root":
        repository.next_root()
    repository.publish("targets")
    assert repository.refresh() == 1
    assert code_of(repository) == "trust.index-expired"
    kept = repository.trusted()
    assert role == "root" or role not in kept
    assert kept["root"] == (2 if role == "root" else 1)


def test_what_was_kept_and_has_ended_since_still_bars_the_way_back_and_not_the_way_on(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends, repository.timestamp.expires = repository.timestamp.expires, at(int(time.time()) + 3600)
    repository.publish("targets")
    assert repository.refresh() == 0
    monkeypatch.setattr(repository.client, "time", live_by(lambda: int(time.time()) + 7200, monkeypatch))
    old = dict(repository.files)
    repository.timestamp.expires = ends
    repository.publish("targets")
    assert repository.refresh() == 0
    repository.files |= {path: data for path, data in old.items() if "timestamp" in path}
    assert (repository.refresh(), code_of(repository)) == (1, "trust.index-rollback")
    assert repository.trusted() == {"root": 1, "timestamp": 3, "snapshot": 3, "targets": 3}


def test_a_root_that_has_ended_is_passed_on_the_way_to_the_newest(repository: Repository) -> None:
    ends, repository.root.expires = repository.root.expires, at(int(time.time()) - 60)
    repository.next_root()
    repository.root.expires = ends
    repository.next_root()
    assert repository.refresh() == 0
    assert repository.trusted()["root"] == 3


def test_a_delegated_role_that_has_ended_is_refused(repository: Repository) -> None:
    repository.delegate("targets", "A")
    repository.add("A", "file.txt", b"x")
    repository.roles["A"].expires = at(int(time.time()) - 60)
    repository.publish("A", "targets")
    assert repository.refresh() == 0
    assert repository.download("file.txt") == 1


# Keys and thresholds


def test_a_threshold_of_two_takes_two_keys(repository: Repository) -> None:
    threshold_of_two(repository)
    repository.publish()
    assert repository.refresh() == 0
    repository.signers["timestamp"] = [KEYS[1]]
    repository.publish()
    assert repository.refresh() == 1
    assert code_of(repository) == "trust.metadata-signature"


@pytest.mark.parametrize("role", ["root", "timestamp", "snapshot", "targets"])
def test_keys_change_at_the_word_of_a_root_that_the_keys_before_have_signed(repository: Repository, role: str) -> None:
    assert repository.refresh() == 0
    new, old = KEYS[5], repository.signers[role][0]
    repository.root.revoke_key(old.public_key.keyid, role)
    repository.root.add_key(new.public_key, role)
    repository.signers[role] = [old, new] if role == "root" else [new]
    repository.next_root()
    repository.publish("targets")
    assert repository.refresh() == 0
    assert repository.trusted()["root"] == 2
    repository.signers[role] = [old]
    if role == "root":
        repository.next_root()
    repository.publish("targets")
    assert repository.refresh() == 1


@pytest.mark.parametrize("signed_by", ["only the old", "only the new"])
def test_a_root_needs_the_keys_of_both(repository: Repository, signed_by: str) -> None:
    new, old = KEYS[5], KEYS[0]
    repository.root.revoke_key(old.public_key.keyid, "root")
    repository.root.add_key(new.public_key, "root")
    repository.signers["root"] = [old if signed_by == "only the old" else new]
    repository.next_root()
    assert repository.refresh() == 1
    assert code_of(repository) == "trust.metadata-signature"
    assert repository.trusted()["root"] == 1


def test_many_roots_are_followed_one_by_one(repository: Repository) -> None:
    for number in range(10):
        new = KEYS[5 + number % 2]
        (old,) = repository.signers["root"][-1:]
        repository.root.revoke_key(old.public_key.keyid, "root")
        repository.root.add_key(new.public_key, "root")
        repository.signers["root"] = [old, new]
        repository.next_root()
    assert repository.refresh() == 0
    assert [path for path in repository.asked if "root" in path] == [f"/m/{n}.root.json" for n in range(2, 13)]


def test_a_gap_in_the_roots_is_the_end_of_them(repository: Repository) -> None:
    repository.root.version += 1
    repository.next_root()
    assert repository.refresh() == 0
    assert repository.trusted()["root"] == 1


# Delegations

TREE = [("targets", "A", ["*.md"]), ("targets", "B", ["r/*/*"]), ("B", "C", ["r/x/*"]), ("B", "D", ["r/y/*.zip"])]


@pytest.mark.parametrize(("edges", "order"), [
    ([("targets", "A"), ("targets", "B"), ("A", "C"), ("A", "D")], "ACDB"),
    ([("targets", "A"), ("targets", "B"), ("A", "C"), ("C", "D")], "ACDB"),
    ([("targets", "A"), ("targets", "B"), ("A", "C", "ends"), ("C", "D")], "ACD"),
    ([("targets", "A"), ("targets", "B"), ("B", "C"), ("C", "D"), ("D", "B")], "ABCD"),
    ([("targets", "A"), ("targets", "B"), ("B", "C"), ("A", "C")], "ACB"),
])  # fmt: skip
def test_delegations_are_walked_depth_first_each_role_once(
    repository: Repository, edges: list[tuple[str, ...]], order: str
) -> None:
    for parent, name, *rest in edges:
        repository.delegate(parent, name, terminating=bool(rest))
    repository.publish(*(role for role in repository.roles if role != "targets"), "targets")
    assert repository.download("missing") == 1
    assert repository.visited == list(order)


@pytest.mark.parametrize(("path", "order"), [("top", ""), ("a.md", "A"), ("r/x/1", "BC"), ("r/y/1.zip", "BD")])
def test_a_target_is_found_where_its_path_is_delegated(repository: Repository, path: str, order: str) -> None:
    for parent, name, paths in TREE:
        repository.delegate(parent, name, paths)
    repository.add(order[-1:] or "targets", path, path.encode())
    repository.add("D", "r/z/1.zip", b"not D's to give")
    repository.publish("A", "B", "C", "D", "targets")
    assert repository.download(path) == 0
    assert repository.visited == list(order)
    (found,) = (repository.folder / "targets").iterdir()
    assert found.read_bytes() == path.encode()
    assert repository.download("r/z/1.zip") == 1


def test_a_delegated_role_signed_by_somebody_else_is_refused(repository: Repository) -> None:
    repository.delegate("targets", "A")
    repository.add("A", "file.txt", b"x")
    repository.signers["A"] = [KEYS[7]]
    repository.publish("A", "targets")
    assert repository.download("file.txt") == 1


# Bytes


@pytest.mark.parametrize("body", [b"y", b"xx", b""])
def test_a_target_of_other_bytes_is_refused_and_not_kept(repository: Repository, body: bytes) -> None:
    repository.add("targets", "file.txt", b"x")
    repository.publish("targets")
    (path,) = (name for name in repository.files if name.startswith("/t/"))
    repository.files[path] = body
    assert repository.download("file.txt") == 1
    assert code_of(repository) == "trust.metadata-mismatch"
    assert list((repository.folder / "targets").iterdir()) == []


def test_fields_that_nobody_knows_are_under_the_signature_and_kept(repository: Repository) -> None:
    repository.root.unrecognized_fields["more"] = "value"
    repository.root.roles["root"].unrecognized_fields["other"] = {"a": 1, "b": [2]}
    repository.next_root()
    repository.targets.unrecognized_fields["more"] = [1, {"x": None}]
    repository.publish("targets")
    assert repository.refresh() == 0
    assert (repository.metadata / "targets.json").read_bytes() == repository.files["/m/2.targets.json"]
    assert repository.trusted()["root"] == 2


@pytest.mark.parametrize("role", ["timestamp", "2.root"])
def test_metadata_without_end_is_refused(repository: Repository, role: str) -> None:
    repository.files[f"/m/{role}.json"] = b" " * 3_000_000
    assert repository.refresh() == 1
    assert code_of(repository) == "trust.metadata-too-big"
