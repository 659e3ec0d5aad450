"""Aligned columns."""

from packctl.ui.table import Column, columns_of, table_lines

NAME = Column("NAME", whole=True)
TEXT = Column("TEXT")
COUNT = Column("COUNT", right=True)


def test_columns_are_aligned_and_numbers_stand_to_the_right() -> None:
    assert table_lines([NAME, COUNT], [("acme/a", "1,204"), ("birdsong/sounds", "18")], None) == [
        "NAME             COUNT",
        "acme/a           1,204",
        "birdsong/sounds     18",
    ]


def test_prose_wraps_at_the_width_and_names_are_never_cut() -> None:
    name = "birdsong/a-very-long-name-of-a-pack"
    assert table_lines([NAME, TEXT], [(name, "Twelve short loops for farms")], 58) == [
        "NAME                                 TEXT",
        "birdsong/a-very-long-name-of-a-pack  Twelve short loops",
        "                                     for farms",
    ]
    assert name in table_lines([NAME, TEXT], [(name, "x")], 10)[1]


def test_without_a_width_nothing_is_wrapped() -> None:
    assert table_lines([TEXT], [("word " * 60,)], None)[1] == ("word " * 60).rstrip()


def test_a_table_without_rows_has_no_headings() -> None:
    assert table_lines([NAME, TEXT], [], 80) == []


def test_C19_cells_are_escaped_before_they_are_measured() -> None:
    assert table_lines([Column(), Column()], [("\x1b[1m", "b"), ("abc", "d")], 80) == ["\\x1b[1m  b", "abc      d"]


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    assert columns_of("動物") == 4
    assert columns_of("e\u0301") == 1
    assert table_lines([Column(), Column()], [("動物", "x"), ("abcd", "y")], 80) == ["動物  x", "abcd  y"]
