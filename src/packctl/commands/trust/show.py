"""`packctl trust show`: one registry's root, keys and state, as this machine knows them."""

from typing import Annotated

import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.trust.result import Shown
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import Column, write_table

EXAMPLES = ("packctl trust show default", "packctl trust show https://registry.example --json")


def run(
    session: Session,
    name: Annotated[str, typer.Argument(metavar="ALIAS or URL", help="The registry")],
) -> Outcome[Shown]:
    """Show one registry's root and keys.

    From what this machine has verified; the registry is not asked. Keys are shown by the beginning of their SHA-256.
    """
    from packctl.trust.shown import show

    return Outcome(show(session, name))


def text(result: Shown, console: Console) -> None:
    """Facts first, then the keys by role."""
    facts = [("registry", result.address), *((f"root of {one.by}", one.root) for one in result.named)]
    if result.root_version:
        facts += [
            ("root in use", f"{result.root_version}, {result.root} (until {result.root_expires})"),
            ("index as of", f"{result.as_of} ({result.age})"),
            ("log", result.log),
            ("recalls", str(result.recalls)),
        ]
    width = max(len(label) for label, _ in facts) + 2
    for label, value in facts:
        console.line(f"{label:<{width}}{safe(value)}")
    if not result.root_version:
        console.line("Nothing of it is on this machine yet.")
        return
    console.line()
    columns = [Column("ROLE", whole=True), Column("KEY", whole=True), Column("NAME", whole=True), Column("NEEDED")]
    write_table(columns, [(one.role, one.key, one.name, one.needed) for one in result.keys], console)
