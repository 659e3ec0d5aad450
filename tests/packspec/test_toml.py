import pytest

from packspec.toml import Faults, Lines, Unreadable, path_text, read_text

TEXT = '''\
# a comment with = and [brackets]
title = "a # b"   # c
long = """
[not-a-table]
x = 1
"""
raw = \'\'\'
[[neither]]\'\'\'

[pack]
"quoted.key" = 1
a.b . 'c' = 2
list = [   # [
  1, "]",
  { x = 1, y = [2, 3] },  # }
  [4,
   5],
]

[[assets]]
path = "one"
[[assets]]
path = "two"
[assets.deep]
x = 1
[[assets.inner]]
y = 1
[[assets.inner]]
y = 2
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("long",), 3),
        (("raw",), 7),
        (("pack",), 10),
        (("pack", "quoted.key"), 11),
        (("pack", "a"), 12),
        (("pack", "a", "b", "c"), 12),
        (("pack", "list"), 13),
        (("pack", "list", 0), 14),
        (("pack", "list", 1), 14),
        (("pack", "list", 2), 15),
        (("pack", "list", 2, "y", 1), 15),
        (("pack", "list", 3, 0), 16),
        (("pack", "list", 3, 1), 17),
        (("assets",), 20),
        (("assets", 0), 20),
        (("assets", 1), 22),
        (("assets", 1, "path"), 23),
        (("assets", 1, "deep", "x"), 25),
        (("assets", 1, "inner", 0, "y"), 27),
        (("assets", 1, "inner", 1), 28),
        (("assets", 1, "inner", 1, "y"), 29),
    ],
    ids=lambda value: path_text(value) if isinstance(value, tuple) else None,
)
def test_every_key_and_element_has_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert read_text(TEXT.encode()).lines.of(path) == line


def test_what_is_absent_has_the_line_of_the_nearest_table_around_it() -> None:
    lines = read_text(TEXT.encode()).lines
    assert lines.of(("assets", 1, "title")) == 22
    assert lines.of(("pack", "name", "x")) == 10
    assert lines.of(("nothing",)) == 0


@pytest.mark.parametrize(
    "text",
    ["", "\n", "#", "a=1", "a = 1 # x", "a.b.c = []", '"" = 1', "'' = 1",
     '"\\u00e4\\"x" = 1', "a = '''''x'''''", 'a = """"x"""""', "[ a . 'b' ]", "[[a]]\n[[a]]"],
)  # fmt: skip
def test_lines_of_odd_but_legal_texts_can_be_found(text: str) -> None:
    assert read_text(text.encode()).lines.of(("absent",)) == 0


def test_a_key_with_escapes_is_found_by_its_meaning() -> None:
    assert read_text(b'x = 1\n"\\u00e4\\"\\\\" = 2\n').lines.of(('ä"\\',)) == 2


def test_crlf_counts_as_one_line() -> None:
    assert read_text(b"a = 1\r\n\r\nb = [\r\n1,\r\n2]\r\n").lines.of(("b", 1)) == 5


def test_paths_are_told_as_a_person_writes_them() -> None:
    assert path_text(("dependencies", "acme/a", "assets", "a b.svg")) == 'dependencies."acme/a".assets."a b.svg"'
    assert path_text(("assets", 3, "type")) == "assets[3].type"
    assert path_text(("", 0)) == '""[0]'


def test_the_first_fault_at_a_path_stays() -> None:
    faults = Faults()
    faults.add(("a", 0), "first")
    faults.add(("a", 0), "second")
    assert [fault.text for fault in faults.listed(Lines())] == ["first"]
    assert (faults.at(("a",)), faults.at(("a", 0, "b")), faults.at(("a", 1)), faults.at(("b",))) == (
        True,
        True,
        False,
        False,
    )


def test_a_message_of_the_parser_becomes_reason_and_line() -> None:
    with pytest.raises(Unreadable) as caught:
        read_text(b"a = 1\nb = = 2\n")
    assert (caught.value.reason, caught.value.line) == ("Invalid value at column 5", 2)
