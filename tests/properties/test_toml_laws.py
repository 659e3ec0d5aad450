"""Where keys stand, and what happens to values of another type: laws over generated files."""

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from packspec.errors import PackError
from packspec.lockfile import parse_lock
from packspec.manifest import ManifestFaults, parse_manifest
from packspec.project import parse_project
from packspec.toml import Unreadable, path_text, read_text

Path = tuple[str | int, ...]

keys = st.text(st.characters(codec="ascii", categories=["L", "N", "P", "Zs"]), max_size=6) | st.sampled_from(
    ["ä", "a.b", "#", "[x]"]
)
scalars = (
    st.integers(-5, 5) | st.booleans() | st.text(st.characters(codec="utf-8", categories=["L", "P", "Zs"]), max_size=8)
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3), max_leaves=12
)


def places(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Everything in a document with its path."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*path, key), one
        yield from places(one, (*path, key))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(keys, values, max_size=4))
def test_every_place_has_a_line_and_a_key_stands_on_its_line(document: dict[str, Any]) -> None:
    text = tomli_w.dumps(document)
    read = read_text(text.encode())
    assert read.values == document
    rows = text.split("\n")
    for path, _value in places(document):
        line = read.lines.of(path)
        assert line >= 1
        if isinstance(path[-1], str) and re.fullmatch("[A-Za-z0-9]+", path[-1]):
            assert path[-1] in rows[line - 1]


WHOLE_PACK: dict[str, Any] = {
    "pack": {
        "name": "acme/farm", "version": "1.0.0", "summary": "Animals", "license": "LicenseRef-a", "license-file": "EULA.md",
        "category": "pictures", "kind": "module", "title": "Farm", "readme": "README.md", "changelog": "CHANGES.md",
        "links": {"homepage": "https://acme.example"}, "subcategory": "animals", "tags": ["farm"], "languages": ["en"],
        "ages": {"min": 3, "max": 6}, "features": ["book"], "hosts": {"app": ">=1"}, "python": ">=3.11", "packages": ["pillow"],
        "include": ["**"], "exclude": ["*.psd"], "preview": ["a.svg"], "early-access": "7d", "conflicts": {"a/b": "*"},
        "price": {"amount": "1.00", "currency": "EUR", "machines": 3},
        "education": {"focus": ["math"], "objectives": ["counts"], "subjects": ["ELA"], "grades": ["K_2"], "modalities": ["GAME"]},
    },
    "dependencies": {"a/c": {"version": "^1", "kind": "requires", "optional": True},
                     "a/d": {"version": "^1", "kind": "enhances", "assets": {"a": "b"}}},
    "assets": [{"path": "a.svg", "title": "A", "type": "sticker", "tags": ["a"], "teaches": ["b"], "features": ["book"], "order": 1,
                "highlight": True, "essential": False, "language": "en", "variants": {"low": "b.svg"}}],
    "contents": [{"ref": "r", "family": "f", "order": 1, "highlight": True}],
}  # fmt: skip
PLAN: dict[str, Any] = {"pack": {**WHOLE_PACK["pack"]}, "plans": [{"id": "a", "kind": "trial", "amount": "1.00", "currency": "EUR",
        "unit": "account", "duration": "7d",
        "machines": 1, "users": 2, "ci": 0, "versions": "^1", "features": ["x"]}]}  # fmt: skip
del PLAN["pack"]["price"]
TOOL = {"pack": {"name": "acme/t", "version": "1.0.0", "summary": "T", "license": "MIT", "category": "tools", "kind": "tool"},
        "tool": {"launch-url": "https://t.example", "launch": "lti-like", "required-scopes": ["A"], "optional-scopes": ["B"],
                 "webhook-url": "https://t.example/hook", "oauth-client": "x"}}  # fmt: skip
PROJECT = {
    "dependencies": {"a/b": {"version": "^1", "optional": True}}, "groups": {"g": {"a/c": {"version": "^1"}}},
    "registries": {"corp": {"url": "https://c.example", "root": "sha256:" + "1" * 64, "publishers": ["corp"], "mirrors": ["https://m.example"]}},
    "host": {"apps": {"app": "1"}, "python": "3.11", "features": ["f"], "packages": {"pillow": "11"}},
    "policy": {"require": ["grant"], "witnesses": 1, "max-index-age": "7d", "licenses": ["MIT"], "min-age": "3d", "min-safety": "none",
               "allow": ["a/*"], "deny": ["b/*"], "max-price": {"amount": "1.00", "currency": "EUR"}, "ages": {"min": 1, "max": 2},
               "grant-keys": ["sha256:" + "1" * 64]},
    "install": {"dir": "packs", "features": ["f"], "essential": True}, "overrides": {"a/d": "1.0.0"}, "workspace": {"members": ["x/*"]},
    "audit": {"ignore": [{"id": "a.b", "path": "a/b", "reason": "r", "until": datetime.date(2027, 3, 31)}]},
}  # fmt: skip


def _strictly(data: bytes) -> object:
    return parse_manifest(data, strict=True)


DOCUMENTS: dict[str, tuple[dict[str, Any], Callable[[bytes], object]]] = {
    "pack": (WHOLE_PACK, _strictly),
    "plan": (PLAN, _strictly),
    "tool": (TOOL, _strictly),
    "project": (PROJECT, parse_project),
}
WRONG = {
    "text": "no such text!",
    "number": 7_000_000,
    "fraction": 1.5,
    "truth": True,
    "list": [[1]],
    "table": {"no such key": 1},
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_documents_of_this_test_are_good(name: str) -> None:
    document, parse = DOCUMENTS[name]
    parse(tomli_w.dumps(document).encode())


@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("name", DOCUMENTS)
def test_M07_a_value_of_another_type_is_refused_with_the_path_of_its_key(name: str, kind: str) -> None:
    """Every key of every table, each with every other type."""
    document, parse = DOCUMENTS[name]
    for path, value in places(document):
        if type(value) is type(WRONG[kind]):
            continue
        with pytest.raises(ManifestFaults) as caught:
            parse(tomli_w.dumps(_swapped(document, path, WRONG[kind])).encode())
        assert any(fault.path.startswith(path_text(path)) for fault in caught.value.faults), path_text(path)


def _swapped(document: Any, path: Path, wrong: Any) -> Any:
    """A copy of the document with another value at `path`."""
    if not path:
        return wrong
    copy: Any = dict(document) if isinstance(document, dict) else list(document)
    copy[path[0]] = _swapped(document[path[0]], path[1:], wrong)
    return copy


pieces = [
    *"ab.=[]{}\"'#\n\\ ,1-é",
    '"""',
    "'''",
    "[[",
    "]]",
    "\r\n",
    "[pack]\n",
    "lock = 1\n",
    "[[assets]]\n",
    "name = ",
    "path = ",
]
toml_like = st.lists(st.sampled_from(pieces), max_size=40).map("".join)


@settings(max_examples=400, deadline=None)
@given(toml_like | st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_and_nothing_else(data: str | bytes) -> None:
    raw = data.encode() if isinstance(data, str) else data
    try:
        read = read_text(raw)
    except Unreadable:
        pass
    else:
        for path, _value in places(read.values):
            assert read.lines.of(path) >= 1
    for parse in (_strictly, parse_project, parse_lock):
        refused: list[PackError] = []
        try:
            parse(raw)
        except PackError as error:
            refused.append(error)
        assert all(error.what() and error.why() and error.fix() for error in refused)
