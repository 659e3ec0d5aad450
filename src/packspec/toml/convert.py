"""Plain TOML values to a Struct, noting every fault with its path instead of stopping at the first.

msgspec's own `convert` ends with the first fault. This one walks the same type descriptions (`msgspec.inspect`), so a Struct is the whole
schema: types, lengths, bounds, allowed words, checked types with `parse`, and nested tables. Nothing is made from what does not fit: a
string is never a number, `true` is never 1.
"""

import datetime
import difflib
from functools import cache
from typing import Any, ClassVar, Final, TypeVar

import msgspec
from msgspec import inspect

from packspec.toml.faults import Faults, Path

T = TypeVar("T", bound=msgspec.Struct)


class Table(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", omit_defaults=True):
    """A table of a TOML file: `early_access` in code is `early-access` in the file."""

    SHORT: ClassVar[str] = ""
    """The field that a bare string stands for: `"acme/a" = "^1"` is short for `{ version = "^1" }`. Empty: there is no short form."""


class _Nothing:
    """The type of NOTHING."""


NOTHING: Final = _Nothing()
"""Stands where a key that must be there is missing or wrong; the reason is among the faults."""


def convert(plain: object, wanted: type[T], faults: Faults, *, strict: bool, path: Path = ()) -> T:
    """Makes `wanted` from a table of plain values. Every fault is added to `faults`; after one the result is only good for further checks.

    `strict`: an unknown key is a fault that names the nearest known one; else it is ignored. After a fault an optional key has its default
    and a required one is NOTHING. The caller refuses the file in the end. Raises TypeError if `plain` is not a dict.
    """
    made = _Converter(faults, strict).table(plain, _described(wanted), path)
    if not isinstance(made, wanted):
        raise TypeError(f"{wanted.__name__} is made from a table")
    return made


@cache
def _described(wanted: type[msgspec.Struct]) -> inspect.StructType:
    described = inspect.type_info(wanted)
    assert isinstance(described, inspect.StructType)
    return described


class _Converter:
    def __init__(self, faults: Faults, strict: bool) -> None:
        self.faults = faults
        self.strict = strict

    def value(self, plain: object, wanted: inspect.Type, path: Path) -> Any:
        """The value of any type; NOTHING after a fault. Any, because the type is data here: Structs are checked where they are made."""
        match wanted:
            case inspect.UnionType():  # X | None: TOML has no null, so absence is the only None
                (only,) = (kind for kind in wanted.types if not isinstance(kind, inspect.NoneType))
                return self.value(plain, only, path)
            case inspect.StructType():
                return self.table(plain, wanted, path)
            case inspect.DictType():
                return self.mapping(plain, wanted, path)
            case inspect.VarTupleType():
                return self.sequence(plain, wanted, path)
            case inspect.CustomType():
                return self.checked(plain, wanted.cls, path)
            case inspect.EnumType():
                return self.word(plain, tuple(member.value for member in wanted.cls), wanted.cls, path)
            case inspect.LiteralType():
                return self.word(plain, wanted.values, str, path)
            case _:
                return self.plain(plain, wanted, path)

    def table(self, plain: object, wanted: inspect.StructType, path: Path) -> Any:
        """A Struct. A bare string is taken for its SHORT field."""
        short = getattr(wanted.cls, "SHORT", "")
        if short and isinstance(plain, str):
            plain, path_of_short = {short: plain}, path
        else:
            path_of_short = ()
        if not isinstance(plain, dict):
            return self.other_type(path, "a string or a table" if short else "a table", plain)
        fields = {field.encode_name: field for field in wanted.fields}
        if self.strict:
            self.unknown_keys(plain, list(fields), path)
        made = {}
        for key, field in fields.items():
            here = path_of_short or (*path, key)
            if key in plain:
                value = self.value(plain[key], field.type, here)
            elif field.required:
                value = self.refuse(here, "is required")
            else:
                continue
            if value is not NOTHING or field.required:
                made[field.name] = value
        return wanted.cls(**made)

    def unknown_keys(self, plain: dict[str, object], known: list[str], path: Path) -> None:
        for key in plain:
            if key not in known:
                if self.faults.is_full:  # the nearest key takes time to find
                    self.faults.add((*path, key), "")
                    continue
                near = difflib.get_close_matches(key[:64], known, 1)
                hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(known))}"
                self.faults.add((*path, key), f"is not a key of this table; {hint}")

    def mapping(self, plain: object, wanted: inspect.DictType, path: Path) -> Any:
        if not isinstance(plain, dict):
            return self.other_type(path, "a table", plain)
        made = {}
        for key, inner in plain.items():
            checked = self.value(key, wanted.key_type, (*path, key))
            value = self.value(inner, wanted.value_type, (*path, key))
            if checked is not NOTHING and value is not NOTHING:
                made[checked] = value
        return made

    def sequence(self, plain: object, wanted: inspect.VarTupleType, path: Path) -> Any:
        if not isinstance(plain, list):
            return self.other_type(path, "a list", plain)
        if wanted.max_length is not None and len(plain) > wanted.max_length:
            return self.refuse(path, f"has {len(plain)} entries, at most {wanted.max_length} are allowed")
        if wanted.min_length is not None and len(plain) < wanted.min_length:
            return self.refuse(path, f"has {len(plain)} entries, at least {wanted.min_length} must be there")
        made = [self.value(inner, wanted.item_type, (*path, position)) for position, inner in enumerate(plain)]
        self.twice(made, path)
        return tuple(value for value in made if value is not NOTHING)

    def twice(self, made: list[Any], path: Path) -> None:
        """Lists of texts are sets in the order of reading: a text that stands twice is a slip."""
        seen = set()
        for position, value in enumerate(made):
            if isinstance(value, str):
                if value in seen:
                    self.faults.add((*path, position), f"{value[:80]!r} stands twice")
                seen.add(value)

    def checked(self, plain: object, cls: type[Any], path: Path) -> Any:
        if not isinstance(plain, str):
            return self.other_type(path, "a string", plain)
        try:
            # Digest: in files for people `sha256:` stands in front of the digits.
            return getattr(cls, "parse_labelled", cls.parse)(plain)
        except ValueError as error:
            return self.refuse(path, str(error))

    def word(self, plain: object, allowed: tuple[Any, ...], cls: type[Any], path: Path) -> Any:
        if not isinstance(plain, str):
            return self.other_type(path, "a string", plain)
        if plain in allowed:
            return cls(plain)
        near = difflib.get_close_matches(plain[:64], allowed, 1)
        hint = f"did you mean {near[0]}?" if near else f"allowed are {', '.join(allowed)}"
        return self.refuse(path, f"{plain[:80]!r} is not one of the words for it; {hint}")

    def plain(self, plain: object, wanted: inspect.Type, path: Path) -> Any:
        match wanted:
            case inspect.StrType():
                if not isinstance(plain, str):
                    return self.other_type(path, "a string", plain)
                return self.bounded(plain, len(plain), " characters long", wanted.min_length, wanted.max_length, path)
            case inspect.IntType():
                if type(plain) is not int:
                    return self.other_type(path, "a whole number", plain)
                return self.bounded(plain, plain, "", wanted.ge, wanted.le, path)
            case inspect.BoolType():
                return plain if type(plain) is bool else self.other_type(path, "true or false", plain)
            case inspect.DateType():
                is_date = type(plain) is datetime.date  # a datetime is a date too, hence the exact type
                return plain if is_date else self.other_type(path, "a date such as 2027-03-31", plain)
            case inspect.AnyType():
                return plain
            case _:
                raise NotImplementedError(f"no TOML form of {wanted}")

    def bounded(self, plain: object, size: int, unit: str, low: int | None, high: int | None, path: Path) -> Any:
        if low is not None and size < low:
            return self.refuse(path, "is empty" if unit and not size else f"is {size}{unit}, at least {low} is needed")
        if high is not None and size > high:
            return self.refuse(path, f"is {size}{unit}, at most {high} is allowed")
        return plain

    def other_type(self, path: Path, expected: str, found: object) -> Any:
        return self.refuse(path, f"expected {expected}, found {_named(found)}")

    def refuse(self, path: Path, text: str) -> Any:
        self.faults.add(path, text)
        return NOTHING


def _named(plain: object) -> str:
    """What a plain value is, in the words of a person who writes TOML."""
    match plain:
        case bool():
            return "true or false"
        case str():
            return "a string"
        case int():
            return "a whole number"
        case float():
            return "a number with a fraction"
        case list():
            return "a list"
        case dict():
            return "a table"
        case _:
            return "a date or time"
