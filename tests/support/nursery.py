"""Processes of `packctl` and `registry-server` without the start: forked from one that has imported everything.

A transcript runs a handful of commands, and the suite some hundreds of them; most of their time went into importing the same modules again.
A child here is a process of its own with its own folder, variables and streams, and runs the same `main`. What a start does is tested with
real processes elsewhere (tests/architecture/test_startup.py, the demo), and `./run test --long` and `RECORD=1` use real ones for all.
"""

import atexit
import contextlib
import gc
import json
import os
import pkgutil
import runpy
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
IS_POSSIBLE = sys.platform == "linux"
_MESSAGE_BYTES = 1 << 18
_START_SECONDS = 60
LATE = (
    "_strptime",
    "alembic.command",
    "ctypes",
    "encodings.idna",
    "packaging.licenses",
    "platformdirs.unix",
    "typer._click.decorators",
)
"""What commands import when they come to need it."""


class Nursery:
    """The worker's side. One command at a time."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environ = {name: text for name, text in os.environ.items() if not name.startswith(("PACKCTL_", "REGISTRY_"))}
        environ |= {
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
            "PYTHONUTF8": "1",
            "LC_ALL": "C.UTF-8",
        }
        command = [sys.executable, "-m", "tests.support.nursery", str(theirs.fileno())]
        self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environ, cwd=ROOT)
        theirs.close()
        atexit.register(self.close)
        self._socket.settimeout(_START_SECONDS)
        assert self._socket.recv(_MESSAGE_BYTES) == b"ready"

    def run(
        self, program: str, arguments: list[str], stdin: bytes, folder: Path, environ: Mapping[str, str], seconds: float
    ) -> tuple[bytes, bytes, int]:
        """stdout, stderr and the exit code (negative: a signal) of one command."""
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            given.write(stdin)
            given.seek(0)
            wanted = {"program": program, "arguments": arguments, "folder": str(folder), "environ": dict(environ)}
            socket.send_fds(self._socket, [json.dumps(wanted).encode()], [given.fileno(), out.fileno(), err.fileno()])
            self._socket.settimeout(seconds)
            code = int(self._socket.recv(_MESSAGE_BYTES))
            out.seek(0)
            err.seek(0)
            return out.read(), err.read(), code

    def close(self) -> None:
        """Ends it."""
        self._socket.close()
        self._process.terminate()
        self._process.wait()


def _serve(number: int) -> None:
    """The nursery itself: forks a child for every message, and answers with its exit code."""
    _import_all()
    _prepare_all()
    with socket.socket(fileno=number) as asked:
        asked.send(b"ready")
        while True:
            message, fds, _, _ = socket.recv_fds(asked, _MESSAGE_BYTES, 3)
            if not message:
                return
            child = os.fork()
            if child == 0:
                asked.close()
                _become(json.loads(message), fds)
            for fd in fds:
                os.close(fd)
            _, status = os.waitpid(child, 0)
            asked.send(str(os.waitstatus_to_exitcode(status)).encode())


def _import_all() -> None:
    import packctl
    import packspec
    import registry_server

    for package in (packspec, packctl, registry_server):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__") and ".migrations." not in module.name:
                __import__(module.name)
    for name in LATE:
        __import__(name)


def _prepare_all() -> None:
    """Makes what is made at its first use and then kept: patterns, and descriptions of types."""
    import msgspec

    from packspec import patterns
    from packspec.toml import Faults, Table, convert

    late: type[Any] = vars(patterns)["pattern"]  # type checkers know it by another name
    for found in gc.get_objects():
        if isinstance(found, late):
            for method in ("fullmatch", "match", "search", "sub"):
                getattr(found, method)
    for table in _below(Table):
        convert({}, table, Faults(), strict=False)
    for struct in _below(msgspec.Struct):
        with contextlib.suppress(TypeError, NameError):  # what is in no file and no message may be of any type
            msgspec.json.Decoder(struct)


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _become(wanted: dict, fds: list[int]) -> None:  # type: ignore[type-arg]
    """Makes this child the command that is wanted. Does not return."""
    code = 70
    try:
        os.chdir(wanted["folder"])
        os.environ.clear()
        os.environ.update(wanted["environ"])
        time.tzset()
        for target, fd in enumerate(fds):
            os.dup2(fd, target)
            os.close(fd)
        sys.stdin = open(0, encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
        sys.stdout = open(1, "w", encoding="utf-8", errors="surrogateescape", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        sys.argv = [wanted["program"], *wanted["arguments"]]
        code = _main_of(wanted["program"])
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code)


def _main_of(program: str) -> int:
    try:
        runpy.run_module({"packctl": "packctl", "registry-server": "registry_server"}[program], run_name="__main__")
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    return 0


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
