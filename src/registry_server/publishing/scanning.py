"""A scanner of the registry's own choosing looks at every archive that is handed in: a program, asked in JSON (docs/spec/scanner.md).

It gets a copy of the archive, an empty environment and so many seconds. What it finds goes into the check report, which the approval names.
Whatever is wrong with the scanner itself is a finding too: a release that was not looked at never reads as one that was.
"""

import os
import shlex
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import IO

from msgspec import Struct

from packspec.checks import Finding, Level
from packspec.digests import Digest
from packspec.names import PackName
from packspec.scanner import ANSWER_BYTES, Asked, AskedArchive, NoAnswer, read_answer
from packspec.versions import Version
from registry_server.blobs import Blobs
from registry_server.settings import PublishLimits
from registry_server.sources import chunks_of

_TEXT = 1_000


class Scanned(Struct, frozen=True):
    """What is looked at."""

    pack: PackName
    version: Version
    kind: str
    archive: Digest
    size: int


def scan(settings: PublishLimits, blobs: Blobs, what: Scanned) -> list[Finding]:
    """What the scanner of the settings finds; nothing where there is none. Raises BlobMissing."""
    if not settings.scanner:
        return []
    with tempfile.TemporaryDirectory(prefix="scan") as folder:
        copy = Path(folder) / "release.pack"
        with copy.open("wb") as file, blobs.open(what.archive) as source:
            for chunk in chunks_of(source):
                file.write(chunk)
        asked = Asked(1, what.pack, what.version, what.kind, AskedArchive(str(copy), what.archive, what.size))
        try:
            return read_answer(_run(settings.scanner, asked.encode(), folder, settings.scan_seconds))
        except NoAnswer as error:
            text = f"the scanner {error}, so what it looks for may be in the pack"
            return [Finding(code="publish.scan-failed", level=Level.WARNING, text=text[:_TEXT])]


def _run(command: str, ask: bytes, folder: str, seconds: int) -> bytes:
    """The output of the program: whole, or one byte more than an answer has. Raises NoAnswer; then nothing that it started runs on."""
    until = time.monotonic() + seconds
    environ = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder}
    try:
        running = subprocess.Popen(
            shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder, env=environ,
            start_new_session=True,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        raise NoAnswer(f"does not start ({error.__class__.__name__})") from error
    try:
        assert running.stdin is not None and running.stdout is not None
        with suppress(OSError):  # it may end without reading; it is shorter than the buffer of a pipe
            running.stdin.write(ask)
            running.stdin.close()
        data = _read(running.stdout, until, seconds)
        if len(data) > ANSWER_BYTES:
            return data  # its reader refuses it, whatever the program does next
        try:
            code = running.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise NoAnswer(f"did not end in {seconds} s") from error
    finally:
        _end(running)
    if code != 0:
        raise NoAnswer(f"ended with {code}")
    return data


def _read(output: IO[bytes], until: float, seconds: int) -> bytes:
    """What it writes, up to one byte more than an answer has; in a thread, because reading cannot be given an end. Raises NoAnswer."""
    found: list[bytes] = []
    reading = Thread(target=lambda: found.append(output.read(ANSWER_BYTES + 1)), daemon=True)
    reading.start()
    reading.join(max(0.0, until - time.monotonic()))
    if reading.is_alive():
        raise NoAnswer(f"did not end in {seconds} s")
    return b"".join(found)


def _end(running: "subprocess.Popen[bytes]") -> None:
    """Ends it, and what it started."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(running.pid, signal.SIGKILL)  # its own group, made when it started
        else:
            running.kill()
    running.wait()
    for pipe in (running.stdin, running.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
