"""A lock says the same in whatever order it was made, and is the same after it was written and read."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from packspec.digests import Digest
from packspec.labels import Label
from packspec.lockfile import (
    IndexToken,
    Lock,
    LockedPack,
    LockedRegistry,
    LogLine,
    LogSignature,
    Need,
    inputs_digest,
    parse_lock,
)
from packspec.names import PackName, ReleaseName
from packspec.project import parse_project
from packspec.terms import Terms
from packspec.versions import Version

digests = st.integers(0, 2**256 - 1).map(lambda number: Digest(f"{number:064x}"))
numbers = st.integers(1, 2**53 - 1)
versions = st.sampled_from(["1.0.0", "2.10.3", "0.0.1-beta.1", "1.0.0-rc.10"]).map(Version.parse)
names = st.sampled_from(["a/a", "a/a-b", "a/b", "a0/a", "b/a", "z9/z-9"]).map(PackName)
aliases = st.sampled_from(["default", "corp", "a_b"]).map(Label)
features = st.none() | st.lists(st.sampled_from(["book", "story", "ai"]).map(Label), unique=True).map(tuple)


@st.composite
def locks(draw: st.DrawFn) -> Lock:
    registries = [
        LockedRegistry(
            name=alias,
            root_version=draw(numbers),
            root=draw(digests),
            log=LogLine("registry.example/log 48377 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="),
            log_signature=LogSignature("7Qm1AQABAgM="),
        )
        for alias in draw(st.lists(aliases, min_size=1, unique=True))
    ]
    chosen = {name: draw(versions) for name in draw(st.lists(names, unique=True))}
    releases = [Need(ReleaseName.of(name, version)) for name, version in chosen.items()]
    packs = [
        LockedPack(
            name=name,
            version=version,
            registry=draw(st.sampled_from([registry.name for registry in registries])),
            archive=draw(digests),
            size=draw(numbers),
            tree=draw(digests),
            statement=draw(digests),
            publisher_root_version=draw(numbers),
            publisher_root=draw(digests),
            publisher_anchor=draw(digests),
            log_index=draw(st.integers(0, 2**53 - 1)),
            index=draw(st.none() | st.just(IndexToken("~" + "0f" * 16))),
            license=Terms(draw(st.sampled_from(["MIT", "LicenseRef-a OR CC0-1.0"]))),
            paid=draw(st.booleans()),
            needs=tuple(draw(st.lists(st.sampled_from(releases), unique=True))),
            features=draw(features),
            essential=draw(st.booleans()),
            grant=draw(st.none() | digests),
        )
        for name, version in chosen.items()
    ]
    return Lock(inputs=draw(digests), registries=tuple(registries), packs=tuple(packs))


@settings(max_examples=100, deadline=None)
@given(locks())
def test_reading_what_was_written_gives_the_same_bytes(lock: Lock) -> None:
    written = lock.encode()
    read = parse_lock(written)
    assert read.encode() == written
    assert {pack.name: pack.archive for pack in read.packs} == {pack.name: pack.archive for pack in lock.packs}
    assert b"\r" not in written and written.endswith(b"\n") and not written.endswith(b"\n\n")


@settings(max_examples=100, deadline=None)
@given(locks(), st.randoms(use_true_random=False))
def test_M21_shuffled_entries_give_the_same_bytes(lock: Lock, chance: random.Random) -> None:
    packs = [shuffled_pack(pack, chance) for pack in chance.sample(lock.packs, len(lock.packs))]
    registries = chance.sample(lock.registries, len(lock.registries))
    assert Lock(inputs=lock.inputs, registries=tuple(registries), packs=tuple(packs)).encode() == lock.encode()


def shuffled_pack(pack: LockedPack, chance: random.Random) -> LockedPack:
    plain = {field: getattr(pack, field) for field in pack.__struct_fields__}
    plain["needs"] = tuple(chance.sample(pack.needs, len(pack.needs)))
    plain["features"] = None if pack.features is None else tuple(chance.sample(pack.features, len(pack.features)))
    return LockedPack(**plain)


TABLES = [
    '[dependencies]\n{"a/b" = "^1"|"a/c" = { optional = true, version = "*" }|"c/d" = "1.2.3"}',
    '[groups]\n{lessons = { "e/f" = "1" }|art = { "g/h" = "2" }}',
    "[host]\n{python = '3.11'|features = ['a', 'b']|apps = { x = '1', y = '2' }}",
    '[policy]\n{deny = ["a/*", "b/*"]|min-age = "7d"|witnesses = 1}',
    '[registries]\n{default = "https://r.example"|corp = { url = "https://c.example", publishers = ["p", "q"] }}',
]


@settings(max_examples=60, deadline=None)
@given(st.randoms(use_true_random=False))
def test_M21_the_order_of_a_project_does_not_change_its_digest(chance: random.Random) -> None:
    shuffled = []
    for table in chance.sample(TABLES, len(TABLES)):
        head, _brace, body = table.partition("{")
        lines = body[:-1].split("|")
        shuffled.append(head + "\n".join(chance.sample(lines, len(lines))) + "\n")
    digest = inputs_digest(parse_project("\n".join(shuffled).encode()))
    assert digest == "4e7511cd6fb101daf4e96c1de25a64ae72ffbaa495ea2db19b052b4eba8dae83"
