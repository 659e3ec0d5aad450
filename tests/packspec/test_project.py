import datetime
from typing import Any

import pytest

from packspec.digests import Digest
from packspec.hosts import Host, HostVersion
from packspec.labels import Label
from packspec.links import RegistryAddress
from packspec.manifest import ManifestFaults
from packspec.names import PublisherName
from packspec.policy import NO_POLICY, LoosensTrust, Safety
from packspec.project import Project, parse_project, read_user_tables
from packspec.registries import Registry, combine_registries
from packspec.toml import read_text
from tests.support.vectors import cases

ROOT = "9d41" * 16
OTHER_ROOT = "0a52" * 16

WHOLE = f"""\
[dependencies]
"packs/base-shapes" = "^1.2"
"acme/farm-animals" = "^2"
"acme/farm-animals-pro" = {{ version = "^1", optional = true }}    # left out where it cannot be had

[groups]
lessons = {{ "edu/counting" = "^1", "acme/farm-animals" = ">=2.1" }}

[registries]
default = "https://registry.example"
corp = {{ url = "https://packs.corp.example/", root = "sha256:{ROOT}", publishers = ["corp"], mirrors = ["https://mirror.corp.example"] }}

[host]
apps = {{ storybook = "2.1.0" }}
python = "3.11"
features = ["sticker_book", "ai_story"]
packages = {{ Pillow = "11.0" }}

[policy]
require = ["license"]
max-index-age = "7d"
licenses = ["CC0-1.0", "CC-BY-4.0", "MIT", "LicenseRef-acme"]
min-age = "3d"
min-safety = "attested"

[install]
dir = "content/packs"
features = ["sticker_book"]

[overrides]
"birdsong/audio-core" = "0.9.4"

[workspace]
members = ["games/*"]

[[audit.ignore]]
id = "catalog.release-deprecated"
path = "acme/farm-animals > packs/base-shapes"
reason = "replaced with the spring edition"
until = 2027-03-31
"""


def project(text: str) -> Project:
    return parse_project(text.encode())


def test_the_whole_project_is_read() -> None:
    read = project(WHOLE)
    assert read.registries == {
        "default": Registry(url=RegistryAddress("https://registry.example")),
        "corp": Registry(
            url=RegistryAddress("https://packs.corp.example"),
            root=Digest(ROOT),
            publishers=(PublisherName("corp"),),
            mirrors=(RegistryAddress("https://mirror.corp.example"),),
        ),
    }
    assert read.policy.min_safety is Safety.ATTESTED
    assert (read.install.dir, read.install.features, read.install.essential) == (
        "content/packs",
        ("sticker_book",),
        False,
    )
    assert {str(pack): str(range) for pack, range in read.overrides.items()} == {"birdsong/audio-core": "0.9.4"}
    assert read.workspace.members == ("games/*",)
    assert read.audit.ignore[0].until == datetime.date(2027, 3, 31)


def test_an_empty_file_is_a_project_that_wants_nothing() -> None:
    read = project("")
    assert (read.wishes(), read.policy, read.install.dir) == ((), NO_POLICY, "packs")
    assert read.surroundings() == Host()


def test_wishes_are_told_by_pack_and_group_with_their_lines() -> None:
    told = [(wish.pack, str(wish.dependency.version), wish.group, wish.line) for wish in project(WHOLE).wishes()]
    assert told == [
        ("acme/farm-animals", "^2", "", 3),
        ("acme/farm-animals", ">=2.1", "lessons", 7),
        ("acme/farm-animals-pro", "^1", "", 4),
        ("edu/counting", "^1", "lessons", 7),
        ("packs/base-shapes", "^1.2", "", 2),
    ]
    assert [wish.pack for wish in project(WHOLE).wishes(groups=())] == [
        "acme/farm-animals",
        "acme/farm-animals-pro",
        "packs/base-shapes",
    ]


def test_what_packs_are_compared_with_has_normal_names_of_packages() -> None:
    assert project(WHOLE).surroundings() == Host(
        apps={"storybook": HostVersion("2.1.0")},
        python=HostVersion("3.11"),
        features=frozenset({"sticker_book", "ai_story"}),
        packages={"pillow": HostVersion("11.0")},
    )


def test_M18_a_publisher_comes_from_the_registry_that_lists_it_and_from_no_other() -> None:
    assert project(WHOLE).registry_of(PublisherName("corp")) == "corp"
    assert project(WHOLE).registry_of(PublisherName("acme")) == "default"


@pytest.mark.parametrize("case", cases("project", "bad"), ids=lambda case: case["name"])
def test_M03_M06_M07_every_fault_of_a_project_is_told_with_its_path_and_line(case: dict[str, Any]) -> None:
    with pytest.raises(ManifestFaults) as caught:
        project(case["toml"])
    told = caught.value.faults
    assert [(fault.path, fault.line) for fault in told] == [(fault["path"], fault["line"]) for fault in case["faults"]]
    for fault, expected in zip(told, case["faults"], strict=True):
        assert expected["says"] in fault.text
    assert "s3cret" not in str(caught.value.facts())


@pytest.mark.parametrize("case", cases("project", "leads-out"), ids=lambda case: case["name"])
def test_a_project_cannot_be_installed_outside_of_its_folder(case: dict[str, Any]) -> None:
    with pytest.raises(LoosensTrust) as caught:
        project(case["toml"])
    assert (caught.value.key, caught.value.line) == ("install.dir", case["line"])


def test_tables_of_a_pack_may_stand_beside_and_are_not_read() -> None:
    assert project('[pack]\nname = 1\n[[assets]]\ncolour = "red"\n[dependencies]\n"a/b" = "1"\n').wishes()[0].line == 6


def test_a_configuration_has_three_tables_in_common_with_a_project() -> None:
    text = b'[registry]\ndefault = "corp"\n[registries]\ncorp = "https://c.example"\n[policy]\nmin-age = "1d"\n'
    tables = read_user_tables(read_text(text), "config.toml")
    assert (tables.policy.min_age, tables.registries[Label("corp")].url) == ("1d", "https://c.example")


def test_faults_of_a_configuration_name_its_file() -> None:
    with pytest.raises(ManifestFaults) as caught:
        read_user_tables(read_text(b"[ui]\ncolor = 1\n[policy]\nminage = 1\n"), "config.toml")
    assert caught.value.what() == "config.toml: policy.minage is not a key of this table; did you mean min-age?"


def registries(**given: Registry) -> dict[Label, Registry]:
    return {Label(alias): registry for alias, registry in given.items()}


HERE = RegistryAddress("https://c.example")
THERE = RegistryAddress("https://elsewhere.example")


def test_a_project_may_pin_a_registry_that_its_user_has_not_pinned() -> None:
    found = combine_registries(
        registries(corp=Registry(url=HERE)), registries(corp=Registry(url=HERE, root=Digest(ROOT)))
    )
    assert found["corp"].root == ROOT  # type: ignore[index]


def test_a_project_may_not_change_a_root_that_its_user_has_pinned() -> None:
    with pytest.raises(LoosensTrust) as caught:
        combine_registries(
            registries(corp=Registry(url=HERE, root=Digest(ROOT))),
            registries(corp=Registry(url=HERE, root=Digest(OTHER_ROOT))),
            lambda alias: 4,
        )
    assert (caught.value.key, caught.value.line) == ("registries.corp.root", 4)


def test_a_users_root_stays_pinned_when_a_project_names_another_address() -> None:
    users = registries(corp=Registry(url=HERE, root=Digest(ROOT), mirrors=(HERE,)))
    found = combine_registries(users, registries(corp=Registry(url=THERE)))
    assert found[Label("corp")] == Registry(url=THERE, root=Digest(ROOT), mirrors=(HERE,))


def test_a_project_may_not_take_a_publisher_from_another_registry_than_its_user() -> None:
    users = registries(corp=Registry(url=HERE, publishers=(PublisherName("corp"),)))
    with pytest.raises(LoosensTrust) as caught:
        combine_registries(users, registries(evil=Registry(url=THERE, publishers=(PublisherName("corp"),))))
    assert caught.value.facts() == {"yours": "corp from corp", "project": "corp from evil (pack.toml)"}
