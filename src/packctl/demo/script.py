"""The words that a story is written in: command lines with the exit code they must end with, grouped into steps and chapters.

Braces name values that earlier commands have printed: `{root}`, `{digest acme/farm-animals 2.1.0}`. `keeps` says what is taken from an
output: a name, and a pattern whose first group is the value.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from packctl.demo.stage import Stage


class Act(Struct, frozen=True):
    """One command line: who types it, where, what it is, and with which code it must end."""

    who: str
    words: tuple[str, ...]
    expect: int = 0
    keeps: Mapping[str, str] = field(default_factory=dict)
    stdin: str = ""
    """A file of that person whose text goes to stdin."""
    says: tuple[str, ...] = ()
    """What its output must contain."""
    aside: bool = False
    """Nothing that follows needs it, so a story in a hurry leaves it out."""


class Deed(Struct, frozen=True):
    """What happens without a command: a file changes, the registry stops. Gives what was wrong, or nothing."""

    tells: str
    does: "Callable[[Stage], str]"


class Later(Struct, frozen=True):
    """What cannot be told yet, because its command is not there. It is counted as skipped."""

    tells: str
    comes_with: str


class Lanes(Struct, frozen=True):
    """Acts of several people at the same time; each lane goes on in its own order."""

    lanes: tuple[tuple[Act, ...], ...]


class Step(Struct, frozen=True):
    """A step: a sentence, and what is done for it."""

    title: str
    parts: "tuple[Act | Deed | Lanes | Later, ...]"

    @property
    def expected(self) -> str:
        """The exit codes that its commands must end with, each told once."""
        return ", ".join(dict.fromkeys(str(act.expect) for act in acts_of(self))) or "-"


class Chapter(Struct, frozen=True):
    """Some steps under a heading."""

    title: str
    steps: tuple[Step, ...]


def acts_of(step: Step) -> tuple[Act, ...]:
    """All command lines of a step."""
    acts: list[Act] = []
    for part in step.parts:
        if isinstance(part, Act):
            acts.append(part)
        elif isinstance(part, Lanes):
            acts += [act for lane in part.lanes for act in lane]
    return tuple(acts)
