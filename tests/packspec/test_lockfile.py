from typing import Any

import pytest

from packspec.digests import Digest
from packspec.errors import PackError
from packspec.labels import Label
from packspec.lockfile import (
    Lock,
    LockBroken,
    LockedPack,
    LockedRegistry,
    LockMissing,
    LockStale,
    LogLine,
    LogSignature,
    Need,
    check_current,
    conflict_sides,
    inputs_digest,
    parse_lock,
)
from packspec.names import PackName
from packspec.project import Project, parse_project
from packspec.terms import Terms
from packspec.versions import Version
from tests.support.vectors import cases

GOOD = {case["name"]: case["lock"].encode() for case in cases("lockfile", "good")}


def made(*packs: LockedPack) -> Lock:
    registry = LockedRegistry(
        name=Label("default"),
        root_version=4,
        root=Digest("5" * 64),
        log=LogLine("registry.example/log 48377 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
        log_signature=LogSignature(
            "7Qm1AQABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4fICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
        ),
    )
    return Lock(inputs=Digest("0" * 64), registries=(registry,), packs=packs)


def pack(name: str, version: str, *needs: str, terms: str = "MIT", paid: bool = False) -> LockedPack:
    return LockedPack(
        name=PackName(name),
        version=Version.parse(version),
        registry=Label("default"),
        archive=Digest("4" * 64),
        size=14_200_311,
        tree=Digest("9" * 64),
        statement=Digest("c" * 64),
        publisher_root_version=3,
        publisher_root=Digest("8" * 64),
        publisher_anchor=Digest("1" * 64),
        log_index=48_211,
        license=Terms(terms),
        paid=paid,
        needs=tuple(Need.parse(need) for need in needs),
    )


@pytest.mark.parametrize("name", GOOD)
def test_a_lock_is_written_again_with_the_same_bytes(name: str) -> None:
    assert parse_lock(GOOD[name]).encode() == GOOD[name]


def test_M21_entries_and_needs_are_written_in_one_order() -> None:
    lock = made(
        pack("birdsong/sounds-animals", "3.0.1", "birdsong/audio-core 0.9.4", paid=True),
        pack(
            "acme/farm-animals",
            "2.1.0",
            "birdsong/sounds-animals 3.0.1",
            "birdsong/audio-core 0.9.4",
            terms="CC-BY-4.0 OR MIT",
        ),
        pack("birdsong/audio-core", "0.9.4"),
    )
    assert lock.encode() == GOOD["four-entries"]


@pytest.mark.parametrize("case", cases("lockfile", "other-forms"), ids=lambda case: case["name"])
def test_a_lock_in_another_form_says_the_same(case: dict[str, Any]) -> None:
    assert parse_lock(case["lock"].encode()).encode() == GOOD["four-entries"]


@pytest.mark.parametrize("case", cases("lockfile", "bad"), ids=lambda case: case["name"])
def test_M20_a_lock_that_is_not_whole_is_refused_with_its_line(case: dict[str, Any]) -> None:
    with pytest.raises(PackError) as caught:
        parse_lock(case["lock"].encode())
    where = caught.value.where()
    assert where is not None
    assert (caught.value.code, where.file, where.line) == (case["code"], "pack.lock", case["line"])
    assert case["says"] in caught.value.what()


def test_a_broken_lock_is_exit_9_and_one_that_is_too_new_exit_2() -> None:
    kinds = {case["code"]: case for case in cases("lockfile", "bad")}
    exits = {}
    for code, case in kinds.items():
        with pytest.raises(PackError) as caught:
            parse_lock(case["lock"].encode())
        exits[code] = caught.value.kind.exit_code
    assert exits == {"project.lock-broken": 9, "project.lock-too-new": 2}


def test_the_short_form_that_tomli_w_has_for_small_tables_never_occurs() -> None:
    """It puts a list of short tables on one line; the shortest entry that can exist is longer than its limit."""
    shortest = LockedRegistry(
        name=Label("a"),
        root_version=1,
        root=Digest("0" * 64),
        log=LogLine("a 0 " + "A" * 43 + "="),
        log_signature=LogSignature("AAAAAAA="),
    )
    lock = Lock(inputs=Digest("0" * 64), registries=(shortest,), packs=())
    assert lock.encode().decode() == (
        "# pack.lock: made by packctl, do not edit, do commit\n"
        "lock = 1\n"
        f'inputs = "sha256:{"0" * 64}"\n'
        "\n"
        "[[registry]]\n"
        'name = "a"\n'
        "root-version = 1\n"
        f'root = "sha256:{"0" * 64}"\n'
        f'log = "a 0 {"A" * 43}="\n'
        'log-signature = "AAAAAAA="\n'
    )


def test_every_key_of_a_pack_has_its_line() -> None:
    lock = parse_lock(GOOD["four-entries"])
    assert lock.line_of(PackName("acme/farm-animals"), "archive") == 16
    assert lock.line_of(PackName("birdsong/sounds-animals"), "needs") == 61
    assert lock.line_of(PackName("nobody/nothing"), "archive") == 0
    assert made(pack("a/b", "1.0.0")).line_of(PackName("a/b"), "archive") == 0


def test_what_a_lock_holds_is_found_by_name() -> None:
    lock = parse_lock(GOOD["four-entries"])
    found = lock.find(PackName("birdsong/audio-core"))
    registry = lock.registry("default")
    assert found is not None and registry is not None
    assert (found.release, lock.find(PackName("a/b")), lock.registry("corp")) == (
        "birdsong/audio-core@0.9.4",
        None,
        None,
    )
    assert (registry.log.origin, registry.log.size, registry.log.root) == (
        "registry.example/log",
        48_377,
        bytes(range(32)),
    )


def test_both_sides_of_a_merge_conflict_can_be_read() -> None:
    text = GOOD["four-entries"]
    spring = text.replace(b"48377", b"50112")
    marked = b""
    for ours, theirs in zip(text.splitlines(True), spring.splitlines(True), strict=True):
        marked += ours if ours == theirs else b"<<<<<<< HEAD\n" + ours + b"=======\n" + theirs + b">>>>>>> spring\n"
    with pytest.raises(LockBroken):
        parse_lock(marked)
    assert conflict_sides(marked) == (text, spring)


def test_the_common_ancestor_that_diff3_shows_is_left_out() -> None:
    marked = b"a\n<<<<<<< ours\nb\n||||||| base\nc\n=======\nd\n>>>>>>> theirs\ne\n"
    assert conflict_sides(marked) == (b"a\nb\ne\n", b"a\nd\ne\n")


@pytest.mark.parametrize(
    "text",
    [b"a\n", b"<<<<<<< a\nb\n", b"=======\n", b"<<<<<<< a\n>>>>>>> b\n", b"<<<<<<< a\n<<<<<<< b\n=======\n>>>>>>> c\n"],
)
def test_marks_out_of_order_have_no_sides(text: bytes) -> None:
    assert conflict_sides(text) is None


PROJECT = """\
[dependencies]
"acme/farm" = "^2"
"acme/pro" = { version = "^1", optional = true }
[groups]
lessons = { "edu/counting" = "^1" }
[overrides]
"birdsong/audio-core" = "0.9.4"
[registries]
default = "https://registry.example"
corp = { url = "https://packs.corp.example", publishers = ["corp"] }
[host]
python = "3.11"
[policy]
max-index-age = "1d"
licenses = ["MIT", "CC0-1.0"]
[install]
dir = "packs"
features = ["story", "book"]
"""
DIGEST = "31e63d6e4700b1ac1f04dafaf2170bd6287200d9bb645590ac5cb7b80d6f47fb"


def project(text: str = PROJECT) -> Project:
    return parse_project(text.encode())


@pytest.mark.parametrize("case", cases("lockfile", "inputs"), ids=lambda case: case["name"])
def test_the_digest_of_inputs_is_that_of_their_canonical_json(case: dict[str, Any]) -> None:
    assert Digest.of(case["document"].encode()) == case["digest"]
    assert inputs_digest(project(case["toml"])) == case["digest"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"acme/farm" = "^2"\n', '"acme/farm" = { version = "^2" }   # ours\n'),
        (
            '"acme/farm" = "^2"\n"acme/pro" = { version = "^1", optional = true }\n',
            '"acme/pro" = { version = "^1", optional = true }\n"acme/farm" = "^2"\n',
        ),
        ("https://registry.example", "https://elsewhere.example"),
        ('publishers = ["corp"] }', 'publishers = ["corp"], mirrors = ["https://m.example"] }'),
        ('"1d"', '"24h"'),
        ('["MIT", "CC0-1.0"]', '["CC0-1.0", "MIT"]'),
        ('["story", "book"]', '["book", "story"]'),
        ('dir = "packs"\n', 'dir = "other"\n'),
        ("[host]\n", "[audit]\nignore = []\n[host]\n"),
        ("[dependencies]\n", '[pack]\nname = "a/b"\n[dependencies]\n'),
    ],
    ids=["long-form", "order", "address", "mirror", "unit", "set", "features", "folder", "audit", "pack"],
)
def test_what_changes_no_choice_makes_no_lock_stale(before: str, after: str) -> None:
    assert before in PROJECT
    assert inputs_digest(project(PROJECT.replace(before, after))) == DIGEST


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"^2"', '"^2.0"'),
        ("optional = true", "optional = false"),
        ('"edu/counting" = "^1"', '"edu/counting" = "^2"'),
        ("lessons =", "games ="),
        ('"0.9.4"', '"0.9.5"'),
        ('["corp"]', '["corp", "brand"]'),
        ("corp = {", "work = {"),
        ('python = "3.11"', 'python = "3.12"'),
        ("[host]\n", "[host]\nfeatures = []\n"),
        ('"1d"', '"2d"'),
        ('"MIT", ', ""),
        ('"story", ', ""),
        ('dir = "packs"\n', 'dir = "packs"\nessential = true\n'),
    ],
)
def test_what_changes_a_choice_makes_a_lock_stale(before: str, after: str) -> None:
    assert before in PROJECT
    changed = project(PROJECT.replace(before, after))
    lock = Lock(inputs=Digest(DIGEST))
    check_current(lock, project())
    with pytest.raises(LockStale) as caught:
        check_current(lock, changed)
    assert (caught.value.code, caught.value.kind.exit_code) == ("project.lock-stale", 9)


def test_members_of_a_workspace_count() -> None:
    one = project('[dependencies]\n"a/b" = "1"\n')
    two = project('[dependencies]\n"a/b" = "2"\n')
    digests = {
        inputs_digest(project()),
        *(inputs_digest(project(), {"games/x": member}) for member in (one, two)),
        inputs_digest(project(), {"games/y": one}),
    }
    assert len(digests) == 4


def test_a_missing_lock_is_exit_9() -> None:
    assert (LockMissing().code, LockMissing().kind.exit_code, LockMissing().fix()) == (
        "project.lock-missing",
        9,
        ["packctl lock", "or choose and install in one: packctl install"],
    )
