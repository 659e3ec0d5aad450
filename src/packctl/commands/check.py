"""`packctl check`: looks for faults before publishing."""

from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from packctl.commands.options import PackFolder
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packspec.errors import PackError

if TYPE_CHECKING:
    from packspec.checks import Finding

EXAMPLES = ("packctl check", "packctl check --strict --json")


class Found(msgspec.Struct, frozen=True):
    """One finding. `level` is `error`, `warning` or `note`; `path` a file of the pack or empty, `line` 0 where there is none."""

    code: str
    level: str
    text: str
    path: str
    line: int


class Checked(msgspec.Struct, frozen=True):
    """What was looked at: the pack, how many files of how many bytes go in, what stays out and why, and every finding."""

    pack: str
    version: str
    folder: str
    files: int
    bytes: int
    left_out: dict[str, str]
    findings: list[Found]


def run(
    session: Session,
    directory: PackFolder = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings count as errors")] = False,
) -> Outcome[Checked]:
    """Look for faults before publishing.

    Looks at pack.toml, at the paths, kinds and first bytes of all files, for secrets, and for files that are named and missing. All
    findings are told at once, each with its place. Nothing is written and nothing is sent.
    """
    from packctl.publish.checks import ChecksFailed, refuse
    from packctl.publish.prepare import find_pack, prepare

    prepared = prepare(find_pack(session, directory))
    errors: tuple[PackError, ...] = ()
    try:
        refuse(prepared.findings, strict=strict)
    except ChecksFailed as error:
        errors = (error,)
    pack, collected = prepared.manifest.pack, prepared.collected
    result = Checked(
        str(pack.name), str(pack.version), str(prepared.place.folder), len(collected.files), collected.size,
        {one.path: one.why for one in collected.left_out}, [found(finding) for finding in prepared.findings],
    )  # fmt: skip
    return Outcome(result, errors=errors)


def found(finding: "Finding") -> Found:
    """A finding as it stands in results."""
    return Found(finding.code, str(finding.level), finding.text, finding.path, finding.line)


def text(result: Checked, console: Console) -> None:
    """What stops nothing, then one line of summary; errors are shown by the frame."""
    for one in result.findings:
        if one.level != "error":
            place = f"{one.path}:{one.line}" if one.line else one.path or "pack"
            label = console.style(one.level, "yellow") if one.level == "warning" else one.level
            console.line(f"{label}[{safe(one.code)}]: {safe(place)}: {safe(one.text)}")
    from packctl.ui.progress import megabytes
    from packctl.ui.table import many

    counts = [(sum(one.level == level for one in result.findings), level) for level in ("error", "warning")]
    state = ", ".join(many(count, level) for count, level in counts if count) or "ok"
    console.line(
        f"{safe(result.pack)} {safe(result.version)}: {many(result.files, 'file')}, {megabytes(result.bytes)}, "
        f"{len(result.left_out)} left out: {state}"
    )
    for path, why in sorted(result.left_out.items()):
        console.detail(f"  left out  {safe(path)}  ({why})")
