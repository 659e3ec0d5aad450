"""The public log read by people: `packctl log`, and two lock files held against one another by `packctl trust compare`."""

import json

import pytest
from msgspec.structs import replace

from packspec.digests import Digest
from packspec.lockfile import Lock, LockedRegistry, LogLine
from packspec.log.checkpoint import Checkpoint
from packspec.log.leaf import parse_leaf
from packspec.log.proofs import leaf_hash, verify_inclusion
from packspec.packproof import LogProof
from tests.support.hostile import Client, forked


def seen_by(client: Client) -> LockedRegistry:
    """What a lock of this machine keeps of the registry now."""
    with client.registry() as opened:
        opened.refresh()
        return opened.lock_entry()


def write(client: Client, name: str, entry: LockedRegistry) -> None:
    client.folder.mkdir(parents=True, exist_ok=True)
    (client.folder / name).write_bytes(Lock(inputs=Digest.of(b""), registries=(entry,), packs=()).encode())


def test_a_publisher_sees_a_release_that_it_did_not_make(registry, client):
    ours = json.loads(client.run("log", "tail", "--publisher", "acme", "--json").out)["data"]
    registry.publication.publisher("zed")
    registry.publication.publish("zed/lamp", "1.0.0")
    registry.publication.publish("acme/icons", "6.6.6")
    registry.publication.yank("acme/icons@1.0.0")
    since = client.run("log", "tail", "--publisher", "acme", "--since", str(ours["next"]), "--json")
    entries = json.loads(since.out)["data"]["entries"]
    assert [(one["type"], one["about"], one["says"]) for one in entries] == [
        ("publish", "acme/icons 6.6.6", ""),
        ("yank", "acme/icons 1.0.0", "broken"),
    ]


def test_a_publisher_who_goes_on_from_an_entry_that_the_log_no_longer_has_is_told(registry, client, tmp_path):
    """A watcher may run on a machine that remembers nothing but where it goes on."""
    before = registry.copy()
    registry.publication.publish("acme/icons", "6.6.6")
    go_on = json.loads(client.run("log", "tail", "--publisher", "acme", "--json").out)["data"]["next"]
    registry.files = before
    watcher = Client(tmp_path / "watcher", registry.url, registry.root)
    told = watcher.run("log", "tail", "--publisher", "acme", "--since", str(go_on), "--json")
    assert (told.code, json.loads(told.out)["error"]["code"]) == (6, "trust.log-shrank")
    registry.files = None
    told = watcher.run("log", "tail", "--publisher", "acme", "--since", str(go_on), "--json")
    assert (told.code, json.loads(told.out)["data"]["entries"]) == (0, [])


SHORT = {
    "the last byte": lambda tile: tile[:-1],
    "half": lambda tile: tile[: len(tile) // 2],
    "everything": lambda tile: b"",
    "the file": lambda tile: None,
    "nothing, and has more": lambda tile: tile * 2,
    "a release under another name": lambda tile: tile.replace(b'"acme/icons"', b'"acne/icons"'),
}


@pytest.mark.parametrize("lacks", SHORT)
def test_entries_that_a_registry_hides_from_a_publisher_are_missed(registry, client, lacks):
    for path in registry.copy():
        if "/entries/" in path:
            registry.lie(path, SHORT[lacks](registry.read(path)))
    told = client.run("log", "tail", "--publisher", "acme", "--json")
    assert (told.code, json.loads(told.out)["error"]["code"]) == (6, "trust.log-tile")


def test_a_proof_can_be_checked_by_whoever_has_nothing_but_its_json(registry, client):
    registry.publication.publish("acme/icons", "1.1.0")
    registry.publication.yank("acme/icons@1.0.0")
    told = json.loads(client.run("log", "prove", "acme/icons@1.1.0", "--json").out)["data"]
    proof = LogProof.parse(told["tlog_proof"])
    leaf = told["leaf"].encode()
    assert str(parse_leaf(leaf).version) == "1.1.0"
    assert verify_inclusion(leaf_hash(leaf), told["index"], told["size"], proof.hashes, proof.checkpoint.root)
    assert not verify_inclusion(leaf_hash(leaf), told["index"] - 1, told["size"], proof.hashes, proof.checkpoint.root)
    assert [one.hex() for one in proof.hashes] == told["proof"]


def test_S24_an_entry_that_was_changed_in_its_tile_is_found_by_reading_the_log(registry, client):
    files = registry.copy()
    tiles = [path for path in files if path.startswith("log/tile/entries/")]
    registry.files = files | {path: files[path].replace(b"acme/icons", b"acme/icon5") for path in tiles}
    done = client.run("log", "verify", "--json")
    assert (done.code, json.loads(done.out)["error"]["code"]) == (6, "trust.log-tile")


def test_verifying_the_log_compares_it_with_every_checkpoint_of_this_machine_and_of_the_lock(registry, client):
    first = seen_by(client)
    registry.publication.publish("acme/icons", "1.1.0")
    seen_by(client)
    registry.publication.publish("acme/icons", "1.2.0")
    (client.folder / "pack.toml").write_text("[dependencies]\n")
    write(client, "pack.lock", first)
    told = json.loads(client.run("log", "verify", "--json").out)["data"]
    assert (told["checkpoints"], told["locked"]) == (3, True)
    assert told["types"]["publish"] == 3


# Two lock files


def test_S23_two_locks_of_one_log_agree_whatever_they_saw_of_it(registry, client):
    write(client, "a.lock", seen_by(client))
    registry.publication.publish("acme/icons", "1.1.0")
    write(client, "b.lock", seen_by(client))
    registry.publication.publish("acme/icons", "1.2.0")
    done = client.run("trust", "compare", "b.lock", "a.lock", "--json")
    assert done.code == 0, done.err
    (log,) = json.loads(done.out)["data"]["logs"]
    assert log["first"] == log["second"] + 1 == log["now"] - 1


def test_S23_two_locks_with_two_histories_prove_equivocation_and_the_proof_is_kept(registry, client, tmp_path):
    with forked(registry, tmp_path / "fork") as other:
        registry.publication.publish("acme/icons", "1.1.0")
        write(client, "a.lock", seen_by(client))
        other.publication.publish("acme/icons", "6.6.6")
        victim = Client(tmp_path / "victim", other.url, registry.root, registry.clock)
        write(client, "b.lock", seen_by(victim))
    done = client.run("trust", "compare", "a.lock", "b.lock", "--json")
    assert done.code == 6
    error = json.loads(done.out)["error"]
    assert error["code"] == "trust.log-forked"
    with open(error["facts"]["both kept in"]) as kept:
        notes = kept.read()
    assert notes.count("registry.test/log\n") == 2
    assert notes.count("— registry.test/log ") == 2


def test_S23_a_history_that_another_machine_saw_is_told_even_when_the_log_has_grown_past_it(registry, client, tmp_path):
    with forked(registry, tmp_path / "fork") as other:
        write(client, "a.lock", seen_by(client))
        other.publication.publish("acme/icons", "6.6.6")
        victim = Client(tmp_path / "victim", other.url, registry.root, registry.clock)
        write(client, "b.lock", seen_by(victim))
    for version in ("1.1.0", "1.2.0", "1.3.0"):
        registry.publication.publish("acme/icons", version)
    done = client.run("trust", "compare", "a.lock", "b.lock", "--json")
    assert (done.code, json.loads(done.out)["error"]["code"]) == (6, "trust.log-forked")


def test_a_line_that_somebody_edited_proves_nothing_against_the_registry(registry, client):
    entry = seen_by(client)
    write(client, "a.lock", entry)
    true = Checkpoint.parse_line(entry.log)
    edited = Checkpoint(true.origin, true.size, bytes(32)).line
    write(client, "b.lock", replace(entry, log=LogLine.parse(edited)))
    done = client.run("trust", "compare", "a.lock", "b.lock", "--json")
    error = json.loads(done.out)["error"]
    assert (done.code, error["code"]) == (6, "trust.log-signature")
    assert "b.lock" in error["facts"]["reason"]


def test_a_lock_that_cannot_be_read_is_the_one_that_is_named(registry, client):
    entry = seen_by(client)
    write(client, "a.lock", entry)
    good = (client.folder / "a.lock").read_text()
    size = Checkpoint.parse_line(entry.log).size
    for bad in ("", "lock = 99\n", good.replace(f" {size} ", " 0 ")):
        (client.folder / "b.lock").write_text(bad)
        for pair in (("a.lock", "b.lock"), ("b.lock", "a.lock")):
            done = client.run("trust", "compare", *pair)
            assert done.code in (2, 9) and "b.lock" in done.err and "git checkout" not in done.err, done.err


def test_two_locks_without_a_log_in_common_cannot_be_compared(registry, client):
    entry = seen_by(client)
    write(client, "a.lock", entry)
    (client.folder / "b.lock").write_bytes(Lock(inputs=Digest.of(b""), registries=(), packs=()).encode())
    done = client.run("trust", "compare", "a.lock", "b.lock", "--json")
    assert (done.code, json.loads(done.out)["error"]["code"]) == (2, "trust.nothing-to-compare")


def test_the_whole_log_is_read_a_few_tiles_at_a_time(registry, client):
    """Entries are handed on as they come, so what is in memory does not grow with the log."""
    registry.publication.publish("acme/icons", "1.1.0")
    with client.registry() as opened:
        opened.refresh()
        entries = opened.log.entries()
        first = next(entries)
        rest = list(entries)
        assert [first, *rest][3:] == list(opened.log.entries(3))
