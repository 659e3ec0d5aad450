"""Counts what the registry's static side sends: one row per request for content, with the bytes that left the server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from registry_server.http import files


@dataclass
class Sent:
    """One answer: path, the range that was asked for (empty: none), status and bytes of its body."""

    path: str
    asked: str
    status: int = 0
    bytes: int = 0


@dataclass
class Counted:
    """All answers in their order."""

    answers: list[Sent] = field(default_factory=list)

    @property
    def content(self) -> list[Sent]:
        """Those with content of packs: trees, manifests, archives and pieces of them. The rest is metadata."""
        return [one for one in self.answers if one.path.startswith("/blobs/")]

    @property
    def bytes(self) -> int:
        """Bytes of content."""
        return sum(one.bytes for one in self.content)


@contextmanager
def counted() -> Iterator[Counted]:
    """While in the `with`, every file that the server of this run sends is noted."""
    found, deliver = Counted(), files.deliver

    async def counting(what: files.Found, scope: Any, send: Callable[[Any], Any], pool: Any) -> None:
        row = Sent(scope["path"], dict(scope["headers"]).get(b"range", b"").decode())
        found.answers.append(row)

        async def note(message: Any) -> None:
            row.status = message.get("status", row.status)
            row.bytes += len(message.get("body", b""))
            if message["type"] == "http.response.pathsend":
                row.bytes += what.source.size
            await send(message)

        await deliver(what, scope, note, pool)

    with mock.patch.object(files, "deliver", counting):
        yield found
