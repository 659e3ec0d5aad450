"""What can be wrong with a command line of `registry-server`, told like everything else that is refused. Codes are those of packctl."""

import difflib
from collections.abc import Sequence
from typing import Any

from typer._click import exceptions as click  # typer is pinned to versions that have this

from packspec.commandline import MissingArgument, MissingCommand, UnknownCommand, UnknownOption
from packspec.errors import Invalid, PackError

PROGRAM = "registry-server"


class BadValue(Invalid):
    """The value of an option or argument is not one it takes."""

    name: str
    reason: str
    command: str
    code = "cli.bad-value"

    def what(self) -> str:
        return f"{self.command} cannot use this {self.name}"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def fix(self) -> list[str]:
        return [f"{self.command} --help"]


def refusal(error: Exception) -> PackError | None:
    """The error of ours for what typer refused; None for what is no refusal of typer."""
    if not isinstance(error, click.UsageError):
        return None
    context = error.ctx
    command = context.command_path if context else PROGRAM
    words = command.removeprefix(PROGRAM).strip()
    names = tuple(getattr(context.command, "commands", ())) if context else ()
    match error:
        case click.NoSuchOption():
            known = [spelling for param in context.command.params for spelling in param.opts] if context else []
            return UnknownOption(error.option_name, words, _near(error.option_name, known), PROGRAM)
        case click.MissingParameter():
            return MissingArgument(_name(error.param), words, program=PROGRAM)
        case click.BadParameter():
            return BadValue(str(error.param_hint or _name(error.param)), _reason(error), command)
        case click.BadOptionUsage():
            return MissingArgument(f"a value for {error.option_name}", words, program=PROGRAM)
        case _ if names and "'" in error.message:
            name = error.message.split("'")[1]
            return UnknownCommand(name, _near(name, names), words, PROGRAM)
        case _ if names:
            return MissingCommand(words, names, PROGRAM)
        case _:
            return BadValue("command line", error.format_message().rstrip("."), command)


def _near(word: str, choices: Sequence[str]) -> tuple[str, ...]:
    return tuple(difflib.get_close_matches(word, choices, n=3, cutoff=0.6))


def _name(param: Any) -> str:
    """An option's spelling, or an argument's name as the help has it. Any: click's parameter, whose class typer does not export."""
    if param is None:
        return "an argument"
    return str(max(param.opts, key=len)) if param.param_type_name == "option" else str(param.metavar or param.name)


def _reason(error: click.BadParameter) -> str:
    """What was typed and what is taken, as far as click says it."""
    choices = getattr(getattr(error.param, "type", None), "choices", None)
    found = str(error.message).rstrip(".")
    if choices:
        found = (
            f"{found.split(chr(39))[1]!r} is none of {', '.join(str(getattr(one, 'value', one)) for one in choices)}"
        )
    return found.replace("valid int range", "whole number").replace("valid integer", "whole number")
