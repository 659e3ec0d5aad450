"""Serves an application with granian, in this process: one process is one registry.

granian's embedded server runs its socket handling in threads of its own and our code in this event loop. Stopping: no new connections, the
requests under way finish within the given time, then the end.
"""

import asyncio
import errno
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server

from packspec.errors import Conflict
from registry_server.http.frame import Frame
from registry_server.settings import HttpSettings


class AddressInUse(Conflict):
    """The server cannot listen where it should."""

    host: str
    port: int
    reason: str

    code = "registry.address-in-use"

    def what(self) -> str:
        return f"cannot listen on {self.host}:{self.port}: {self.reason}"

    def fix(self) -> list[str]:
        return ["registry-server serve --port 0"]


def choose_port(host: str, port: int) -> int:
    """A port that nobody listens on: `port`, or a free one for 0. Raises AddressInUse.

    granian lets several processes share a port, so a second server would not notice the first by itself.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            reason = "somebody else does" if getattr(error, "errno", 0) == errno.EADDRINUSE else str(error)
            raise AddressInUse(host, port, reason) from error
        return int(probe.getsockname()[1])


def make_pool(settings: HttpSettings) -> ThreadPoolExecutor:
    """The threads that handlers run in."""
    return ThreadPoolExecutor(settings.threads, thread_name_prefix="request")


class Listener:
    """A listening server. `serve` runs until `stop`, which any thread may call."""

    def __init__(self, frame: Frame, settings: HttpSettings) -> None:
        self.host = settings.host
        self.port = choose_port(settings.host, settings.port)
        self._frame = frame
        self._settings = settings
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self.listening = threading.Event()

    @property
    def url(self) -> str:
        """Where it listens."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    async def serve(self, ready: Callable[[], None] = lambda: None) -> None:
        """Serves until `stop`. `ready` is called once connections are taken."""
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        server = Server(
            self._frame,
            address=self.host,
            port=self.port,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            http1_settings=HTTP1Settings(header_read_timeout=self._settings.header_seconds * 1000),
            websockets=False,
            backlog=max(128, self._settings.connections),
            backpressure=self._settings.connections,
            log_enabled=False,
        )
        serving = asyncio.create_task(server.serve())
        try:
            await asyncio.to_thread(self._wait_until_listening)
            self.listening.set()
            ready()
            stopping = asyncio.create_task(self._stopping.wait())
            await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
        finally:
            await self._end(server, serving)

    def stop(self) -> None:
        """Ends `serve`."""
        if self._loop is not None and self._stopping is not None:
            self._loop.call_soon_threadsafe(self._stopping.set)

    async def _end(self, server: Server, serving: "asyncio.Task[None]") -> None:
        self._frame.is_stopping = True
        deadline = asyncio.get_running_loop().time() + self._settings.stop_seconds
        while self._frame.under_way and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.01)
        server.stop()  # type: ignore[no-untyped-call]  # granian's embedded server has no annotations
        await serving

    def _wait_until_listening(self) -> None:
        for _ in range(500):
            try:
                socket.create_connection((self.host, self.port), timeout=1).close()
            except OSError:
                threading.Event().wait(0.01)
            else:
                return
