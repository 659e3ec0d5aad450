"""What a registry asks a scanner of its operator's choice, and what that answers: JSON in, JSON out (docs/spec/scanner.md)."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from packspec import limits, wire
from packspec.checks import Finding, Level
from packspec.digests import Digest
from packspec.names import PackName
from packspec.versions import Version

ANSWER_BYTES = limits.MIB
"""The longest answer."""
_TEXT = 1_000


class NoAnswer(ValueError):
    """The scanner gave no answer that can be used; the reason, in words that fit behind `the scanner`."""


class AskedArchive(Struct, frozen=True):
    """The copy of the archive that is looked at: where it lies, and what it is."""

    path: str
    sha256: Digest
    size: int


class Asked(Struct, frozen=True):
    """What the scanner reads. Fields may be added, so it passes over those that it does not know."""

    v: int
    pack: PackName
    version: Version
    kind: str
    archive: AskedArchive

    def encode(self) -> bytes:
        """JSON, one line."""
        return wire.encode(self)


class _Found(Struct, frozen=True):
    level: Level
    text: Annotated[str, Meta(min_length=1)]
    path: str = ""
    line: Annotated[int, Meta(ge=0, le=limits.INTEGER_MAX)] = 0


class _Answer(Struct, frozen=True):
    """`scanner` is its name and version, and that of its rules."""

    v: Literal[1]
    scanner: Annotated[str, Meta(min_length=1, max_length=200)]
    findings: list[_Found]


def read_answer(data: bytes) -> list[Finding]:
    """What the scanner found, and who looked. Raises NoAnswer."""
    if len(data) > ANSWER_BYTES:
        raise NoAnswer(f"wrote more than {ANSWER_BYTES} bytes")
    try:
        answer = wire.decode(data, _Answer)
    except msgspec.DecodeError as error:
        raise NoAnswer(f"gave an answer that is none ({error})") from error
    found = [
        Finding(code="publish.scan", level=one.level, text=one.text[:_TEXT], path=one.path[:_TEXT], line=one.line)
        for one in answer.findings
    ]
    text = f"looked at by {answer.scanner}: {len(found) or 'no'} finding{'' if len(found) == 1 else 's'}"
    return [*found, Finding(code="publish.scanned", level=Level.NOTE, text=text)]
