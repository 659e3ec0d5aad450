"""`packctl why-not`: what keeps a pack, or versions of it, out of the project."""

from functools import partial
from typing import Annotated

import msgspec
import typer

from packctl.install.result import Step, WayOut
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe

EXAMPLES = (
    "packctl why-not acme/story-kit@^3",
    "packctl why-not acme/farm-animals",
    "packctl why-not acme/kit@2.0.0-rc.1",
)


class WhyNot(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked about, and the answer.

    `locked` is the version in pack.lock, empty for none. Where `kept_out` is true, `story` is the proof in sentences, line by line, and
    `derivation` the same as data; else `version` can be had. `ways_out` are commands that bring the pack in, each tried; `all_tried` is
    false if time was over before.
    """

    name: str
    range: str
    locked: str
    kept_out: bool
    version: str = ""
    story: list[str] = []
    derivation: list[Step] = []
    ways_out: list[WayOut] = []
    all_tried: bool = True


def run(
    session: Session,
    name: Annotated[
        str,
        typer.Argument(metavar="NAME[@RANGE]", help="A pack; without a range any version, of a locked pack the newest"),
    ],
) -> Outcome[WhyNot]:
    """Show what keeps a pack or a version of it out of the project.

    Resolves the project once more with this wish added, and tells the reason as a conflict is told: ranges, conflicts between packs,
    [host], [policy], yanked and recalled releases. Every command that it proposes was tried. Nothing is changed.
    """
    from packctl.install.edits import Asked
    from packctl.install.question import why_not
    from packctl.install.wayout import derivation_of, ways_of

    answer = why_not(session, Asked.parse(name))
    wish, refusal = answer.wish, answer.refusal
    asked = partial(WhyNot, name=str(wish.pack), range=wish.range.text.strip() or "*", locked=str(answer.locked or ""))
    if refusal is None:
        ways = [WayOut(command=one.command, gives=one.gives) for one in answer.commands]
        return Outcome(asked(kept_out=False, version=str(answer.version), ways_out=ways))
    story, last = refusal.reason(), refusal
    if answer.beyond is not None:
        last = answer.beyond
        story = [*refusal.proof.lines, "", "Without that wish of the project:", "", *last.reason()]
    told = asked(kept_out=True, story=story, all_tried=last.all_tried)
    return Outcome(msgspec.structs.replace(told, derivation=derivation_of(refusal), ways_out=ways_of(last)))


def text(result: WhyNot, console: Console) -> None:
    """The answer in one line, the proof, and what helps."""
    asked = safe(f"{result.name} {result.range}".removesuffix(" *"))
    if result.kept_out:
        console.line(f"{asked} is kept out:")
        console.line()
        for line in result.story:
            console.line(f"  {safe(line)}".rstrip())
    elif result.version == result.locked:
        console.line(
            f"{safe(result.name)} {result.version} is not kept out, it is in pack.lock: packctl why {safe(result.name)}"
        )
    else:
        why = f"pack.lock keeps {result.locked}" if result.locked else "nothing asks for it"
        console.line(f"Nothing keeps {asked} out; {why}.")
        for way in result.ways_out:
            console.line(f"  {safe(way.command)}    gives {way.gives}")
