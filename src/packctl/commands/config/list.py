"""`packctl config list`: every setting, its value and where it comes from."""

from collections.abc import Iterator
from typing import Annotated

import msgspec
import typer

from packctl.forms import SIZE, Form, Secret, size_text
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.settings import ABOUT, TABLES, Layer, Origin, check_file, setting_name
from packctl.ui.console import Console
from packctl.ui.table import Column, write_table

EXAMPLES = ("packctl config list --origin", "packctl config list --json")


class Value(msgspec.Struct, frozen=True):
    """One setting. `value` is as it would be written; a secret is never shown. `file` and `line` are empty and 0 where no file says it."""

    name: str
    value: str
    layer: str
    origin: str
    file: str
    line: int


class Listing(msgspec.Struct, frozen=True):
    """Every setting, in the order of the reference page."""

    settings: list[Value]


def run(
    session: Session,
    origin: Annotated[
        bool, typer.Option("--origin", help="Show where each value comes from: option, variable, or file and line")
    ] = False,
) -> Outcome[Listing]:
    """Show every setting.

    Strongest first, a value comes from an option, a variable, the project's pack.toml, your config.toml, the system's config.toml, or
    is the default.
    """
    settings = session.settings
    for layer, file in session.config_files:
        if layer is not Layer.PROJECT:
            check_file(file)
    values = [
        _value(setting_name(name), getattr(settings, name), settings.origin(name), about.form)
        for name, about in ABOUT.items()
    ]
    values += _tables(session)
    return Outcome(Listing(values), view=origin)


def _tables(session: Session) -> Iterator[Value]:
    """The tables that config.toml and pack.toml have in common, as each file writes them."""
    from packctl.config_file import flat

    for layer, file in session.config_files:
        for table in TABLES:
            for key, value in flat({table: file.tables.get(table, {})}, depth=3):
                if not (layer is Layer.PROJECT and key == "registries.default"):
                    yield _value(key, value, Origin(layer, key, str(file.path), file.line_of(key)))


def _value(name: str, value: object, origin: Origin, form: Form | None = None) -> Value:
    return Value(name, written(value, form), origin.layer.value, origin.name, origin.file, origin.line)


def written(value: object, form: Form | None = None) -> str:
    """A value as a person would write it."""
    if form is SIZE and isinstance(value, int):
        return size_text(value)
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            return f"{value:g}"
        case Secret():
            return "(set, not shown)"
        case list():
            return ", ".join(map(written, value))
        case _:
            return str(value)


def text(result: Listing, console: Console, show_origin: bool) -> None:
    """Aligned names and values, with origins if they were asked for."""
    columns = [Column("SETTING", whole=True), Column("VALUE")]
    if show_origin:
        columns.append(Column("FROM", whole=True))
    write_table(columns, [row if show_origin else row[:2] for row in plain(result)], console)


def plain(result: Listing) -> Iterator[tuple[str, ...]]:
    """Name, value, origin."""
    for value in result.settings:
        place = f"{value.file}:{value.line}" if value.file else value.origin or value.layer
        yield value.name, value.value, place
