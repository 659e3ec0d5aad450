"""The protocol of `tuf_client`: init, refresh and download, exit status, names of roles, and how often it asks."""

import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from registry_server.index.metadata import at
from tests.support.liar import Liar, answer

CLIENT = Path(__file__).with_name("tuf_client")
ODD = ["?", "#", "/delegatedrole", "../delegatedrole", "a b%20c"]
"""Names of roles that must be escaped in addresses and in names of files."""
BODY = b"a target"


@dataclass
class Repository:
    """A small TUF repository, whose roles all have one key. `files` are what it serves."""

    files: dict[str, bytes]
    liar: Liar
    folder: Path

    @property
    def asked(self):
        return [one.target for one in self.liar.asked]

    def run(self, *arguments, **given):
        """Runs a command. Its exit status."""
        options = {
            "metadata-url": f"{self.liar.url}/metadata",
            "metadata-dir": str(self.folder / "metadata"),
            **{name.replace("_", "-"): value for name, value in given.items()},
        }
        words = [word for name, value in options.items() for word in (f"--{name}", value)]
        ended = subprocess.run(
            [sys.executable, str(CLIENT), *words, *arguments], capture_output=True, text=True, check=False
        )
        assert "Traceback" not in ended.stderr
        return ended.returncode

    def init(self):
        (self.folder / "metadata").mkdir()
        (self.folder / "root.json").write_bytes(self.files["/metadata/1.root.json"])
        return self.run("init", str(self.folder / "root.json"))

    def download(self, *names):
        (self.folder / "targets").mkdir(exist_ok=True)
        wanted = [word for name in names for word in ("--target-name", name)]
        return self.run(
            *wanted, "download", target_dir=str(self.folder / "targets"), target_base_url=f"{self.liar.url}/targets/"
        )


def build(signer, role="", expires_in=86_400, algorithm="sha256", listed_twice=False):
    """The files of a repository with one target, `file.txt`, delegated to `role` if one is named."""
    ends, key = at(int(time.time()) + expires_in), signer.public_key
    root = Root(expires=at(int(time.time()) + 86_400))
    for name in ("root", "timestamp", "snapshot", "targets"):
        root.add_key(key, name)
    if listed_twice:
        again = type(key)("f" * 64, key.keytype, key.scheme, key.keyval)
        root.add_key(again, "timestamp")
    files = {"file.txt": TargetFile.from_data("file.txt", BODY, [algorithm])}
    digest = files["file.txt"].hashes[algorithm]
    targets, snapshot, timestamp = Targets(expires=ends), Snapshot(expires=ends), Timestamp(expires=ends)
    found = {"1.root.json": sign(root, signer), f"/targets/{digest}.file.txt": BODY}
    if role:
        delegated = DelegatedRole(role, [key.keyid], 1, True, paths=["*.txt"])
        targets.delegations = Delegations({key.keyid: key}, {role: delegated})
        snapshot.meta[f"{role}.json"] = MetaFile(1)
        found[f"1.{role}.json"] = sign(Targets(expires=ends, targets=files), signer)
    else:
        targets.targets = files
    snapshot.meta["targets.json"] = MetaFile(1)
    found |= {
        "1.targets.json": sign(targets, signer),
        "1.snapshot.json": sign(snapshot, signer),
        "timestamp.json": sign(timestamp, signer),
    }
    return {name if name.startswith("/targets/") else f"/metadata/{name}": data for name, data in found.items()}


def sign(signed, signer):
    document = Metadata(signed)
    document.sign(signer)
    return document.to_bytes()


@pytest.fixture
def serve(tmp_path):
    """Serves a repository; paths are compared after their escapes are undone, as a web server does."""
    from urllib.parse import unquote

    opened = []

    def start(files):
        def reply(asked):
            body = files.get(unquote(asked.target))
            return [answer(404) if body is None else answer(200, body)]

        liar = Liar(reply)
        liar.__enter__()
        opened.append(liar)
        return Repository(files, liar, tmp_path)

    yield start
    for liar in opened:
        liar.__exit__(None, None, None)


@pytest.fixture(scope="module")
def signer():
    return CryptoSigner.generate_ecdsa()


def test_init_asks_nobody_and_keeps_the_root(serve, signer):
    repository = serve(build(signer))
    assert repository.init() == 0
    assert (repository.folder / "metadata/root.json").read_bytes() == repository.files["/metadata/1.root.json"]
    assert repository.asked == []


def test_refresh_keeps_what_was_served_byte_for_byte_and_asks_no_more_than_it_must(serve, signer):
    repository = serve(build(signer))
    repository.init()
    assert repository.run("refresh") == 0
    assert repository.asked == [f"/metadata/{name}.json" for name in ("2.root", "timestamp", "1.snapshot", "1.targets")]
    for name in ("timestamp", "snapshot", "targets"):
        served = repository.files[f"/metadata/{'' if name == 'timestamp' else '1.'}{name}.json"]
        assert (repository.folder / f"metadata/{name}.json").read_bytes() == served
    repository.liar.asked.clear()
    assert repository.run("refresh") == 0
    assert repository.asked == ["/metadata/2.root.json", "/metadata/timestamp.json"]
    assert all(one.method == "GET" for one in repository.liar.asked)


@pytest.mark.parametrize("kind", ["rsa", "ecdsa", "ed25519"])
@pytest.mark.parametrize("algorithm", ["sha256", "sha512"])
def test_keys_and_digests_that_others_use_work(serve, kind, algorithm):
    repository = serve(build(getattr(CryptoSigner, f"generate_{kind}")(), algorithm=algorithm))
    repository.init()
    assert repository.download("file.txt") == 0
    (found,) = (repository.folder / "targets").iterdir()
    assert found.read_bytes() == BODY


def test_a_target_that_is_there_is_not_fetched_again(serve, signer):
    repository = serve(build(signer))
    repository.init()
    assert repository.download("file.txt") == 0
    repository.liar.asked.clear()
    assert repository.download("file.txt") == 0
    assert not any(target.startswith("/targets/") for target in repository.asked)
    next((repository.folder / "targets").iterdir()).write_bytes(b"another")
    assert repository.download("file.txt") == 0
    assert sum(target.startswith("/targets/") for target in repository.asked) == 1


@pytest.mark.parametrize("role", ODD)
def test_odd_names_of_roles_are_escaped_and_stay_in_the_folder(serve, signer, role):
    repository = serve(build(signer, role=role))
    repository.init()
    before = sorted(path.name for path in repository.folder.iterdir())
    assert repository.download("file.txt") == 0
    assert sorted(path.name for path in repository.folder.iterdir()) == sorted([*before, "targets"])
    names = [path.name for path in (repository.folder / "metadata").glob("*.json")]
    assert len(names) == 5
    assert all(set(name) & set("?#/ ") == set() for name in names)


@pytest.mark.parametrize("arguments", [(), ("init",), ("polish",), ("refresh", "--what")])
def test_wrong_arguments_are_a_failure_like_any_other(serve, signer, arguments):
    assert serve(build(signer)).run(*arguments) == 1


def test_what_has_expired_is_a_failure_and_is_not_kept(serve, signer):
    repository = serve(build(signer, expires_in=-60))
    repository.init()
    assert repository.run("refresh") == 1
    assert not (repository.folder / "metadata/timestamp.json").exists()


def test_an_unknown_target_and_a_wrong_one_are_failures_and_the_first_failure_ends_it(serve, signer):
    repository = serve(build(signer))
    repository.init()
    assert repository.download("other.txt", "file.txt") == 1
    assert list((repository.folder / "targets").iterdir()) == []
    for path in [path for path in repository.files if path.startswith("/targets/")]:
        repository.files[path] = b"b target"
    assert repository.download("file.txt") == 1


def test_one_key_under_two_ids_is_a_failure(serve, signer):
    repository = serve(build(signer, listed_twice=True))
    repository.init()
    assert repository.run("refresh") == 1
