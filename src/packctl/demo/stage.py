"""Stage: the small world in which the demo plays. A temporary folder with people, their homes, and a registry as a child process.

Every command is a process of its own, started as a person would start it: `packctl ...` is `python -m packctl ...` with this Python. Its
environment has nothing of the machine's but where programs and temporary files are, so nothing of the person who watches is read or
written. Only 127.0.0.1 listens.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TextIO

from msgspec import Struct, field

from packctl.demo.pack import Pack
from packctl.demo.packs import story_packs
from packctl.demo.script import Act
from packctl.demo.writing import write_release

PROGRAMS = {"packctl": "packctl", "registry-server": "registry_server"}
"""The commands of the story, and the modules that they are."""
KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "PYTHONPATH", "COVERAGE_PROCESS_START")
"""Variables of the machine that children need to run at all."""
START_SECONDS = 60
"""How long the registry may take until it listens."""
STOP_SECONDS = 20
COMMAND_SECONDS = 120

PEOPLE = {
    "olga": "runs the registry's machine",
    "kim": "reviews releases and administers the registry",
    "mia": "publishes as acme",
    "tom": "publishes as birdsong",
    "pat": "publishes as packs",
    "lee": "develops something that uses packs",
    "eve": "gets at somebody's keys",
    "zoe": "uses packs on a machine without network",
    "ben": "uses a paid pack, in the studio",
    "amy": "uses the same pack, on a laptop",
}
PUBLISHERS = {"acme": "mia", "birdsong": "tom", "packs": "pat"}


class Ended(Struct, frozen=True):
    """A command that has ended: its code, its output as it appeared, both streams in one, and how long it took."""

    code: int
    output: str
    seconds: float


class Stage(Struct):
    """The folder, who is in it, and what has been said so far. `monotonic` gives seconds that only grow."""

    folder: Path
    environ: Mapping[str, str]
    monotonic: Callable[[], float]
    color: bool = False
    values: dict[str, str] = field(default_factory=dict)
    packs: dict[str, Pack] = field(default_factory=story_packs)
    _server: "subprocess.Popen[str] | None" = None
    _log: TextIO | None = None

    def set_up(self) -> None:
        """Makes the folders. The packs are drawn into `packs`, where publishers work."""
        for name in (*(f"people/{person}" for person in PEOPLE), "packs", "project", "tmp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for pack in self.packs.values():
            for version in pack.versions:
                release = pack.release(version)
                write_release(release, self.folder / "packs" / release.folder)

    def home(self, who: str) -> Path:
        """The home folder of a person."""
        return self.folder / "people" / who

    def place(self, who: str) -> Path:
        """Where a person works."""
        if who in PUBLISHERS.values():
            return self.folder / "packs"
        return {"olga": self.folder, "lee": self.folder / "project"}.get(who, self.home(who))

    def words(self, act: Act) -> list[str]:
        """The command line of an act, its braces filled."""
        return [self.filled(word) for word in act.words]

    def filled(self, text: str) -> str:
        """A text with the values that its braces name. What was never said is a fault of the story itself: KeyError."""
        return re.sub(r"\{([^{}]+)\}", lambda found: self.values[found[1]], text)

    def run(self, act: Act) -> Ended:
        """Runs the command of an act and keeps what it is to keep."""
        program, *rest = self.words(act)
        command = [sys.executable, "-m", PROGRAMS[program], *rest]
        stdin = (self.home(act.who) / act.stdin).read_text(encoding="utf-8") if act.stdin else ""
        began = self.monotonic()
        done = subprocess.run(
            command,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            cwd=self.place(act.who),
            env=self.environment(act.who),
            timeout=COMMAND_SECONDS,
            check=False,
        )
        ended = Ended(done.returncode, done.stdout, self.monotonic() - began)
        for name, pattern in act.keeps.items():
            if found := re.search(pattern, ended.output, re.MULTILINE):
                self.values[name] = found[1]
        return ended

    def environment(self, who: str) -> dict[str, str]:
        """The variables of a person's commands. Who has a token file has it, with the registry's root, as in a CI."""
        home = self.home(who)
        environ = {name: self.environ[name] for name in KEPT if name in self.environ}
        environ |= {
            "PACKCTL_DATA_DIR": str(home / "data"),
            "PACKCTL_CACHE_DIR": str(home / "cache"),
            "HOME": str(home),
            "USERPROFILE": str(home),
            "LOCALAPPDATA": str(home / "AppData"),
            "APPDATA": str(home / "AppData"),
            "TMPDIR": str(self.folder / "tmp"),
            "TEMP": str(self.folder / "tmp"),
            "TZ": "UTC",
            "LC_ALL": "C.UTF-8",
            "PYTHONUTF8": "1",
            "PYTHONUNBUFFERED": "1",
            "TERM": "dumb",
            "PACKCTL_PROGRESS": "off",
            "PACKCTL_COLOR": "always" if self.color else "never",
        }
        if who == "zoe":
            environ["PACKCTL_OFFLINE"] = "1"
        if "url" in self.values:
            environ["PACKCTL_REGISTRY"] = self.values["url"]
        if (home / "token").exists() and who != "mia":
            environ["PACKCTL_TOKEN_FILE"] = str(home / "token")
        if "root" in self.values and who not in ("lee", "olga"):
            environ["PACKCTL_TRUST_ROOT"] = self.values["root"]
        return environ

    def start_registry(self, port: int = 0) -> str:
        """Starts the registry and waits until it listens. What was wrong, or nothing; its address is the value `url`."""
        log = self.folder / "registry.log"
        self._log = log.open("a", encoding="utf-8")
        command = ["-m", "registry_server", "serve", "--data", "registry", "--port", str(port)]
        self._server = subprocess.Popen(
            [sys.executable, *command],
            cwd=self.folder,
            env=self.environment("olga"),
            text=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )
        assert self._server.stdout is not None
        for line in self._server.stdout:
            if found := re.search(r"listening on (http://127\.0\.0\.1:(\d+))", line):
                self.values |= {"url": found[1], "port": found[2]}
                return ""
        return f"the registry ended with {self._server.wait()} before it listened; see {log}"

    def stop_registry(self) -> str:
        """Stops the registry as Ctrl-C does. What was wrong, or nothing."""
        if self._server is None:
            return ""
        server, self._server = self._server, None
        server.terminate()
        try:
            server.wait(STOP_SECONDS)
            return ""
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
            return f"the registry did not stop within {STOP_SECONDS} s"
        finally:
            if server.stdout is not None:
                server.stdout.close()
            if self._log is not None:
                self._log.close()

    def wait_for_registry(self) -> None:
        """Returns when the registry has ended."""
        if self._server is not None:
            self._server.wait()

    def close(self, *, keep: bool) -> None:
        """Stops what runs and removes the folder, unless it is to be kept."""
        self.stop_registry()
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)
