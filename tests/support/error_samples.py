"""An example of every error: its fields filled by their names and types, so that the texts read as they will on a screen."""

import dataclasses
import enum
import types
import typing
from collections import abc
from pathlib import Path

from packspec.digests import Digest
from packspec.errors import PackError, complete
from packspec.labels import Label
from packspec.log.leaf import LoggedPack
from packspec.names import PackName, PublisherName, ReleaseName
from packspec.ranges import Range
from packspec.versions import Version

DIGEST = Digest("7d1f04c2" * 8)
OTHER = Digest("c90a77e1" * 8)

BY_NAME = {
    "moment": "at the last install",
    "program": "packctl",
    "release": "acme/farm-animals 2.1.0",
    "pack": "acme/farm-animals",
    "document": "statement of acme/farm-animals 2.1.0",
    "publisher": "acme",
    "name": "acme",
    "version": "2.1.0",
    "path": "assets/cow.svg",
    "file": "assets/cow.svg",
    "lock_file": "pack.lock",
    "folder": "/home/mia/farm",
    "a path": "/home/mia/farm/pack.toml",
    "url": "https://registry.example/api/v1/packs",
    "address": "https://registry.example",
    "origin": "https://registry.example",
    "registry": "registry.example",
    "alias": "default",
    "host": "registry.example",
    "reason": "it is not what it should be",
    "rule": "a part ends with a dot",
    "option": "--yes",
    "command": "install",
    "word": "instal",
    "variable": "PACKCTL_TIMEOUT",
    "value": "soon",
    "scope": "publish",
    "submission": "S-1042",
    "id": "S-1042",
    "code": "trust.file-changed",
    "expected": "sha256:7d1f...9b",
    "found": "sha256:c90a...12",
    "fingerprint": "9f3c 51a0 77de 02e0",
    "role": "timestamp",
    "key": "registry.default",
    "field": "archive",
    "note": "it is painfully loud",
    "question": "Upload acme/farm-animals 2.1.0?",
    "line": "registry.example/log 48377 Kx2vW0c=",
    "largest": "acme/farm-animals 2.1.0 14.2 MB in /home/mia/farm/packs",
    "makes_room": "packctl cache clean",
    "in_json": "install --json",
    "made_id": "T-12",
    "way": "packctl token revoke {made}",
}
PLACES = ("a path", "path", "file", "folder", "lock_file", "earlier", "directory")
"""Fields that name something on a disk, where a name may hold blanks."""
NUMBERS = {
    "line": 7,
    "status": 503,
    "size": 48377,
    "limit": 16,
    "seconds": 30,
    "index": 48211,
    "threshold": 2,
    "needed": 2,
    "found": 1,
    "unused_bytes": 40_300_000,
    "used_bytes": 912_000_000,
    "added_bytes": 128_400_000,
    "allowed_bytes": 1_000_000_000,
}


def sample(error: type[PackError]) -> PackError:
    """One error of this class."""
    complete(error)
    hints = typing.get_type_hints(error)
    values = {
        one.name: _value(one.name, hints.get(one.name, str))
        for one in dataclasses.fields(error)  # type: ignore[arg-type]  # it is one, once it is complete
        if one.init
    }
    return error(**values)


def _value(name: str, kind: typing.Any) -> typing.Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        chosen = [one for one in arguments if one is not type(None)]
        return _value(name, chosen[0])
    if origin is typing.Annotated:
        return _value(name, arguments[0])
    if origin is typing.Literal:
        return arguments[0]
    if (
        origin in (list, tuple, frozenset, set)
        or (origin is not None and "Sequence" in str(origin))
        or (origin is not None and "Collection" in str(origin))
    ):
        inner = arguments[0] if arguments else str
        made = [_value(name.removesuffix("s"), inner)]
        return {list: list, frozenset: frozenset, set: set}.get(origin, tuple)(made)
    if origin in (dict, abc.Mapping):
        return {_value("key", arguments[0]): _value("value", arguments[1])}
    if isinstance(kind, type):
        return _of_type(name, kind)
    return BY_NAME.get(name, name)


def _of_type(name: str, kind: type) -> typing.Any:
    if issubclass(kind, enum.Enum):
        return next(iter(kind))
    if kind is bool:
        return False
    if kind is int:
        return next((number for part, number in NUMBERS.items() if part in name), 3)
    if kind is float:
        return 30.0
    if issubclass(kind, Digest):
        return OTHER if "found" in name else DIGEST
    if issubclass(kind, PackName | LoggedPack):
        return kind("acme/farm-animals")
    if issubclass(kind, PublisherName):
        return kind("acme")
    if issubclass(kind, ReleaseName):
        return kind("acme/farm-animals@2.1.0")
    if kind is Version:
        return Version.parse("2.1.0")
    if kind is Range:
        return Range.parse("^2")
    if issubclass(kind, Label):
        return kind("lessons")
    if issubclass(kind, Path):
        return Path(BY_NAME["a path"])
    if issubclass(kind, BaseException):
        return OSError("no space left")
    if issubclass(kind, str):
        return kind(BY_NAME.get(name, name.replace("_", " ")))
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return kind(**{one.name: _value(one.name, hints[one.name]) for one in dataclasses.fields(kind)})
    if hasattr(kind, "__struct_fields__"):
        hints = typing.get_type_hints(kind)
        return kind(**{field: _value(field, hints[field]) for field in kind.__struct_fields__})
    raise TypeError(f"no sample for {name}: {kind}")
