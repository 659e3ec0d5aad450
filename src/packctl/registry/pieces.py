"""One request for a piece of an archive (docs/spec/transfer.md, "Pieces"): exactly the bytes that were asked for, or none.

A server may refuse ranges, ignore them, or answer with others. None of it is an error: whoever wanted the piece then takes the whole
archive, which has a digest.
"""

from collections.abc import Callable
from threading import Event

from packctl.registry.answer import answer_to, packed_as, strong_tag
from packctl.registry.exchange import Exchange, Request, Transport
from packctl.registry.failures import Cancelled, Unreachable
from packctl.registry.part import Part
from packctl.registry.wanted import Piece


class RangesRefused(Exception):  # no failure: the whole archive is asked for instead
    """The server does not serve this range, or not truly. Never leaves the room."""


def continue_piece(bulk: Transport, piece: Piece, part: Part, on_bytes: Callable[[int], None], stop: Event) -> None:
    """Brings what `part` lacks of the piece. Raises RangesRefused, Cancelled, and what a GET raises; then `part` holds what may be
    continued."""
    _, have = part.begin(piece.length)
    if have == piece.length:
        return
    first, last = piece.start + have, piece.end - 1
    headers = {**(piece.whole.headers or {}), "Range": f"bytes={first}-{last}"}
    if have:
        headers["If-Range"] = part.tag
    request = Request("GET", piece.whole.url, headers, is_unwanted=stop.is_set)
    with answer_to(bulk, request, piece.whole.name, is_plain=False) as exchange:
        if not _is_exactly(exchange, piece, first, last):
            part.forget()
            on_bytes(-have)
            # another machine behind the same name, perhaps: asked once more, from the start and without a condition
            if have:
                raise Unreachable(exchange.origin, "it did not continue where the download had stopped")
            raise RangesRefused
        part.write_tag(strong_tag(exchange))
        for block in exchange.blocks():
            if stop.is_set():
                raise Cancelled
            if part.size + len(block) > piece.length:
                on_bytes(-part.size)
                part.forget()
                raise RangesRefused
            part.write(block)
            on_bytes(len(block))
    if part.size < piece.length:
        raise Unreachable(exchange.origin, "the connection ended in the middle of an answer")


def _is_exactly(exchange: Exchange, piece: Piece, first: int, last: int) -> bool:
    """Whether the answer is that range and no other, not packed, of a file that is as long as the archive. Its length may go unsaid."""
    unit, _, where = exchange.header("Content-Range").partition(" ")
    span, _, size = where.strip().partition("/")
    return (
        exchange.status == 206
        and not packed_as(exchange)
        and unit.lower() == "bytes"
        and span.strip() == f"{first}-{last}"
        and size.strip() in (str(piece.whole.size_bytes), "*")
        and exchange.length in (None, last - first + 1)
    )
