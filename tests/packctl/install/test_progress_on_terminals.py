"""Progress of a real process on a real pseudo terminal and in a log, while an archive comes in slowly."""

import os
import pty
import random
import re
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from packspec.digests import Digest
from tests.support.liar import Asked, HangUp, Liar
from tests.support.machine import Machine
from tests.support.registry import Registry

HIDES, ERASES = b"\x1b[?25l", b"\x1b[2K"


@contextmanager
def slow_copy(shop: Registry, seconds: float) -> Iterator[Liar]:
    """The shop at another address, where the first half of a large file is followed by a pause."""

    def copied(asked: Asked) -> Iterator[bytes]:
        data = shop.world.public.read(asked.target.lstrip("/"))
        status = b"HTTP/1.1 404 Not Found" if data is None else b"HTTP/1.1 200 OK"
        data = data or b""
        yield status + b"\r\nContent-Length: %d\r\n\r\n" % len(data)
        half = len(data) // 2 if len(data) > 100_000 else len(data)
        yield data[:half]
        if half < len(data):
            time.sleep(seconds)
            yield data[half:]

    def answered(asked: Asked) -> Iterator[bytes]:
        if asked.method != "GET":
            raise HangUp
        return copied(asked)

    with Liar(answered) as liar:
        yield liar


@pytest.fixture(scope="module")
def large(shop: Registry) -> str:
    """A pack whose archive does not fit into one block."""
    digits = random.Random(7).randbytes(1_000_000).hex()
    lines = "\n".join(digits[start : start + 100] for start in range(0, len(digits), 100))
    shop.publish("acme/large", "1.0.0", files={"digits.md": lines.encode()})
    return "acme/large"


@pytest.fixture
def slowly(shop: Registry, machine: Machine, large: str) -> Iterator[Machine]:
    """A project whose registry answers slowly enough for progress to be shown."""
    root = shop.world.public.read("tuf/1.root.json")
    assert root is not None
    with slow_copy(shop, 0.9) as liar:
        machine.environ |= {
            "PACKCTL_REGISTRY": liar.url,
            "PACKCTL_TRUST_ROOT": Digest.of(root).labelled,
            "TERM": "xterm",
        }
        machine.wants(f'[dependencies]\n"{large}" = "1.0.0"\n')
        yield machine


def on_terminal(machine: Machine, **environ: str) -> bytes:
    """Everything that `packctl install` writes to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "packctl", "install"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=machine.project,
        env={**machine.environ, "COLUMNS": "80", **environ},
        start_new_session=True,
    )
    os.close(theirs)
    seen, ends = b"", time.monotonic() + 60
    try:
        while time.monotonic() < ends:
            if not select.select([ours], [], [], 0.5)[0]:
                if process.poll() is not None:
                    break
                continue
            try:
                found = os.read(ours, 65536)
            except OSError:
                break
            if not found:
                break
            seen += found
    finally:
        os.close(ours)
        process.wait(30)
    assert process.returncode == 0, seen
    return seen


def test_on_a_terminal_lines_move_while_it_goes_on_and_the_summary_stays(slowly: Machine) -> None:
    seen = on_terminal(slowly)
    assert HIDES in seen and ERASES in seen
    moving, _, after = seen.rpartition(b"\x1b[?25h")  # the cursor is shown again: nothing moves any more
    assert b"fetching 0 of 1" in moving and b"acme/large 1.0.0" in moving
    text = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", after).decode()
    assert "fetching" not in text
    assert re.search(r"Fetched +1 pack, .* in [0-9.]+ s", text)
    assert "Installed into packs/ in " in text


@pytest.mark.parametrize("environ", [{"CI": "1"}, {"TERM": "dumb"}])
def test_where_nothing_may_move_a_line_is_written_per_finished_thing(slowly: Machine, environ: dict[str, str]) -> None:
    seen = on_terminal(slowly, **environ)
    assert HIDES not in seen and ERASES not in seen and b"\r" not in seen.replace(b"\r\n", b"")
    lines = [line.partition(" (")[0] for line in seen.decode().replace("\r\n", "\n").splitlines()]
    assert lines[:4] == ["resolved 1 pack", "fetched acme/large 1.0.0", "verified 1 of 1 release", "+ acme/large 1.0.0"]


def test_with_json_progress_is_one_event_per_line_on_stderr_and_the_document_stands_alone(slowly: Machine) -> None:
    done = slowly.packctl("install", "--json", "--progress", "json")
    assert done.document["data"]["added"][0]["name"] == "acme/large"
    events = [line for line in done.err.splitlines() if '"packctl/progress/1"' in line]
    assert events == done.err.splitlines()
    assert '"event":"begin"' in events[0] and '"event":"end"' in events[-1]
