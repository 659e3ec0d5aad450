"""Bulk download of bytes that are known by their digest: streamed, hashed on the way, continued after a cut, never past their ceiling.

Chapter: docs/spec/transfer.md. What arrives is right or it is not there: a file gets its name, which is its digest, only after the digest
was compared. Where bytes come from is behind `Transport`, so that a test or another library can take its place.
"""

import errno
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from functools import partial
from threading import Event
from typing import TypeVar, overload

from msgspec.structs import replace

from packctl.durable import DiskFailed, FileSource, Folder
from packctl.registry.answer import NotThere, answer_to, strong_tag
from packctl.registry.exchange import Exchange, Request, Transport
from packctl.registry.failures import ArchiveChanged, BadAnswer, Cancelled, TooManyRequests, TooSlow, Unreachable
from packctl.registry.network import LONGEST_RETRY_AFTER_SECONDS, TRIES, Origin, Pace, pause_seconds
from packctl.registry.part import Part
from packctl.registry.pieces import RangesRefused, continue_piece
from packctl.registry.reachable import Reachable
from packctl.registry.wanted import Piece, Wanted
from packspec.digests import Digest
from packspec.errors import Busy, PackError, Unavailable

__all__ = ["NotThere", "Piece", "Transfers", "Wanted"]

T = TypeVar("T")
PROGRESS_BYTES = 256 * 1024


class Transfers:
    """Downloads into one folder. `.part` files stay there after a failure and are continued by the next try or the next command."""

    def __init__(
        self, bulk: Transport, folder: Folder, pace: Pace, at_once: int = 8, reachable: Reachable | None = None
    ) -> None:
        self._bulk = bulk
        self._folder = folder
        self._pace = pace
        self._at_once = at_once
        self._reachable = reachable or Reachable()
        self._without_ranges: set[Origin] = set()
        """Whose ranges were no use: they are not asked for more of them."""

    def read(self, wanted: Wanted) -> bytes:
        """Small bytes into memory, with the same checks and repetitions. Raises as `fetch`."""
        return self._elsewhere(wanted, self._read)

    def _read(self, wanted: Wanted) -> bytes:
        failures = wrong = 0
        while True:
            try:
                with answer_to(self._bulk, Request("GET", wanted.url, wanted.headers or {}), wanted.name) as exchange:
                    data = _small(exchange, wanted)
                found = Digest.of(data)
                if found.same(wanted.sha256):
                    return data
                wrong += 1
                if wrong == 2:
                    raise ArchiveChanged(wanted.name, exchange.origin, wanted.sha256, found.labelled)
            except (Unreachable, TooSlow, TooManyRequests) as error:
                failures += 1
                self._rest(failures, error)

    def read_all(self, wanted: Iterable[Wanted]) -> dict[Digest, bytes]:
        """Small bytes of several, as `read`, by digest. The first failure stops what has not begun."""
        asked = _distinct(wanted)
        if len(asked) < 2:
            return {one.sha256: self.read(one) for one in asked}
        with ThreadPoolExecutor(min(self._at_once, len(asked)), thread_name_prefix="transfer") as pool:
            try:
                return dict(zip((one.sha256 for one in asked), pool.map(self.read, asked), strict=True))
            finally:
                pool.shutdown(cancel_futures=True)

    @overload
    def open(self, wanted: Wanted) -> FileSource: ...
    @overload
    def open(self, wanted: Wanted | Piece) -> FileSource | None: ...
    def open(self, wanted: Wanted | Piece) -> FileSource | None:
        """What was fetched. Where another process has read and removed the same file, it is fetched again; None as `bring`."""
        while True:
            if source := self._there(wanted.file_name):
                return source
            if self.bring(wanted) is None:
                return None

    def remove(self, name: str) -> None:
        """Removes a file that was fetched."""
        self._folder.remove(name)

    def fetch(self, wanted: Wanted, on_bytes: Callable[[int], None] = lambda count: None) -> str:
        """Downloads `wanted`; the name of its file in the folder, which is its digest. The caller removes the file after use.

        Already there: checked and given at once. Wrong bytes are removed and fetched once more from the start, then elsewhere. `on_bytes`
        hears how many bytes arrived (negative when some were thrown away).

        Raises ArchiveChanged, NotThere, Unreachable, TlsFailed, TooSlow, BadAnswer, Redirected, TooManyRequests, DiskFailed.
        """
        return self._fetch(wanted, on_bytes, Event())

    def bring(self, wanted: Wanted | Piece) -> str | None:
        """The same, of a piece too; None where its server serves no ranges, so that the caller asks for the whole."""
        return self._bring(wanted, lambda count: None, Event())

    def fetch_all(
        self, wanted: Iterable[Wanted | Piece], on_bytes: Callable[[Wanted | Piece, int], None] | None = None
    ) -> Iterator[tuple[Wanted | Piece, str | None]]:
        """Downloads all, several at once, and gives each with its file's name as it is done. The first failure stops all others.

        A piece has None for a name where its server serves no ranges: the caller then asks for the whole.
        """
        tell = on_bytes or (lambda wanted, count: None)
        stop = Event()
        with ThreadPoolExecutor(self._at_once, thread_name_prefix="transfer") as pool:
            futures = {pool.submit(self._bring, one, partial(tell, one), stop): one for one in _distinct(wanted)}
            order = {future: number for number, future in enumerate(futures)}
            left = set(futures)
            try:
                while left:
                    finished, left = wait(left, return_when=FIRST_COMPLETED)
                    done = sorted(finished, key=order.__getitem__)
                    failed = [
                        error for future in done if (error := future.exception()) and not isinstance(error, Cancelled)
                    ]
                    if failed:
                        raise failed[0]
                    for future in done:
                        yield futures[future], future.result()
            finally:
                stop.set()
                for future in left:
                    future.cancel()

    def _bring(self, wanted: Wanted | Piece, on_bytes: Callable[[int], None], stop: Event) -> str | None:
        if isinstance(wanted, Wanted):
            return self._fetch(wanted, on_bytes, stop)
        there = self._folder.stat(wanted.file_name)
        if there is not None and there.st_size == wanted.length:  # left by a former command; its files will be checked
            return wanted.file_name
        try:
            return self._elsewhere(
                wanted.whole, lambda one: self._piece_from(replace(wanted, whole=one), on_bytes, stop)
            )
        except RangesRefused:
            return None

    def _elsewhere(self, wanted: Wanted, get: Callable[[Wanted], T]) -> T:
        """What `get` gives for the first address that has the right bytes. Raises what the registry itself refused with.

        Headers, which may hold a token, go to the registry alone.
        """
        refused: PackError | None = None
        for url in self._reachable.order((wanted.url, *wanted.mirrors)):
            is_own = url == wanted.url
            try:
                return get(replace(wanted, url=url, mirrors=(), headers=wanted.headers if is_own else None))
            except (Unavailable, Busy, NotThere, ArchiveChanged) as error:
                if isinstance(error, Unavailable | Busy):
                    self._reachable.failed(url)
                refused = error if is_own or refused is None else refused
        assert refused is not None  # there is one address at least
        raise refused

    def _piece_from(self, piece: Piece, on_bytes: Callable[[int], None], stop: Event) -> str:
        if Origin.parse(piece.whole.url) in self._without_ranges:
            raise RangesRefused
        with Part.take(self._folder, piece.file_name) as part:
            failures = 0
            while True:
                try:
                    continue_piece(self._bulk, piece, part, on_bytes, stop)
                except (Unreachable, TooSlow, TooManyRequests) as error:
                    failures = self._failed(failures, part, error)
                except RangesRefused:
                    self._without_ranges.add(Origin.parse(piece.whole.url))
                    raise
                else:
                    part.finish(piece.file_name)
                    return piece.file_name

    def _fetch(self, wanted: Wanted, on_bytes: Callable[[int], None], stop: Event) -> str:
        if self._holds(wanted):
            return wanted.sha256
        return self._elsewhere(wanted, lambda one: self._fetch_from(one, on_bytes, stop))

    def _fetch_from(self, wanted: Wanted, on_bytes: Callable[[int], None], stop: Event) -> str:
        with Part.take(self._folder, wanted.sha256) as part:
            failures = wrong = 0
            while True:
                try:
                    found, origin = self._attempt(wanted, part, on_bytes, stop)
                except (Unreachable, TooSlow, TooManyRequests) as error:
                    failures = self._failed(failures, part, error)
                    continue
                if found.same(wanted.sha256) and wanted.size_bytes in (None, part.size):
                    part.finish(wanted.sha256)
                    return wanted.sha256
                on_bytes(-part.size)
                part.forget()
                wrong += 1
                if wrong == 2:
                    raise ArchiveChanged(wanted.name, origin, wanted.sha256, found.labelled)

    def _attempt(
        self, wanted: Wanted, part: Part, on_bytes: Callable[[int], None], stop: Event
    ) -> tuple[Digest, Origin]:
        """One request; the digest of all that the part holds after it."""
        ceiling = wanted.length
        hashed, have = part.begin(ceiling)
        headers = dict(wanted.headers or {})
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": part.tag}
        with answer_to(
            self._bulk, Request("GET", wanted.url, headers, is_unwanted=stop.is_set), wanted.name
        ) as exchange:
            if exchange.status == 416 or (exchange.status == 206 and not _continues(exchange, have)):
                part.forget()
                raise Unreachable(exchange.origin, "it did not continue where the download had stopped")
            if exchange.status == 200 and have:  # If-Range: the content changed, or ranges are not served
                on_bytes(-have)
                part.forget()
                hashed, have = part.begin(ceiling)
            if exchange.length is not None and have + exchange.length > ceiling:
                part.forget()
                raise ArchiveChanged(wanted.name, exchange.origin, wanted.sha256, f"more than {ceiling} bytes")
            part.write_tag(strong_tag(exchange))
            for block in exchange.blocks():
                if stop.is_set():
                    raise Cancelled
                if part.size + len(block) > ceiling:  # an endless body ends here, at one block more than allowed
                    part.forget()
                    raise ArchiveChanged(wanted.name, exchange.origin, wanted.sha256, f"more than {ceiling} bytes")
                hashed.update(block)
                part.write(block)
                on_bytes(len(block))
            return Digest(hashed.hexdigest()), exchange.origin

    def _there(self, name: str) -> FileSource | None:
        """The file `name`, if it is there. It is not asked for before it is opened: another process may remove it between the two."""
        try:
            return FileSource(self._folder.open_file(name), self._folder.at(name))
        except DiskFailed as error:
            if error.errno != errno.ENOENT:
                raise
            return None

    def _holds(self, wanted: Wanted) -> bool:
        """Whether a former command left the whole file. It is hashed again, because it lies where others can write."""
        source = self._there(wanted.sha256)
        if source is None:
            return False
        with source:
            if source.digest().same(wanted.sha256):
                return True
        self._folder.remove(wanted.sha256)
        return False

    def _failed(self, failures: int, part: Part, error: Unreachable | TooSlow | TooManyRequests) -> int:
        """Rests after a failure, the last one of how many in a row. Raises it if there were enough."""
        # A try that brought much is progress, not one more failure in a row. Little is none: it could go on for ever.
        failures = 1 if part.grown > PROGRESS_BYTES and not isinstance(error, TooSlow) else failures + 1
        self._rest(failures, error)
        return failures

    def _rest(self, failures: int, error: Unreachable | TooSlow | TooManyRequests) -> None:
        asked = error.wait_seconds if isinstance(error, TooManyRequests) else 0.0
        if failures >= TRIES or asked > LONGEST_RETRY_AFTER_SECONDS:
            raise error
        self._pace.sleep(pause_seconds(failures, self._pace.random(), asked))


def _small(exchange: Exchange, wanted: Wanted) -> bytes:
    """The body, no further than it may be long. Raises ArchiveChanged for one that is longer than was signed, BadAnswer."""
    try:
        return exchange.read(wanted.length)
    except BadAnswer as error:
        if wanted.size_bytes is None:
            raise
        raise ArchiveChanged(wanted.name, exchange.origin, wanted.sha256, f"more than {wanted.length} bytes") from error


def _continues(exchange: Exchange, have: int) -> bool:
    return exchange.header("Content-Range").startswith(f"bytes {have}-")


Asked = TypeVar("Asked", bound=Wanted | Piece)


def _distinct(wanted: Iterable[Asked]) -> list[Asked]:
    """Each digest once: two transfers of one digest would fetch it twice."""
    return list({one.file_name: one for one in wanted}.values())
