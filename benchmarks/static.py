"""The static server that every tool reads from: granian sends files of one folder, of which the environment tells it.

A path is a file of that folder, or a folder's `index.html`; one range is understood. Nothing else is, and nothing outside is reachable.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

VARIABLE = "BENCHMARK_STATIC_FOLDER"
START_SECONDS = 20
_RANGE = re.compile(r"bytes=(\d+)-(\d*)$")
_ROOT = os.path.realpath(os.environ.get(VARIABLE, os.devnull))


async def app(scope: Any, proto: Any) -> None:
    """RSGI: sends the file by the server's own code, which is not Python."""
    path = os.path.realpath(os.path.join(_ROOT, scope.path.strip("/").replace("%2f", "/").replace("%2F", "/")))
    if os.path.isdir(path):
        path = os.path.join(path, "index.html")
    if not path.startswith(_ROOT + os.sep) or not os.path.isfile(path):
        proto.response_empty(404, [])
        return
    kind = (
        "text/html" if path.endswith(".html") else "application/json" if ".json" in path else "application/octet-stream"
    )
    headers = [("content-type", kind), ("accept-ranges", "bytes")]
    asked = _RANGE.match(scope.headers.get("range") or "")
    if asked is None:
        proto.response_file(200, headers, path)
        return
    size = os.path.getsize(path)
    start, end = int(asked[1]), min(int(asked[2] or size - 1), size - 1)
    headers.append(("content-range", f"bytes {start}-{end}/{size}"))
    proto.response_file_range(206, headers, path, start, end + 1)


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """Serves `folder` on loopback. Its address."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "rsgi",
        "--port",
        str(port),
        "--no-log",
        "benchmarks.static:app",
    ]
    environ = {**os.environ, VARIABLE: str(folder)}
    process = subprocess.Popen(command, cwd=Path(__file__).parents[1], env=environ, stdout=subprocess.DEVNULL)
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _wait(port: int, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the static server did not start") from None
            time.sleep(0.05)
        else:
            return
