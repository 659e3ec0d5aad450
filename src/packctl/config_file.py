"""Reading and editing files of settings: the user's and the system's config.toml, and the project's pack.toml where it speaks of settings.

A file that other people of the machine can write is refused: it decides which registry is asked and what is trusted. Which keys mean what
is the business of `settings`.
"""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from packspec.errors import Invalid, Where

if TYPE_CHECKING:
    from packspec.toml import TomlText


class ConfigFile(msgspec.Struct, frozen=True):
    """A file of settings as it was read: its path, its bytes, its tables as plain values, and where they stand."""

    path: Path
    data: bytes
    toml: "TomlText"

    @property
    def tables(self) -> dict[str, Any]:
        """The tables, as tomllib gives them."""
        return self.toml.values

    def line_of(self, key: str) -> int:
        """The line, from 1, on which the dotted `key` is set; 0 if it stands nowhere."""
        return self.toml.lines.of(tuple(key.split(".")))


class BadConfig(Invalid):
    """A configuration file that is not TOML, or a key or value in it that means nothing."""

    path: str
    fault: str
    line: int = 0
    expected: str = ""
    code = "project.config"

    def what(self) -> str:
        return self.fault

    def facts(self) -> dict[str, str]:
        place = f"{self.path} line {self.line}" if self.line else self.path
        return {"file": place, "expected": self.expected} if self.expected else {"file": place}

    def fix(self) -> list[str]:
        return ["packctl config edit", "packctl help config"]

    def where(self) -> Where:
        return Where(self.path, self.line)


class WritableConfig(Invalid):
    """A configuration file, or its folder, can be changed by other people of this machine."""

    path: str
    mode: int
    code = "project.config-writable"

    def what(self) -> str:
        return f"{self.path} can be changed by others"

    def facts(self) -> dict[str, str]:
        return {"expected": "writable by you alone", "found": f"mode {self.mode & 0o7777:04o}"}

    def why(self) -> str:
        return "who can write this file decides which registry you ask and what you trust"

    def fix(self) -> list[str]:
        from shlex import quote

        return [f"chmod go-w {quote(str(self.path))}"]


class UnreadableConfig(Invalid):
    """A configuration file is there and cannot be read."""

    path: str
    reason: str
    code = "project.config-unreadable"

    def what(self) -> str:
        return f"{self.path} cannot be read"

    def why(self) -> str:
        return self.reason

    def fix(self) -> list[str]:
        return ["packctl --no-config ..., or make the file readable"]


def read_config(path: Path, *, required: bool = False) -> ConfigFile | None:
    """The file at `path`; None if there is none and it is not `required`.

    Raises BadConfig (not TOML), WritableConfig, UnreadableConfig.
    """
    try:
        with path.open("rb") as file:
            _refuse_others(path, os.fstat(file.fileno()))
            data = file.read()
    except (FileNotFoundError, NotADirectoryError) as error:
        if required:
            raise UnreadableConfig(str(path), "there is no such file") from error
        return None
    except OSError as error:
        raise UnreadableConfig(str(path), error.strerror or str(error)) from error
    return parse_config(path, data)


def parse_config(path: Path, data: bytes) -> ConfigFile:
    """The file with these bytes. Raises BadConfig."""
    from packspec.toml import Unreadable, read_text

    try:
        return ConfigFile(path, data, read_text(data))
    except Unreadable as error:
        raise BadConfig(str(path), error.reason, error.line) from error


def read_project(path: Path) -> ConfigFile:
    """The project's pack.toml, for the settings in it. Raises ManifestFaults where it is no TOML, as every reader of that file does."""
    from packspec.toml import Fault, Unreadable, read_text

    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableConfig(str(path), error.strerror or str(error)) from error
    try:
        return ConfigFile(path, data, read_text(data))
    except Unreadable as error:
        from packspec.manifest.faults import ManifestFaults

        raise ManifestFaults((Fault("", error.reason, error.line),), str(path)) from error


def _refuse_others(path: Path, found: os.stat_result) -> None:
    """Raises WritableConfig if the world, or a group that is not the owner's own, may write the file or may replace it in its folder."""
    if os.name != "posix":
        return
    folder = path.parent.stat()
    for place, status in ((path, found), (path.parent, folder)):
        mode = status.st_mode
        own_group = status.st_gid == status.st_uid
        sticky = stat.S_ISDIR(mode) and mode & stat.S_ISVTX
        if not sticky and (mode & stat.S_IWOTH or (mode & stat.S_IWGRP and not own_group)):
            raise WritableConfig(str(place), mode)


def flat(tables: dict[str, Any], depth: int = 2) -> Iterator[tuple[str, Any]]:
    """Dotted keys and values, `depth` names deep; deeper tables stay values."""
    for name, value in tables.items():
        if isinstance(value, dict) and depth > 1:
            for below, inner in flat(value, depth - 1):
                yield f"{name}.{below}", inner
        else:
            yield name, value


def with_key(file: ConfigFile, key: str, value: object) -> bytes:
    """The bytes of `file` with the dotted `key` set to `value`; comments and order stay. Raises BadConfig."""
    import tomlkit

    def put(document: Any, tables: list[str], name: str) -> None:
        place = document
        for number, table in enumerate(tables):
            if table not in place:
                place[table] = tomlkit.table(is_super_table=number + 1 < len(tables))
            place = place[table]
        place[name] = value

    return _edited(file, key, put)


def without_key(file: ConfigFile, key: str) -> bytes:
    """The bytes of `file` without the dotted `key`, or all of them if it is not there. Raises BadConfig."""

    def drop(document: Any, tables: list[str], name: str) -> None:
        way = [document]
        for table in tables:
            way.append(way[-1].get(table, {}))
        way[-1].pop(name, None)
        for place, table in zip(reversed(way[:-1]), reversed(tables), strict=True):
            if table in place and not place[table]:
                del place[table]  # a table that was only there for this key

    return _edited(file, key, drop)


def _edited(file: ConfigFile, key: str, change: Callable[[Any, list[str], str], None]) -> bytes:
    """tomlkit's objects behave like dict and are Any on purpose: this is its wall."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    try:
        document = tomlkit.parse(file.data)
        *tables, name = key.split(".")
        change(document, tables, name)
        return tomlkit.dumps(document).encode()
    except (TOMLKitError, TypeError, AttributeError, ValueError) as error:
        raise BadConfig(str(file.path), f"{key} cannot be edited: {error}") from error


def save(path: Path, data: bytes) -> None:
    """Puts `data` into the configuration file at `path`, durably; new ones are private. Raises DiskFailed."""
    from packctl.durable import PRIVATE, Folder

    with Folder.open(path.parent, create=True) as folder:
        known = folder.stat(path.name)
        folder.replace(path.name, data, stat.S_IMODE(known.st_mode) if known else PRIVATE)
