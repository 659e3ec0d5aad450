"""`packctl deprecate`: says that a pack or its releases should no longer be used, or that they may be."""

from typing import Annotated

import msgspec
import typer

from packctl.commands.options import DeprecationReason, Note
from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packspec.errors import NotFound, PackError

EXAMPLES = (
    "packctl deprecate acme/farm-animals@^1 --reason superseded --note 'version 2 has sounds'",
    "packctl deprecate acme/farm-animals --use acme/farm --reason superseded",
    "packctl deprecate acme/farm-animals@1.4.2 --undo",
)


class One(msgspec.Struct, frozen=True):
    """A release, its state from now on, and the entry of the log that says so. `changed` false: it was so already."""

    version: str
    state: str
    log_index: int
    changed: bool = True


class Deprecated(msgspec.Struct, frozen=True):
    """The releases that were meant, highest first."""

    registry: str
    pack: str
    releases: list[One]


class NoneFits(NotFound):
    """No release lies in the range."""

    pack: str
    range: str
    code = "publish.no-release-fits"

    def what(self) -> str:
        return f"no release of {self.pack} lies in {self.range}"

    def fix(self) -> list[str]:
        return [f"packctl show {self.pack} --versions"]


def run(
    session: Session,
    pack: Annotated[str, typer.Argument(metavar="NAME[@RANGE]", help="A pack, or those of its releases that fit")],
    reason: DeprecationReason = "superseded",
    note: Note = "",
    use: Annotated[str, typer.Option("--use", metavar="NAME", help="The pack to take instead")] = "",
    undo: Annotated[bool, typer.Option("--undo", help="They may be used again")] = False,
) -> Outcome[Deprecated]:
    """Say that a pack, or some of its releases, should no longer be used.

    They stay installable; whoever uses them is told. It is in the registry's public log.
    """
    from packctl.registry.choose import chosen_client
    from packctl.usage import BadValue
    from packspec.names import PackName
    from packspec.protocol.catalog import RELEASES, AskPack
    from packspec.protocol.publishing import DEPRECATE, DeprecateRelease
    from packspec.ranges import Range
    from packspec.reasons import DEPRECATION_REASONS

    before, _, after = pack.partition("@")
    name, wanted = PackName.parse(before), Range.parse(after or "*")
    known = [one for one in DEPRECATION_REASONS if one != "none"]
    if reason not in known:
        raise BadValue("--reason", reason, ", ".join(known))
    other = PackName.parse(use) if use else None
    chosen, client = chosen_client(session, name.publisher)
    releases = client.call(RELEASES, AskPack(publisher=name.publisher, name=name.name))
    fitting = [one.version for one in releases if wanted.allows(one.version, include_prereleases=True)]
    if not fitting:
        raise NoneFits(str(name), str(wanted))
    if undo:
        fitting = [one.version for one in releases if one.version in fitting and one.state == "deprecated"]
        if not fitting:
            return Outcome(Deprecated(chosen.origin, str(name), []))
    count = f"{len(fitting)} {'release' if len(fitting) == 1 else 'releases'} of {name}"
    does = f"Say on {chosen.name} that {count} may be used again" if undo else f"Deprecate {count} on {chosen.name}"
    session.ask.must_confirm(f"{does}, in the public log?")
    done: list[One] = []
    errors: list[PackError] = []
    for version in fitting:
        ask = DeprecateRelease(
            publisher=name.publisher, name=name.name, version=version, reason="none" if undo else reason,
            note="" if undo else note, use=None if undo else other,
        )  # fmt: skip
        try:
            act = client.call(DEPRECATE, ask)
        except PackError as error:  # what was said of the others stands in the log already, so it is told
            if not done:
                raise
            errors.append(error)
            break
        done.append(One(str(act.version), act.state, act.log_index, act.is_new))
    return Outcome(Deprecated(chosen.origin, str(name), done), errors=tuple(errors))


def text(result: Deprecated, console: Console) -> None:
    """A line for each release."""
    if not result.releases:
        console.say(f"nothing to do: no such release of {safe(result.pack)} is deprecated")
    for one in result.releases:
        already = "" if one.changed else " already"
        console.line(
            f"{safe(result.pack)} {safe(one.version)} is {safe(one.state)}{already}: log entry {one.log_index}"
        )
