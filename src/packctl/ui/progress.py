"""Progress on stderr, in the form that the console has decided: moving lines on a terminal, one line per finished thing elsewhere, JSON
events for programs, or nothing.

Nothing is shown in the first 0.4 s. Moving lines are one total and at most four of what is going on. They make way for every other line and
are gone at the end. Where nothing moves, a line is written after 20 s of silence, so that nobody takes a slow command for a dead one.
Methods may be called from several threads.
"""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

import msgspec

from packctl.ui.console import Console
from packctl.ui.escape import safe

if TYPE_CHECKING:
    from packctl.ui.moving import Line, Moving

QUIET_SECONDS = 0.4
"""What is over sooner is not worth a line."""
FRAME_SECONDS = 0.1
HEARTBEAT_SECONDS = 20.0
SHOWN = 4
"""Most things that are shown as going on."""
SCHEMA = "packctl/progress/1"


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of `--progress json`. `event` is begin, start, advance, done or end; bytes count from the beginning of `name`."""

    schema: str
    event: str
    what: str
    name: str = ""
    bytes: int = 0
    total_bytes: int = 0
    done: int = 0
    total: int = 0


class Item:
    """One thing that is being done. `size_bytes` 0: not known."""

    __slots__ = ("_progress", "bytes", "name", "size_bytes")

    def __init__(self, progress: "Progress", name: str, size_bytes: int) -> None:
        self._progress = progress
        self.name = name
        self.size_bytes = size_bytes
        self.bytes = 0

    def advance(self, count: int) -> None:
        """`count` more bytes."""
        self._progress._advance(self, count)

    def done(self) -> None:
        """It is finished."""
        self._progress._finish(self)


class Progress:
    """What one long step of a command does: `with session.progress("fetching", total=4, total_bytes=n) as progress:`.

    `what` is a verb in -ing, `past` the same verb as it begins a line of a log once something is done (`fetched`). `total` things of
    `total_bytes` bytes; 0: not known.
    """

    def __init__(
        self,
        console: Console,
        monotonic: Callable[[], float],
        what: str,
        *,
        past: str = "",
        total: int = 0,
        total_bytes: int = 0,
    ) -> None:
        self.console = console
        self.what = what
        self.past = past
        self.total = total
        self.total_bytes = total_bytes
        self._monotonic = monotonic
        self._lock = threading.RLock()
        self._going: list[Item] = []
        self._done = 0
        self._bytes = 0
        self._started = self._spoken = monotonic()
        self._moving: Moving | None = None
        self._stop = threading.Event()
        self._ticker: threading.Thread | None = None

    def item(self, name: str, size_bytes: int = 0) -> Item:
        """Starts one thing."""
        item = Item(self, safe(name), size_bytes)
        with self._lock:
            self._going.append(item)
            self._event("start", item)
        return item

    def __enter__(self) -> Self:
        self._event("begin")
        if self.console.progress in ("live", "plain"):
            self._ticker = threading.Thread(target=self._tick, name="progress", daemon=True)
            self._ticker.start()
        if self.console.progress == "live":
            self.console.before_line = self._hide
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._ticker is not None:
            self._ticker.join()
        self._hide()
        self.console.before_line = None
        self._event("end")

    def _advance(self, item: Item, count: int) -> None:
        with self._lock:
            item.bytes += count
            self._bytes += count
            now = self._monotonic()
            if self.console.progress == "json" and now - self._spoken >= FRAME_SECONDS:
                self._spoken = now
                self._event("advance", item)

    def _finish(self, item: Item) -> None:
        with self._lock:
            if item not in self._going:
                return
            self._going.remove(item)
            self._done += 1
            self._event("done", item)
            if self.console.progress == "plain":
                size = f" ({megabytes(item.bytes)})" if item.bytes else ""
                self._speak(f"{self.past} {item.name}{size}" if self.past else f"{self.what} {item.name}{size}: done")

    def _tick(self) -> None:
        """Draws moving lines, or breaks a long silence, until the step is over."""
        live = self.console.progress == "live"
        while not self._stop.wait(FRAME_SECONDS if live else 1.0):
            with self._lock:
                now = self._monotonic()
                if live and now - self._started >= QUIET_SECONDS and not self.console.asking:
                    self._draw()
                elif not live and now - self._spoken >= HEARTBEAT_SECONDS:
                    self._speak(f"still {self._summary()}")

    def _speak(self, text: str) -> None:
        self._spoken = self._monotonic()
        self.console.say(text)

    def _summary(self) -> str:
        return ", ".join(filter(None, [self._counted(), _sizes(self._bytes, self.total_bytes)]))

    def _counted(self) -> str:
        return f"{self.what} {self._done} of {self.total}" if self.total else self.what

    def _draw(self) -> None:
        """The next frame, under the lock."""
        from packctl.ui.moving import Moving

        if self._moving is None:
            self._moving = Moving(self.console, self._monotonic)
        self._moving.show([self._line_of_all(), *map(_line_of, self._going[:SHOWN])])

    def _line_of_all(self) -> "Line":
        from packctl.ui.moving import Line

        said = _sizes(self._bytes, self.total_bytes)
        if self.total_bytes:
            return Line(self._counted(), self._bytes, self.total_bytes, said)
        return Line(self._counted(), self._done, self.total, said)

    def _hide(self) -> None:
        with self._lock:
            if self._moving is not None:
                self._moving.hide()

    def _event(self, event: str, item: Item | None = None) -> None:
        if self.console.progress != "json":
            return
        from packctl.ui.document import encoded

        self.console.event(
            encoded(
                Event(
                    SCHEMA, event, self.what, item.name if item else "",
                    item.bytes if item else self._bytes, item.size_bytes if item else self.total_bytes,
                    self._done, self.total,
                )
            )
        )  # fmt: skip


def _line_of(item: Item) -> "Line":
    from packctl.ui.moving import Line

    return Line(f"  {item.name}", item.bytes, item.size_bytes, _sizes(item.bytes, item.size_bytes))


def _sizes(count: int, total: int) -> str:
    if total:
        return f"{megabytes(count)} of {megabytes(total)}"
    return megabytes(count) if count else ""


def megabytes(count: int) -> str:
    """A size for people: GB of 10^9 bytes with two digits, MB of 10^6 with one, kB and bytes below."""
    if count >= 1_000_000_000:
        return f"{count / 1_000_000_000:.2f} GB"
    if count >= 100_000:
        return f"{count / 1_000_000:.1f} MB"
    return f"{count / 1000:.1f} kB" if count >= 1000 else f"{count} bytes"


def apart(one: int, other: int) -> tuple[str, str]:
    """Two sizes that stand side by side: in bytes where they would read the same and are not."""
    texts = megabytes(one), megabytes(other)
    return texts if texts[0] != texts[1] or one == other else (f"{one:,} bytes", f"{other:,} bytes")
