"""Makes an ask from path, query and body, or says which field is at fault.

Stricter than JSON: no duplicate keys (two readers could see two requests), no NUL in texts, no number that not every reader keeps exactly.
"""

import json
import re
from typing import Any, NoReturn, TypeVar, get_origin, get_type_hints
from urllib.parse import parse_qsl

import msgspec

from packspec import limits, wire
from packspec.protocol.endpoint import Body, Endpoint
from registry_server.http.problems import BadRequest

QUERY_FIELDS = 32
_AT = re.compile(r"^(?P<reason>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)

A = TypeVar("A")


def read_ask(endpoint: Endpoint[A, Any], path: dict[str, str], query: bytes, body: bytes) -> A:
    """The ask of a request. Raises BadRequest with the field at fault."""
    in_query = endpoint.body is not Body.JSON
    if query and not in_query:
        raise BadRequest("query", "this call takes no query")
    named = _from_query(endpoint.ask, query) if in_query else _from_json(body)
    if twice := path.keys() & named.keys():
        raise BadRequest(sorted(twice)[0], "this field is part of the path")
    for name, value in path.items():
        _check_text(name, value)
    given = {**named, **path}
    try:
        made = wire.convert(given, endpoint.ask, strict=not in_query)
    except msgspec.ValidationError as error:
        raise _bad_field(error) from error
    _check_known(given, made, "")
    return made


def _from_query(ask: type[Any], query: bytes) -> dict[str, object]:
    try:
        text = query.decode("ascii")
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=bool(text), errors="strict", max_num_fields=QUERY_FIELDS
        )
    except ValueError as error:
        raise BadRequest("query", "not a query of names and values in UTF-8") from error
    hints = get_type_hints(ask)
    named: dict[str, object] = {}
    for name, value in pairs:
        _check_text(name, value)
        if get_origin(hints.get(name)) is list:
            several = named.setdefault(name, [])
            assert isinstance(several, list)
            several.append(value)
        elif name in named:
            raise BadRequest(name, "given twice")
        else:
            named[name] = value
    return named


def _from_json(body: bytes) -> dict[str, object]:
    if not body:
        return {}
    try:
        msgspec.json.decode(body)  # refuses what the standard library lets pass: lone surrogates, NaN, bad UTF-8
        plain = json.loads(body, object_pairs_hook=_without_twins, parse_constant=_refuse_constant)
    except BadRequest:
        raise
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise BadRequest("", f"not JSON: {type(error).__name__}") from error
    if not isinstance(plain, dict):
        raise BadRequest("", "not a JSON object")
    _check_values(plain, "$", limits.DOCUMENT_DEPTH)
    return plain


def _without_twins(pairs: list[tuple[str, object]]) -> dict[str, object]:
    named = dict(pairs)
    if len(named) != len(pairs):
        raise BadRequest("", "a name occurs twice in one object")
    return named


def _refuse_constant(name: str) -> NoReturn:
    raise BadRequest("", f"{name} is not JSON")


def _check_values(value: object, path: str, depth: int) -> None:
    if depth == 0:
        raise BadRequest(path, f"nested deeper than {limits.DOCUMENT_DEPTH}")
    match value:
        case dict():
            for name, inner in value.items():
                _check_text(path, name)
                _check_values(inner, f"{path}.{name}", depth - 1)
        case list():
            for number, inner in enumerate(value):
                _check_values(inner, f"{path}[{number}]", depth - 1)
        case str():
            _check_text(path, value)
        case int() if abs(value) > limits.INTEGER_MAX:
            raise BadRequest(path, "an integer is 2^53 or more")
        case _:
            pass


def _check_known(given: object, made: object, path: str) -> None:
    """Refuses a field that nobody reads, also where an ask holds what is part of answers, too, whose readers pass over such fields."""
    if isinstance(made, msgspec.Struct) and isinstance(given, dict):
        fields = dict(zip(made.__struct_encode_fields__, made.__struct_fields__, strict=True))
        for name, value in given.items():
            if name not in fields:
                raise BadRequest(f"{path}{name}", "unknown field")
            _check_known(value, getattr(made, fields[name]), f"{path}{name}.")
    elif isinstance(made, list | tuple) and isinstance(given, list):
        for number, (value, one) in enumerate(zip(given, made, strict=True)):
            _check_known(value, one, f"{path.removesuffix('.')}[{number}].")


def _check_text(path: str, text: str) -> None:
    if "\0" in text:
        raise BadRequest(path, "a text contains NUL")


def _bad_field(error: msgspec.ValidationError) -> BadRequest:
    found = _AT.match(str(error))
    assert found is not None
    return BadRequest((found["path"] or "").removeprefix("$.").removeprefix("$"), found["reason"])
