"""What a command gave back, shown as text, as records or as the JSON document. The only caller of a command module's `text` and `plain`."""

from types import ModuleType
from typing import Any

from packctl.outcome import Outcome
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packspec.errors import PackError


def show_outcome(name: str, module: ModuleType, outcome: Outcome[Any], console: Console) -> int:
    """Shows `outcome` of the command `name`, its errors included. The exit code."""
    if console.json:
        write_document(name, outcome.data, list(outcome.errors), console)
    elif console.plain:
        for record in module.plain(outcome.data):
            console.line("\t".join(safe(field) for field in record))
    elif outcome.view is not None:
        module.text(outcome.data, console, outcome.view)
    else:
        module.text(outcome.data, console)
    if outcome.errors:
        return show_errors(list(outcome.errors), console)
    return outcome.exit_code


def show_errors(errors: list[PackError], console: Console) -> int:
    """Shows errors after everything else. The exit code that they decide together."""
    from packctl.ui.failure import decisive, show

    console.flush()
    show(errors, console)
    return decisive(errors).kind.exit_code


def write_document(name: str, data: Any, errors: list[PackError], console: Console) -> None:
    """The one JSON document. `data` is the command's Struct, or None."""
    from packctl.ui.document import Document, encoded, failure_of, schema_name
    from packctl.ui.failure import decisive

    error = failure_of(decisive(errors)) if errors else None
    console.document(encoded(Document(schema_name(name), error is None, data, console.warnings, error)))
