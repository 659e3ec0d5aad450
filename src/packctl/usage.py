"""What can be wrong with a command line before a command runs. All of these end with exit 2."""

import os
import shlex
from difflib import get_close_matches
from pathlib import Path

from packspec.errors import Invalid, NotFound


class MissingValue(Invalid):
    """An option stands last that needs a value."""

    option: str
    value: str = "VALUE"
    code = "cli.missing-value"

    def what(self) -> str:
        return f"{self.option} needs a value"

    def fix(self) -> list[str]:
        return [f"write {self.option}={self.value}"]


class ExtraArgument(Invalid):
    """More arguments were given than the command takes."""

    arguments: tuple[str, ...]
    command: str
    nearest: tuple[str, ...] = ()
    code = "cli.extra-argument"

    def what(self) -> str:
        return f"packctl {self.command} does not take {' '.join(self.arguments)!r}"

    def fix(self) -> list[str]:
        if self.nearest:
            return [f"packctl {self.command} {name}" for name in self.nearest]
        return [f"packctl {self.command} --help"]


class BadValue(Invalid):
    """The value of an option or argument is not one it takes."""

    name: str
    found: str
    expected: str
    nearest: str = ""
    code = "cli.bad-value"

    def what(self) -> str:
        return f"{self.name} cannot be {self.found!r}"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected, "found": self.found}

    def fix(self) -> list[str]:
        if self.nearest:
            return [f"write {self.nearest}"]
        words = self.expected.split(", ")
        if len(words) < 2 or any(" " in word for word in words):
            return [f"{self.name} wants {self.expected}"]
        option = f"{self.name} " if self.name.startswith("-") else ""
        near = get_close_matches(self.found, words, n=1) or [f"{', '.join(words[:-1])} or {words[-1]}"]
        return [f"write {option}{near[0]}"]


class NoRecords(Invalid):
    """`--plain` was given to a command whose result is no list of records. `in_json` is its line with the other option."""

    command: str
    in_json: str = ""
    code = "cli.no-records"

    def what(self) -> str:
        return f"packctl {self.command} has no --plain form"

    def why(self) -> str:
        return "--plain prints one record per line, and this command's result is no list"

    def fix(self) -> list[str]:
        return [f"packctl {self.in_json or f'{self.command} --json'}"]


class FormsExclude(Invalid):
    """`--json` and `--plain` together."""

    code = "cli.forms-exclude"

    def what(self) -> str:
        return "--json and --plain are two forms of one output"

    def fix(self) -> list[str]:
        return ["leave one of them out"]


class OptionsExclude(Invalid):
    """Two options that contradict each other."""

    first: str
    second: str
    code = "cli.options-exclude"

    def what(self) -> str:
        return f"{self.first} and {self.second} exclude each other"

    def fix(self) -> list[str]:
        return ["leave one of them out"]


class BadVariable(Invalid):
    """An environment variable of ours has a value that it does not take."""

    variable: str
    found: str
    expected: str
    code = "cli.bad-variable"

    def what(self) -> str:
        return f"{self.variable} cannot be {self.found!r}"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected, "found": self.found}

    def fix(self) -> list[str]:
        return [f"unset {self.variable}"]


class UnknownSetting(Invalid):
    """No setting has this name, or no file may set it."""

    name: str
    nearest: tuple[str, ...] = ()
    code = "cli.unknown-setting"

    def what(self) -> str:
        return f"there is no setting {self.name!r}"

    def fix(self) -> list[str]:
        return [f"did you mean {' or '.join(self.nearest)}?"] if self.nearest else ["packctl config list"]


class NoFolder(NotFound):
    """A folder that was named is not there; `folder` is empty for the one that the command was started in."""

    folder: str
    is_taken: bool = False
    """Something that is no folder has this name."""
    code = "cli.no-folder"

    def what(self) -> str:
        if self.is_taken:
            return f"{self.folder} is no folder"
        return f"there is no folder {self.folder}" if self.folder else "the folder that this was started in is gone"

    def fix(self) -> list[str]:
        if self.is_taken:
            return [f"name the folder that it lies in: {shlex.quote(os.path.dirname(self.folder) or '.')}"]
        return [f"mkdir -p {shlex.quote(self.folder)}"] if self.folder else ["change to a folder that is there: cd"]


def check_folder_of(file: Path) -> None:
    """Whether a file that was named can be written where it was named. Raises NoFolder."""
    if not file.parent.is_dir():
        raise NoFolder(str(file.parent), file.parent.exists())


def read_day(option: str, text: str, example: str) -> int:
    """The first second of an option's day in UTC, seconds since 1970: `2026-11-20`. Raises BadValue, which names the example."""
    from datetime import date

    from packspec.limits import DAY_SECONDS

    try:
        found = (date.fromisoformat(text) - date(1970, 1, 1)).days * DAY_SECONDS
    except ValueError:
        found = -1
    if found < 0:
        raise BadValue(option, text[:40], f"a day in UTC, such as {example}", f"{option} {example}")
    return found


def read_duration(option: str, text: str, example: str) -> int:
    """Seconds, as an option's `12h` or `7d` has them. Raises BadValue, which names the example."""
    from packspec.durations import Duration

    try:
        return Duration.parse(text).seconds
    except ValueError as error:
        raise BadValue(option, text, f"a whole number and one of s m h d w, such as {example}") from error
