"""diff and fetch: what is told of releases, that all of it is verified first, and that no archive is fetched to compare two."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from packctl.releases.differences import differences
from packspec import site
from packspec.digests import Digest
from packspec.manifest import parse_manifest
from packspec.signing.documents import BlobRef
from packspec.tree import Tree, TreeEntry
from tests.support.hostile import Client, HostileRegistry, gullible, hostile_registry
from tests.support.packs import build

OLD, NEW = {"a.svg": b"<svg>a</svg>", "b.svg": b"<svg>b</svg>"}, {"c/b.svg": b"<svg>b</svg>", "d.svg": b"<svg>d</svg>"}


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[HostileRegistry]:
    with hostile_registry(tmp_path / "registry") as opened:
        opened.publication.publish("acme/farm", "1.0.0", OLD)
        opened.publication.publish("acme/farm", "2.0.0", NEW)
        yield opened


@pytest.fixture
def client(tmp_path: Path, registry: HostileRegistry) -> Client:
    return Client(tmp_path / "client", registry.url, registry.root)


def told(client: Client, *words: str) -> tuple[int, dict]:
    ran = client.run("--json", *words)
    return ran.code, json.loads(ran.out)


def code_of(client: Client, *words: str) -> tuple[int, str]:
    code, document = told(client, *words)
    return code, document["error"]["code"]


def archive_path(registry: HostileRegistry, release: str) -> str:
    return site.blob(registry.publication.releases[release].statement.archive.sha256)


# diff


def test_two_releases_are_compared_without_any_archive(registry: HostileRegistry, client: Client) -> None:
    for release in ("acme/farm@1.0.0", "acme/farm@2.0.0"):
        registry.lie(archive_path(registry, release), None)
    code, document = told(client, "diff", "acme/farm@1.0.0..2.0.0")
    found = document["data"]["differences"]
    assert code == 0
    assert found["added"] == [{"path": "d.svg", "bytes": 12}]
    assert found["removed"] == [{"path": "a.svg", "bytes": 12}]
    assert found["moved"] == [{"path": "b.svg", "to": "c/b.svg", "bytes": 12}]
    assert [one["path"] for one in found["changed"]] == ["pack.toml"]
    assert found["fetch_bytes"] < document["data"]["bytes"]


def test_what_was_compared_once_is_compared_again_without_network(registry: HostileRegistry, client: Client) -> None:
    first = told(client, "diff", "acme/farm@1.0.0..2.0.0")
    registry.forget_asked()
    code, document = told(client, "--offline", "diff", "acme/farm@1.0.0..2.0.0")
    assert (code, document["data"]) == (0, first[1]["data"])
    assert registry.asked == []


def test_the_newest_release_is_the_second_where_none_is_named(client: Client) -> None:
    assert told(client, "diff", "acme/farm@1.0.0..")[1]["data"]["after"] == "2.0.0"
    assert code_of(client, "diff", "acme/farm") == (2, "cli.bad-value")
    assert code_of(client, "diff", "acme/farm@1.0.0") == (2, "cli.bad-value")
    assert code_of(client, "diff", "acme/farm@1.0.0..7.0.0") == (3, "catalog.no-such-release")


@pytest.mark.parametrize("which", ["tree", "manifest"])
def test_a_list_of_files_or_a_pack_toml_that_nobody_signed_is_refused(
    registry: HostileRegistry, client: Client, which: str
) -> None:
    said = registry.publication.releases["acme/farm@2.0.0"].statement
    digest = said.tree.sha256 if which == "tree" else said.manifest
    other = registry.publication.releases["acme/farm@1.0.0"]
    registry.lie(site.blob(digest), other.tree.encode())
    assert code_of(client, "diff", "acme/farm@1.0.0..2.0.0") == (6, "trust.archive-changed")


@pytest.mark.parametrize(("command", "release"), [("diff", "acme/farm@1.0.0..3.0.0"), ("fetch", "acme/farm@3.0.0")])
def test_a_release_that_its_publisher_did_not_sign_is_neither_compared_nor_fetched(
    registry: HostileRegistry, client: Client, command: str, release: str
) -> None:
    with gullible():
        registry.publication.publish("acme/farm", "3.0.0", NEW, signers=("stranger",))
    assert code_of(client, command, release) == (6, "trust.not-authentic")
    assert list(client.folder.glob("*.pack*")) == []


def test_a_recalled_release_can_be_compared_with_a_warning_and_is_not_fetched(
    registry: HostileRegistry, client: Client
) -> None:
    registry.publication.recall("acme/farm@2.0.0")
    code, document = told(client, "diff", "acme/farm@1.0.0..2.0.0")
    assert code == 0
    assert [one["code"] for one in document["warnings"]] == ["policy.release-recalled"]
    assert code_of(client, "fetch", "acme/farm@2.0.0") == (10, "policy.release-recalled")
    assert told(client, "fetch", "acme/farm")[1]["data"]["version"] == "1.0.0"


MANIFEST = """[pack]
name = "acme/farm"
version = "{version}"
summary = "{summary}"
license = "MIT"
category = "scenes"
{more}
[dependencies]
{needs}
[[assets]]
path = "*.svg"
title = "{title}"
"""


def made(version: str, summary: str, more: str, needs: str, title: str):
    return parse_manifest(
        MANIFEST.format(version=version, summary=summary, more=more, needs=needs, title=title).encode(), strict=True
    )


def tree_of(**files: bytes) -> Tree:
    entries = enumerate(files.items())
    return Tree(
        tuple(TreeEntry(f"{name}.svg", Digest.of(data), len(data), len(data), 64 * at) for at, (name, data) in entries)
    )


def test_words_needs_and_what_is_said_of_files_are_told_key_by_key() -> None:
    before = made(
        "1.0.0", "Cows", 'tags = ["a"]\nages = { min = 3, max = 6 }', '"acme/a" = "^1"\n"acme/b" = "^1"', "Cow"
    )
    more = 'tags = ["a", "b"]\nlinks = { homepage = "https://acme.example" }'
    after = made("1.1.0", "Hens", more, '"acme/b" = { version = "^2", optional = true }\n"acme/c" = "*"', "Hen")
    found = differences(tree_of(x=b"1", y=b"2"), tree_of(x=b"1", y=b"3"), before, after)
    assert {(one.key, one.before, one.after) for one in found.words} == {
        ("summary", "Cows", "Hens"),
        ("tags", "a", "a, b"),
        ("ages.min", "3", ""),
        ("ages.max", "6", ""),
        ("links.homepage", "", "https://acme.example"),
    }
    assert [(one.pack, one.before, one.after) for one in found.needs] == [
        ("acme/a", "^1", ""),
        ("acme/b", "^1", "^2 (optional)"),
        ("acme/c", "", "*"),
    ]
    assert found.described == ["x.svg"]
    assert (found.unchanged, found.fetch_bytes) == (1, 1)


def test_empty_files_and_copies_do_not_count_as_moved() -> None:
    same = made("1.0.0", "Cows", "", "", "Cow")
    found = differences(tree_of(a=b"", b=b"x"), tree_of(c=b"", b=b"x", d=b"x"), same, same)
    assert found.moved == []
    assert [one.path for one in found.added] == ["c.svg", "d.svg"]
    assert [one.path for one in found.removed] == ["a.svg"]
    assert found.fetch_bytes == 0


# fetch


def test_what_fetch_keeps_passes_verify_on_that_machine_and_on_another(
    registry: HostileRegistry, client: Client, tmp_path: Path
) -> None:
    assert client.run("fetch", "acme/farm", "-o", "farm.pack").code == 0
    given = registry.publication.releases["acme/farm@2.0.0"]
    assert (client.folder / "farm.pack").read_bytes() == given.archive
    assert client.run("verify", "./farm.pack", "--proof", "farm.packproof").code == 0
    other = Client(tmp_path / "other", registry.url, registry.root)
    assert other.run("fetch", "acme/icons").code == 0  # it has met the registry
    words = ("verify", str(client.folder / "farm.pack"), "--proof", str(client.folder / "farm.packproof"))
    assert other.run("--offline", *words).code == 0


def test_a_folder_takes_the_pair_under_its_usual_names_and_older_ones_are_replaced(client: Client) -> None:
    (client.folder / "dist").mkdir(parents=True)
    (client.folder / "dist/farm-1.0.0.pack").write_bytes(b"older")
    assert client.run("fetch", "acme/farm@1.0.0", "-o", "dist").code == 0
    found = {path.name: path.stat().st_size for path in (client.folder / "dist").iterdir()}
    assert sorted(found) == ["farm-1.0.0.pack", "farm-1.0.0.packproof"]
    assert found["farm-1.0.0.pack"] > 100
    assert code_of(client, "fetch", "acme/farm", "-o", "nowhere/farm.pack") == (3, "cli.no-folder")
    os.mkfifo(client.folder / "pipe")
    assert code_of(client, "fetch", "acme/farm", "-o", "pipe") == (1, "install.no-plain-file")
    assert (client.folder / "pipe").is_fifo()


def test_an_archive_whose_files_are_not_those_of_the_signed_tree_leaves_nothing(
    registry: HostileRegistry, client: Client
) -> None:
    """The publisher itself signed a tree and an archive that do not belong together; only a registry that does not look takes that."""
    archive, _ = build(
        {"pack.toml": MANIFEST.format(version="3.0.0", summary="x", more="", needs="", title="y").encode()}
    )
    registry.world.blobs.put([archive], len(archive), Digest.of(archive))
    with gullible():
        registry.publication.publish(
            "acme/farm", "3.0.0", NEW, archive=BlobRef(sha256=Digest.of(archive), size=len(archive))
        )
    code, error = code_of(client, "fetch", "acme/farm@3.0.0")
    assert (code, error.partition(".")[0]) == (6, "archive")
    assert list(client.folder.glob("*.pack*")) == []


def test_an_archive_with_other_bytes_leaves_what_was_there(registry: HostileRegistry, client: Client) -> None:
    client.folder.mkdir(parents=True)
    (client.folder / "farm.pack").write_bytes(b"mine")
    registry.lie(
        archive_path(registry, "acme/farm@2.0.0"),
        b"x" * registry.publication.releases["acme/farm@2.0.0"].statement.archive.size,
    )
    assert code_of(client, "fetch", "acme/farm", "-o", "farm.pack") == (6, "trust.archive-changed")
    assert {path.name: path.read_bytes() for path in client.folder.glob("farm*")} == {"farm.pack": b"mine"}
