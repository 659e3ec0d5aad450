"""Questions, and what happens where nobody can answer."""

import pytest

from packctl.arguments import Globals
from packctl.ui.ask import Ask, Declined, NeedsAnswer
from packspec.errors import Untrusted
from tests.support.terminal import Screen, screen


def at_terminal(typed: str, *, yes: bool = False) -> tuple[Ask, Screen]:
    shown = screen(terminal=True, typed=typed)
    return Ask(shown.console, yes=yes), shown


class RootUnknown(Untrusted):
    code = "trust.root-unknown"


@pytest.mark.parametrize(
    ("typed", "default", "answer"),
    [
        ("y\n", False, True),
        ("Yes\n", False, True),
        ("n\n", True, False),
        ("\n", False, False),
        ("\n", True, True),
        ("what\nn\n", True, False),
    ],
)
def test_a_question_takes_yes_and_no_and_asks_again_otherwise(typed: str, default: bool, answer: bool) -> None:
    ask, _ = at_terminal(typed)
    assert ask.confirm("Upload?", default=default) is answer


def test_the_safe_answer_stands_in_capitals_on_stderr() -> None:
    ask, shown = at_terminal("\n")
    ask.confirm("Upload?")
    assert (shown.out, shown.err) == ("", "Upload? [y/N] ")


def test_yes_answers_an_ordinary_question_without_asking() -> None:
    shown = screen()
    assert Ask(shown.console, yes=True).confirm("Upload?")
    assert shown.err == ""


def test_yes_does_not_answer_a_question_of_trust() -> None:
    with pytest.raises(RootUnknown):
        Ask(screen().console, yes=True).trust("Trust sha256:5f0c?", RootUnknown())
    ask, _ = at_terminal("n\n", yes=True)
    assert ask.trust("Trust sha256:5f0c?", RootUnknown()) is False


@pytest.mark.parametrize("given", [Globals(), Globals(no_input=True)])
def test_where_nobody_is_there_the_option_that_answers_is_named(given: Globals) -> None:
    with pytest.raises(NeedsAnswer) as caught:
        Ask(screen(given).console).confirm("Upload?", option="--yes")
    assert caught.value.fix() == ["say it on the command line: --yes"]
    assert caught.value.kind.exit_code == 2


def test_a_no_where_a_yes_is_needed_fails_with_exit_one() -> None:
    ask, _ = at_terminal("n\n")
    with pytest.raises(Declined) as caught:
        ask.must_confirm("Upload?")
    assert caught.value.kind.exit_code == 1


def test_what_cannot_be_undone_wants_its_name_typed_even_with_yes() -> None:
    ask, _ = at_terminal("acme/farm-animals@2.1.0\n", yes=True)
    ask.typed("Type the release to confirm", "acme/farm-animals@2.1.0", option="--confirm")
    ask, _ = at_terminal("yes\n", yes=True)
    with pytest.raises(Declined):
        ask.typed("Type the release to confirm", "acme/farm-animals@2.1.0", option="--confirm")


def test_an_end_of_input_is_nobody() -> None:
    ask, _ = at_terminal("")
    with pytest.raises(NeedsAnswer):
        ask.confirm("Upload?")


def test_a_piped_secret_is_its_first_line() -> None:
    assert Ask(screen(typed="pkt_abc\nmore\n").console).secret_from_stdin("a token", "--with-token < FILE") == "pkt_abc"
    for nothing in ("", "\n", "x" * 5000):
        with pytest.raises(NeedsAnswer):
            Ask(screen(typed=nothing).console).secret_from_stdin("a token", "--with-token < FILE")


def test_C19_a_name_in_a_question_cannot_change_the_question() -> None:
    shown = screen(terminal=True, typed="y\n")
    Ask(shown.console).confirm("Remove acme/\x1b[2K\rKeep \u202ex?")
    assert shown.err == "Remove acme/\\x1b[2K\\rKeep \\u202ex? [y/N] "


def test_a_no_after_something_was_done_says_what_stands_and_how_to_go_on() -> None:
    declined = Declined("checklist: ages", "S-1 is taken for review", ("packctl approve S-1",))
    assert declined.what() == "nothing more was done, because the answer was no"
    assert declined.facts() == {"question": "checklist: ages", "so far": "S-1 is taken for review"}
    assert declined.fix() == ["packctl approve S-1"]
