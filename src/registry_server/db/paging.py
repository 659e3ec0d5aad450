"""Pages of rows: by key, so the hundredth page costs what the first does.

A cursor is the key of the last row seen, as unpadded base64url of a short JSON list. It grants nothing, so it is not signed: it is decoded
into the types that the query expects, within bounds, or refused. What a forged one can do is what any start of a listing can do.
"""

import base64
import binascii
from typing import TypeVar

import msgspec

from packspec import limits, wire
from packspec.errors import Invalid

CURSOR_CHARACTERS = 400


class BadCursor(Invalid):
    """A cursor that no page of ours ended with."""

    code = "registry.bad-cursor"

    def what(self) -> str:
        return "this is not a cursor of this listing"

    def fix(self) -> list[str]:
        return ["begin again without a cursor"]


K = TypeVar("K")


def write_cursor(key: object) -> str:
    """The cursor after the row with `key`: a tuple of integers and texts."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).rstrip(b"=").decode()


def read_cursor(cursor: str, key: type[K]) -> K | None:
    """The key in `cursor`; None for the first page. `key` is a tuple type such as `tuple[int, str]`. Raises BadCursor."""
    if not cursor:
        return None
    if len(cursor) > CURSOR_CHARACTERS or not cursor.isascii():
        raise BadCursor()
    try:
        data = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        found = wire.decode(data, key)
    except (binascii.Error, msgspec.DecodeError) as error:
        raise BadCursor() from error
    if write_cursor(found) != cursor or not _within_bounds(found):
        raise BadCursor()
    return found


def _within_bounds(value: object) -> bool:
    if isinstance(value, tuple | list):
        return all(_within_bounds(part) for part in value)
    if isinstance(value, int):
        return abs(value) <= limits.INTEGER_MAX
    return not (isinstance(value, str) and "\0" in value)
