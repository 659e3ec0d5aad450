"""`packctl serve`: runs a registry on this machine, as a process of its own, and follows it."""

import subprocess
import sys
from importlib.util import find_spec
from typing import Annotated

import msgspec
import typer

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packspec.commandline import NeedsServer

EXAMPLES = ("packctl serve", "packctl serve --data ~/registry --port 8788")
SERVER = ("registry_server", "litestar", "granian")
"""What the extra brings. They are looked for and never imported: the server is another process."""
_LISTENING = "listening on "
_STOP_SECONDS = 30


class Served(msgspec.Struct, frozen=True):
    """Where the registry was, and the exit status with which it ended."""

    address: str
    status: int


def run(
    session: Session,
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, metavar="N", help="0 chooses a free one")] = 8787,
    data: Annotated[
        str, typer.Option("--data", metavar="DIR", help="The registry's folder, begun if it is empty")
    ] = "registry-data",
) -> Outcome[Served]:
    """Run a registry on this machine.

    It is registry-server serve, started by this Python and stopped with this command. On an empty folder a registry is begun first: keys,
    database, log. Its own settings are its REGISTRY_ variables.
    """
    missing = [name for name in SERVER if find_spec(name) is None]
    if missing:
        raise NeedsServer(", ".join(missing))
    folder = str((session.folder / data).absolute())
    words = ["-m", "registry_server", "serve", "--host", host, "--port", str(port), "--data", folder]
    return Outcome(*_follow(session, [sys.executable, *words]))


def _follow(session: Session, command: list[str]) -> tuple[Served, tuple[()], int]:
    """Passes the server's lines on until it ends. Ctrl-C reaches it too, by the terminal; TERM and HUP are passed on."""
    address = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", errors="replace") as server:
        assert server.stdout is not None
        try:
            for line in server.stdout:
                session.console.say(line.rstrip("\n"))
                if not address and _LISTENING in line:
                    address = line.partition(_LISTENING)[2].strip()
            status = server.wait()
        except BaseException:
            _stop(server)
            raise
    return Served(address, status), (), status


def _stop(server: "subprocess.Popen[str]") -> None:
    """Asks it to end as it does on its own, and waits. What it had begun it finishes."""
    server.terminate()
    try:
        server.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()


def text(result: Served, console: Console) -> None:
    """Nothing: the server has said all."""
