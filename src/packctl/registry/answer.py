"""The answer to a GET of a download: redirects followed within their origin, other statuses told as what they are.

Chapter: docs/spec/transfer.md.
"""

from contextlib import AbstractContextManager
from urllib.parse import urljoin

from packctl.registry.exchange import Exchange, Request, Transport
from packctl.registry.failures import BadAnswer, Redirected, TooManyRequests, Unreachable
from packctl.registry.network import Origin
from packctl.registry.part import TAG_BYTES
from packspec.errors import NotFound

HOPS = 5
"""Most redirects of one download, each within its origin: a static server may add a slash, nobody may send us elsewhere."""


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


class answer_to:  # used like a function
    """The answer to a GET, after redirects within its origin. Statuses other than 200, 206 and 416 raise.

    `is_plain`: one that is packed is refused. Raises NotThere, Redirected, TooManyRequests, Unreachable (5xx), BadAnswer, and what
    `Transport.send` raises.
    """

    def __init__(self, bulk: Transport, request: Request, name: str, *, is_plain: bool = True) -> None:
        self._is_plain = is_plain
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
            if self._is_plain and (packed := packed_as(exchange)):
                raise BadAnswer(exchange.origin, exchange.asked, f"packed as {packed} though asked not to")
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


def packed_as(exchange: Exchange) -> str:
    """The encoding in which an answer is packed, shortened; empty for none."""
    encoding = exchange.header("Content-Encoding").lower()
    return "" if encoding == "identity" else encoding[:20]


def strong_tag(exchange: Exchange) -> str:
    """The ETag of an answer, if it may be held against a later one; else empty."""
    tag = exchange.header("ETag")
    return tag if tag.startswith('"') and len(tag) <= TAG_BYTES else ""
