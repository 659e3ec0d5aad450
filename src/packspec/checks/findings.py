"""A finding: one thing that a check noticed, with its code, level and place."""

from enum import StrEnum
from typing import Annotated

from msgspec import Meta

from packspec.wire import Answer


class Level(StrEnum):
    """What a finding means."""

    ERROR = "error"
    """The pack cannot be published like this."""
    WARNING = "warning"
    """It can; publisher and reviewer should look."""
    NOTE = "note"
    """Good to know for the reviewer."""


class Finding(Answer, frozen=True, kw_only=True):
    """One finding. `path` is a file of the pack, empty for the pack as a whole; `line` counts from 1, 0 where there is none."""

    code: str
    level: Level
    text: Annotated[str, Meta(max_length=1_000)]
    path: str = ""
    line: int = 0
