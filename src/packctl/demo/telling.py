"""Telling a story: runs its acts on the stage, prints each command and its real output, and compares the exit codes.

Any surprise ends it: a code that was not expected, an output that lacks what it must say. Nothing is told that did not happen.
"""

import shlex
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import msgspec
from msgspec import Struct

from packctl.demo.script import Act, Chapter, Deed, Lanes, Later, Step
from packctl.demo.stage import Ended, Stage
from packctl.ui.escape import safe
from packspec.errors import Damaged


class Told(msgspec.Struct, frozen=True):
    """One step as it went: its number, the exit codes expected and got, and seconds. Skipped: `why` says until when."""

    step: str
    title: str
    expected: str
    got: str
    seconds: float
    skipped: bool = False
    why: str = ""


class StoryBroke(Damaged):
    """A step of the demo did not go as it must."""

    step: str
    title: str
    command: str
    reason: str

    code = "cli.demo-failed"

    def what(self) -> str:
        return f"the demo broke in step {self.step}: {self.title}"

    def facts(self) -> dict[str, str]:
        return {"command": self.command, "surprise": self.reason}

    def why(self) -> str:
        return "every command of the demo has an exit code that it must end with"

    def fix(self) -> list[str]:
        return ["packctl demo --keep", "look into the folder it names, at registry.log first"]


class Teller(Struct):
    """Tells chapters on a stage. `say` takes one line of output; `fast` leaves out what nothing else needs."""

    stage: Stage
    say: Callable[[str], None]
    fast: bool = False

    def tell(self, chapters: Sequence[Chapter], told: list[Told]) -> None:
        """Everything in order; each step is appended to `told`. Raises StoryBroke at the first surprise, its step in `told` as well."""
        for number, chapter in enumerate(chapters, 1):
            self._heading(f"{number}. {chapter.title}")
            for position, step in enumerate(chapter.steps, 1):
                self._step(f"{number}.{position}", step, told)

    def _heading(self, title: str) -> None:
        self.say("")
        self.say(f"== {title} " + "=" * max(4, 76 - len(title)))

    def _step(self, number: str, step: Step, told: list[Told]) -> None:
        later = next((part for part in step.parts if isinstance(part, Later)), None)
        self.say("")
        self.say(f"-- {number} {step.title}")
        if later is not None:
            self.say(f"   not yet: {later.tells}; comes with {later.comes_with}")
            told.append(Told(number, step.title, "-", "-", 0.0, True, f"comes with {later.comes_with}"))
            return
        parts = tuple(hurried(step.parts)) if self.fast else step.parts
        if not parts:
            self.say("   left out (--fast)")
            told.append(Told(number, step.title, "-", "-", 0.0, True, "left out by --fast"))
            return
        began, codes = self.stage.monotonic(), list[str]()
        try:
            for part in parts:
                self._part(number, step, part, codes)
        finally:
            got = ", ".join(dict.fromkeys(codes)) or "-"
            told.append(Told(number, step.title, step.expected, got, round(self.stage.monotonic() - began, 2)))

    def _part(self, number: str, step: Step, part: Act | Deed | Lanes | Later, codes: list[str]) -> None:
        match part:
            case Act():
                self._judge(number, step, part, self.stage.run(part), codes)
            case Lanes(lanes):
                for act, ended in self._together(lanes):
                    self._judge(number, step, part=act, ended=ended, codes=codes)
            case Deed():
                self.say(f"   ({part.tells})")
                if fault := part.does(self.stage):
                    raise StoryBroke(number, step.title, part.tells, fault)
            case Later():
                raise AssertionError("a step that comes later is not played in parts")

    def _together(self, lanes: tuple[tuple[Act, ...], ...]) -> list[tuple[Act, Ended]]:
        """Runs lanes side by side; what they said is told lane by lane. A lane ends with its first surprise."""

        def run(lane: tuple[Act, ...]) -> list[tuple[Act, Ended]]:
            ended: list[tuple[Act, Ended]] = []
            for act in lane:
                ended.append((act, self.stage.run(act)))
                if ended[-1][1].code != act.expect:
                    break
            return ended

        with ThreadPoolExecutor(len(lanes)) as pool:
            return [one for lane in pool.map(run, lanes) for one in lane]

    def _judge(self, number: str, step: Step, part: Act, ended: Ended, codes: list[str]) -> None:
        line = shown(part, self.stage)
        self.say(f"{part.who}$ {line}")
        for text in ended.output.splitlines():
            self.say(f"   {text if self.stage.color else safe(text)}".rstrip())
        codes.append(str(ended.code))
        if ended.code != part.expect:
            raise StoryBroke(number, step.title, line, f"it ended with {ended.code}, expected {part.expect}")
        if part.expect:
            self.say(f"   [exit {ended.code}, as it must]")
        for wanted in (*part.says, *(f"a value for {name}" for name in part.keeps if name not in self.stage.values)):
            if self.stage.filled(wanted) not in " ".join(ended.output.split()):
                raise StoryBroke(number, step.title, line, f"its output does not hold {wanted!r}")


def shown(act: Act, stage: Stage) -> str:
    """The command line as it would be typed, with where stdin comes from."""
    line = shlex.join(stage.words(act))
    return f"{line} < {act.stdin}" if act.stdin else line


def hurried(parts: Sequence[Act | Deed | Lanes | Later]) -> Iterator[Act | Deed | Lanes | Later]:
    """The parts of a step without what stands aside."""
    for part in parts:
        if isinstance(part, Lanes):
            yield Lanes(tuple(tuple(act for act in lane if not act.aside) for lane in part.lanes))
        elif not (isinstance(part, Act) and part.aside):
            yield part
