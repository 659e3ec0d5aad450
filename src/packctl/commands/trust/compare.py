"""`packctl trust compare`: did two lock files see the same log?"""

from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = ("packctl trust compare pack.lock ../other/pack.lock",)


class ComparedLog(msgspec.Struct, frozen=True):
    """One log that both lock files name: how many entries it had for each of them, and how many it has `now`."""

    registry: str
    origin: str
    first: int
    second: int
    now: int


class Comparison(msgspec.Struct, frozen=True):
    """The logs that both lock files saw, all of them one history."""

    logs: list[ComparedLog]


def run(
    session: Session,
    first: Annotated[str, typer.Argument(metavar="A.lock", help="A pack.lock")],
    second: Annotated[str, typer.Argument(metavar="B.lock", help="Another one, of somebody else")],
) -> Outcome[Comparison]:
    """Prove that two lock files saw one log, or that they did not.

    Each lock keeps a checkpoint with the log's signature. If both are beginnings of one history, all is well. If not, the registry showed
    two histories: the command ends with exit code 6, and both signed checkpoints are kept as evidence that anybody can check.
    """
    from packctl.trust.compare import compare

    found = compare(session, first, second)
    return Outcome(Comparison([ComparedLog(one.registry, one.origin, one.first, one.second, one.now) for one in found]))


def text(result: Comparison, console: Console) -> None:
    """A line per log."""
    for one in result.logs:
        console.line(
            f"{safe(one.origin)}: {one.first} and {one.second} entries are beginnings of one log, now {one.now}"
        )
