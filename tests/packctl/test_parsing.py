"""Finding a command in the table, and its help."""

import sys
from types import ModuleType

import pytest

from packctl import parsing
from packctl.cli import Row
from packctl.commands.options import Names
from packctl.outcome import Outcome
from packctl.parsing import command_named, parse
from packctl.ui.help import show_named
from packctl.usage import ExtraArgument, MissingValue
from packspec.commandline import MissingArgument, MissingCommand, UnknownCommand, UnknownOption
from packspec.names import BadName
from tests.support.terminal import screen

ADMIN = Row("admin", "Run a registry", (Row("publisher", "Who may publish", (Row("accept", "Let one in"),)),))
TABLE = {
    "Use packs": (Row("remove", "Take packs out", aliases=("rm",)),),
    "Administer": (Row("queue", "Show submissions", (Row("take", "Take one"),), runs=True), ADMIN),
}


@pytest.fixture(autouse=True)
def table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "listed", lambda: TABLE)
    for name, source in {
        "remove": REMOVE,
        "queue": QUEUE,
        "queue.take": REMOVE,
        "admin.publisher.accept": REMOVE,
    }.items():
        module = ModuleType(f"packctl.commands.{name}")
        exec(source, module.__dict__)
        monkeypatch.setitem(sys.modules, module.__name__, module)


REMOVE = """
from packctl.commands.options import Names
from packctl.outcome import Outcome
from packspec.names import PackName
def run(session, names: Names) -> Outcome[int]:
    '''Take packs out of the project.

    The files go, the store keeps them.
    '''
"""
QUEUE = """
from typing import Annotated
import typer
from packctl.outcome import Outcome
from packspec.names import PublisherName
def run(
    session,
    publisher: Annotated[
        PublisherName | None, typer.Option("--publisher", metavar="P", help="Of this one", parser=PublisherName.parse)
    ] = None,
    note: Annotated[str, typer.Option("-n", "--note", metavar="TEXT FOR ALL", help="Why")] = "",
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Each")] = None,
) -> Outcome[int]:
    '''Show submissions.'''
"""


@pytest.mark.parametrize(
    ("line", "name", "rest"),
    [
        ("remove acme/a", "remove", ("acme/a",)),
        ("rm acme/a", "remove", ("acme/a",)),
        ("-- remove acme/a", "remove", ("acme/a",)),
        ("queue", "queue", ()),
        ("queue --publisher acme", "queue", ("--publisher", "acme")),
        ("queue take S-1", "queue take", ("S-1",)),
        ("admin publisher accept acme", "admin publisher accept", ("acme",)),
        ("admin publisher", "admin publisher", ()),
    ],
)
def test_words_name_a_command_or_a_group(line: str, name: str, rest: tuple[str, ...]) -> None:
    named = command_named(line.split())
    assert (named.name, named.rest) == (name, rest)


def test_unknown_words_and_options_before_a_command_are_refused_with_the_nearest() -> None:
    with pytest.raises(UnknownCommand) as caught:
        command_named(["admin", "publsher", "accept"])
    assert caught.value.fix() == ["packctl admin publisher"]
    with pytest.raises(UnknownOption):
        command_named(["--frozen", "remove"])


def test_arguments_are_checked_against_the_command() -> None:
    assert parse(command_named(["rm", "acme/a", "acme/b"])).values == {"names": ["acme/a", "acme/b"]}
    assert parse(command_named(["queue", "--publisher", "acme"])).values == {
        "publisher": "acme",
        "note": "",
        "tag": None,
    }
    with pytest.raises(MissingArgument) as missing:
        parse(command_named(["remove"]))
    assert missing.value.what() == "packctl remove needs NAME"
    with pytest.raises(MissingCommand):
        parse(command_named(["admin", "publisher"]))


def test_a_misspelled_command_of_a_group_that_runs_is_suggested() -> None:
    with pytest.raises(ExtraArgument) as caught:
        parse(command_named(["queue", "tkae", "S-1"]))
    assert caught.value.fix() == ["packctl queue take"]


def test_the_error_of_a_checked_type_is_told_as_it_is() -> None:
    with pytest.raises(BadName):
        parse(command_named(["queue", "--publisher", "ACME!"]))


@pytest.mark.parametrize(
    ("words", "fix"),
    [
        (("--note", ""), "write --note=TEXT"),
        (("--note=",), "write --note=TEXT"),
        (("-n", ""), "write --note=TEXT"),
        (("--tag", "one", "--tag", ""), "write --tag=VALUE"),
    ],
)
def test_an_option_with_an_empty_text_is_refused_as_one_without_a_value(words: tuple[str, ...], fix: str) -> None:
    """`verify --max-age "$AGE"` in a script that forgot AGE would check no age."""
    with pytest.raises(MissingValue) as caught:
        parse(command_named(["queue", *words]))
    assert caught.value.fix() == [fix]


def test_C36_a_pack_named_like_an_option_comes_after_two_hyphens() -> None:
    assert parse(command_named(["remove", "--", "--force"])).values == {"names": ["--force"]}
    with pytest.raises(UnknownOption):
        parse(command_named(["remove", "--force"]))


def test_help_shows_usage_story_arguments_and_what_a_group_holds() -> None:
    shown = screen()
    show_named(command_named(["remove"]), shown.console)
    assert shown.out == (
        "Take packs out of the project\n\nUsage: packctl remove NAME...\n\nThe files go, the store keeps them.\n\n"
        "Arguments:\n  NAME...  Packs, as publisher/name\n\nGlobal options: packctl help options\n"
    )
    shown = screen()
    show_named(command_named(["queue"]), shown.console)
    assert shown.out == (
        "Show submissions\n\nUsage: packctl queue [OPTIONS]\n\nOptions:\n  --publisher P            Of this one\n"
        "  -n, --note TEXT FOR ALL  Why\n  --tag TAG                Each\n\n"
        "Commands:\n  take  Take one\n\nGlobal options: packctl help options\n"
    )


def test_shared_options_are_plain_types_for_the_type_checker() -> None:
    def run(names: Names) -> Outcome[list[str]]:
        return Outcome(names)

    assert run(["acme/a"]).data == ["acme/a"]
