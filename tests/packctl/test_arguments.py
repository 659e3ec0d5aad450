"""Global options are found wherever they stand before --, and nothing else is touched."""

import pytest

from packctl.arguments import GLOBALS, Globals, sort_arguments
from packctl.usage import BadValue, MissingValue


@pytest.mark.parametrize(
    ("line", "expected", "rest"),
    [
        ("add acme/a --json", Globals(json=True), ("add", "acme/a")),
        ("--json add acme/a", Globals(json=True), ("add", "acme/a")),
        ("add -C shop acme/a", Globals(project="shop"), ("add", "acme/a")),
        ("add -Cshop acme/a", Globals(project="shop"), ("add", "acme/a")),
        ("add --project=shop acme/a", Globals(project="shop"), ("add", "acme/a")),
        ("-qq install", Globals(quiet=2), ("install",)),
        ("-q install -q", Globals(quiet=2), ("install",)),
        ("install -qyv", Globals(quiet=1, yes=True, verbose=1), ("install",)),
        ("install --no-color", Globals(color="never"), ("install",)),
        ("install --color always --no-color", Globals(color="never"), ("install",)),
        ("search --sort age -h", Globals(help=True), ("search", "--sort", "age")),
        ("build -o FILE", Globals(), ("build", "-o", "FILE")),
        ("build -qo FILE", Globals(), ("build", "-qo", "FILE")),
        ("yank --note=-q", Globals(), ("yank", "--note=-q")),
        ("add -", Globals(), ("add", "-")),
        ("--registry https://r.example search farm", Globals(registry="https://r.example"), ("search", "farm")),
    ],
)
def test_global_options_are_sorted_out(line: str, expected: Globals, rest: tuple[str, ...]) -> None:
    given = sort_arguments(line.split())
    assert (given.globals, given.rest, given.fault) == (expected, rest, None)


def test_C36_nothing_after_two_hyphens_is_an_option() -> None:
    given = sort_arguments(["add", "--", "--force", "-q", "--json"])
    assert given.globals == Globals()
    assert given.rest == ("add", "--", "--force", "-q", "--json")


def test_an_option_without_its_value_is_a_fault_and_the_others_still_count() -> None:
    given = sort_arguments(["search", "--json", "--registry"])
    assert isinstance(given.fault, MissingValue)
    assert given.fault.option == "--registry"
    assert given.globals.json


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("--color=sometimes", "auto, always, never"),
        ("--progress=fast", "auto, plain, json, off"),
        ("--json=1", "no value: it is a switch"),
    ],
)
def test_a_value_that_an_option_does_not_take_is_a_fault(word: str, expected: str) -> None:
    fault = sort_arguments([word]).fault
    assert isinstance(fault, BadValue)
    assert fault.expected == expected


def test_the_first_fault_is_told() -> None:
    fault = sort_arguments(["--color=x", "--progress=y"]).fault
    assert isinstance(fault, BadValue)
    assert fault.name == "--color"


def test_every_global_option_sets_a_field_of_its_own_kind() -> None:
    spellings = [spelling for option in GLOBALS for spelling in option.spellings]
    assert len(spellings) == len(set(spellings)) == 24
    assert {option.field for option in GLOBALS} == set(Globals.__struct_fields__)
