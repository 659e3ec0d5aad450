"""The reference pages say what the code does."""

import pytest

from packctl.commands.help import EXIT_CODES
from packspec.errors import EXIT_PRECEDENCE, Kind
from tests.support.reference import PAGE_OF, PAGES
from tests.support.reliability import MEANINGS, named
from tests.support.transcript import RECORD


@pytest.mark.parametrize("name", PAGE_OF)
def test_a_reference_page_is_what_the_code_says(name: str) -> None:
    path = PAGES / f"{name}.md"
    text = PAGE_OF[name]()
    if RECORD:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text, f"{path.name} is out of date; run with RECORD=1"


def test_an_id_in_the_name_of_a_test_has_a_meaning() -> None:
    assert sorted(set(named()) - set(MEANINGS)) == []


def test_the_table_of_exit_codes_is_that_of_the_kinds() -> None:
    told = {code: set(row.kinds) for row in EXIT_CODES if (code := row.exit) and row.kinds}
    assert told == {code: {kind.value for kind in Kind if kind.exit_code == code} for code in EXIT_PRECEDENCE}
