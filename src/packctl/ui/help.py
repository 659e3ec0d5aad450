"""The texts of `--help`: packctl alone, all commands under their headings, a group, one command."""

import importlib
import inspect
import textwrap
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from packctl.arguments import GLOBALS, GlobalOption
from packctl.cli import DAILY, Row, listed, module_of
from packctl.parsing import Named, typer_command
from packctl.ui.console import Console

if TYPE_CHECKING:
    from typer.core import TyperCommand

_COLUMNS = 80
_WIDEST = 100


def show_named(named: Named, console: Console) -> None:
    """Help on the command or group that was named, or on packctl."""
    if not named.words:
        show_all(console)
    elif not named.is_command:
        show_group(named.words, named.row, console)
    else:
        module = importlib.import_module(module_of(named.words))
        show_command(named.words, named.row, module, typer_command(module, named), console)


def show_entries(entries: Iterable[tuple[str, str]], console: Console) -> None:
    """Names and meanings in two columns."""
    for line in _rows(list(entries), _width(console), indent=0):
        console.line(line)


def show_short(console: Console) -> None:
    """`packctl` alone: what one needs every day."""
    rows = {row.name: row for group in listed().values() for row in group}
    console.line("packctl, the package manager for signed content packs")
    console.line()
    _section(console, "Every day", [(name, rows[name].help) for name in DAILY if name in rows])
    console.line("All commands: packctl help      One command: packctl help COMMAND")


def show_all(console: Console) -> None:
    """`packctl --help`: every command under its heading, and the global options."""
    console.line("packctl, the package manager for signed content packs")
    console.line()
    console.line("Usage: packctl COMMAND [ARGUMENTS] [OPTIONS]")
    console.line()
    for heading, rows in listed().items():
        _section(console, heading, [(row.name, row.help) for row in rows])
    show_options(console)
    console.line()
    console.line("More: packctl help COMMAND, packctl help exit-codes, environment, config, json")


def show_options(console: Console) -> None:
    """The global options."""
    console.line(console.style("Global options, anywhere before --:", "bold"))
    for line in _rows([(_spelled(option), _meaning(option)) for option in GLOBALS], _width(console), indent=2):
        console.line(line)


def show_group(words: tuple[str, ...], row: Row, console: Console) -> None:
    """A group: its commands."""
    console.line(row.help)
    console.line()
    console.line(f"Usage: packctl {' '.join(words)} COMMAND")
    console.line()
    _section(console, "Commands", [(child.name, child.help) for child in row.children])
    console.line(f"More: packctl {' '.join(words)} COMMAND --help")


def show_command(
    words: tuple[str, ...], row: Row, module: ModuleType, command: "TyperCommand", console: Console
) -> None:
    """One command: its line, its usage, its arguments and options, what its docstring adds, examples."""
    title, _, story = (inspect.getdoc(module.run) or row.help).partition("\n\n")
    arguments, options = [], []
    for param in command.params:
        text = (getattr(param, "help", "") or "").strip()
        if getattr(param, "hidden", False):
            continue
        if param.param_type_name == "argument":
            arguments.append((_metavar(param), text))
        else:
            options.append((_option(param), text))
    console.line(" ".join(title.split()).removesuffix("."))
    console.line()
    pieces = ["packctl", *words, *(name for name, _ in arguments), *(["[OPTIONS]"] if options else [])]
    console.line(f"Usage: {' '.join(pieces)}")
    console.line()
    for paragraph in filter(None, story.split("\n\n")):
        for line in textwrap.wrap(" ".join(paragraph.split()), _width(console), break_on_hyphens=False):
            console.line(line)
        console.line()
    if described := [(name, text) for name, text in arguments if text]:
        _section(console, "Arguments", described)
    if options:
        _section(console, "Options", options)
    if row.children:
        _section(console, "Commands", [(child.name, child.help) for child in row.children])
    if examples := getattr(module, "EXAMPLES", ()):
        console.line("Examples:")
        for example in examples:
            console.line(f"  {example}")
        console.line()
    console.line("Global options: packctl help options")


def _metavar(param: object) -> str:
    """`NAME`, `[NAME]`, `NAME...` or `[NAME...]`."""
    name = str(getattr(param, "metavar", "") or getattr(param, "name", "")).upper()
    name += "..." if getattr(param, "nargs", 1) == -1 else ""
    return name if getattr(param, "required", False) else f"[{name}]"


def _option(param: object) -> str:
    """`-o, --output FILE`."""
    spelled = ", ".join(sorted([*getattr(param, "opts", ()), *getattr(param, "secondary_opts", ())], key=len))
    if getattr(param, "is_flag", False):
        return spelled
    choices = getattr(getattr(param, "type", None), "choices", None)
    words = "/".join(str(getattr(choice, "value", choice)) for choice in choices) if choices else ""
    return f"{spelled} {words or getattr(param, 'metavar', '') or str(getattr(param, 'name', '')).upper()}"


def _spelled(option: GlobalOption) -> str:
    return f"{', '.join(option.spellings)}{f' {option.value}' if option.value else ''}"


def _meaning(option: GlobalOption) -> str:
    return f"{option.help}: {', '.join(option.choices)}" if option.choices else option.help


def _section(console: Console, title: str, rows: Iterable[tuple[str, str]]) -> None:
    """A heading, two aligned columns, a blank line; nothing for no rows."""
    if rows := list(rows):
        console.line(console.style(f"{title}:", "bold"))
        for line in _rows(rows, _width(console), indent=2):
            console.line(line)
        console.line()


def _rows(rows: list[tuple[str, str]], width: int, indent: int) -> Iterator[str]:
    """Names and texts; a text is wrapped below itself, and stands on the next line after a long name."""
    column = min(max(len(name) for name, _ in rows), 30) + 2
    blank = " " * (indent + column)
    for name, text in rows:
        lines = textwrap.wrap(text, max(width - len(blank), 20), break_on_hyphens=False) or [""]
        first = " " * indent + name
        if len(name) + 2 <= column:
            first = f"{first:<{len(blank)}}{lines.pop(0)}"
        yield first.rstrip()
        yield from (blank + line for line in lines if line)


def _width(console: Console) -> int:
    return min(console.width or _COLUMNS, _WIDEST)
