"""What can be completed: for every command its subcommands, options and arguments, read from the table and the signatures of `run`.

Made when a script is printed, which imports every command; the scripts themselves import nothing.
"""

import importlib
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from msgspec import Struct

from packctl.arguments import GLOBALS
from packctl.cli import Row, listed, module_of
from packctl.parsing import Named, typer_command


class Kind(StrEnum):
    """What stands where a value is expected."""

    NOTHING = "nothing"
    WORDS = "words"
    """One of the words that the option or argument knows."""
    HERE = "here"
    """Packs of the project."""
    KNOWN = "known"
    """Packs of the project, and those that the registry listed when it was last asked."""
    GROUP = "group"
    FILE = "file"
    FOLDER = "folder"
    COMMAND = "command"


class Value(Struct, frozen=True):
    """What a value may be."""

    kind: Kind = Kind.NOTHING
    words: tuple[str, ...] = ()


class Option(Struct, frozen=True):
    """An option: its spellings, its help, and what it takes; None: a switch."""

    spellings: tuple[str, ...]
    help: str
    value: Value | None = None


class Node(Struct, frozen=True):
    """A command or group. `path` are its words joined by blanks, empty for packctl itself."""

    path: str
    help: str
    children: tuple[Row, ...]
    options: tuple[Option, ...] = ()
    argument: Value = Value()


_ADDS = ("add", "install", "show", "fetch", "diff", "why-not", "search", "publisher")
"""Commands whose packs need not be in the project."""
_KINDS = {"GROUP": Kind.GROUP, "FILE": Kind.FILE, "DIR": Kind.FOLDER, "TOPIC": Kind.COMMAND}


def nodes() -> Iterator[Node]:
    """packctl itself, then every command and group, in the order of the help."""
    rows = tuple(row for group in listed().values() for row in group)
    yield Node("", "", rows, tuple(_globals()))
    for row in rows:
        yield from _below(row, ())


def _below(row: Row, above: tuple[str, ...]) -> Iterator[Node]:
    words = (*above, row.name)
    if row.children and not row.runs:
        yield Node(" ".join(words), row.help, row.children)
    else:
        command = typer_command(importlib.import_module(module_of(words)), Named(words, row, ()))
        shown = [param for param in command.params if not getattr(param, "hidden", False)]
        options = tuple(_option(param, words) for param in shown if param.param_type_name == "option")
        argument = next((_value(param, words) for param in shown if param.param_type_name == "argument"), Value())
        yield Node(" ".join(words), row.help, row.children, options, argument)
    for child in row.children:
        yield from _below(child, words)


def _globals() -> Iterator[Option]:
    for option in GLOBALS:
        value = None
        if option.value:
            kind = Kind.WORDS if option.choices else _KINDS.get(option.value, Kind.NOTHING)
            value = Value(kind, option.choices)
        yield Option(option.spellings, option.help, value)


def _option(param: Any, words: tuple[str, ...]) -> Option:
    """An option of a command. Any: typer's own classes are click's, which it does not export."""
    spellings = (*param.opts, *param.secondary_opts)
    return Option(spellings, (param.help or "").strip(), None if param.is_flag else _value(param, words))


def _value(param: Any, words: tuple[str, ...]) -> Value:
    choices = getattr(param.type, "choices", None)
    if choices:
        return Value(Kind.WORDS, tuple(str(getattr(choice, "value", choice)) for choice in choices))
    metavar = str(param.metavar or "").partition("[")[0].partition("@")[0].strip(".")
    if metavar.startswith("NAME") and words[0] != "publisher":
        return Value(Kind.KNOWN if words[0] in _ADDS else Kind.HERE)
    return Value(_KINDS.get(metavar.rpartition(" ")[2] or metavar, Kind.NOTHING))
