"""Sorts the global options out of the arguments, wherever they stand before `--`, so that commands see only their own.

The table `GLOBALS` is the whole list; `packctl --help`, `packctl help options` and the reference pages are made from it. Chapter 4 of the
command line's contract (docs/reference/options.md). Because an option's value is taken from the next argument whatever it looks like only
for the options in this table, a command's value that begins with `-` is written `--note=-q`.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from packspec.errors import PackError


class GlobalOption(msgspec.Struct, frozen=True):
    """One global option: its spellings, the field of `Globals` it sets, and its line of help.

    `value` names what it takes ("" for a switch), `choices` are the words it may be, `fixed` is what a switch sets.
    """

    spellings: tuple[str, ...]
    field: str
    help: str
    value: str = ""
    choices: tuple[str, ...] = ()
    fixed: str = ""


GLOBALS = (
    GlobalOption(("-q", "--quiet"), "quiet", "Results and errors only; -qq: errors only"),
    GlobalOption(("-v", "--verbose"), "verbose", "Say more; -vv: also each HTTP request and tracebacks"),
    GlobalOption(("--json",), "json", "One JSON document on stdout, also on failure"),
    GlobalOption(("--plain",), "plain", "One record per line, fields separated by TAB"),
    GlobalOption(("--color",), "color", "Color", "WHEN", ("auto", "always", "never")),
    GlobalOption(("--no-color",), "color", "The same as --color never", fixed="never"),
    GlobalOption(("--progress",), "progress", "Progress on stderr", "FORM", ("auto", "plain", "json", "off")),
    GlobalOption(("--no-progress",), "progress", "The same as --progress off", fixed="off"),
    GlobalOption(("--no-input",), "no_input", "Never ask"),
    GlobalOption(("-y", "--yes"), "yes", "Answer yes to ordinary questions, never to a question of trust"),
    GlobalOption(("--offline",), "offline", "No network at all"),
    GlobalOption(("--registry",), "registry", "This registry instead of the default", "ALIAS or URL"),
    GlobalOption(("-C", "--project"), "project", "As if started there", "DIR"),
    GlobalOption(("--config-file",), "config_file", "Another user configuration", "FILE"),
    GlobalOption(("--no-config",), "no_config", "No user and no system configuration"),
    GlobalOption(("--timeout",), "timeout", "Seconds per request", "S"),
    GlobalOption(("-V", "--version"), "version", "Print the version and exit"),
    GlobalOption(("-h", "--help"), "help", "Print help on the command and exit"),
)
"""Every option that all commands know, in the order of the help."""

_BY_SPELLING = {spelling: option for option in GLOBALS for spelling in option.spellings}
_COUNTED = ("quiet", "verbose")


class Globals(msgspec.Struct, frozen=True):
    """The global options of one command line. A text that was not given is None; switches are false."""

    quiet: int = 0
    verbose: int = 0
    json: bool = False
    plain: bool = False
    color: str | None = None
    progress: str | None = None
    no_input: bool = False
    yes: bool = False
    offline: bool = False
    registry: str | None = None
    project: str | None = None
    config_file: str | None = None
    no_config: bool = False
    timeout: str | None = None
    version: bool = False
    help: bool = False


class Sorted(msgspec.Struct, frozen=True):
    """Arguments after sorting: the global options, and what is left for the command in its order.

    `fault` is the first thing wrong with a global option. It is kept and not raised, because how it is shown (`--json`) is itself one of
    the options.
    """

    globals: Globals = Globals()
    rest: tuple[str, ...] = ()
    fault: PackError | None = None


def sort_arguments(arguments: Sequence[str]) -> Sorted:
    """The global options before the first `--`, and everything else. Never raises."""
    found = Globals()
    fault: PackError | None = None
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            rest += [word, *waiting]
            break
        read = _read(word, waiting)
        if read is None:
            rest.append(word)
            continue
        for option, value in read:
            try:
                found = _with(found, option, value)
            except PackError as error:
                fault = fault or error
    return Sorted(found, tuple(rest), fault)


def _read(word: str, waiting: list[str]) -> list[tuple[GlobalOption, str | None]] | None:
    """The global options in `word` with their values (None: the value is missing), or None if it is no global option."""
    if word.startswith("--"):
        spelling, equals, value = word.partition("=")
        option = _BY_SPELLING.get(spelling)
        if option is None:
            return None
        if not option.value:
            return [(option, value if equals else "")]
        return [(option, value if equals else _next(waiting))]
    if not word.startswith("-") or len(word) < 2:
        return None
    option = _BY_SPELLING.get(word[:2])
    if option is not None and option.value:
        return [(option, word[2:] or _next(waiting))]
    cluster = [_BY_SPELLING.get(f"-{letter}") for letter in word[1:]]
    if any(option is None or option.value for option in cluster):
        return None
    return [(option, "") for option in cluster if option is not None]


def _next(waiting: list[str]) -> str | None:
    return waiting.pop(0) if waiting else None


def _with(found: Globals, option: GlobalOption, value: str | None) -> Globals:
    """`found` and this option. Raises MissingValue and BadValue."""
    longest = option.spellings[-1]
    if option.value:
        if value is None or value == "":
            from packctl.usage import MissingValue

            raise MissingValue(longest, option.value.split()[0])
        if option.choices and value not in option.choices:
            from difflib import get_close_matches

            from packctl.usage import BadValue

            near = get_close_matches(value, option.choices, n=1)
            raise BadValue(longest, value, ", ".join(option.choices), f"{longest} {near[0]}" if near else "")
        return _set(found, option.field, value)
    if value:
        from packctl.usage import BadValue

        raise BadValue(longest, value, "no value: it is a switch", longest)
    if option.field in _COUNTED:
        return _set(found, option.field, getattr(found, option.field) + 1)
    return _set(found, option.field, option.fixed or True)


def _set(found: Globals, name: str, value: Any) -> Globals:
    """Any: the type is that of the field, which only the table knows."""
    return msgspec.structs.replace(found, **{name: value})
