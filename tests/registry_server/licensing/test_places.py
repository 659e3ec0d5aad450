"""Which number a new place gets."""

import pytest

from registry_server.licensing.rules import free_slots

TABLE: list[tuple[set[int], int, list[int]]] = [
    (set(), 3, [0, 1, 2]),
    ({0, 1}, 4, [2, 3]),
    ({0, 1, 2}, 3, []),
    ({0, 2}, 4, [1, 3]),
    ({1, 2}, 4, [0, 3]),
    ({3}, 3, [0, 1]),  # the limit was lowered: what lies above it counts as in use
    ({0, 4, 5}, 3, []),
    ({0, 1, 2, 3}, 2, []),
    (set(), 0, []),
]


@pytest.mark.parametrize(("taken", "places", "free"), TABLE)
def test_the_lowest_numbers_that_are_free_come_first(taken: set[int], places: int, free: list[int]) -> None:
    assert list(free_slots(len(taken), max(taken, default=None), places, lambda: taken)) == free


def test_places_that_were_taken_one_after_the_other_are_only_counted() -> None:
    def never() -> set[int]:
        raise AssertionError("all numbers of a large license were read")

    assert next(free_slots(9_999, 9_998, 10_000, never)) == 9_999
