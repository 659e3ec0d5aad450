"""Work that comes again: what a timer runs while the server serves. Nothing an install needs waits for it.

A failing run is logged and tried again at the next time. Every run starts from what is stored, so missing one loses nothing.
"""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from registry_server.world import World


@dataclass(frozen=True)
class Timer:
    """`run` at the start and every `every_seconds` from then on."""

    name: str
    every_seconds: int
    run: Callable[[World], None]


class Timers:
    """Runs timers in one thread each, until stopped."""

    def __init__(self, world: World, timers: Iterable[Timer]) -> None:
        self._world = world
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._keep_running, args=(timer,), name=f"timer {timer.name}", daemon=True)
            for timer in timers
        ]

    def start(self) -> None:
        """Begins."""
        for thread in self._threads:
            thread.start()

    def stop(self, within_seconds: float) -> None:
        """Lets runs under way finish, each within that time, and begins no other."""
        self._stopping.set()
        for thread in self._threads:
            thread.join(within_seconds)

    def _keep_running(self, timer: Timer) -> None:
        while not self._stopping.is_set():
            try:
                timer.run(self._world)
            except Exception as error:  # noqa: BLE001 - whatever it was, the next run may succeed, and the log says why this one did not
                self._world.log.fault("timer-failed", error, timer=timer.name)
            self._stopping.wait(timer.every_seconds)
