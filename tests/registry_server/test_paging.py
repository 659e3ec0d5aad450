"""Cursors of listings."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_server.db.paging import BadCursor, read_cursor, write_cursor


def test_the_first_page_has_no_key() -> None:
    assert read_cursor("", tuple[int, str]) is None


def test_a_cursor_gives_its_key_back() -> None:
    assert read_cursor(write_cursor((7, "acme/icons")), tuple[int, str]) == (7, "acme/icons")


@pytest.mark.parametrize(
    "cursor",
    [
        pytest.param("%%%", id="not base64"),
        pytest.param("WzddIA", id="blank after the list"),
        pytest.param("Wzdd=", id="padded"),
        pytest.param(write_cursor(("7",)), id="text for a number"),
        pytest.param(write_cursor((True,)), id="boolean for a number"),
        pytest.param(write_cursor((2**53,)), id="number too large"),
        pytest.param(write_cursor((7, 8)), id="one part too many"),
        pytest.param("W" * 401, id="endless"),
        pytest.param("WzdÄ", id="not ASCII"),
        pytest.param(write_cursor([[[[7]]]]), id="nested"),
    ],
)
def test_R33_a_forged_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        read_cursor(cursor, tuple[int])


@given(st.text(max_size=60))
def test_R33_no_text_makes_a_cursor_fail_otherwise(text: str) -> None:
    with contextlib.suppress(BadCursor):
        read_cursor(text, tuple[int, str])
