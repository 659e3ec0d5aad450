"""Golden transcripts: what a person types and sees, as files that are run and compared.

A transcript is a text file below tests/scenarios:

    The settings of a fresh machine.

    $ packctl config path
    {folder}/home/.config/packctl/config.toml
    [exit 0]

    A key that nothing reads is refused.

    $ packctl config set netwrk.timeout 5
    ! error[cli.unknown-setting]: there is no setting 'netwrk.timeout'
    [exit 2]

- **Steps.** A line `$ command` begins a step, `[exit n]` ends it; between them stand the lines of stdout and then, after `! `, those of
  stderr. Everything else is prose. An output line that looks like one of these marks is written with a backslash in front. Lines `< text`
  directly below the command are its stdin.
- **Commands.** No shell is involved. `packctl` and `registry-server` run this checkout's code with this Python, `python` runs this Python.
  `NAME=value` in front sets variables for one step; `> file` at the end sends stdout there. Some verbs are built in, so that transcripts
  run everywhere: `cd DIR`, `mkdir DIR`, `cat FILE`, `ls [DIR]`, `cp A B`, `rm PATH`, `write FILE` (its text as `< ` lines),
  `append FILE`, `export NAME=value`, `chmod MODE FILE`, `flip FILE OFFSET`, which changes one byte, and `remember NAME FILE`, which
  makes the first word of a file a variable (`remember NAME FILE N`: the n-th).
- **Variables.** `{name}` in a command is replaced by its value, and the value in the output by `{name}`. Always there: `{folder}`, the
  scenario's own temporary folder, where the first command starts and whose `home` is HOME. A fixture gives more (below).
- **Filters.** Times of day, durations (`in 2.4 s`), ports of 127.0.0.1, ages of an index, fingerprints of keys, ids of requests and report
  files are replaced by words in angle brackets. With `digests: numbered` in the header every digest becomes `<digest 1>`, `<digest 2>` ...
  in order of appearance, so that equal ones can be told from different ones although keys are random.
- **Header.** Lines `word: value` at the top, before a blank line: `digests: numbered`; `needs: registry` names pytest fixtures, each of
  which is a mapping of variables, or has a method `variables()` that gives one. So a scenario against a real server says `needs: registry`
  and uses `{registry}`, `{token}` or whatever that fixture offers. `environment: NAME=value` sets a variable for all steps.

`RECORD=1` writes the outputs of a run into the file; commands and prose stay. Without it, a step that lacks `[exit n]` is unrecorded and
fails.
Every run starts in a clean environment: HOME in the scenario's folder, no CI, no color, UTF-8, UTC.
"""

import difflib
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.support.nursery import IS_POSSIBLE, Nursery

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "tests" / "scenarios"
RECORD = os.environ.get("RECORD") == "1"
TIMEOUT_SECONDS = 60
_MARK = re.compile(r"\$ |! ?|< ?|\[exit |\\")
_EXIT = re.compile(r"\[exit (\d+)\]")
_HEADER = re.compile(r"([a-z]+): (.+)")

FILTERS: tuple[tuple[str, str], ...] = (
    (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", "<time>"),
    (r"(?<=recalled on )\d{4}-\d\d-\d\d", "<day>"),
    (r"((?:active|monthly), until |monthly  )\d{4}-\d\d-\d\d", r"\1<day>"),
    (r"\b\d{4}-\d\d-\d\d \d\d:\d\d\b", "<time>"),
    (r"\b(in|after) \d+(?:\.\d+)? (?:ms|s|min)\b", r"\1 <duration>"),
    (r'"seconds":\d+\.\d+', '"seconds":<seconds>'),
    (r"(?m)(version \d+ ends |^  (?:root|targets|index) \d+ ends )\d{4}-\d\d-\d\d", r"\1<day>"),
    (r"\b\d+ (?:s|min|h|days) old\b", "<age> old"),
    (r"(CURRENT +as of <time>) \(\d+ (?:s|min|h|days)\b", r"\1 (<age>"),
    (r"(\.carry,? \(?)[\d.]+ (?:kB|MB)", r"\1<size>"),
    (r"\bwaiting \d+ (?:s|min|h|d)(?: \d+ (?:min|h))?", "waiting <duration>"),
    (r"\b127\.0\.0\.1:\d+", "127.0.0.1:<port>"),
    (r"\brequest( +)[0-9a-f]{16}\b", r"request\1<request>"),
    (r"\b[0-9a-f]{4}(?: [0-9a-f]{4}){3}\b", "<fingerprint>"),
    (r"\b[\d.]+ (?:bytes|kB|MB) of downloads", "<size> of downloads"),
    (r"packctl-\d{8}-\d{6}-\w+\.txt", "<report>.txt"),
)
"""Pattern and replacement of everything that differs from run to run."""

_DIGEST = re.compile(r"\b(?:sha256:)?[0-9a-f]{64}\b")


@dataclass
class Step:
    """One command and what came of it. `code` is None where nothing is recorded."""

    command: str
    stdin: list[str] = field(default_factory=list)
    out: list[str] = field(default_factory=list)
    err: list[str] = field(default_factory=list)
    code: int | None = None

    def lines(self) -> Iterator[str]:
        """As it stands in the file."""
        yield f"$ {self.command}"
        yield from (f"< {line}".rstrip() for line in self.stdin)
        yield from (f"\\{line}" if _MARK.match(line) else line for line in self.out)
        yield from (f"! {line}".rstrip() for line in self.err)
        if self.code is not None:
            yield f"[exit {self.code}]"


@dataclass
class Transcript:
    """A file: header, then prose and steps in their order."""

    path: Path
    header: dict[str, str]
    parts: list[str | Step]

    @property
    def needs(self) -> list[str]:
        """Names of the fixtures that it wants."""
        return self.header.get("needs", "").split()

    def text(self) -> str:
        """The file's text."""
        lines = [f"{word}: {value}" for word, value in self.header.items()]
        for part in self.parts:
            lines += [part] if isinstance(part, str) else part.lines()
        return "\n".join(lines) + "\n"


def read(path: Path) -> Transcript:
    """Reads a transcript."""
    lines = path.read_text(encoding="utf-8").splitlines()
    header: dict[str, str] = {}
    while lines and (found := _HEADER.fullmatch(lines[0])):
        header[found[1]] = found[2]
        lines.pop(0)
    parts: list[str | Step] = []
    step: Step | None = None
    for line in [*lines, "$ "]:
        if step is None or line.startswith("$ "):
            if step is not None:  # not recorded, so what follows the command is prose
                parts += step.out
                step.out = []
            step = Step(line[2:]) if line.startswith("$ ") else None
            parts.append(step or line)
        elif ended := _EXIT.fullmatch(line):
            step.code = int(ended[1])
            step = None
        elif line.startswith("!"):
            step.err.append(line[2:])
        elif line.startswith("<") and not step.out:
            step.stdin.append(line[2:])
        else:
            step.out.append(line.removeprefix("\\"))
    return Transcript(path, header, parts[:-1])


class Scenario:
    """A folder with a home, in which commands run."""

    def __init__(self, folder: Path, variables: Mapping[str, str] | None = None, *, numbered: bool = False) -> None:
        self.folder = folder.resolve()
        self.here = self.folder
        self.variables = {**(variables or {}), "folder": str(self.folder)}
        self.environ = clean_environment(self.folder)
        self.numbered = numbered
        self.has_real_processes = RECORD or not IS_POSSIBLE
        self._digests: dict[str, str] = {}

    def run(self, step: Step) -> Step:
        """The step as it came out, with filtered output."""
        words = shlex.split(self._filled(step.command))
        environ = dict(self.environ)
        while words and re.match(r"[A-Z][A-Z0-9_]*=", words[0]):
            name, _, value = words.pop(0).partition("=")
            environ[name] = value
        target = None
        if len(words) > 2 and words[-2] == ">":
            target, words = self.here / words[-1], words[:-2]
        out, err, code = self._do(words, "".join(self._filled(line) + "\n" for line in step.stdin), environ)
        if target is not None:
            target.write_bytes(out)
            out = b""
        return Step(step.command, step.stdin, self._shown(out), self._shown(err), code)

    def _do(self, words: list[str], stdin: str, environ: Mapping[str, str]) -> tuple[bytes, bytes, int]:
        verb = words[0]
        programs: dict[str, list[str]] = {
            "packctl": ["-m", "packctl"],
            "registry-server": ["-m", "registry_server"],
            "python": [],
        }
        if verb in programs and verb != "python" and not self.has_real_processes and _has_usual_python(environ):
            out, err, code = _nursery().run(verb, words[1:], stdin.encode(), self.here, environ, TIMEOUT_SECONDS)
            return out, err, code if code >= 0 else 128 - code
        if verb in programs:
            ended = subprocess.run(
                [sys.executable, *programs[verb], *words[1:]],
                input=stdin.encode(), capture_output=True, cwd=self.here, env=dict(environ), timeout=TIMEOUT_SECONDS, check=False,
            )  # fmt: skip
            code = ended.returncode
            return ended.stdout, ended.stderr, code if code >= 0 else 128 - code  # a signal, as shells tell it
        try:
            return self._verb(words, stdin), b"", 0
        except OSError as error:
            return b"", f"{verb}: {error.strerror}\n".encode(), 1

    def _verb(self, words: list[str], stdin: str) -> bytes:
        """A built-in command. Its stdout."""
        paths = [self.here / word for word in words[1:]]
        match words[0]:
            case "cd":
                self.here = paths[0].resolve(strict=True)
            case "mkdir":
                paths[0].mkdir(parents=True)
            case "cat":
                return paths[0].read_bytes()
            case "ls":
                found = sorted((paths or [self.here])[0].iterdir())
                return "".join(f"{path.name}{'/' if path.is_dir() else ''}\n" for path in found).encode()
            case "cp" if paths[0].is_dir():
                shutil.copytree(paths[0], paths[1])
            case "cp":
                shutil.copy(paths[0], paths[1])
            case "rm" if paths[0].is_dir() and not paths[0].is_symlink():
                shutil.rmtree(paths[0])
            case "rm":
                paths[0].unlink()
            case "write":
                paths[0].write_text(stdin, encoding="utf-8")
            case "append":
                with paths[0].open("a", encoding="utf-8") as file:
                    file.write(stdin)
            case "chmod":
                paths[1].chmod(int(words[1], 8))
            case "remember":
                number = int(words[3]) if len(words) > 3 else 1
                self.variables[words[1]] = paths[1].read_text(encoding="utf-8").split()[number - 1]
            case "flip":
                _flip(paths[0], int(words[2]))
            case "export":
                self.environ |= {name: value for name, _, value in (word.partition("=") for word in words[1:])}
            case verb:
                raise AssertionError(f"no such verb in a transcript: {verb}")
        return b""

    def _filled(self, text: str) -> str:
        for name, value in self.variables.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def _shown(self, data: bytes) -> list[str]:
        text = data.decode("utf-8", "backslashreplace")
        for name, value in sorted(self.variables.items(), key=lambda item: -len(item[1])):
            if value:
                text = text.replace(value, f"{{{name}}}")
        for pattern, replacement in FILTERS:
            text = re.sub(pattern, replacement, text)
        if self.numbered:
            text = _DIGEST.sub(lambda found: self._number(found[0]), text)
        lines = text.split("\n")
        return lines[:-1] if lines[-1] == "" else [*lines[:-1], f"{lines[-1]}<no line end>"]

    def _number(self, digest: str) -> str:
        plain = digest.removeprefix("sha256:")
        return self._digests.setdefault(plain, f"<digest {len(self._digests) + 1}>")


@cache
def _nursery() -> Nursery:
    return Nursery()


def _has_usual_python(environ: Mapping[str, str]) -> bool:
    """Whether the variables make Python start as the nursery did."""
    usual = {"PYTHONUTF8": "1", "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT / "src")}
    return usual.items() <= environ.items() and not any(
        (name.startswith("PYTHON") and name not in usual) or name == "COVERAGE_PROCESS_START" for name in environ
    )


def clean_environment(folder: Path) -> dict[str, str]:
    """The variables that a scenario starts with: nothing of the machine but where programs and temporary files are."""
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    kept = {
        name: os.environ[name]
        for name in ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "COVERAGE_PROCESS_START")
        if name in os.environ
    }
    return {
        **kept,
        "HOME": str(home),
        "USERPROFILE": str(home),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONUTF8": "1",
        "PYTHONPATH": str(ROOT / "src"),
        "NO_COLOR": "1",
        "TERMINAL_WIDTH": "80",
        "_TYPER_FORCE_DISABLE_TERMINAL": "1",
    }


def check(path: Path, folder: Path, variables: Mapping[str, str] | None = None, *, really: bool = False) -> None:
    """Runs the transcript at `path` in `folder`. Fails the test where it differs; with `RECORD=1` writes it again.

    `really`: every command is started, not forked from the nursery.
    """
    recorded = read(path)
    scenario = Scenario(folder, variables, numbered=recorded.header.get("digests") == "numbered")
    scenario.has_real_processes |= really
    for assignment in recorded.header.get("environment", "").split():
        name, _, value = assignment.partition("=")
        scenario.environ[name] = value
    came = Transcript(
        path, recorded.header, [part if isinstance(part, str) else scenario.run(part) for part in recorded.parts]
    )
    if RECORD:
        path.write_text(came.text(), encoding="utf-8")
        return
    unrecorded = [part.command for part in recorded.parts if isinstance(part, Step) and part.code is None]
    assert not unrecorded, f"{path.name}: not recorded: {unrecorded}; look at it and run with RECORD=1"
    assert any(isinstance(part, Step) for part in recorded.parts), f"{path.name} holds no command"
    if came.text() != recorded.text():
        difference = difflib.unified_diff(
            recorded.text().splitlines(), came.text().splitlines(), "recorded", "now", lineterm=""
        )
        raise AssertionError(f"{path.name} differs; if that is meant, run with RECORD=1\n" + "\n".join(difference))


_BASE64 = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


def _flip(path: Path, offset: int) -> None:
    """Changes one bit of a byte; a random letter of base64 becomes another one, so that a text fails the same way every time."""
    data = bytearray(path.read_bytes())
    before = data[offset]
    data[offset] ^= 1
    if before in _BASE64 and data[offset] not in _BASE64:
        data[offset] = ord("Q")
    path.chmod(0o644)
    path.write_bytes(data)
