"""`dataclass`, as that of the standard library, but made without generating code.

The standard one writes six methods for each class as text and compiles them: 0.4 to 0.9 ms, and an install has 130 such classes, a quarter
of all that its start took. Here every class gets the same few functions, which look at the names of its fields: 40 us. Type checkers see
the standard one, and `fields`, `replace` and `is_dataclass` work as with it. Its options here: `frozen`, `eq`, `repr`, `kw_only`.
"""

import dataclasses
from collections.abc import Callable, Collection
from inspect import get_annotations
from operator import attrgetter
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar, get_origin

__all__ = ["dataclass"]

_FIELDS = "__dataclass_fields__"  # where the standard library looks for them

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(made=None, /, *, frozen=False, eq=True, repr=True, kw_only=False):
        """The class, with the methods of a dataclass. Alone, or with options in parentheses."""

        def make(cls):
            return _made(cls, frozen=frozen, eq=eq, shown=repr, by_name=kw_only)

        return make if made is None else make(made)


def _made(cls: Any, *, frozen: bool, eq: bool, shown: bool, by_name: bool) -> Any:
    fields: dict[str, dataclasses.Field[Any]] = {}
    for base in reversed(cls.__mro__[1:]):
        fields |= base.__dict__.get(_FIELDS, {})
    for name, annotation in get_annotations(cls).items():
        if ClassVar not in (annotation, get_origin(annotation)):
            fields[name] = _field(cls, name, annotation)
    setattr(cls, _FIELDS, fields)
    cls.__dataclass_params__ = SimpleNamespace(frozen=frozen, eq=eq)
    names = tuple(name for name, one in fields.items() if one.init)
    _add(cls, "__match_args__", () if by_name else names)
    _add(cls, "__init__", _init(cls, () if by_name else names, frozenset(names), fields.values()))
    if shown:
        _add(cls, "__repr__", _repr(tuple(name for name, one in fields.items() if one.repr)))
    if eq:
        _add_comparison(cls, tuple(name for name, one in fields.items() if one.compare), frozen)
    if frozen:
        cls.__setattr__ = cls.__delattr__ = _refuse
    return cls


def _field(cls: Any, name: str, annotation: Any) -> "dataclasses.Field[Any]":
    given: Any = cls.__dict__.get(name, dataclasses.MISSING)
    if not isinstance(given, dataclasses.Field):
        if type(given).__hash__ is None:
            raise ValueError(f"{cls.__qualname__}.{name}: all instances would share this {type(given).__name__}")
        given = dataclasses.field(default=given)
    elif given.default is dataclasses.MISSING:
        delattr(cls, name)
    else:
        setattr(cls, name, given.default)
    made: dataclasses.Field[Any] = given
    made.name, made.type = name, annotation
    made._field_type = dataclasses._FIELD  # type: ignore[attr-defined]  # by this `fields` and `replace` know one
    return made


def _add(cls: Any, name: str, value: object) -> None:
    """Into the class, unless it has its own."""
    if name not in cls.__dict__:
        setattr(cls, name, value)


def _init(
    cls: Any, names: tuple[str, ...], known: frozenset[str], fields: Collection["dataclasses.Field[Any]"]
) -> Callable[..., None]:
    missing = dataclasses.MISSING
    defaults = {one.name: one.default for one in fields if one.default is not missing}
    factories = {one.name: one.default_factory for one in fields if one.default_factory is not missing}
    total = len(known | defaults.keys() | factories.keys())
    count, has_more = len(names), hasattr(cls, "__post_init__")

    def __init__(self: Any, *values: object, **named: object) -> None:
        state = self.__dict__  # past __setattr__, which refuses where the class is frozen
        state.update(zip(names, values, strict=False))
        if named:
            if not known.issuperset(named) or not named.keys().isdisjoint(names[: len(values)]):
                raise _mistaken(self, names, values, named)
            state.update(named)
        if len(state) != total:
            for name, value in defaults.items():
                state.setdefault(name, value)
            for name, make in factories.items():
                if name not in state:
                    state[name] = make()
        if len(state) != total or len(values) > count:
            raise _mistaken(self, names, values, named)
        if has_more:
            self.__post_init__()

    return __init__


def _mistaken(self: object, names: tuple[str, ...], values: tuple[object, ...], named: dict[str, object]) -> TypeError:
    given = f"{len(values)} by place and by name {', '.join(named) or 'none'}"
    return TypeError(f"{type(self).__qualname__} takes {', '.join(names) or 'nothing'}; given were {given}")


def _repr(names: tuple[str, ...]) -> Callable[[object], str]:
    def __repr__(self: object) -> str:
        shown = (f"{name}={getattr(self, name)!r}" for name in names)
        return f"{type(self).__qualname__}({', '.join(shown)})"

    return __repr__


def _add_comparison(cls: Any, names: tuple[str, ...], frozen: bool) -> None:
    # attrgetter gives a tuple for two names or more, and needs one at least.
    values = attrgetter(*names, names[0]) if names else lambda self: ()

    def __eq__(self: object, other: object) -> bool:
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    # Python has put None there for a class with an __eq__ of its own; that is nobody's wish.
    has_hash = cls.__dict__.get("__hash__") is not None
    _add(cls, "__eq__", __eq__)
    if not has_hash:
        cls.__hash__ = (lambda self: hash(values(self))) if frozen else None


def _refuse(self: object, name: str, _value: object = None) -> None:
    raise dataclasses.FrozenInstanceError(f"{type(self).__qualname__}.{name} cannot be changed")
