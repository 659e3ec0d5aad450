"""The resolver's refusals: yanked, no solution, gave up. What is not there at all is `packspec.index.missing`."""

from typing import NamedTuple

from packctl.resolve.explain import Proof, Step
from packspec.errors import AgainstPolicy, Conflict


class ReleaseYanked(AgainstPolicy):
    """The project asks for exactly one version that was yanked, and it is not locked."""

    pack: str
    version: str
    reason: str

    code = "policy.release-yanked"

    def what(self) -> str:
        return f"{self.pack} {self.version} was yanked"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason} if self.reason else {}

    def why(self) -> str:
        return "its publisher took it back: who has it in pack.lock keeps it, nobody else gets it"

    def fix(self) -> list[str]:
        return [f"packctl show {self.pack} --versions"]


class WayOut(NamedTuple):
    """A command that helps, and the versions that it gives."""

    command: str
    gives: str


class NoSolution(Conflict):
    """No set of versions fulfils all wishes."""

    file: str
    proof: Proof
    ways_out: tuple[WayOut, ...] | None = None
    """Each was tried; None: none was looked for."""
    all_tried: bool = True
    """False: time was over before every wish was relaxed."""
    data: object = None
    """What the command tells of it as data: `data` of `--json`."""

    code = "resolve.no-solution"

    def what(self) -> str:
        return f"no set of versions satisfies {self.file}"

    @property
    def derivation(self) -> tuple[Step, ...]:
        """The proof as data."""
        return self.proof.steps

    def why(self) -> str:
        return " ".join(line.strip() for line in self.proof.lines if line)

    def fix(self) -> list[str]:
        return [command for command, _gives in self.ways_out or ()] or [f"change one of the ranges in {self.file}"]

    def story(self) -> list[str]:
        """What a person reads below the first line: the proof, what would help, and that nothing has changed."""
        return [*self.reason(), "", f"{self.file} and pack.lock are unchanged."]

    def reason(self) -> list[str]:
        """The proof, and what would help."""
        return [*self.proof.lines, *self._told_ways_out()]

    def _told_ways_out(self) -> list[str]:
        if self.ways_out is None:
            return []
        if not self.ways_out:
            every = "each was tried just now" if self.all_tried else "not all could be tried in the time there is"
            return ["", f"No change of a single wish helps ({every})."]
        first = {1: "This change works (tried just now):", 2: "Either change works (both tried just now):"}
        width = max(len(command) for command, _gives in self.ways_out)
        rows = [f"  {command:<{width}}    gives {gives}" for command, gives in self.ways_out]
        return ["", first.get(len(rows), "Any of these changes works (all tried just now):"), *rows]


class GaveUp(Conflict):
    """Neither a solution nor the proof that there is none was found within the budget of steps."""

    file: str
    steps: int
    tried: tuple[str, ...]
    """Releases that were chosen when the budget ended."""

    code = "resolve.gave-up"

    def what(self) -> str:
        return f"gave up after {self.steps:,} steps without finding versions that satisfy {self.file}"

    def facts(self) -> dict[str, str]:
        shown = ", ".join(self.tried[:8])
        return {"tried last": shown + (f" and {len(self.tried) - 8} more" if len(self.tried) > 8 else "")}

    def why(self) -> str:
        return "the wishes leave very many combinations, and those that were tried all contradict each other somewhere"

    def fix(self) -> list[str]:
        return [f"narrow the ranges in {self.file}, those of the packs above first", "packctl lock"]
