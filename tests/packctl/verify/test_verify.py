"""verify of a project: what it says, what it needs, and that nothing that was changed goes unseen."""

import json
import os
import subprocess
import sys
import threading
import time

import pytest

from packctl.project.state import InstallState
from packspec.lockfile import parse_lock
from tests.support.hostile import Client, forked, hostile_registry
from tests.support.installed import install

WHOLE = """\
                    AUTHENTIC           APPROVED  LOGGED            FILES
  acme/icons 1.0.0  yes (acme, root 1)  yes 1/1   yes (no witness)  4 of 4

1 release and its 4 files are what its publisher signed.
"""


def document(client, *arguments, **environ):
    """Exit code and JSON document of a verify."""
    ran = client.run("verify", "--json", *arguments, **environ)
    return ran.code, json.loads(ran.out)


def codes(found):
    return sorted({one["code"] for one in found["data"]["findings"]})


def answers(found, number=0):
    release = found["data"]["releases"][number]
    return {name: release[name]["answer"] for name in ("authentic", "approved", "logged", "current", "files")}


def test_a_project_as_it_was_installed_is_what_was_signed_and_nobody_was_asked(registry, client):
    ran = client.run("verify")
    assert ran.code == 0
    assert ran.out.startswith(WHOLE)
    assert ran.out.rstrip().endswith("No network was used.")
    assert registry.asked == []


def test_a_machine_that_knows_only_the_root_needs_nothing_but_the_project(registry, elsewhere):
    code, found = document(elsewhere)
    assert code == 0
    assert answers(found) == dict.fromkeys(("authentic", "approved", "logged", "current", "files"), "yes")
    assert registry.asked == []


def test_a_cache_that_is_empty_changes_nothing(client, tmp_path):
    client.data = tmp_path / "moved"
    (tmp_path / "moved").mkdir()
    (client.folder / "data").rename(tmp_path / "moved/data")
    assert document(client)[0] == 0


PROGRAM = """
import sys
def hook(event, given):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.__new__"):
        raise AssertionError(event)
sys.addaudithook(hook)
from packctl.__main__ import main
sys.argv = ["packctl", *sys.argv[1:]]
try:
    code = main()
finally:
    heavy = [name for name in sys.modules if name.split(".")[0] in ("httpx", "urllib3") or name.startswith("tuf.ngclient")]
    assert not heavy, heavy
sys.exit(code)
"""


@pytest.mark.parametrize(
    "arguments", [("verify",), ("verify", "--offline", "--strict"), ("--offline", "trust", "list")]
)
def test_C30_no_socket_is_opened_and_no_client_of_TUF_loaded(client, arguments):
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": "src", "PYTHONUTF8": "1", **client.environ},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr


# Nothing that was changed goes unseen


def test_C13_a_changed_file_is_named_with_both_digests(client):
    file = client.folder / "packs/acme/icons/assets/cow.svg"
    file.write_bytes(file.read_bytes() + b" ")
    code, found = document(client)
    assert (code, codes(found)) == (6, ["trust.file-changed"])
    assert found["error"]["facts"]["file"] == "packs/acme/icons/assets/cow.svg"
    assert answers(found)["files"] == "no"
    assert answers(found)["authentic"] == "yes"


def test_a_missing_and_a_foreign_file_are_told(client):
    (client.folder / "packs/acme/icons/README.md").rename(client.folder / "packs/acme/icons/assets/readme.md")
    code, found = document(client)
    assert (code, codes(found)) == (6, ["trust.file-missing", "trust.file-unknown"])


def test_a_pack_that_is_gone_is_not_installed(client):
    (client.folder / "packs/acme/icons").rename(client.folder / "packs/acme/gone")
    code, found = document(client)
    assert (code, codes(found)) == (6, ["trust.not-installed"])


def test_every_byte_of_the_first_file_counts_and_so_do_first_and_last_of_all_files(client):
    folder = client.folder / "packs/acme/icons"
    small = folder / "README.md"
    places = [(small, at) for at in range(small.stat().st_size)]
    places += [(path, at) for path in folder.rglob("*.*") if path.is_file() for at in (0, path.stat().st_size - 1)]
    for path, at in places:
        data = path.read_bytes()
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        assert client.run("-qq", "verify").code == 6, (path, at)
        path.write_bytes(data)
    assert client.run("-qq", "verify").code == 0


def test_what_is_hashed_while_proofs_are_loaded_is_told_as_if_it_had_been_hashed_after(client, monkeypatch):
    monkeypatch.setattr("packctl.verify.ahead.WORTH_BYTES", 1)
    monkeypatch.setattr("packctl.project.files.LARGE_BYTES", 1)
    before = sys.getswitchinterval()
    assert client.run("verify").out.startswith(WHOLE)
    folder = client.folder / "packs/acme/icons"
    (folder / "assets/cow.svg").write_bytes(b"<svg/>")
    (folder / "README.md").rename(folder / "assets/readme.md")
    code, found = document(client)
    assert (code, codes(found)) == (6, ["trust.file-changed", "trust.file-missing", "trust.file-unknown"])
    folder.rename(folder.with_name("gone"))
    assert codes(document(client)[1]) == ["trust.not-installed"]
    assert sys.getswitchinterval() == before
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("hash")]


def test_every_piece_of_evidence_counts_where_there_is_no_other(elsewhere):
    evidence = elsewhere.folder / "packs/.packctl/evidence"
    # The note repeats what the lock says, and adds witnesses, of which this registry has none. Recalls are remembered by the machine too.
    elsewhere_too = {"registries/default/checkpoint", "registries/default/targets/index/_/recalls.json"}
    named = InstallState.load(elsewhere.folder / "packs").evidence
    for name in sorted(named.keys() - elsewhere_too):
        path = evidence / named[name]
        data = path.read_bytes()
        at = len(data) // 2
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        code, found = document(elsewhere)
        if name.startswith(("registries/default/tuf/bin", "registries/default/tuf/index")):
            # the roles that say what was recalled: without them CURRENT is not known, and that is not required
            assert answers(found)["current"] == "unchecked"
            assert document(elsewhere, "--require", "current")[0] == 6
        else:
            assert code == 6, name
        path.write_bytes(data)
    assert elsewhere.run("-qq", "verify").code == 0


def test_evidence_that_is_damaged_is_taken_from_this_machine_if_it_has_it(client):
    state = InstallState.load(client.folder / "packs")
    for name in ("packs/acme/icons/packproof", "registries/default/tuf/targets.json", "registries/default/log"):
        (client.folder / "packs/.packctl/evidence" / state.evidence[name]).write_bytes(b"x")
    assert document(client)[0] == 0


def test_M20_every_byte_of_the_lock_counts(elsewhere):
    path = elsewhere.folder / "pack.lock"
    data = path.read_bytes()
    unseen = []
    for at in range(data.index(b"\n") + 1, len(data), 5):
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        code = elsewhere.run("-qq", "verify").code
        if code == 0:
            unseen.append(data[:at].count(b"\n") + 1)
        assert code in (0, 2, 6, 9), at
    path.write_bytes(data)
    # line 3 is the digest of pack.toml: another one is told, and changes nothing of what was signed
    assert set(unseen) <= {3}
    assert elsewhere.run("-qq", "verify").code == 0


def test_a_receipt_of_another_release_is_told(client, registry):
    registry.publication.publish("acme/icons", "1.1.0")
    lock = (client.folder / "pack.lock").read_bytes()
    install(client, registry, ["acme/icons@1.1.0"])
    (client.folder / "pack.lock").write_bytes(lock)
    code, found = document(client)
    assert code == 6
    assert "trust.not-installed" in codes(found)


# Root and keys


def test_without_a_root_nothing_can_be_said_but_what_the_files_are(client):
    stranger = Client(client.folder, client.address, data=client.folder.parent / "stranger")
    code, found = document(stranger)
    assert (code, found["error"]["code"]) == (6, "trust.root-unknown")
    assert answers(found) == {
        "authentic": "unchecked",
        "approved": "unchecked",
        "logged": "unchecked",
        "current": "unchecked",
        "files": "yes",
    }


def test_with_another_root_nothing_is_believed(client):
    other = Client(client.folder, client.address, data=client.folder.parent / "other")
    code, found = document(other, PACKCTL_TRUST_ROOT="sha256:" + "0" * 64)
    assert (code, found["error"]["code"]) == (6, "trust.root-mismatch")
    assert answers(found)["authentic"] == "unchecked"


# CURRENT


def test_an_index_that_has_ended_is_a_warning_and_with_require_current_an_error(client):
    later = ("--at", "2100-01-01")
    code, found = document(client, *later)
    assert (code, [one["code"] for one in found["warnings"]]) == (0, ["trust.index-expired"])
    assert document(client, *later, "--require", "current")[0] == 6
    assert document(client, *later, "--strict")[0] == 6


def test_an_index_that_is_older_than_asked_for_is_refused(client):
    tomorrow = int(time.time()) + 86_400
    client.clock = lambda: tomorrow
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(tomorrow))
    assert document(client, "--at", moment, "--max-age", "2d")[0] == 0
    code, found = document(client, "--at", moment, "--max-age", "12h")
    assert (code, codes(found)) == (6, ["trust.index-too-old"])
    assert answers(found)["current"] == "no"


def test_the_projects_policy_says_how_old_the_index_may_be(client):
    (client.folder / "pack.toml").open("a").write('\n[policy]\nmax-index-age = "12h"\n')
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86_400))
    code, found = document(client, "--at", moment)
    assert (code, codes(found)) == (6, ["project.lock-stale", "trust.index-too-old"])


@pytest.mark.parametrize(("action", "code"), [("stop", 10), ("warn", 0)])
def test_a_recall_that_any_command_has_learned_of_counts(client, registry, action, code):
    registry.publication.recall("acme/icons@1.0.0", action=action)
    assert document(client)[0] == 0
    with client.registry() as trusted:
        trusted.refresh()
    ended, found = document(client)
    assert ended == code
    told = [found["error"]] if found["error"] else found["warnings"]
    assert [one["code"] for one in told] == ["policy.release-recalled"]
    assert document(client, "--strict")[0] == 10


def test_a_yanked_release_is_a_warning_and_strictly_an_error(client, registry):
    registry.publication.yank("acme/icons@1.0.0")
    code, found = document(client, "--online")
    assert (code, [one["code"] for one in found["warnings"]]) == (0, ["policy.release-yanked"])
    assert document(client, "--online", "--strict")[0] == 10


# LOGGED


def test_S23_a_lock_that_contradicts_what_was_seen_is_a_second_history(client, registry, tmp_path):
    with forked(registry, tmp_path / "fork") as other:
        registry.publication.publish("acme/icons", "1.1.0")
        other.publication.publish("acme/icons", "1.1.0", {"README.md": b"other"})
        with client.registry() as trusted:
            trusted.refresh()
        victim = Client(tmp_path / "victim", other.url, other.root)
        install(victim, other, ["acme/icons@1.1.0"])
        lock = (victim.folder / "pack.lock").read_bytes()
    (client.folder / "pack.lock").write_bytes(lock)
    code, found = document(client)
    assert code == 6
    assert "trust.log-forked" in codes(found)


def test_a_lock_from_before_what_was_seen_is_of_one_history(client, registry):
    for number in range(3):
        registry.publication.publish("acme/icons", f"1.{number + 1}.0")
        with client.registry() as trusted:
            trusted.refresh()
    code, found = document(client)
    assert code == 0
    assert answers(found)["logged"] == "yes"


def test_a_first_install_from_an_older_lock_keeps_proofs_for_that_locks_checkpoint(client, registry, tmp_path):
    locked = parse_lock((client.folder / "pack.lock").read_bytes()).registries[0]
    for number in range(3):
        registry.publication.publish("acme/icons", f"1.{number + 1}.0")
    fresh = Client(tmp_path / "fresh", registry.url, registry.root)
    install(fresh, registry, locked=locked)
    bare = Client(fresh.folder, registry.url, registry.root, data=tmp_path / "bare")
    code, found = document(bare)
    assert code == 0
    assert answers(found)["logged"] == "yes"


# --online


def test_online_asks_twice_where_nothing_changed_and_mends_what_is_missing(client, registry):
    for path in (client.folder / "packs/.packctl/evidence").iterdir():
        if b"packtree/v1" not in path.read_bytes()[:20]:
            path.unlink()
    code, found = document(client, "--online")
    assert code == 0
    assert found["data"]["network"]
    assert registry.asked == ["GET /tuf/2.root.json", "GET /tuf/timestamp.json"]


def test_online_without_a_registry_is_told_and_the_rest_goes_on(client, registry):
    registry.liar.__exit__(None, None, None)
    code, found = document(client, "--online")
    assert (code, found["error"]["code"]) == (8, "registry.unreachable")
    assert answers(found)["authentic"] == "yes"
    registry.liar.__enter__()


# Forms and questions


def test_a_failure_does_not_stop_the_others(tmp_path, registry):
    registry.publication.publish("acme/sounds", "1.0.0", {"moo.ogg": b"moo"})
    client = Client(tmp_path / "two", registry.url, registry.root)
    install(client, registry, ["acme/icons@1.0.0", "acme/sounds@1.0.0"])
    (client.folder / "packs/acme/icons/README.md").write_bytes(b"#")
    code, found = document(client)
    assert code == 6
    assert [one["failed"] for one in found["data"]["releases"]] == [True, False]
    assert client.run("verify").out.splitlines()[-2] == "1 of 2 releases failed"
    assert document(client, "acme/sounds")[0] == 0


def test_names_must_be_in_the_lock(client):
    code, found = document(client, "acme/other")
    assert (code, found["error"]["code"]) == (3, "project.not-in-lock")


@pytest.mark.parametrize(
    "arguments", [("--require", "taste"), ("--max-age", "soon"), ("--at", "noon"), ("--format", "pdf")]
)
def test_words_that_mean_nothing_are_refused(client, arguments):
    assert client.run("verify", *arguments).code == 2


def test_a_registry_without_a_clock_is_no_registry_of_ours(tmp_path):
    with hostile_registry(tmp_path / "ahead", now=int(time.time()) + 300) as registry:
        client = Client(tmp_path / "client", registry.url, registry.root)
        install(client, registry)
        code, found = document(client, "--at", "2020-01-01")
        assert (code, codes(found)) == (6, ["trust.clock"])


def test_in_GitHub_Actions_the_table_goes_to_the_page_of_the_run_and_faults_name_their_file(client, tmp_path):
    (client.folder / "packs/acme/icons/README.md").write_bytes(b"#")
    summary = tmp_path / "summary.md"
    ran = client.run("verify", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert ran.code == 6
    assert "::error file=packs/acme/icons/README.md,title=trust.file-changed::" in ran.err
    assert summary.read_text().startswith("### packctl verify\n```\n")
    assert "acme/icons 1.0.0  yes (acme, root 1)" in summary.read_text()


def test_a_release_whose_approvals_vouch_for_less_than_the_policy_asks_fails(client):
    toml = client.folder / "pack.toml"
    for level, code in (("none", 0), ("attested", 10)):
        before = toml.read_text()
        toml.write_text(before + f'\n[policy]\nmin-safety = "{level}"\n')
        ran, found = document(client)
        toml.write_text(before)
        assert (ran, "policy.safety-too-low" in codes(found)) == (code, code == 10)
        assert answers(found)["approved"] == "yes"
