"""Error classes become dataclasses when they are first raised, in whatever order a family is raised."""

import subprocess
import sys
import threading

import pytest

from packspec.errors import Conflict, Untrusted, complete
from packspec.problems import Problem, relayed


class First(Conflict):
    """A fact with one field."""

    name: str
    code = "test.first"

    def what(self) -> str:
        return f"first {self.name}"


class Second(First, ValueError):
    """The same with one more, which has a default."""

    times: int = 1
    code = "test.second"


def test_a_child_may_be_raised_before_or_after_its_parent() -> None:
    assert (Second("a", times=2).times, First("b").what(), Second("c").times) == (2, "first b", 1)


def test_what_is_missing_or_too_much_is_a_mistake_as_in_any_class() -> None:
    with pytest.raises(TypeError):
        First()  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        First("a", "b")  # type: ignore[call-arg]


def test_two_with_equal_fields_are_two() -> None:
    assert First("a") != First("a")
    assert len({First("a"), First("a")}) == 2


def test_completing_twice_is_fine_and_shows_the_fields() -> None:
    complete(Second)
    complete(Second)
    assert repr(Second("a")) == "Second(name='a', times=1)"


def test_importing_a_room_of_errors_makes_none_of_them_a_dataclass() -> None:
    program = (
        "import packspec.lockfile.faults as room; from packspec.errors import PackError;"
        "print([n for n, c in vars(room).items() if isinstance(c, type) and issubclass(c, PackError)"
        " and c.__module__ == room.__name__ and '__dataclass_fields__' in vars(c)])"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_a_refusal_is_relayed_after_one_of_its_kind_was_raised_here() -> None:
    complete(Untrusted)
    problem = Problem("/errors/zoo.closed", "the zoo is closed", 403, "untrusted", "zoo.closed")
    error = relayed(problem)
    assert (isinstance(error, Untrusted), str(error), error.kind.exit_code) == (True, "the zoo is closed", 6)


def test_R20_threads_that_raise_the_first_error_of_a_class_at_once_all_raise_it() -> None:
    """A class is made while others wait: half made it would take no fields. The interpreter switches threads as often as it can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(40):
            fresh = type("Fresh", (First,), {"__annotations__": {"more": str}, "code": "test.fresh"})
            start, said = threading.Barrier(4), list[str]()

            def go(fresh: type[First] = fresh, start: threading.Barrier = start, said: list[str] = said) -> None:
                start.wait()
                said.append(fresh("a", "b").what())  # type: ignore[call-arg]

            threads = [threading.Thread(target=go) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert said == ["first a"] * 4
    finally:
        sys.setswitchinterval(before)
