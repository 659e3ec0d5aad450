"""Classes of `packspec.values` behave as those of the standard library, which are the expectation here."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field
from functools import cached_property
from typing import Any, ClassVar

import pytest

from packspec import patterns, values


def _forms(dataclass: Callable[..., Any]) -> dict[str, Any]:
    """The same classes, made by one of the two."""

    @dataclass(frozen=True)
    class Point:
        x: int
        y: int = 2
        KIND: ClassVar[str] = "point"

        @cached_property
        def far(self) -> int:
            return self.x + self.y

    @dataclass(frozen=True)
    class Named(Point):
        name: str = ""
        secret: str = field(default="s", repr=False, compare=False)

    @dataclass
    class Open:
        items: list[int] = field(default_factory=list)
        total: int = field(init=False, default=0)

        def __post_init__(self) -> None:
            self.total = sum(self.items)

    @dataclass(eq=False)
    class Same:
        x: int

    @dataclass(frozen=True, eq=False, repr=False)
    class Hidden:
        key: bytes

    @dataclass(frozen=True, kw_only=True)
    class Keyed:
        a: int = 1
        b: int

    return {one.__name__: one for one in (Point, Named, Open, Same, Hidden, Keyed)}


OURS, THEIRS = _forms(values.dataclass), _forms(dataclasses.dataclass)


def _try(act: Callable[[], object]) -> object:
    try:
        return act()
    except (TypeError, dataclasses.FrozenInstanceError) as error:
        return type(error)


@pytest.mark.parametrize(
    ("name", "given", "named"),
    [
        ("Point", (1,), {}),
        ("Point", (1, 5), {}),
        ("Point", (), {"y": 1, "x": 0}),
        ("Point", (), {}),
        ("Point", (1, 2, 3), {}),
        ("Point", (1,), {"x": 2}),
        ("Point", (1,), {"z": 2}),
        ("Named", (1, 2, "n"), {}),
        ("Named", (1,), {"name": "n", "secret": "t"}),
        ("Open", ([1, 2],), {}),
        ("Open", (), {}),
        ("Open", ([],), {"total": 3}),
        ("Same", (1,), {}),
        ("Keyed", (), {"b": 2}),
        ("Keyed", (1,), {"b": 2}),
    ],
)
def test_a_class_is_filled_shown_compared_and_guarded_like_a_dataclass(
    name: str, given: tuple[object, ...], named: dict[str, object]
) -> None:
    def facts(cls: Any) -> list[object]:
        made: Any = _try(lambda: cls(*given, **named))
        if isinstance(made, type):
            return [made]
        again, text = cls(*given, **named), repr(made)
        return [
            text[text.rindex(name) :],
            made == again,
            made == object(),
            _try(lambda: hash(made) == hash(again)) if name != "Same" else None,
            _try(lambda: setattr(made, "x", 9)),
            dataclasses.is_dataclass(made),
            [(one.name, one.type, one.init) for one in dataclasses.fields(made)],
            vars(dataclasses.replace(made)) == vars(made),
            vars(copy.copy(made)) == vars(made),
            cls.__match_args__,
        ]

    assert facts(OURS[name]) == facts(THEIRS[name])


def test_what_is_no_field_stays_what_it_is() -> None:
    point = OURS["Point"](1)
    assert (point.far, OURS["Point"].KIND, OURS["Point"].y, hasattr(OURS["Point"], "x")) == (3, "point", 2, False)
    assert OURS["Named"](1, 2, "n") != OURS["Point"](1, 2)
    assert OURS["Named"](1, secret="a") == OURS["Named"](1, secret="b")
    assert "key" not in repr(OURS["Hidden"](b"k"))


def test_a_default_that_all_instances_would_share_is_refused() -> None:
    class Wrong:
        items: list[int] = []

    with pytest.raises(ValueError, match="share this list"):
        values.dataclass(Wrong)


@values.dataclass(frozen=True)
class Travelling:
    """One that can be found by its name."""

    a: int
    b: tuple[str, ...] = ()


def test_a_frozen_one_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Travelling(1, ("x",)))) == Travelling(1, ("x",))


def test_a_pattern_is_compiled_when_it_is_first_used() -> None:
    made = patterns.pattern("a(b+)")
    assert vars(made) == {"_given": ("a(b+)", 0)}
    found = made.fullmatch("abb")
    assert found is not None
    assert (found[1], made.pattern, made.sub("c", "xabx")) == ("bb", "a(b+)", "xcx")
