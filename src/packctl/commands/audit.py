"""`packctl audit`: what became of the releases that a project uses."""

from typing import Annotated

import msgspec
import typer

from packctl.audit.result import Audited
from packctl.findings.report import FormOption, machine_lines, summarize, take_form, write_report
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console

EXAMPLES = (
    "packctl audit",
    "packctl audit --exit-code --format sarif > audit.sarif",
    "packctl audit --fix",
    "packctl audit --full",
)


def run(
    session: Session,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit 1 if there is a warning that no exception covers")
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Move recalled files to quarantine, and look for releases to take instead")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Read the registry's whole log, and compare every index with it")
    ] = False,
    form: FormOption = "text",
) -> Outcome[Audited]:
    """Look for recalled and yanked releases, changed keys, ending licenses.

    Asks the registry for its newest index and proves every release of pack.lock anew. What is recalled, or no longer proven, is an error;
    what was yanked or deprecated, keys that changed since the last install, and licenses of this machine that end are warnings; newer
    fixes are notes. Warnings can be accepted for a reason and until a day with [[audit.ignore]] in pack.toml, recalls cannot. Without
    --fix nothing changes.
    """
    from packctl.audit.flow import audit
    from packctl.audit.report import lines

    chosen = take_form(session, form)
    ended = audit(session, fix=fix, full=full)
    result = msgspec.structs.replace(ended.result, form=chosen)
    summarize(session, "audit", lines(result, None), result.findings)
    return Outcome(result, errors=ended.errors, exit_code=1 if exit_code and ended.stands else 0)


def text(result: Audited, console: Console) -> None:
    """The findings on stdout; with another form that one, and the text on stderr."""
    from packctl.audit.report import cases, lines

    machine = machine_lines(result.form, "audit", result.findings, cases(result))
    write_report(result.form, machine, lines(result, console.width), console)
