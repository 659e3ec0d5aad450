"""`registry-server serve`: opens the world, serves it, runs the timers, and stops cleanly on TERM and INT."""

import asyncio
import gc
import signal
from collections.abc import Callable

from registry_server.app import TIMERS, build
from registry_server.db.migrate import check_schema
from registry_server.http.server import Listener, make_pool
from registry_server.index.actions import check_clock
from registry_server.steps import open_registry
from registry_server.timers import Timers
from registry_server.world import World


def serve(world: World, ready: Callable[[str], None]) -> None:
    """Serves `world` until a signal. `ready` gets the address once requests are answered.

    Raises SchemaDiffers, KeyUnreadable, ClockBack or AddressInUse. The caller holds the data folder.
    """
    check_schema(world.database)
    open_registry(world)
    check_clock(world)
    http = world.settings.http
    with make_pool(http) as pool:
        listener = Listener(build(lambda: world, pool), http)
        timers = Timers(world, TIMERS)

        def begin() -> None:
            _keep_what_is_loaded()
            world.log.line("listening", url=listener.url)
            timers.start()
            ready(listener.url)

        async def run() -> None:
            loop = asyncio.get_running_loop()
            for sign in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(sign, listener.stop)
            await listener.serve(begin)

        asyncio.run(run())
        timers.stop(http.stop_seconds)
    world.log.line("stopped")


def _keep_what_is_loaded() -> None:
    """Has Python look for garbage among what is made from now on, and no more among the 100,000 objects that stay.

    Every request waits for that: 40 ms on an idle machine and several times as long on a busy one, once in a few hundred activations.
    """
    gc.collect()
    gc.freeze()
