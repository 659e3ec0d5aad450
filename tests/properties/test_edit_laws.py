"""Laws of editing a person's pack.toml: what a command does not speak of stays as it was, byte for byte, whatever the file looks like."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from packctl.config_file import parse_config, with_key, without_key
from packctl.project.edit import Wanted, add_dependencies, add_registry, remove_dependencies, set_install
from packspec.labels import Label
from packspec.links import RegistryAddress
from packspec.names import PackName
from packspec.project import parse_project
from packspec.ranges import Range
from packspec.registries import Registry

PACKS = [f"{publisher}/{name}" for publisher in ("acme", "zed", "b4") for name in ("icons", "a-b", "x9")]
RANGES = ["^1", "~1.2", ">=1 <3", "1.x", "*", "^1 || ^2"]
NEW = PackName("new/pack")
BLANK = st.sampled_from(["", " ", "  ", "\t"])
COMMENT = st.sampled_from(["", "# why", "#", '   # "acme/icons" = "^9"', "# [dependencies]", "# é → ✓ 'x'"])


RANGE = st.sampled_from(RANGES)
QUOTED = st.sampled_from(['"{}"', "'{}'"])
VALUE = st.sampled_from(
    ["{}", "{{ version = {} }}", "{{version={}, optional = true}}", "{{ optional = false , version = {} }}"]
)
FILLER = st.lists(st.one_of(st.just(""), COMMENT), max_size=3)
SOME_PACKS = st.lists(st.sampled_from(PACKS), unique=True, max_size=5)
END = st.sampled_from(["", "\n", "\n\n"])


@st.composite
def dependency(draw, pack):
    """One line with its comment, in one of the ways that people write it."""
    key, wanted = draw(QUOTED).format(pack), draw(QUOTED).format(draw(RANGE))
    sep = f"{draw(BLANK)}={draw(BLANK)}"
    value = draw(VALUE).format(wanted)
    comment = draw(COMMENT)
    return f"{draw(BLANK)}{key}{sep}{value}{draw(BLANK)}{comment}".rstrip() if comment.strip() else f"{key}{sep}{value}"


@st.composite
def document(draw):
    """A pack.toml with its tables in any order, and the packs of its dependencies."""
    packs = draw(SOME_PACKS)
    lines = [draw(dependency(pack)) for pack in packs]
    rows = [row for line in lines for row in (*draw(FILLER), line)]
    tables = {
        "dependencies": [f"[{draw(BLANK)}dependencies ]", *rows],
        "policy": ["[policy]  # ours", 'licenses = [\n  "MIT",   # fine\n  "CC0-1.0"\n]', 'min-age   =  "3d"'],
        "groups": ["[groups]", 'lessons = { "acme/icons" = "^1" ,"zed/x9"="*" }', "'more' = {}"],
        "registries": ["[registries]", "default   = 'https://registry.example'", "", "# end"],
        "host": ["[host.apps]", 'storybook = "2.1.0"', "", "[host]", 'python = "3.11"'],
        "pack": ["[pack]", 'name = "acme/me"', "title = '''", "[dependencies]", '"no/one" = "^1"', "'''"],
    }
    chosen = draw(st.lists(st.sampled_from(sorted(tables)), unique=True, max_size=5))
    order = draw(st.permutations([*dict.fromkeys(["dependencies", *chosen])]))
    parts = [line for name in order for line in (*draw(FILLER), *tables[name])]
    text = "\n".join([*draw(FILLER), *parts, *draw(FILLER)]) + draw(END)
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text.encode(), packs


def without(longer: list[bytes], shorter: list[bytes]) -> list[bytes]:
    """What `longer` has between a common beginning and a common end with `shorter`; fails if `shorter` is no such rest."""
    start = 0
    while start < len(shorter) and longer[start] == shorter[start]:
        start += 1
    count = len(longer) - len(shorter)
    assert longer[:start] + longer[start + count :] == shorter
    return longer[start : start + count]


def lines(data: bytes) -> list[bytes]:
    return data.replace(b"\r\n", b"\n").rstrip(b"\n").split(b"\n")


@settings(max_examples=120, deadline=None)
@given(document())
def test_adding_a_dependency_adds_one_line_and_changes_no_other(made):
    data, _ = made
    after = add_dependencies(data, [Wanted(NEW, Range.parse("^1.2.0"))])
    added = without(lines(after), lines(data))
    assert [line for line in added if line.strip()] == [b'"new/pack" = "^1.2.0"']
    assert parse_project(after).dependencies[NEW].version.text == "^1.2.0"
    assert (b"\r\n" in data) == (b"\r\n" in after) or b"\n" not in data


@settings(max_examples=120, deadline=None)
@given(document(), st.data())
def test_another_range_changes_one_value_and_nothing_beside_it(made, data):
    text, packs = made
    if not packs:
        return
    pack = PackName(data.draw(st.sampled_from(packs)))
    after = add_dependencies(text, [Wanted(pack, Range.parse("7.7.7"))])
    before_lines, after_lines = lines(text), lines(after)
    changed = [number for number, pair in enumerate(zip(before_lines, after_lines, strict=True)) if pair[0] != pair[1]]
    assert len(changed) == 1
    old, new = before_lines[changed[0]].decode(), after_lines[changed[0]].decode()
    was = parse_project(text).dependencies[pack].version.text
    assert new in {old.replace(mark + was + mark, '"7.7.7"', 1) for mark in "\"'"}


@settings(max_examples=120, deadline=None)
@given(document(), st.data())
def test_removing_a_dependency_takes_its_line_and_no_other(made, data):
    text, packs = made
    if not packs:
        return
    pack = PackName(data.draw(st.sampled_from(packs)))
    after = remove_dependencies(text, [pack])
    gone = [line for line in without(lines(text), lines(after)) if line.strip()]
    assert len(gone) == 1 and pack.encode() in gone[0]


@settings(max_examples=60, deadline=None)
@given(document())
def test_adding_and_removing_again_gives_the_file_back(made):
    data, _ = made
    there_and_back = remove_dependencies(add_dependencies(data, [Wanted(NEW, Range.parse("*"))]), [NEW])
    assert lines(there_and_back) == lines(data)


@settings(max_examples=60, deadline=None)
@given(document())
def test_other_tables_are_added_to_without_a_change_of_what_is_there(made):
    data, _ = made
    for after in (
        set_install(data, features=[Label("story")], essential=True),
        add_registry(data, Label("corp"), Registry(url=RegistryAddress("https://packs.corp.example"))),
        add_dependencies(data, [Wanted(NEW, Range.parse("^1"), Label("fresh"))]),
    ):
        assert [line for line in without(lines(after), lines(data)) if line.strip()]


@settings(max_examples=60, deadline=None)
@given(document(), st.sampled_from(["network.timeout", "ui.color"]))
def test_a_setting_is_written_and_taken_out_again_without_a_trace(made, key):
    data, _ = made
    file = parse_config(Path("config.toml"), data)
    after = with_key(file, key, "5")
    without(lines(after), lines(data))
    assert lines(without_key(parse_config(Path("config.toml"), after), key)) == lines(data)
