"""Version: SemVer 2.0.0, exactly (docs/spec/versions.md).

One spelling per version: nothing is trimmed, completed or folded. Two versions that differ in build metadata alone are equal, because
SemVer gives them the same precedence and a pack may have only one of them.
"""

import re
from dataclasses import dataclass, field
from typing import ClassVar, Self, TypeAlias

from packspec.errors import Invalid
from packspec.limits import VERSION_CHARACTERS, VERSION_NUMBER_MAX
from packspec.patterns import pattern
from packspec.wire import checked

_NUMBER = r"0|[1-9][0-9]*"
_WORD = r"[0-9]*[A-Za-z-][0-9A-Za-z-]*"
_PRERELEASE = rf"(?:{_WORD}|{_NUMBER})(?:\.(?:{_WORD}|{_NUMBER}))*"
_BUILD = r"[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*"
_VERSION = pattern(rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})(?:-({_PRERELEASE}))?(?:\+({_BUILD}))?")

Rank: TypeAlias = tuple[tuple[int, int, str], ...]
Key: TypeAlias = tuple[int, int, int, bool, Rank]
"""What versions are ordered by: the three numbers, whether it is no prerelease, and a rank per prerelease identifier."""


class BadVersion(Invalid, ValueError):
    """A text is not a SemVer 2.0.0 version."""

    text: str
    reason: str

    code = "project.bad-version"

    def what(self) -> str:
        return f"not a version: {self.text[:80]!r} ({self.reason})"

    def why(self) -> str:
        return "versions are SemVer 2.0.0: three numbers with dots, then -prerelease and +build where wanted"

    def fix(self) -> list[str]:
        return ["write it as 1.2.3 or 1.2.3-beta.1"]


@checked
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Version:
    """A SemVer 2.0.0 version. Ordered by precedence; equality and hash ignore build metadata.

    `prerelease` holds numbers as int and words as str; empty for a plain release. `build` holds the dot-separated parts as written.
    """

    major: int
    minor: int
    patch: int
    prerelease: tuple[int | str, ...] = ()
    build: tuple[str, ...] = ()
    key: Key = field(init=False)

    PATTERN: ClassVar[str] = f"^{_VERSION.pattern}$"

    def __post_init__(self) -> None:
        # SemVer 11.4: numbers below words; of two that agree so far, the shorter is lower, which is how tuples compare.
        rank = tuple((0, part, "") if isinstance(part, int) else (1, 0, part) for part in self.prerelease)
        object.__setattr__(self, "key", (self.major, self.minor, self.patch, not self.prerelease, rank))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a version, at most 256 characters, every number at most 2^63 - 1. Raises BadVersion."""
        if len(text) > VERSION_CHARACTERS:
            raise BadVersion(text, f"longer than {VERSION_CHARACTERS} characters")
        match = _VERSION.fullmatch(text)
        if match is None:
            raise BadVersion(text, _reason(text))
        major, minor, patch, prerelease, build = match.groups()
        parts = tuple(int(part) if part.isdecimal() else part for part in prerelease.split(".")) if prerelease else ()
        numbers = (int(major), int(minor), int(patch))
        if any(part > VERSION_NUMBER_MAX for part in (*numbers, *parts) if isinstance(part, int)):
            raise BadVersion(text, f"a number is above {VERSION_NUMBER_MAX}")
        return cls(*numbers, prerelease=parts, build=tuple(build.split(".")) if build else ())

    @property
    def is_prerelease(self) -> bool:
        """Whether it has a prerelease part."""
        return bool(self.prerelease)

    def without_build(self) -> Self:
        """The version that names the release: the same without build metadata."""
        return type(self)(self.major, self.minor, self.patch, self.prerelease) if self.build else self

    def __str__(self) -> str:
        text = f"{self.major}.{self.minor}.{self.patch}"
        if self.prerelease:
            text += "-" + ".".join(map(str, self.prerelease))
        return text + "+" + ".".join(self.build) if self.build else text

    def __repr__(self) -> str:
        return f"Version({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return self.key == other.key if isinstance(other, Version) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.key)

    def __lt__(self, other: "Version") -> bool:
        return self.key < other.key

    def __le__(self, other: "Version") -> bool:
        return self.key <= other.key

    def __gt__(self, other: "Version") -> bool:
        return self.key > other.key

    def __ge__(self, other: "Version") -> bool:
        return self.key >= other.key


def _reason(text: str) -> str:
    """The nearest known slip, for the message alone."""
    if not text:
        return "it is empty"
    if not text.isascii():
        return "only ASCII letters, digits, dot, hyphen and plus are allowed"
    if text != text.strip():
        return "blanks around it"
    if text[0] in "vV=" and _VERSION.fullmatch(text.lstrip("vV=")):
        return f"without {text[0]}: {text.lstrip('vV=')}"
    numbers = re.split(r"[-+]", text, maxsplit=1)[0].split(".")
    if any(len(number) > 1 and number.isdecimal() and number.startswith("0") for number in numbers):
        return "a number begins with 0"
    if len(numbers) != 3 and all(number.isdecimal() for number in numbers):
        return f"three numbers are needed, found {len(numbers)}"
    return "expected 1.2.3, 1.2.3-beta.1 or 1.2.3+build"
