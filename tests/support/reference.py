"""The reference pages that are made from the code, those of `PAGE_OF` below, as docs/reference/NAME.md.

`RECORD=1` writes them; without it a test compares them with what they would be.
"""

import importlib
import inspect
import re
import textwrap
from collections.abc import Callable, Iterable
from typing import Any, get_args, get_type_hints

import msgspec

from packctl.arguments import GLOBALS
from packctl.cli import Row, every_command, listed, module_of
from packctl.commands.config.list import written
from packctl.commands.help import EXIT_CODES
from packctl.outcome import Notice
from packctl.parsing import command_named, typer_command
from packctl.settings import ABOUT, HONORED, PLACE_VARIABLES, Settings
from packctl.ui.document import Document, Failure, schema_name
from packctl.ui.progress import SCHEMA, Event
from packspec.errors import EXIT_PRECEDENCE, Where
from tests.support.reliability import MEANINGS, PLACES, named
from tests.support.transcript import ROOT

PAGES = ROOT / "docs" / "reference"


def exit_codes() -> str:
    """docs/reference/exit-codes.md."""
    order = ", ".join(str(code) for code in EXIT_PRECEDENCE[1:])
    return page(
        "Exit codes",
        "One table for all commands. The kind of an error decides its exit code; `packctl help exit-codes` prints this.",
        table(
            ("exit", "name", "kind", "meaning"),
            ((str(row.exit), row.name, ", ".join(row.kinds), row.meaning) for row in EXIT_CODES),
        ),
        f"When several things went wrong, {EXIT_PRECEDENCE[0]} wins, then {order}. Finer answers are error codes and the fields of "
        "[JSON documents](json-output.md), never more exit codes.",
    )


def environment() -> str:
    """docs/reference/environment.md."""
    ours = [(f"`{about.variable}`", about.doc, about.form.expected) for about in ABOUT.values() if about.variable]
    return page(
        "Environment",
        "A variable is weaker than an option and stronger than every [configuration file](configuration.md). True is `1 true yes "
        "on`, false is `0 false no off` or empty; anything else is `cli.bad-variable`, exit 2. A variable that begins with "
        "`PACKCTL_` and is not listed here gives a warning. A path is seen from the folder that the command works in, which `-C` names.",
        table(("variable", "meaning", "value"), ours),
        "Places:",
        table(("variable", "meaning"), ((f"`{name}`", meaning) for name, meaning in PLACE_VARIABLES.items())),
        "Variables of other programs that packctl obeys:",
        table(("variable", "meaning"), ((f"`{name}`", meaning) for name, meaning in HONORED.items())),
        "Color is decided for each stream by the first of these that says something: `--color`, `PACKCTL_COLOR`, `NO_COLOR`, "
        "`FORCE_COLOR` or `CLICOLOR_FORCE`, `ui.color`, `TERM=dumb`, whether the stream is a terminal.",
    )


def configuration() -> str:
    """docs/reference/configuration.md."""
    default = Settings()
    rows = (
        (f"`{about.key}`", about.doc, about.form.expected, f"`{written(getattr(default, name), about.form)}`")
        for name, about in ABOUT.items()
        if about.key
    )
    return page(
        "Configuration",
        "Strongest first, a value comes from an option, a variable, the project's `pack.toml`, your `config.toml`, the system's "
        "`config.toml`, or is the default. `packctl config list --origin` shows the place of every value, `packctl config path` "
        "where your file is. `config set`, `unset` and `edit` change it; comments and order stay.",
        table(
            ("key", "meaning", "value", "default"),
            ((key, doc, form, value.replace("``", "")) for key, doc, form, value in rows),
        ),
        "The tables `[registries]`, `[policy]` and `[install]` are those of `pack.toml`.",
        "An unknown key is refused with its line, because a misspelled one would protect less than it seems. A file, or a folder "
        "around it, that others of the machine can write is refused, because who writes it decides what is trusted "
        "(`project.config-writable`).",
        "## What a project may say",
        "A project's file is written by strangers, so it may only tighten:",
        table(
            ("a project file may", "it may not"),
            (
                (
                    "name registries and mirrors; bind publishers to one of them",
                    "set tokens, keys, passphrases, license keys, proxies, certificates",
                ),
                ("pin the root of a registry that you have not pinned", "change a root that you have pinned"),
                ("require more: `[policy]` adds to yours", "drop a requirement, raise a maximum, shorten a minimum"),
                ("choose a folder inside the project", "name a path outside of it"),
            ),
        ),
        "Of two policies the tighter value of each key holds. An attempt to loosen is `project.loosens-trust`, exit 2, with file "
        "and line; it is refused, not ignored.",
    )


def options() -> str:
    """docs/reference/options.md."""
    rows = (
        (
            ", ".join(f"`{spelling}`" for spelling in option.spellings),
            option.value,
            option.help,
            ", ".join(option.choices),
        )
        for option in GLOBALS
    )
    return page(
        "Global options",
        "They may stand before the command or anywhere after it, up to `--`. So a value that begins with a hyphen is written "
        "`--note=-q`. No command gives one of them another meaning.",
        table(("option", "value", "meaning", "one of"), rows),
    )


def commands() -> str:
    """docs/reference/commands.md."""
    parts = [
        "What each command does, with its arguments and options. The options that all of them know are in [options](options.md)."
    ]
    for heading, rows in listed().items():
        parts.append(f"## {heading}")
        for row in rows:
            parts += list(_command_parts(row, ()))
    return page("Commands", *parts)


def _command_parts(row: Row, above: tuple[str, ...]) -> Iterable[str]:
    words = (*above, row.name)
    if not row.children or row.runs:
        named = command_named(words)
        module = importlib.import_module(module_of(words))
        params: list[Any] = list(typer_command(module, named).params)
        yield f"### `packctl {' '.join(words)}`"
        yield inspect.getdoc(module.run) or ""
        if rows := [(_spelling(param), param.help or "") for param in params if not param.hidden]:
            yield table(("argument or option", "meaning"), rows)
    for child in row.children:
        yield from _command_parts(child, words)


def _spelling(param: Any) -> str:
    if param.param_type_name == "argument":
        return f"`{param.human_readable_name}`"
    spelled = ", ".join(f"`{spelling}`" for spelling in sorted(param.opts, key=len))
    return spelled if param.is_flag else f"{spelled} `{param.metavar or param.name.upper()}`"


def json_output() -> str:
    """docs/reference/json-output.md."""
    parts = [
        "With `--json` a command prints one document on stdout, also when it fails. Color and questions are off and stderr stays "
        "empty, unless `--progress json` is given. Fields are only ever added; a change of meaning gets the next schema number. "
        "`packctl help json COMMAND` prints the JSON schema.",
        "## The document",
        fields(Document),
        "`error`, where it is not null:",
        fields(Failure),
        "`error.where`:",
        fields(Where),
        "One of `warnings`:",
        fields(Notice),
        "When the arguments name no command, the schema is `packctl/usage/1`.",
        "## Progress",
        f"With `--progress json` stderr holds one document per line, schema `{SCHEMA}`. Fields that are empty or 0 are left out.",
        fields(Event),
        "## `data` of each command",
    ]
    for words, _ in every_command():
        module = importlib.import_module(module_of(words))
        (data,) = get_args(inspect.signature(module.run, eval_str=True).return_annotation)
        parts.append(f"### `{schema_name(' '.join(words))}`")
        for struct in structs_in(data):
            parts += [prose(struct) if struct is data else f"`{struct.__name__}`: {prose(struct)}", fields(struct)]
    return page("JSON output", *parts)


def page(title: str, *parts: str) -> str:
    """A page of Markdown; prose is filled to 140 columns."""
    mark = "<!-- Made from the code; RECORD=1 with tests/architecture/test_reference.py writes it again. -->"
    return "\n\n".join([f"# {title}", mark, *map(_filled, parts)]) + "\n"


def _filled(part: str) -> str:
    if part.startswith(("|", "#")):
        return part
    paragraphs = [" ".join(paragraph.split()) for paragraph in part.split("\n\n")]
    return "\n\n".join(textwrap.fill(text, 140, break_on_hyphens=False, break_long_words=False) for text in paragraphs)


def table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table of Markdown."""
    lines = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def fields(struct: Any) -> str:
    """The fields of a Struct."""
    return table(
        ("field", "type"), ((f"`{name}`", f"`{type_text(kind)}`") for name, kind in struct.__annotations__.items())
    )


def structs_in(kind: Any) -> list[Any]:
    """The Structs that a type holds, itself first, without those that stand at the top of the page."""
    found: list[Any] = []
    waiting = [kind]
    while waiting:
        here = waiting.pop(0)
        waiting += get_args(here)
        if isinstance(here, type) and issubclass(here, msgspec.Struct) and here not in (*found, Where, Notice):
            found.append(here)
            waiting += get_type_hints(here).values()
    return found


def prose(struct: Any) -> str:
    """The docstring of a Struct, as one paragraph."""
    return " ".join((inspect.getdoc(struct) or "").split())


def type_text(kind: Any) -> str:
    """A type as Python writes it, without the names of modules."""
    text = kind.__name__ if isinstance(kind, type) and not get_args(kind) else str(kind)
    return re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Z])|~", "", text)


def reliability() -> str:
    """docs/reference/reliability.md."""
    tested = set(named())
    parts = [
        "Faults and attacks that tests try, each with the id that stands in the names of its tests: `pytest -k C09` runs all of C09. An id "
        "that is missing here is not tested. Steps such as I7, R4 or V5, one digit or without a leading zero, are those of the chapters "
        "[install](../spec/install.md), [verdict](../spec/verdict.md) and [verify](../spec/verify.md)."
    ]
    for letter, place in PLACES.items():
        rows = [(name, MEANINGS[name]) for name in sorted(tested) if name[0] == letter]
        if rows:
            parts += [f"## {place}", table(("id", "what holds"), rows)]
    return page("Reliability", *parts)


PAGE_OF: dict[str, Callable[[], str]] = {
    "commands": commands,
    "configuration": configuration,
    "environment": environment,
    "exit-codes": exit_codes,
    "json-output": json_output,
    "options": options,
    "reliability": reliability,
}
