"""Runs the console blocks of a tutorial as several people at terminals would, each command a process of its own.

As in `tests.support.guide` a block is ```console NAME, and what follows a command is what the tutorial promises, `...` and words in angle
brackets standing for anything. Besides: `[exit 2]` after a command is the code it ends with; ````console NAME &` leaves a command running;
`sha256:<root>` and its kind in a command are what an earlier output said. Commands are packctl, registry-server and python; cd, cat, mv
and export are understood, with $PWD, so that tutorials run everywhere. Port 8787 is a free one in truth.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.guide import Step, is_in
from tests.support.transcript import clean_environment

_BLOCK = re.compile(r"^```console ?(\w*)( &)?\n(.*?)^```", re.MULTILINE | re.DOTALL)
_PROGRAMS = {"packctl": ["-m", "packctl"], "registry-server": ["-m", "registry_server"], "python": []}
_SAID = {
    "root": r"^root +(sha256:\w{64})",
    "root of acme": r"^  root 1 +(sha256:\w{64})",
    "archive": r"\.pack \(.*(sha256:\w{64})",
    "port": r"listening on http://127\.0\.0\.1:(\d+)",
}
"""What a later command may name, and where it is said."""


@dataclass
class _Terminal:
    """Where somebody is, and what they exported."""

    here: Path
    exported: dict[str, str] = field(default_factory=dict)


class Lesson:
    """One tutorial, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.terminals: dict[str, _Terminal] = {}
        self.said: dict[str, str] = {"port": "8787"}
        self.running: list[subprocess.Popen[str]] = []

    def follow(self, page: Path) -> None:
        """Runs every block. Fails where a command, a code or a promised line is missing."""
        for who, stays, block in _BLOCK.findall(page.read_text("utf-8")):
            for step in _steps(who, block):
                shown = self._stay(step) if stays else self._run(step)
                for name, pattern in _SAID.items():
                    if found := re.search(pattern, shown, re.MULTILINE):
                        self.said[name] = found[1]
                shown = shown.replace(f":{self.said['port']}", ":8787")
                for line in step.lines:
                    told = line.strip() == "..." or line.startswith("[exit ") or is_in(line, shown)
                    assert told, f"{step.command}\npromised: {line}\n{shown}"

    def stop(self) -> None:
        """Ends what still runs, as Ctrl-C does."""
        for process in self.running:
            process.terminate()
            process.wait(30)
            assert process.stdout is not None
            process.stdout.close()
        self.running.clear()

    def _terminal(self, who: str) -> _Terminal:
        return self.terminals.setdefault(who, _Terminal(self.folder))

    def _words(self, command: str) -> list[str]:
        text = command.replace(":8787", f":{self.said['port']}")
        text = text.replace("sha256:<digest>", "sha256:<root>")
        return shlex.split(re.sub(r"sha256:<([a-z ]+)>", lambda found: self.said[found[1]], text))

    def _stay(self, step: Step) -> str:
        """Starts a registry that goes on; gives what it said until it listens."""
        words = shlex.split(step.command.replace("--port 8787", "--port 0"))
        process = subprocess.Popen(
            [sys.executable, *_PROGRAMS[words[0]], *words[1:]],
            cwd=self._terminal(step.who).here, env=self._environ(step.who), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.running.append(process)
        assert process.stdout is not None
        shown = ""
        for line in process.stdout:
            shown += line
            if "registry-server: listening on" in line:
                break
        return shown

    def _run(self, step: Step) -> str:
        terminal, words = self._terminal(step.who), self._words(step.command)
        match words:
            case ["cd", place]:
                terminal.here = (terminal.here / place).resolve(strict=True)
                return ""
            case ["cat", file]:
                return (terminal.here / file).read_text("utf-8")
            case ["mv", old, new]:
                (terminal.here / old).rename(terminal.here / new)
                return ""
            case ["export", *settings]:
                for name, _, value in (setting.partition("=") for setting in settings):
                    terminal.exported[name] = value.replace("$PWD", str(terminal.here))
                return ""
        return self._start(step, words, terminal)

    def _start(self, step: Step, words: list[str], terminal: _Terminal) -> str:
        target = stdin = None
        if len(words) > 2 and words[-2] in ("<", ">"):
            *words, sign, file = words
            target, stdin = (terminal.here / file, None) if sign == ">" else (None, (terminal.here / file).read_text())
        ended = subprocess.run(
            [sys.executable, *_PROGRAMS[words[0]], *words[1:]],
            cwd=terminal.here, env=self._environ(step.who), input=stdin or "", capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        expected = next((int(line[6:-1]) for line in step.lines if line.startswith("[exit ")), 0)
        assert ended.returncode == expected, f"{step.command}\n{ended.stdout}{ended.stderr}"
        if target is not None:
            target.write_text(ended.stdout, "utf-8")
            return ended.stderr
        return ended.stdout + ended.stderr

    def _environ(self, who: str) -> Mapping[str, str]:
        return {
            **clean_environment(self.folder),
            **self._terminal(who).exported,
            "PATH": os.environ["PATH"],
            "PYTHONUNBUFFERED": "1",
            "PACKCTL_PROGRESS": "off",
        }


def _steps(who: str, block: str) -> list[Step]:
    steps: list[Step] = []
    for line in block.splitlines():
        if line.startswith("$ "):
            steps.append(Step(who, line[2:]))
        elif steps and line.strip():
            steps[-1].lines.append(line)
    return steps
