"""What click reports about a command line, as errors of ours. Loaded only when something is wrong."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from typer._click import exceptions as click

from packctl.arguments import GLOBALS
from packctl.usage import BadValue, ExtraArgument, MissingValue
from packspec.commandline import MissingArgument, UnknownCommand, UnknownOption
from packspec.errors import PackError

if TYPE_CHECKING:
    from typer.core import TyperCommand

    from packctl.parsing import Named

_GLOBAL_SPELLINGS = [spelling for option in GLOBALS for spelling in option.spellings]


def unknown_word(word: str, here: "Named") -> PackError:
    """The error for a word after `here`, a group or packctl itself, that names none of its commands."""
    if word.startswith("-"):
        return UnknownOption(word.partition("=")[0], here.name, _near(word, _GLOBAL_SPELLINGS))
    names = [name for row in here.row.children for name in (row.name, *row.aliases)]
    if not here.words and f"--{word}" in ("--version", "--help"):
        return UnknownCommand(word, (f"--{word}",))
    return UnknownCommand(word, _near(word, names), here.name)


def too_many(arguments: tuple[str, ...], named: "Named") -> PackError:
    """The error for arguments that the command does not take."""
    return ExtraArgument(arguments, named.name, _near(arguments[0], [row.name for row in named.row.children]))


def refusal(error: click.UsageError, command: "TyperCommand", named: "Named") -> PackError:
    """The error of ours for what click refused. A checked type's own error is taken as it is."""
    match error:
        case click.NoSuchOption():
            known = [spelling for param in command.params for spelling in param.opts]
            return UnknownOption(error.option_name, named.name, _near(error.option_name, known + _GLOBAL_SPELLINGS))
        case click.MissingParameter():
            return MissingArgument(_shown(error.param), named.name)
        case click.BadParameter():
            if isinstance(error.__context__, PackError):
                return error.__context__
            return _bad_value(error)
        case click.BadOptionUsage() if "does not take" in error.message:
            return BadValue(error.option_name, "a value", "no value: it is a switch")
        case click.BadOptionUsage():
            return MissingValue(error.option_name)
        case _:
            return BadValue(f"packctl {named.name}", " ".join(named.rest), error.format_message())


def _near(word: str, choices: Sequence[str]) -> tuple[str, ...]:
    word = word.partition("=")[0]
    # of three letters one wrong leaves a likeness of 0.67
    return tuple(get_close_matches(word, choices, n=3, cutoff=0.7 if len(word) > 4 else 0.6))


def _shown(param: Any) -> str:
    """An option's longest spelling, or an argument's name as the help has it. Any: click's parameter, whose class typer does not export."""
    if param is None:
        return "an argument"
    return (
        str(max(param.opts, key=len)) if param.param_type_name == "option" else str(param.human_readable_name).upper()
    )


def _bad_value(error: click.BadParameter) -> BadValue:
    """Typed value, expected ones and the nearest of them, taken from click's message, which is all that its errors carry."""
    name, message = _shown(error.param), str(error.message).rstrip(".")
    kind = getattr(error.param, "type", None)
    choices = [str(getattr(choice, "value", choice)) for choice in getattr(kind, "choices", None) or ()]
    found = message.partition("'")[2].partition("'")[0] or message.split()[0]
    if choices:
        return BadValue(name, found, ", ".join(choices))
    if kind is not None and hasattr(kind, "min"):
        return BadValue(name, found, _numbers(kind.min, kind.max))
    return BadValue(name, found, message[:1].lower() + message[1:])


def _numbers(least: int | None, most: int | None) -> str:
    if least is not None and most is not None:
        return f"a whole number from {least} to {most}"
    return "a whole number" if least is None else f"a whole number, {least} or more"
