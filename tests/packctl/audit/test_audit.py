"""audit against a real registry's files: what became of releases, changed keys, quarantine, and an index that its log does not bear out."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from packctl.audit.replay import BATCH
from packspec import site
from packspec.index import PackIndex, Recalls
from packspec.log.leaf import DeprecateLeaf, LoggedPack, RecallLeaf
from packspec.names import PackName
from packspec.versions import Version
from tests.support.faults import KILLED, Fault, count_changes, run_in_child
from tests.support.hostile import Client, HostileRegistry, hostile_registry
from tests.support.sarif import broken_in_sarif

MORE = {"cow.md": b"# Cow\n", "deep/er/hen.md": b"# Hen\n" * 9}


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[HostileRegistry]:
    with hostile_registry(tmp_path / "registry") as opened:
        opened.publication.publish("acme/icons", "1.1.0", MORE)
        opened.publication.publish("acme/barn", "1.0.0", MORE)
        yield opened


@pytest.fixture
def client(tmp_path: Path, registry: HostileRegistry) -> Client:
    """A project with acme/icons 1.1.0 and acme/barn 1.0.0, installed."""
    made = Client(tmp_path / "client", registry.url, registry.root)
    wants(made)
    assert made.run("install").code == 0
    return made


def wants(client: Client, more: str = "", icons: str = "^1") -> None:
    client.folder.mkdir(parents=True, exist_ok=True)
    text = f'[dependencies]\n"acme/icons" = "{icons}"\n"acme/barn" = "*"\n\n[registries]\ndefault = "{client.address}"\n{more}'
    (client.folder / "pack.toml").write_text(text)


def audit(client: Client, *words: str) -> tuple[int, dict]:
    ran = client.run("--json", "audit", *words)
    return ran.code, json.loads(ran.out)


def codes(document: dict) -> list[tuple[str, str, str]]:
    return [(one["level"], one["code"], one["release"]) for one in document["data"]["findings"]]


def release(registry: HostileRegistry, name: str) -> dict[str, object]:
    one = registry.publication.releases[name]
    return {
        "v": 1,
        "at": registry.clock(),
        "pack": LoggedPack(one.statement.pack),
        "version": one.statement.version,
        "statement": one.digest,
    }


# What became of releases


def test_a_project_of_which_nothing_is_said_is_clean_online_and_offline(client: Client) -> None:
    assert audit(client, "--exit-code")[0] == 0
    code, document = audit(client, "--exit-code", "--offline")
    assert (code, codes(document)) == (0, [])
    states = [(one["name"], one["version"], one["state"], one["installed"]) for one in document["data"]["releases"]]
    assert states == [("acme/barn", "1.0.0", "published", True), ("acme/icons", "1.1.0", "published", True)]


def test_a_project_without_packs_is_clean_and_nothing_is_called_current(client: Client) -> None:
    (client.folder / "pack.toml").write_text(f'[registries]\ndefault = "{client.address}"\n')
    assert client.run("install").code == 0
    assert client.run("audit").out == "0 releases audited: nothing found\n"


def test_a_recall_fails_and_a_yank_and_a_deprecation_warn(registry: HostileRegistry, client: Client) -> None:
    registry.publication.yank("acme/icons@1.1.0")
    registry.publication.append(
        DeprecateLeaf(**release(registry, "acme/barn@1.0.0"), reason="superseded", use=PackName("acme/shed"))
    )  # type: ignore[arg-type]
    code, document = audit(client)
    assert code == 0
    assert codes(document) == [
        ("warning", "catalog.release-deprecated", "acme/barn 1.0.0"),
        ("warning", "policy.release-yanked", "acme/icons 1.1.0"),
    ]
    assert [one["line"] for one in document["data"]["findings"]] == [
        one["line"] for one in document["data"]["releases"]
    ]
    assert audit(client, "--exit-code")[0] == 1
    registry.publication.recall("acme/icons@1.1.0")
    code, document = audit(client)
    assert (code, document["error"]["code"]) == (10, "policy.release-recalled")
    assert ("error", "policy.release-recalled", "acme/icons 1.1.0") in codes(document)


def test_a_recall_that_only_warns_is_a_warning_that_no_exception_covers(
    registry: HostileRegistry, client: Client
) -> None:
    registry.publication.recall("acme/icons@1.1.0", action="warn")
    code, document = audit(client, "--exit-code")
    assert (code, codes(document)) == (1, [("warning", "policy.release-recalled", "acme/icons 1.1.0")])


def test_a_lifted_recall_is_none_and_a_forged_lifting_is_one(registry: HostileRegistry, client: Client) -> None:
    registry.publication.recall("acme/icons@1.1.0")
    registry.publication.restore("acme/icons@1.1.0", signers=("stranger",))
    assert audit(client)[0] == 10
    registry.publication.recall("acme/barn@1.0.0")
    registry.publication.restore("acme/barn@1.0.0")
    assert [one for one in codes(audit(client)[1]) if "barn" in one[2]] == []


def test_a_recalled_release_that_is_installed_counts_though_the_lock_has_moved_on(
    registry: HostileRegistry, client: Client
) -> None:
    wants(client, icons="1.0.0")
    assert client.run("lock").code == 0
    registry.publication.recall("acme/icons@1.1.0")
    code, document = audit(client)
    assert (code, codes(document)[0]) == (10, ("error", "policy.release-recalled", "acme/icons 1.1.0"))
    assert audit(client, "--fix")[1]["data"]["quarantined"] == ["packs/.packctl/quarantine/acme/icons@1.1.0"]


def test_a_release_that_is_no_longer_listed_is_an_error(registry: HostileRegistry, client: Client) -> None:
    index = PackIndex.parse(registry.target("index/acme/icons.json"), PackName("acme/icons"))
    kept = [row for row in index.releases if row.version != Version.parse("1.1.0")]
    registry.sign(
        {
            "index/acme/icons.json": PackIndex(
                v=1, pack=index.pack, publisher=index.publisher, releases=tuple(kept)
            ).encode()
        }
    )
    code, document = audit(client)
    assert (code, codes(document)[0]) == (6, ("error", "trust.release-unlisted", "acme/icons 1.1.0"))


def test_a_newer_fix_is_a_note_that_fails_nothing(registry: HostileRegistry, client: Client) -> None:
    registry.publication.publish("acme/icons", "1.1.3", MORE)
    registry.publication.publish("acme/icons", "1.2.0", MORE)
    code, document = audit(client, "--exit-code")
    assert (code, codes(document)) == (0, [("note", "catalog.fix-available", "acme/icons 1.1.0")])
    assert document["data"]["findings"][0]["what"] == "acme/icons 1.1.0 has a newer fix: 1.1.3"


def test_changed_keys_of_a_publisher_are_told_until_an_install_takes_note(
    registry: HostileRegistry, client: Client
) -> None:
    registry.publication.publisher("acme", keys=("release", "second"))
    code, document = audit(client, "--exit-code")
    assert (code, codes(document)) == (1, [("warning", "trust.publisher-keys-changed", "")])
    (warning,) = document["warnings"]
    assert warning["facts"]["new keys"].startswith("second (")
    assert client.run("install", "--reinstall", "acme/icons").code == 0
    assert audit(client, "--exit-code")[0] == 0


def test_changed_keys_are_told_by_an_install_once_and_on_a_new_machine_as_of_the_lock(
    registry: HostileRegistry, client: Client, tmp_path: Path
) -> None:
    def warned(machine: Client, *words: str) -> list[str]:
        return [one["what"] for one in json.loads(machine.run("--json", *words).out)["warnings"]]

    registry.publication.publisher("acme", keys=("release", "second"))
    runner = Client(tmp_path / "runner", client.address, client.root)
    runner.folder.mkdir(parents=True)
    for name in ("pack.toml", "pack.lock"):
        shutil.copy(client.folder / name, runner.folder / name)
    assert warned(runner, "ci") == ["acme has other keys than when pack.lock was made: root 1 -> root 2"]
    assert warned(client, "ci") == ["acme has other keys than at the last install: root 1 -> root 2"]
    assert warned(client, "ci") == warned(client, "install") == []


# Exceptions


def test_an_exception_keeps_a_yank_from_failing_until_its_day(registry: HostileRegistry, client: Client) -> None:
    registry.publication.yank("acme/icons@1.1.0")
    accepted = (
        '[[audit.ignore]]\nid = "policy.release-yanked"\npath = "acme/icons"\nreason = "waits for spring"\nuntil = {}\n'
    )
    wants(client, accepted.format("2999-01-01"))
    code, document = audit(client, "--exit-code")
    assert (code, document["data"]["findings"][0]["ignored"]) == (0, "waits for spring")
    assert document["warnings"] == []
    wants(client, accepted.format("2026-01-01"))
    code, document = audit(client)
    assert (code, document["error"]["code"], document["error"]["where"]) == (
        10,
        "policy.exception-expired",
        {"file": "pack.toml", "line": 7},
    )


# Forms


def test_the_reports_for_machines_hold_every_finding(registry: HostileRegistry, client: Client) -> None:
    registry.publication.recall("acme/icons@1.1.0")
    registry.publication.yank("acme/barn@1.0.0")
    registry.publication.publisher("acme", keys=("release", "second"))
    sarif = client.run("audit", "--format", "sarif")
    document = json.loads(sarif.out)
    assert (sarif.code, broken_in_sarif(document)) == (10, [])
    assert [one["ruleId"] for one in document["runs"][0]["results"]] == [
        "policy.release-yanked",
        "policy.release-recalled",
        "trust.publisher-keys-changed",
    ]
    junit = ElementTree.fromstring(client.run("audit", "--format", "junit").out)
    failed = [
        (one.get("classname"), one.get("name")) for one in junit.iter("testcase") if one.find("failure") is not None
    ]
    assert failed == [
        ("acme/barn 1.0.0", "YANKED"),
        ("acme/icons 1.1.0", "RECALLED"),
        ("pack.lock", "trust.publisher-keys-changed"),
    ]
    github = client.run("audit", "--format", "github", GITHUB_ACTIONS="true")
    assert [line.partition(" ")[0] for line in github.out.splitlines()] == ["::warning", "::error", "::warning"]
    assert "::error" not in github.err


# --fix


def test_fix_moves_recalled_files_whole_and_proposes_what_it_solved(registry: HostileRegistry, client: Client) -> None:
    registry.publication.publish("acme/icons", "1.1.2", MORE)
    registry.publication.recall("acme/icons@1.1.0")
    mine = client.folder / "packs/acme/icons/cow.md"
    mine.unlink()
    mine.write_bytes(b"mine")
    before = tree(client.folder / "packs/acme/icons")
    code, document = audit(client, "--fix")
    moved = client.folder / "packs/.packctl/quarantine/acme/icons@1.1.0"
    assert code == 10
    assert document["data"]["quarantined"] == ["packs/.packctl/quarantine/acme/icons@1.1.0"]
    assert document["data"]["proposals"] == [{"command": "packctl update acme/icons", "gives": ["acme/icons 1.1.2"]}]
    assert tree(moved) == before
    assert not (client.folder / "packs/acme/icons").exists()
    assert (client.folder / "packs/acme/barn/cow.md").exists()
    again = audit(client, "--fix")[1]["data"]
    assert (again["quarantined"], again["proposals"]) == ([], document["data"]["proposals"])
    assert client.run("install").code == 10
    assert client.run("update", "acme/icons").code == 0
    assert audit(client)[0] == 0
    assert tree(moved) == before


def test_fix_proposes_to_take_out_what_nothing_replaces(registry: HostileRegistry, client: Client) -> None:
    registry.publication.recall("acme/barn@1.0.0")
    assert audit(client, "--fix")[1]["data"]["proposals"] == [{"command": "packctl remove acme/barn", "gives": []}]


def test_fix_looks_beyond_the_ranges_where_nothing_in_them_fits(registry: HostileRegistry, client: Client) -> None:
    wants(client, icons="~1.1")
    assert client.run("install").code == 0
    registry.publication.publish("acme/icons", "2.0.0", MORE)
    registry.publication.recall("acme/icons@1.1.0")
    proposals = audit(client, "--fix")[1]["data"]["proposals"]
    assert proposals == [{"command": "packctl update acme/icons --major", "gives": ["acme/icons 2.0.0"]}]
    assert client.run("update", "acme/icons", "--major").code == 0
    assert audit(client)[0] == 0


def test_without_fix_nothing_changes(registry: HostileRegistry, client: Client) -> None:
    registry.publication.recall("acme/icons@1.1.0")
    before = client.kept()
    audit(client)
    changed = {path for path, data in client.kept().items() if before.get(path) != data}
    assert {path for path in changed if not path.startswith("data/")} == set()


def test_C01_a_quarantine_killed_at_any_change_has_the_pack_in_one_place(
    registry: HostileRegistry, client: Client, tmp_path: Path
) -> None:
    registry.publication.recall("acme/icons@1.1.0")
    assert audit(client)[0] == 10  # what is fetched is here now
    before, copies = tree(client.folder / "packs/acme/icons"), tmp_path / "copies"

    def copy(number: int) -> Client:
        made = Client(copies / str(number), registry.url, registry.root)
        shutil.copytree(client.folder, made.folder, symlinks=True)
        return made

    count = count_changes(lambda: _fixed(copy(0)))
    ended = set()
    for number in sorted({*range(max(1, count - 24), count + 1, 4), *range(max(1, count - 10), count + 1)}):
        machine = copy(number)
        assert run_in_child(lambda m=machine: _fixed(m), Fault(number)) == KILLED  # type: ignore[misc]
        machine.run("list")  # whatever opens the project mends it
        here, there = machine.folder / "packs/acme/icons", machine.folder / "packs/.packctl/quarantine/acme"
        moved = sorted(there.iterdir()) if there.exists() else []
        assert here.exists() + len(moved) == 1, number
        assert tree(here if here.exists() else moved[0]) == before
        ended.add(here.exists())
    assert ended == {True, False}


def _fixed(client: Client) -> None:
    assert client.run("audit", "--fix", "--offline").code == 10


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


# --full


def test_full_makes_every_index_again_from_the_log(registry: HostileRegistry, client: Client) -> None:
    registry.publication.yank("acme/icons@1.1.0")
    registry.publication.restore("acme/icons@1.1.0", restores="yank", signers=("release",))
    registry.publication.recall("acme/barn@1.0.0")
    code, document = audit(client, "--full")
    (replayed,) = document["data"]["replayed"]
    assert code == 10  # the recall
    assert replayed == {"registry": "default", "entries": replayed["entries"], "indexes": 4}
    assert replayed["entries"] > 10
    assert {one[1] for one in codes(document)} == {"policy.release-recalled"}


@pytest.mark.parametrize("lie", ["hides a release", "hides a recall", "lists no publisher", "lists a pack"])
def test_an_index_that_the_log_does_not_bear_out_is_found_by_full_alone(
    registry: HostileRegistry, client: Client, lie: str
) -> None:
    registry.publication.publish("acme/icons", "1.1.4", MORE)
    registry.publication.publisher("zed")
    if lie == "hides a release":
        index = PackIndex.parse(registry.target("index/acme/icons.json"), PackName("acme/icons"))
        changed = {
            "index/acme/icons.json": PackIndex(
                v=1, pack=index.pack, publisher=index.publisher, releases=index.releases[1:]
            ).encode()
        }
    elif lie == "hides a recall":
        registry.publication.append(
            RecallLeaf(**release(registry, "acme/icons@1.0.0"), action="stop", reason="malware")
        )  # type: ignore[arg-type]
        changed = {site.RECALLS_TARGET: Recalls(v=1, recalls=()).encode()}
    elif lie == "lists a pack":
        changed = {"index/acme/new.json": registry.target("index/acme/icons.json").replace(b"acme/icons", b"acme/new")}
    else:
        changed = {"index/zed.json": None}
    registry.sign(changed)
    assert audit(client)[0] == 0
    code, document = audit(client, "--full")
    assert (code, document["error"]["code"]) == (6, "trust.index-not-from-log")
    assert document["error"]["what"].startswith(next(iter(changed)))


def test_a_log_that_contradicts_itself_is_told(registry: HostileRegistry, client: Client) -> None:
    path = site.packproof(PackName("acme/icons"), Version.parse("1.0.0"))
    registry.lie(path, None)
    code, document = audit(client, "--full")
    assert (code, document["error"]["code"]) == (6, "log.document-missing")


def test_two_audits_at_once_move_a_recalled_pack_once_and_both_replay_the_log(
    registry: HostileRegistry, client: Client
) -> None:
    registry.publication.recall("acme/barn@1.0.0")
    shutil.rmtree(client.folder / "cache")
    command = [sys.executable, "-m", "packctl", "audit", "--full", "--fix", "--yes", "--json"]
    pipe = subprocess.PIPE
    both = [subprocess.Popen(command, env=client.environ, cwd=client.folder, stdout=pipe, stderr=pipe) for _ in "12"]
    told = [json.loads(one.communicate()[0]) for one in both]
    assert [one.returncode for one in both] == [10, 10]
    assert [one["error"]["code"] for one in told] == ["policy.release-recalled"] * 2
    assert [one["data"]["replayed"][0]["indexes"] for one in told] == [4, 4]
    moved = [path.name for path in (client.folder / "packs/.packctl/quarantine/acme").iterdir()]
    assert (moved, (client.folder / "packs/acme/barn").exists()) == (["barn@1.0.0"], False)


def test_full_needs_the_registry(client: Client) -> None:
    code, document = audit(client, "--full", "--offline")
    assert (code, document["error"]["code"]) == (8, "registry.unreachable")


def test_an_entry_that_is_not_the_one_in_the_tree_ends_the_replay(registry: HostileRegistry, client: Client) -> None:
    for path in registry.world.public.paths():
        if "/entries/" in path:
            registry.lie(path, registry.read(path).replace(b'"acme/icons"', b'"acme/iconz"'))
    code, document = audit(client, "--full")
    assert (code, document["error"]["code"]) == (6, "trust.log-tile")
    assert document["data"]["replayed"] == []


def test_a_log_of_several_tiles_is_replayed_in_batches(registry: HostileRegistry, client: Client) -> None:
    leaves = [DeprecateLeaf(**release(registry, "acme/barn@1.0.0"), reason="other") for _ in range(2 * BATCH)]  # type: ignore[arg-type]
    registry.publication.append(*leaves)
    code, document = audit(client, "--full")
    assert (code, document["data"]["replayed"][0]["indexes"]) == (0, 4)
