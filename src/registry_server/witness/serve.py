"""`registry-server witness`: holds its folder, listens, and stops cleanly on TERM and INT."""

import asyncio
import signal
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

from registry_server.durable import Disk
from registry_server.http.frame import Frame
from registry_server.http.server import Listener
from registry_server.settings import HttpSettings
from registry_server.witness.service import Service
from registry_server.witness.store import Witness
from registry_server.world import DataFolder, Surroundings


def serve(
    folder: Path,
    name: str,
    logs: Iterable[str],
    http: HttpSettings,
    surroundings: Surroundings,
    ready: Callable[[Witness, str], None],
) -> None:
    """Answers until a signal. `ready` gets the witness and its address. Raises DataInUse, AddressInUse, and as `Witness.open`."""
    from registry_server.logs import Log

    log = Log(surroundings.log_to, surroundings.now)
    with DataFolder(folder.absolute(), "--state").hold():
        disk = Disk(surroundings.before)
        witness = Witness.open(folder.absolute(), disk, surroundings.randomness, name, logs)
        listener = Listener(cast(Frame, Service(witness, surroundings.now, log)), http)

        def begin() -> None:
            log.line("listening", url=listener.url, witness=witness.name)
            ready(witness, listener.url)

        async def run() -> None:
            loop = asyncio.get_running_loop()
            for sign in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(sign, listener.stop)
            await listener.serve(begin)

        asyncio.run(run())
        log.line("stopped")
