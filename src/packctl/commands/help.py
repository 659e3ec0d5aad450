"""`packctl help`: help on a command, and the pages that belong to all of them: exit codes, environment, configuration, options, JSON."""

import textwrap
from typing import Annotated, Any, get_args

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.settings import ABOUT, HONORED, PLACE_VARIABLES
from packctl.ui.console import Console
from packspec.commandline import UnknownCommand
from packspec.errors import EXIT_PRECEDENCE

EXAMPLES = ("packctl help config list", "packctl help exit-codes", "packctl help json config list")
SETTINGS = False
TOPICS = ("exit-codes", "environment", "config", "options", "json")


class ExitCode(msgspec.Struct, frozen=True):
    """One row of the table of exit codes. `kinds` are the words of `error.kind` in JSON documents."""

    exit: int
    name: str
    kinds: list[str]
    meaning: str


class Entry(msgspec.Struct, frozen=True):
    """A variable, key or option, and what it means."""

    name: str
    meaning: str
    default: str = ""


class Help(msgspec.Struct, frozen=True):
    """What was asked for: the words, and the one part that answers. For a command all parts are empty and its help is text only."""

    topic: str
    exit_codes: list[ExitCode] = []
    entries: list[Entry] = []
    commands: list[Entry] = []
    json_schema: dict[str, Any] = {}


EXIT_CODES = (
    ExitCode(0, "ok", [], "done, or nothing to do"),
    ExitCode(
        1,
        "failed",
        ["damaged"],
        "local files are broken, or a failure of no other kind; no at a prompt; --exit-code found something",
    ),
    ExitCode(
        2,
        "usage",
        ["invalid"],
        "wrong arguments, a bad pack.toml or other given file; a question that could not be asked",
    ),
    ExitCode(3, "not-found", ["not-found"], "no such pack, release, submission or file visible to you"),
    ExitCode(4, "auth", ["anonymous", "denied"], "not logged in; logged in and not allowed"),
    ExitCode(5, "conflict", ["conflict"], "no set of versions fits; or present state forbids it"),
    ExitCode(6, "untrusted", ["untrusted"], "a signature, digest, chain, log, freshness or archive is wrong"),
    ExitCode(7, "license", ["unlicensed"], "no valid license, or its machines or seats are taken"),
    ExitCode(
        8,
        "unavailable",
        ["unavailable", "busy"],
        "registry or network not reachable, after retries: trying again makes sense",
    ),
    ExitCode(9, "lock", ["stale"], "pack.lock cannot be read; with --locked it is missing or out of date"),
    ExitCode(10, "policy", ["against-policy"], "a rule says no: recalled, yanked, terms not allowed, client too old"),
    ExitCode(70, "bug", ["bug"], "our fault; a report file is named"),
    ExitCode(129, "hung up", [], "the terminal went away (HUP)"),
    ExitCode(130, "interrupted", [], "Ctrl-C"),
    ExitCode(141, "closed pipe", [], "whoever read the output went away"),
    ExitCode(143, "terminated", [], "TERM"),
)
"""The table of docs/reference/exit-codes.md; a test holds it to `packspec.errors.Kind`."""


def run(
    session: Session,
    topic: Annotated[
        list[str] | None,
        typer.Argument(metavar="TOPIC", help="A command, or exit-codes, environment, config, options, json COMMAND"),
    ] = None,
) -> Outcome[Help]:
    """Help on a command, or on one of the topics.

    Without a topic: every command. `packctl help json COMMAND` prints the JSON schema of what COMMAND prints with --json.
    """
    words = tuple(topic or ())
    match words:
        case ():
            return Outcome(Help("", commands=_commands()))
        case ("exit-codes",):
            return Outcome(Help("exit-codes", exit_codes=list(EXIT_CODES)))
        case ("environment",):
            return Outcome(Help("environment", entries=_variables()))
        case ("config",):
            return Outcome(Help("config", entries=_keys()))
        case ("options",):
            return Outcome(Help("options", entries=_options()))
        case ("json", *command) if command:
            return Outcome(Help(" ".join(words), json_schema=_schema(tuple(command))))
        case ("json",):
            return Outcome(Help("json", json_schema=_schema(())))
        case _:
            return Outcome(Help(" ".join(_named(words).words)))


def text(result: Help, console: Console) -> None:
    """The topic, or what `--help` says."""
    from packctl.ui import help as texts

    if result.json_schema:
        console.line(msgspec.json.format(msgspec.json.encode(result.json_schema), indent=2).decode())
    elif result.exit_codes:
        _exit_codes(result.exit_codes, console)
    elif result.topic == "options":
        texts.show_options(console)
    elif result.entries:
        texts.show_entries([(entry.name, _with_default(entry)) for entry in result.entries], console)
        if result.topic == "config":
            console.line("Also the tables [registries], [policy] and [install], as in pack.toml.")
    elif result.topic:
        texts.show_named(_named(tuple(result.topic.split())), console)
    else:
        texts.show_all(console)


def _exit_codes(rows: list[ExitCode], console: Console) -> None:
    from packctl.ui.table import Column, table_lines

    columns = (Column("EXIT", right=True), Column("NAME", whole=True), Column("KIND", whole=True), Column("MEANING"))
    cells = [(str(row.exit), row.name, ", ".join(row.kinds), row.meaning) for row in rows]
    for line in table_lines(columns, cells, min(console.width or 80, 100)):
        console.line(line)
    console.line()
    order = ", then ".join(str(code) for code in EXIT_PRECEDENCE)
    for line in textwrap.wrap(f"Several at once: {order}.", min(console.width or 80, 100)):
        console.line(line)


def _with_default(entry: Entry) -> str:
    return f"{entry.meaning} (default {entry.default})" if entry.default else entry.meaning


def _named(words: tuple[str, ...]) -> Any:
    """The command or group; Any, because `parsing` stands above this room. Raises UnknownCommand, also for words after a command."""
    from packctl.parsing import command_named

    named = command_named(words)
    if named.rest:
        raise UnknownCommand(" ".join(words), (), "")
    return named


def _schema(words: tuple[str, ...]) -> dict[str, Any]:
    """The JSON schema of a command's document, or of every document's frame. The type is read from the annotation of `run`."""
    import importlib
    import inspect

    from packctl.cli import module_of
    from packctl.ui.document import json_schema

    if not words:
        return json_schema(msgspec.Raw, "COMMAND")
    named = _named(words)
    if not named.is_command:
        raise UnknownCommand(named.name, tuple(row.name for row in named.row.children), "")
    module = importlib.import_module(module_of(named.words))
    (data,) = get_args(inspect.signature(module.run, eval_str=True).return_annotation)
    return json_schema(data, named.name)


def _commands() -> list[Entry]:
    from packctl.cli import every_command

    return [Entry(" ".join(words), row.help) for words, row in every_command()]


def _variables() -> list[Entry]:
    ours = [Entry(about.variable, about.doc) for about in ABOUT.values() if about.variable]
    places = [Entry(name, meaning) for name, meaning in PLACE_VARIABLES.items()]
    return [*ours, *places, *(Entry(name, meaning) for name, meaning in HONORED.items())]


def _keys() -> list[Entry]:
    from packctl.commands.config.list import written
    from packctl.settings import Settings

    default = Settings()
    return [
        Entry(about.key, f"{about.doc}: {about.form.expected}", written(getattr(default, name), about.form))
        for name, about in ABOUT.items()
        if about.key
    ]


def _options() -> list[Entry]:
    from packctl.arguments import GLOBALS

    return [Entry(", ".join(option.spellings), option.help) for option in GLOBALS]
