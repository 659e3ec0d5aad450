"""From arguments to a call: finds the command in the table, imports its module, and has typer parse the rest against its `run`.

Everything that typer and the click inside it report becomes an error of ours here. Neither their texts nor their boxes are ever seen.
"""

import importlib
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from types import ModuleType
from typing import TYPE_CHECKING, Any

from packctl.arguments import GLOBALS
from packctl.cli import Row, listed, module_of
from packctl.usage import (
    BadValue,
    ExtraArgument,
    MissingArgument,
    MissingCommand,
    MissingValue,
    UnknownCommand,
    UnknownOption,
)  # fmt: skip
from packspec.errors import PackError

if TYPE_CHECKING:
    from typer.core import TyperCommand

_GLOBAL_SPELLINGS = [spelling for option in GLOBALS for spelling in option.spellings]


@dataclass(frozen=True)
class Named:
    """The command or group that the first arguments name, and the arguments after it. No words: packctl itself."""

    words: tuple[str, ...]
    row: Row
    rest: tuple[str, ...]

    @property
    def name(self) -> str:
        """The words as they are typed, without aliases."""
        return " ".join(self.words)

    @property
    def is_command(self) -> bool:
        """Whether this can run; else it is a group that needs one more word."""
        return bool(self.words) and (not self.row.children or self.row.runs)


@dataclass(frozen=True)
class Call:
    """A command ready to run: its words, module, and the values for the parameters of `run` after the session."""

    name: str
    module: ModuleType
    values: dict[str, Any]


def command_named(arguments: Sequence[str]) -> Named:
    """The command or group named by `arguments`. Raises UnknownCommand, and UnknownOption for an option before any command."""
    rest = tuple(arguments)
    rows = tuple(row for group in listed().values() for row in group)
    here = Named((), Row("packctl", "", rows), rest)
    while here.row.children:
        rest = here.rest[1:] if not here.words and here.rest[:1] == ("--",) else here.rest
        if not rest:
            break
        child = next((row for row in here.row.children if rest[0] == row.name or rest[0] in row.aliases), None)
        if child is None:
            if here.row.runs:
                break
            _refuse(rest[0], here)
            break
        here = Named((*here.words, child.name), child, rest[1:])
    return here


def _refuse(word: str, here: Named) -> None:
    if word.startswith("-"):
        raise UnknownOption(word.partition("=")[0], here.name, _near(word, _GLOBAL_SPELLINGS))
    raise UnknownCommand(word, _near(word, [row.name for row in here.row.children]), here.name)


def _near(word: str, choices: Sequence[str]) -> tuple[str, ...]:
    return tuple(get_close_matches(word.partition("=")[0], choices, n=3, cutoff=0.7))


def parse(named: Named) -> Call:
    """The call that `named` stands for. Raises the errors of `usage`, and those of the command's own checked types."""
    if not named.is_command:
        raise MissingCommand(named.name, tuple(row.name for row in named.row.children))
    module = importlib.import_module(module_of(named.words))
    command = typer_command(module, named)
    context = _checked(command, named)
    return Call(named.name, module, _values(command, context))


def typer_command(module: ModuleType, named: Named) -> "TyperCommand":
    """The typer command made from the module's `run`, whose first parameter, the session, is not an argument of the command line."""
    import typer
    from typer.core import TyperCommand

    application = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    application.command(name=named.words[-1], add_help_option=False)(_collector(module.run))
    command = typer.main.get_command(application)
    assert isinstance(command, TyperCommand)
    command.allow_extra_args = True
    return command


def _collector(run: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """A function with the parameters of `run` after the first, which gives their values back as typer has converted them."""

    def collect(**values: Any) -> dict[str, Any]:
        return values

    parameters = list(inspect.signature(run, eval_str=True).parameters.values())[1:]
    collect.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    collect.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return collect


def _checked(command: "TyperCommand", named: Named) -> Any:
    """The context after parsing: click's, so Any. Raises the errors of `usage`."""
    from typer._click import (
        exceptions as click,
    )  # the names of click's errors are not exported by typer, which is pinned for this

    try:
        context = command.make_context(command.name, list(named.rest))
    except click.NoSuchOption as error:
        known = [spelling for param in command.params for spelling in param.opts] + _GLOBAL_SPELLINGS
        raise UnknownOption(error.option_name, named.name, _near(error.option_name, known)) from None
    except click.MissingParameter as error:
        raise MissingArgument(_shown(error.param), named.name) from None
    except click.BadParameter as error:
        if isinstance(error.__context__, PackError):
            raise error.__context__ from None
        raise BadValue(_shown(error.param), *_found_and_expected(error)) from None
    except click.BadOptionUsage as error:
        if "requires" in error.message:
            raise MissingValue(error.option_name) from None
        raise BadValue(error.option_name, "a value", "no value: it is a switch") from None
    if context.args:
        children = tuple(row.name for row in named.row.children)
        raise ExtraArgument(tuple(context.args), named.name, _near(context.args[0], children))
    return context


def _values(command: "TyperCommand", context: Any) -> dict[str, Any]:
    assert command.callback is not None
    with context:
        values: dict[str, Any] = command.callback(**context.params)
    return values


def _shown(param: Any) -> str:
    """An option's longest spelling, or an argument's name in capitals."""
    if param is None:
        return "an argument"
    return (
        str(max(param.opts, key=len)) if param.param_type_name == "option" else str(param.human_readable_name).upper()
    )


def _found_and_expected(error: Any) -> tuple[str, str]:
    """Typed value and expected ones, taken from click's message, which is all that its errors carry."""
    message = str(error.message).rstrip(".")
    found = message.partition("'")[2].partition("'")[0]
    choices = getattr(error.param.type, "choices", None) if error.param is not None else None
    if choices:
        return found, ", ".join(str(getattr(choice, "value", choice)) for choice in choices)
    return found, message[:1].lower() + message[1:]
