"""Runs the console blocks of a guide as a terminal session, and looks for every line that the guide shows.

A block begins with ```console, or ```console NAME for another person. In it `$ command` is typed at a terminal; what follows is what the
guide promises, in order, with `...` for anything left out and `[exit 6]` for the code it ends with. A line that ends in `[y/N] y` is a
question with its answer, one that ends in `(not shown)` a secret. `< FILE` and `> FILE` at the end of a command, `cd DIR` and `cat FILE`
are understood. Words in angle brackets stand for anything on that line, and addresses of registry.example for those of the test's registry.
"""

import getpass
import io
import os
import re
import shlex
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from unittest.mock import patch

from registry_server.cli import main
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


def run(
    page: Path, people: Mapping[str, Person], address: str, after: Callable[[Step], None] = lambda step: None
) -> None:
    """Runs a guide. `people` by name; the one called "" is the reader. Fails where a command or a promised line is missing.

    `after` is told of every step that was run: for what people do between commands.
    """
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
        after(step)


def _run(step: Step, people: dict[str, Person], address: str) -> Ended | None:
    person = people[step.who]
    words = shlex.split(step.command.replace("https://registry.example", address))
    if words[0] == "cd":
        people[step.who] = replace(person, here=(person.here / words[1]).resolve())
        return None
    if words[0] == "cat":
        return Ended(0, (person.here / words[1]).read_text("utf-8"), "")
    program = words.pop(0)
    assert program in ("packctl", "registry-server"), step.command
    stdin = target = None
    if len(words) > 1 and words[-2] in ("<", ">"):
        *words, sign, file = words
        stdin, target = ((person.here / file).read_text("utf-8"), None) if sign == "<" else (None, person.here / file)
    answers = "".join("y\n" for line in step.lines if line.endswith("[y/N] y"))
    secrets = [SECRET for line in step.lines if line.endswith("(not shown)")]
    if program == "registry-server":
        ended = operate(person, words, answers)
    else:
        typed = stdin if stdin is not None else answers
        ended = person.runs(*words, typed=typed, secrets=secrets, attended=stdin is None)
    if target is not None:
        target.write_text(ended.out, "utf-8")
        return replace(ended, out="")
    return ended


class _Terminal(io.StringIO):
    """What an operator types."""

    def isatty(self) -> bool:
        return True


def operate(person: Person, words: Sequence[str], typed: str = "") -> Ended:
    """Runs `registry-server` in this process, in the person's folder and with their variables."""
    out, err, before = io.StringIO(), io.StringIO(), Path.cwd()
    with patch.dict(os.environ, person.environ), patch("sys.stdin", _Terminal(typed)), warnings.catch_warnings():
        warnings.simplefilter("ignore", getpass.GetPassWarning)  # what is typed here, nobody sees
        os.chdir(person.here)
        try:
            with redirect_stdout(out), redirect_stderr(err):
                code = main(list(words))
        finally:
            os.chdir(before)
    return Ended(code, out.getvalue(), err.getvalue())


def is_in(line: str, shown: str) -> bool:
    """Whether a line that a guide promises stands in what was shown; words in angle brackets stand for anything."""
    wanted = (
        line.strip().removesuffix(" y")
        if line.endswith("[y/N] y")
        else line.strip().removesuffix("(not shown)").strip()
    )
    pattern = r"[^\n]+?".join(re.escape(" ".join(part.split())) for part in re.split(r"<[a-z ]+>", wanted))
    return re.search(pattern, re.sub(r" +", " ", shown)) is not None
