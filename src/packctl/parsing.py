"""From arguments to a call: finds the command in the table, imports its module, and has typer parse the rest against its `run`.

Everything that typer and the click inside it report becomes an error of ours here. Neither their texts nor their boxes are ever seen.
"""

import importlib
import inspect
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

import msgspec

from packctl.cli import Row, listed, module_of

if TYPE_CHECKING:
    from typer.core import TyperCommand


class Named(msgspec.Struct, frozen=True):
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


class Call(msgspec.Struct, frozen=True):
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
            from packctl.misuse import unknown_word

            raise unknown_word(rest[0], here)
        here = Named((*here.words, child.name), child, rest[1:])
    return here


def parse(named: Named) -> Call:
    """The call that `named` stands for. Raises the errors of `usage`, and those of the command's own checked types."""
    if not named.is_command:
        from packspec.commandline import MissingCommand

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
    from typer._click.exceptions import (
        UsageError,  # typer exports only some of click's errors; it is pinned to versions that have this
    )

    try:
        context = command.make_context(command.name, list(named.rest))
    except UsageError as error:
        from packctl.misuse import refusal

        raise refusal(error, command, named) from None
    if context.args:
        from packctl.misuse import too_many

        raise too_many(tuple(context.args), named)
    _refuse_empty(command, context)
    return context


def _refuse_empty(command: "TyperCommand", context: Any) -> None:
    """An empty variable of a script is no value: who asked for a check by an option would go without it. Raises MissingValue."""
    for param in command.params:
        found = context.params.get(str(param.name))
        values = found if isinstance(found, list | tuple) else (found,)
        if param.param_type_name == "option" and "" in values and _is_of_the_line(context, param):
            from packctl.usage import MissingValue

            raise MissingValue(max(param.opts, key=len), str(param.metavar or "VALUE").split()[0])


def _is_of_the_line(context: Any, param: Any) -> bool:
    source = context.get_parameter_source(param.name)
    return source is not None and source.name == "COMMANDLINE"


def _values(command: "TyperCommand", context: Any) -> dict[str, Any]:
    assert command.callback is not None
    with context:
        values: dict[str, Any] = command.callback(**context.params)
    return values
