"""What can be wrong with a command line of `registry-server`, told like everything else that is refused. Codes are those of packctl."""

import difflib
from collections.abc import Sequence
from typing import Any

from typer._click import exceptions as click  # typer is pinned to versions that have this

from packspec.errors import Bug, Damaged, Invalid, PackError

PROGRAM = "registry-server"


class NeedsServer(Damaged):
    """What only a registry needs is not installed here: packctl was, without its extra."""

    missing: str
    code = "cli.needs-server"

    def what(self) -> str:
        return "the registry's server is not installed"

    def facts(self) -> dict[str, str]:
        return {"missing": self.missing}

    def why(self) -> str:
        return "packctl installs without it, because most people only use registries"

    def fix(self) -> list[str]:
        return ["pip install 'packctl[server]'"]


class UnknownCommand(Invalid):
    """No command has this name. `group` is what stands before it, the program's name included."""

    name: str
    group: str
    nearest: tuple[str, ...] = ()
    code = "cli.unknown-command"

    def what(self) -> str:
        return f"{self.group} has no command {self.name!r}"

    def fix(self) -> list[str]:
        return [f"{self.group} {name}" for name in self.nearest or ("--help",)]


class MissingCommand(Invalid):
    """A group of commands was named and none of its commands."""

    group: str
    choices: tuple[str, ...]
    code = "cli.missing-command"

    def what(self) -> str:
        return f"{self.group} needs a command"

    def facts(self) -> dict[str, str]:
        return {"expected": ", ".join(self.choices)}

    def fix(self) -> list[str]:
        return [f"{self.group} --help"]


class UnknownOption(Invalid):
    """The command does not know this option."""

    option: str
    command: str
    nearest: tuple[str, ...] = ()
    code = "cli.unknown-option"

    def what(self) -> str:
        return f"{self.command} has no option {self.option}"

    def fix(self) -> list[str]:
        return [f"did you mean {' or '.join(self.nearest)}?"] if self.nearest else [f"{self.command} --help"]


class MissingArgument(Invalid):
    """An argument, an option, or the value of one that the command cannot do without."""

    name: str
    command: str
    code = "cli.missing-argument"

    def what(self) -> str:
        return f"{self.command} needs {self.name}"

    def fix(self) -> list[str]:
        return [f"{self.command} --help"]


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


class Unexpected(Bug):
    """An exception that is none of ours reached the command line."""

    kind_of_error: str
    command: str
    report: str
    code = "cli.bug"

    def what(self) -> str:
        return f"{self.command} failed through a fault of its own ({self.kind_of_error})"

    def facts(self) -> dict[str, str]:
        return {"report": self.report} if self.report else {}

    def why(self) -> str:
        return "this should not happen, whatever you typed"

    def fix(self) -> list[str]:
        return ["read the report, which holds no secrets we know of, and send it to the maintainers"]


def refusal(error: Exception) -> PackError | None:
    """The error of ours for what typer refused; None for what is no refusal of typer."""
    if not isinstance(error, click.UsageError):
        return None
    context = error.ctx
    command = context.command_path if context else PROGRAM
    names = tuple(getattr(context.command, "commands", ())) if context else ()
    match error:
        case click.NoSuchOption():
            known = [spelling for param in context.command.params for spelling in param.opts] if context else []
            return UnknownOption(error.option_name, command, _near(error.option_name, known))
        case click.MissingParameter():
            return MissingArgument(_name(error.param), command)
        case click.BadParameter():
            return BadValue(_name(error.param), _reason(error), command)
        case click.BadOptionUsage():
            return MissingArgument(f"a value for {error.option_name}", command)
        case _ if names and "'" in error.message:
            name = error.message.split("'")[1]
            return UnknownCommand(name, command, _near(name, names))
        case _ if names:
            return MissingCommand(command, names)
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
