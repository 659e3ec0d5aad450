"""`packctl doctor`: looks for what is wrong on this machine, and says how to put each thing right."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = ("packctl doctor", "packctl doctor --report doctor.json")


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at. `state` is ok, warning, fault or unchecked; `code` names the error where there is one."""

    name: str
    state: str
    text: str
    code: str = ""
    fix: list[str] = []


class Examination(msgspec.Struct, frozen=True):
    """Everything that was looked at, in order, with the versions of packctl and Python and the system."""

    packctl: str
    python: str
    system: str
    findings: list[Finding]


def run(
    session: Session,
    report: Annotated[
        str | None,
        typer.Option("--report", metavar="FILE", help="Write the findings to a file, to show them to somebody"),
    ] = None,
) -> Outcome[Examination]:
    """Look for what is wrong on this machine.

    Looks at the folders, the store and the keys of this machine, at the project and the Python packages that its packs ask for, at
    proxies and authorities, and at the registry: whether it answers, whether its root is pinned and when it ends, how old its index is,
    and whether the clocks agree. Nothing is changed. Exits with 1 if there is a fault; warnings are none.
    """
    import platform

    from packctl import __version__
    from packctl.install.examine import examine

    findings = [Finding(one.name, one.state.value, one.text, one.code, list(one.fix)) for one in examine(session)]
    examined = Examination(__version__, platform.python_version(), platform.platform(), findings)
    if report:
        from packctl.ui.document import encoded

        _write(Path(session.folder / report), msgspec.json.format(encoded(examined), indent=1))
    return Outcome(examined, exit_code=int(any(one.state == "fault" for one in findings)))


def _write(path: Path, data: bytes) -> None:
    from packctl.durable import Folder

    with Folder.open(path.parent) as folder:
        folder.replace(path.name, data + b"\n")


def text(result: Examination, console: Console) -> None:
    """A line per finding, with its fix below it."""
    width = max(len(one.name) for one in result.findings)
    for one in result.findings:
        console.line(f"{one.state:<9}  {one.name:<{width}}  {safe(one.text)}")
        for fix in one.fix if one.state in ("fault", "warning") else ():
            console.line(f"{'':<9}  {'':<{width}}  fix: {safe(fix)}")
    faults = sum(one.state == "fault" for one in result.findings)
    warnings = sum(one.state == "warning" for one in result.findings)
    console.say(f"{_count(faults, 'fault')}, {_count(warnings, 'warning')}")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
