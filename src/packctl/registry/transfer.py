"""Bulk download of bytes that are known by their digest: streamed, hashed on the way, continued after a cut, never past their ceiling.

Chapter: docs/spec/transfer.md. What arrives is right or it is not there: a file gets its name, which is its digest, only after the digest
was compared. Where bytes come from is behind `Transport`, so that a test or another library can take its place.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from threading import Event
from typing import TypeVar
from urllib.parse import urljoin

from packctl.durable import Folder
from packctl.durable.source import FileSource
from packctl.registry.exchange import Exchange, Request, Transport
from packctl.registry.failures import ArchiveChanged, BadAnswer, Redirected, TooManyRequests, TooSlow, Unreachable
from packctl.registry.network import LONGEST_RETRY_AFTER_SECONDS, TRIES, Origin, Pace, pause_seconds
from packctl.registry.part import TAG_BYTES, Part, digest_of
from packspec.digests import Digest
from packspec.errors import Busy, NotFound, PackError, Unavailable

T = TypeVar("T")
HOPS = 5
"""Most redirects of one download, each within its origin: a static server may add a slash, nobody may send us elsewhere."""
PROGRESS_BYTES = 256 * 1024


@dataclass(frozen=True)
class Wanted:
    """Immutable bytes. `ceiling_bytes` is known before anything is asked: from the lock, the index or a limit."""

    url: str
    sha256: Digest
    name: str
    """For people: `acme/icons 1.0.0`."""
    ceiling_bytes: int
    size_bytes: int | None = None
    """The exact length where a signed document says it."""
    headers: Mapping[str, str] | None = None
    mirrors: tuple[str, ...] = ()
    """Where else the same bytes lie, asked in this order when `url` does not give them."""


@dataclass(eq=False)
class NotThere(NotFound):
    """The registry does not have a file that its own documents name."""

    name: str
    url: str

    code = "registry.file-missing"

    def what(self) -> str:
        return f"the registry has no file for {self.name}"

    def facts(self) -> dict[str, str]:
        return {"asked": Origin.parse(self.url)}

    def why(self) -> str:
        return "a mirror that is not complete yet, or a file that its operator removed"

    def fix(self) -> list[str]:
        return ["try again later, or use another mirror"]


class Cancelled(Exception):  # no failure: another transfer of the same batch failed first
    """Another transfer failed, so this one stopped. Never leaves this module."""


class Transfers:
    """Downloads into one folder. `.part` files stay there after a failure and are continued by the next try or the next command."""

    def __init__(self, bulk: Transport, folder: Folder, pace: Pace, at_once: int = 8) -> None:
        self._bulk = bulk
        self._folder = folder
        self._pace = pace
        self._at_once = at_once

    def read(self, wanted: Wanted) -> bytes:
        """Small bytes into memory, with the same checks and repetitions. Raises as `fetch`."""
        return _elsewhere(wanted, self._read)

    def _read(self, wanted: Wanted) -> bytes:
        failures = wrong = 0
        while True:
            try:
                with answer_to(self._bulk, Request("GET", wanted.url, wanted.headers or {}), wanted.name) as exchange:
                    data = exchange.read(wanted.ceiling_bytes)
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

    def open(self, name: str) -> FileSource:
        """A file that was fetched. Raises DiskFailed, also where another process has removed it meanwhile."""
        return FileSource(self._folder.open_file(name), self._folder.at(name))

    def remove(self, name: str) -> None:
        """Removes a file that was fetched."""
        self._folder.remove(name)

    def fetch(self, wanted: Wanted, on_bytes: Callable[[int], None] | None = None) -> str:
        """Downloads `wanted`; the name of its file in the folder, which is its digest. The caller removes the file after use.

        Already there: checked and given at once. Wrong bytes are removed and fetched once more from the start, then elsewhere. `on_bytes`
        hears how many bytes arrived (negative when some were thrown away).

        Raises ArchiveChanged, NotThere, Unreachable, TlsFailed, TooSlow, BadAnswer, Redirected, TooManyRequests, DiskFailed.
        """
        return self._fetch(wanted, on_bytes or _nobody, Event())

    def fetch_all(
        self, wanted: Iterable[Wanted], on_bytes: Callable[[Wanted, int], None] | None = None
    ) -> Iterator[tuple[Wanted, str]]:
        """Downloads all, several at once, and gives each with its file's name as it is done. The first failure stops all others."""
        tell = on_bytes or (lambda wanted, count: None)
        stop = Event()
        with ThreadPoolExecutor(self._at_once, thread_name_prefix="transfer") as pool:
            futures = {
                pool.submit(self._fetch, one, lambda count, one=one: tell(one, count), stop): one  # type: ignore[misc]
                for one in _distinct(wanted)
            }
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

    def _fetch(self, wanted: Wanted, on_bytes: Callable[[int], None], stop: Event) -> str:
        if self._holds(wanted):
            return wanted.sha256
        return _elsewhere(wanted, lambda one: self._fetch_from(one, on_bytes, stop))

    def _fetch_from(self, wanted: Wanted, on_bytes: Callable[[int], None], stop: Event) -> str:
        with Part.take(self._folder, wanted.sha256) as part:
            failures = wrong = 0
            while True:
                try:
                    found, origin = self._attempt(wanted, part, on_bytes, stop)
                except (Unreachable, TooSlow, TooManyRequests) as error:
                    # A try that brought much is progress, not one more failure in a row. Little is none: it could go on for ever.
                    failures = 1 if part.grown > PROGRESS_BYTES and not isinstance(error, TooSlow) else failures + 1
                    self._rest(failures, error)
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
        ceiling = wanted.ceiling_bytes if wanted.size_bytes is None else wanted.size_bytes
        hashed, have = part.begin(ceiling)
        headers = dict(wanted.headers or {})
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": part.tag}
        with answer_to(self._bulk, Request("GET", wanted.url, headers), wanted.name) as exchange:
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
            part.write_tag(_strong_tag(exchange))
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

    def _holds(self, wanted: Wanted) -> bool:
        """Whether a former command left the whole file. It is hashed again, because it lies where others can write."""
        if self._folder.stat(wanted.sha256) is None:
            return False
        if digest_of(self._folder, wanted.sha256).same(wanted.sha256):
            return True
        self._folder.remove(wanted.sha256)
        return False

    def _rest(self, failures: int, error: Unreachable | TooSlow | TooManyRequests) -> None:
        asked = error.wait_seconds if isinstance(error, TooManyRequests) else 0.0
        if failures >= TRIES or asked > LONGEST_RETRY_AFTER_SECONDS:
            raise error
        self._pace.sleep(pause_seconds(failures, self._pace.random(), asked))


class answer_to:  # used like a function
    """The answer to a GET, after redirects within its origin. Statuses other than 200, 206 and 416 raise.

    Raises NotThere, Redirected, TooManyRequests, Unreachable (5xx), BadAnswer, and what `Transport.send` raises.
    """

    def __init__(self, bulk: Transport, request: Request, name: str) -> None:
        self._bulk = bulk
        self._request = request
        self._name = name
        self._open: AbstractContextManager[Exchange] | None = None

    def __enter__(self) -> Exchange:
        request = self._request
        for _ in range(HOPS + 1):
            opened = self._bulk.send(request)
            exchange = opened.__enter__()
            try:
                onward = self._judge(exchange, request)
            except BaseException:
                opened.__exit__(None, None, None)
                raise
            if onward is None:
                self._open = opened
                return exchange
            opened.__exit__(None, None, None)
            request = onward
        raise Redirected(Origin.parse(self._request.url), request.url)

    def _judge(self, exchange: Exchange, request: Request) -> Request | None:
        status = exchange.status
        if status in (200, 206, 416):
            encoding = exchange.header("Content-Encoding").lower()
            if encoding not in ("", "identity"):
                raise BadAnswer(exchange.origin, exchange.asked, f"packed as {encoding[:20]} though asked not to")
            return None
        if status in (301, 302, 303, 307, 308):
            to = urljoin(request.url, exchange.header("Location"))
            if _origin_or_none(to) != exchange.origin:
                raise Redirected(exchange.origin, to)
            return Request("GET", to, request.headers, timeout_seconds=request.timeout_seconds)
        if status in (404, 410):
            raise NotThere(self._name, request.url)
        if status in (429, 503):
            wait_text = exchange.header("Retry-After")
            raise TooManyRequests(
                exchange.origin, float(wait_text) if wait_text.isdigit() and len(wait_text) < 7 else 0.0
            )
        if status >= 500:
            raise Unreachable(exchange.origin, f"status {status}")
        raise BadAnswer(exchange.origin, exchange.asked, f"status {status}")

    def __exit__(self, *failure: object) -> None:
        if self._open is not None:
            self._open.__exit__(None, None, None)


def _origin_or_none(url: str) -> Origin | None:
    try:
        return Origin.parse(url)
    except ValueError:
        return None


def _continues(exchange: Exchange, have: int) -> bool:
    return exchange.header("Content-Range").startswith(f"bytes {have}-")


def _strong_tag(exchange: Exchange) -> str:
    tag = exchange.header("ETag")
    return tag if tag.startswith('"') and len(tag) <= TAG_BYTES else ""


def _elsewhere(wanted: Wanted, get: Callable[[Wanted], T]) -> T:
    """What `get` gives for the first address that has the right bytes. Raises what the registry itself refused with."""
    refused: PackError | None = None
    for url in (wanted.url, *wanted.mirrors):
        try:
            return get(replace(wanted, url=url, mirrors=()))
        except (Unavailable, Busy, NotThere, ArchiveChanged) as error:
            refused = refused or error
    assert refused is not None  # there is one address at least
    raise refused


def _distinct(wanted: Iterable[Wanted]) -> list[Wanted]:
    """Each digest once: two transfers of one digest would fetch it twice."""
    return list({one.sha256: one for one in wanted}.values())


def _nobody(count: int) -> None:
    pass
