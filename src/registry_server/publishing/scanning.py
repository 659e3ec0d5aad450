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
from typing import IO, Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from packspec import limits
from packspec.checks import Finding, Level
from packspec.digests import Digest
from packspec.names import PackName
from packspec.versions import Version
from packspec.wire import encode
from registry_server.blobs import Blobs, chunks_of
from registry_server.settings import PublishLimits

ANSWER_BYTES = limits.MIB
"""The longest answer."""
_TEXT = 1_000


class _Archive(Struct, frozen=True):
    path: str
    sha256: Digest
    size: int


class _Ask(Struct, frozen=True):
    """What the scanner reads."""

    v: int
    pack: PackName
    version: Version
    kind: str
    archive: _Archive


class _Found(Struct, frozen=True):
    level: Level
    text: Annotated[str, Meta(min_length=1)]
    path: str = ""
    line: Annotated[int, Meta(ge=0, le=limits.INTEGER_MAX)] = 0


class _Answer(Struct, frozen=True):
    """What the scanner writes. `scanner` is its name and version, and that of its rules."""

    v: Literal[1]
    scanner: Annotated[str, Meta(min_length=1, max_length=200)]
    findings: list[_Found]


class Scanned(Struct, frozen=True):
    """What is looked at."""

    pack: PackName
    version: Version
    kind: str
    archive: Digest
    size: int


class _Failed(Exception):
    """The scanner gave no answer that can be used; the reason, in words that fit behind `the scanner`."""


def scan(settings: PublishLimits, blobs: Blobs, what: Scanned) -> list[Finding]:
    """What the scanner of the settings finds; nothing where there is none. Raises BlobMissing."""
    if not settings.scanner:
        return []
    with tempfile.TemporaryDirectory(prefix="scan") as folder:
        copy = Path(folder) / "release.pack"
        with copy.open("wb") as file, blobs.open(what.archive) as source:
            for chunk in chunks_of(source):
                file.write(chunk)
        ask = _Ask(1, what.pack, what.version, what.kind, _Archive(str(copy), what.archive, what.size))
        try:
            return _findings(_run(settings.scanner, encode(ask), folder, settings.scan_seconds))
        except _Failed as error:
            text = f"the scanner {error}, so what it looks for may be in the pack"
            return [Finding(code="publish.scan-failed", level=Level.WARNING, text=text[:_TEXT])]


def _findings(data: bytes) -> list[Finding]:
    try:
        answer = msgspec.json.decode(data, type=_Answer)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise _Failed(f"gave an answer that is none ({error})"[:400]) from error
    found = [
        Finding(code="publish.scan", level=one.level, text=one.text[:_TEXT], path=one.path[:_TEXT], line=one.line)
        for one in answer.findings
    ]
    text = f"looked at by {answer.scanner}: {len(found) or 'no'} finding{'' if len(found) == 1 else 's'}"
    return [*found, Finding(code="publish.scanned", level=Level.NOTE, text=text)]


def _run(command: str, ask: bytes, folder: str, seconds: int) -> bytes:
    """The output of the program, whole. Raises _Failed; then nothing that it started runs on."""
    until = time.monotonic() + seconds
    environ = {"PATH": os.defpath, "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder}
    try:
        running = subprocess.Popen(
            shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder, env=environ,
            start_new_session=True,
        )  # fmt: skip
    except (OSError, ValueError) as error:
        raise _Failed(f"does not start ({error.__class__.__name__})") from error
    try:
        assert running.stdin is not None and running.stdout is not None
        with suppress(OSError):  # it may end without reading; it is shorter than the buffer of a pipe
            running.stdin.write(ask)
            running.stdin.close()
        data = _read(running.stdout, until, seconds)
        try:
            code = running.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired as error:
            raise _Failed(f"did not end in {seconds} s") from error
    finally:
        _end(running)
    if code != 0:
        raise _Failed(f"ended with {code}")
    return data


def _read(output: IO[bytes], until: float, seconds: int) -> bytes:
    """All that it writes, in a thread, because reading cannot be given an end. Raises _Failed."""
    found: list[bytes] = []
    reading = Thread(target=lambda: found.append(output.read(ANSWER_BYTES + 1)), daemon=True)
    reading.start()
    reading.join(max(0.0, until - time.monotonic()))
    if reading.is_alive():
        raise _Failed(f"did not end in {seconds} s")
    data = b"".join(found)
    if len(data) > ANSWER_BYTES:
        raise _Failed(f"wrote more than {ANSWER_BYTES} bytes")
    return data


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
