"""`packctl carry import`: a file from the other side, taken in after the same checks as online."""

from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import many

EXAMPLES = (
    "packctl carry import farm.carry",
    "packctl carry import --dry-run farm.carry",
    "cat farm.carry | packctl carry import -",
)


class CarryImported(msgspec.Struct, frozen=True):
    """What was taken in: of which registry, under which version of its root; when its index was made (RFC 3339 UTC), and how old that is.

    `checked` releases were proven; `stored` are here now, with `files` files; `waiting` lie in other parts. `kept`: false for a dry run.
    """

    file: str
    registry: str
    root: int
    log: int
    as_of: str
    age_seconds: int
    checked: int
    stored: list[str]
    waiting: list[str]
    files: int
    part: int
    parts: int
    kept: bool


def run(
    session: Session,
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="A file that packctl carry export made; - reads standard input")
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything and take nothing in")] = False,
) -> Outcome[CarryImported]:
    """Take in what a file from the other side holds.

    Nothing in the file is trusted. It is checked against the pinned root as an answer of the registry would be: signatures, approvals, log,
    recalls, and that it is not older than what this machine has seen. Then packctl install --locked --offline works. Opens no socket.
    """
    from packctl.carry.bring import bring_in
    from packspec.moments import moment

    brought = bring_in(session, file, dry_run=dry_run)
    registry, carry = brought.registry, brought.file.carry
    fresh = registry.freshness
    return Outcome(
        CarryImported(
            brought.file.name, registry.opened.address, registry.lock_entry().root_version, registry.checkpoint.checkpoint.size,
            moment(fresh.signed_at), fresh.age(session.clock()), len(brought.proven),
            [f"{row.pack} {row.version}" for row in brought.stored], [f"{row.pack} {row.version}" for row in brought.waiting],
            brought.files, carry.part, carry.parts, not dry_run,
        )
    )  # fmt: skip


def text(result: CarryImported, console: Console) -> None:
    """What was checked, how old it is, what is here now."""
    from packctl.ui.moments import roughly

    host = result.registry.partition("://")[2]
    console.line(
        f"Checked  against the pinned root of {safe(host)} (version {result.root}): "
        f"{many(result.checked, 'release')} authentic, approved, logged"
    )
    console.line(f"CURRENT  as of {result.as_of} ({roughly(result.age_seconds)})")
    stored = f"{many(len(result.stored), 'release')}, {many(result.files, 'file')}"
    if not result.kept:
        console.line(f"Would store {stored}")
        return
    console.line(f"Stored   {stored}")
    if result.waiting:
        console.say(
            f"  Part {result.part} of {result.parts}: {many(len(result.waiting), 'release')} in the other parts"
        )
    console.say("  Now: packctl install --locked --offline")
