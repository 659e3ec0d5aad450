import pytest

from packctl.project.edit import (
    Wanted,
    add_dependencies,
    add_registry,
    remove_dependencies,
    set_install,
    unset_install,
    with_ignored,
)
from packctl.project.missing import NotADependency
from packspec.digests import Digest
from packspec.labels import Label
from packspec.links import RegistryAddress
from packspec.manifest import ManifestFaults
from packspec.names import PackName, PublisherName
from packspec.project import parse_project
from packspec.ranges import Range
from packspec.registries import Registry

FILE = """\
# What we use

[dependencies]      # the animals
"packs/base-shapes" = "^1.2"
"acme/farm-animals" = "^2"                  # ours
"acme/pro" = { version = "^1", optional = true }    # left out where it cannot be had

[groups]
lessons = { "edu/counting" = "^1" }

[install]
dir = "packs"   # the default
"""


def wanted(pack: str, range: str, group: str | None = None, **options: object) -> Wanted:
    return Wanted(PackName(pack), Range.parse(range), None if group is None else Label(group), **options)  # type: ignore[arg-type]


def test_a_new_dependency_goes_to_the_end_of_its_table_and_all_else_stays() -> None:
    changed = add_dependencies(FILE.encode(), [wanted("corp/brand", "^3")]).decode()
    comment = "# left out where it cannot be had\n"
    assert changed == FILE.replace(comment, comment + '"corp/brand" = "^3"\n')


def test_a_new_range_takes_the_place_of_the_old_one_with_comment_and_options() -> None:
    changed = add_dependencies(FILE.encode(), [wanted("acme/farm-animals", "^3"), wanted("acme/pro", "^2")]).decode()
    expected = FILE.replace('"^2"                  # ours', '"^3"                  # ours').replace(
        'version = "^1", opt', 'version = "^2", opt'
    )
    assert changed == expected


def test_options_are_written_where_they_say_something() -> None:
    changed = add_dependencies(
        b"",
        [
            wanted("a/a", "^1"),
            wanted("a/b", "^1", optional=True),
            wanted("a/c", "^1", kind="compatible"),
            wanted("a/d", "^1", kind="requires", optional=False),
        ],
    ).decode()
    assert changed == (
        '[dependencies]\n"a/a" = "^1"\n"a/b" = { version = "^1", optional = true }\n'
        '"a/c" = { version = "^1", kind = "compatible" }\n"a/d" = "^1"\n'
    )


def test_a_dependency_with_a_range_alone_can_become_optional() -> None:
    changed = add_dependencies(FILE.encode(), [wanted("packs/base-shapes", "^1.3", optional=True)]).decode()
    assert '"packs/base-shapes" = { version = "^1.3", optional = true }\n' in changed


def test_groups_are_tables_of_their_own() -> None:
    changed = add_dependencies(FILE.encode(), [wanted("edu/letters", "^2", "lessons")]).decode()
    assert changed == FILE.replace('"edu/counting" = "^1" }', '"edu/counting" = "^1", "edu/letters" = "^2" }')
    changed = add_dependencies(b"", [wanted("edu/letters", "^2", "lessons")]).decode()
    assert changed == '[groups]\nlessons = { "edu/letters" = "^2" }\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[dependencies]\n"a/b" = "^1"\n'),
        ("# only a comment\n", '# only a comment\n\n[dependencies]\n"a/b" = "^1"\n'),
        ("[host]\n", '[host]\n\n[dependencies]\n"a/b" = "^1"\n'),
        ("dependencies = {}\n[host]\n", 'dependencies = {"a/b" = "^1"}\n[host]\n'),
        ("dependencies.\"x/y\" = '^1'\n[host]\n", 'dependencies."x/y" = \'^1\'\ndependencies."a/b" = "^1"\n[host]\n'),
        ("[dependencies]\r\n'x/y' = '^1'\r\n", "[dependencies]\r\n'x/y' = '^1'\r\n\"a/b\" = \"^1\"\r\n"),
    ],
    ids=["empty", "comment", "other-table", "inline", "dotted", "windows"],
)
def test_every_way_to_write_the_table_is_kept(before: str, after: str) -> None:
    assert add_dependencies(before.encode(), [wanted("a/b", "^1")]).decode() == after


def test_a_dependency_is_taken_out_with_its_comment() -> None:
    changed = remove_dependencies(FILE.encode(), [PackName("acme/farm-animals")]).decode()
    assert changed == FILE.replace('"acme/farm-animals" = "^2"                  # ours\n', "")


def test_adding_and_removing_gives_the_file_that_was() -> None:
    added = add_dependencies(FILE.encode(), [wanted("corp/brand", "^3")])
    assert remove_dependencies(added, [PackName("corp/brand")]).decode() == FILE


@pytest.mark.parametrize("group", [None, "lessons", "absent"])
def test_what_is_not_there_cannot_be_taken_out(group: str | None) -> None:
    with pytest.raises(NotADependency) as caught:
        remove_dependencies(FILE.encode(), [PackName("no/body")], None if group is None else Label(group))
    assert (caught.value.code, caught.value.kind.exit_code) == ("project.not-a-dependency", 3)


def test_a_group_loses_one_of_its_packs() -> None:
    changed = remove_dependencies(b'[groups]\nx = { "a/b" = "1", "a/c" = "2" }   # x\n', [PackName("a/b")], Label("x"))
    assert [(wish.pack, wish.group) for wish in parse_project(changed).wishes()] == [("a/c", "x")]
    assert changed.endswith(b"}   # x\n")


def test_the_part_that_is_installed_is_written_into_install() -> None:
    changed = set_install(FILE.encode(), features=[Label("book")], essential=True).decode()
    assert changed == FILE + 'features = ["book"]\nessential = true\n'


def test_a_registry_is_recorded_with_all_that_is_known_of_it() -> None:
    registry = Registry(
        url=RegistryAddress("https://c.example"), root=Digest("9" * 64), publishers=(PublisherName("corp"),)
    )
    changed = add_registry(b"", Label("corp"), registry).decode()
    assert (
        changed
        == f'[registries]\ncorp = {{ url = "https://c.example", root = "sha256:{"9" * 64}", publishers = ["corp"] }}\n'
    )
    assert add_registry(b"", Label("default"), Registry(url=RegistryAddress("https://r.example"))) == (
        b'[registries]\ndefault = "https://r.example"\n'
    )


def test_a_file_with_faults_is_not_edited() -> None:
    with pytest.raises(ManifestFaults):
        add_dependencies(b"[dependencies]\nx = 1\n", [wanted("a/b", "^1")])


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("", "/packs/\n"),
        ("*.tmp", "*.tmp\n/packs/\n"),
        ("*.tmp\n", "*.tmp\n/packs/\n"),
        ("/packs/\n", "/packs/\n"),
        ("packs\n", "packs\n"),
        ("a\n  packs/  \n", "a\n  packs/  \n"),
        ("mypacks/\n", "mypacks/\n/packs/\n"),
    ],
)
def test_the_install_folder_is_ignored_by_git_once(text: str, after: str) -> None:
    assert with_ignored(text, "packs") == after


def test_the_part_is_taken_back_and_all_else_of_install_stays() -> None:
    file = b'[install]\ndir = "packs"   # here\nfeatures = ["book"]\nessential = true\n'
    assert unset_install(file) == b'[install]\ndir = "packs"   # here\n'
    assert unset_install(b"[dependencies]\n") == b"[dependencies]\n"
    assert unset_install(b'[dependencies]\n\n[install]\nfeatures = ["book"]\n') == b"[dependencies]\n\n"
