"""Runs the console blocks of a guide as a terminal session, and looks for every line that the guide shows.

A block begins with ```console, or ```console NAME for another person. In it `$ command` is typed at a terminal; what follows is what the
guide promises, in order, with `...` for anything left out and `[exit 6]` for the code it ends with. A line that ends in `[y/N] y` is a
question with its answer, one that ends in `(not shown)` a secret. `< FILE` and `> FILE` at the end of a command, `cd DIR` and `cat FILE`
are understood. Words in angle brackets stand for anything on that line, and addresses of registry.example for those of the test's registry.
"""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.support.person import Ended, Person

SECRET = "correct horse battery staple"
_BLOCK = re.compile(r"^```console ?(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@dataclass
class Step:
    """One command, who typed it, and the lines that follow it."""

    who: str
    command: str
    lines: list[str] = field(default_factory=list)


def steps(page: Path) -> Iterator[Step]:
    """Every command of a guide."""
    for who, block in _BLOCK.findall(page.read_text("utf-8")):
        step: Step | None = None
        for line in block.splitlines():
            if line.startswith("$ "):
                if step:
                    yield step
                step = Step(who, line[2:])
            elif step is not None and line.strip():
                step.lines.append(line)
        if step:
            yield step


def run(page: Path, people: Mapping[str, Person], address: str) -> None:
    """Runs a guide. `people` by name; the one called "" is the reader. Fails where a command or a promised line is missing."""
    now = dict(people)
    for step in steps(page):
        ended = _run(step, now, address)
        if ended is None:
            continue
        expected = next((int(line[6:-1]) for line in step.lines if line.startswith("[exit ")), 0)
        assert ended.code == expected, f"{step.command}\n{ended.out}{ended.err}"
        shown = (ended.out + ended.err).replace(address, "https://registry.example")
        shown = shown.replace(address.partition("://")[2], "registry.example")
        for line in step.lines:
            assert line.strip() == "..." or line.startswith("[exit ") or is_in(line, shown), (
                f"{step.command}\npromised: {line}\n{shown}"
            )


def _run(step: Step, people: dict[str, Person], address: str) -> Ended | None:
    person = people[step.who]
    words = shlex.split(step.command.replace("https://registry.example", address))
    if words[0] == "cd":
        people[step.who] = replace(person, here=(person.here / words[1]).resolve())
        return None
    if words[0] == "cat":
        return Ended(0, (person.here / words[1]).read_text("utf-8"), "")
    assert words.pop(0) == "packctl", step.command
    stdin = target = None
    if len(words) > 1 and words[-2] in ("<", ">"):
        *words, sign, file = words
        stdin, target = ((person.here / file).read_text("utf-8"), None) if sign == "<" else (None, person.here / file)
    answers = "".join("y\n" for line in step.lines if line.endswith("[y/N] y"))
    secrets = [SECRET for line in step.lines if line.endswith("(not shown)")]
    ended = person.runs(*words, typed=stdin if stdin is not None else answers, secrets=secrets, attended=stdin is None)
    if target is not None:
        target.write_text(ended.out, "utf-8")
        return replace(ended, out="")
    return ended


def is_in(line: str, shown: str) -> bool:
    """Whether a line that a guide promises stands in what was shown; words in angle brackets stand for anything."""
    wanted = (
        line.strip().removesuffix(" y")
        if line.endswith("[y/N] y")
        else line.strip().removesuffix("(not shown)").strip()
    )
    pattern = r"[^\n]+?".join(re.escape(" ".join(part.split())) for part in re.split(r"<[a-z ]+>", wanted))
    return re.search(pattern, re.sub(r" +", " ", shown)) is not None
