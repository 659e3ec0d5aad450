"""Range: npm's version ranges, not its loose mode (docs/spec/ranges.md).

A range is read once into two lists of comparator sets: one for the ordinary rule, where a prerelease must be named, and one for
`include_prereleases`, where npm also lowers some bounds to `-0`. What npm's parser takes by accident only (`1.2.3*`, `==1.2`) is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple, Self, TypeAlias

from packspec.errors import Invalid
from packspec.limits import RANGE_CHARACTERS, VERSION_NUMBER_MAX
from packspec.patterns import pattern
from packspec.versions import Key, Version
from packspec.wire import checked

_PART = r"0|[1-9][0-9]*|[xX*]"
_WORD = r"(?:[0-9]*[A-Za-z-][0-9A-Za-z-]*|0|[1-9][0-9]*)"
_PARTIAL = (
    rf"v?({_PART})(?:\.({_PART})(?:\.({_PART})(?:-({_WORD}(?:\.{_WORD})*))?)?)?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?"
)
_SIMPLE = pattern(rf"(\^|~>?|[<>]?=?) ?{_PARTIAL}(?: |$)")
_HYPHEN = pattern(rf"{_PARTIAL} - {_PARTIAL}")
_BLANKS = pattern(r"[ \t]+")
_LOWEST = (0,)
"""The lowest prerelease there is, `-0`."""


class BadRange(Invalid, ValueError):
    """A text is not a range of versions."""

    text: str
    reason: str
    corrected: str = ""

    code = "project.bad-range"

    def what(self) -> str:
        return f"not a range: {self.text[:80]!r} ({self.reason})"

    def why(self) -> str:
        return "ranges are npm's: a blank joins what must hold together, || what may hold instead"

    def fix(self) -> list[str]:
        return [f'write "{self.corrected}"' if self.corrected else "write it as ^1.2, ~1.2, 1.x, >=1 <3 or ^1 || ^2"]


class Comparator(NamedTuple):
    """One condition on a version: `operator` is one of `< <= > >= =`."""

    operator: str
    version: Version

    def holds(self, key: Key) -> bool:
        """Whether a version with this order key fulfils the condition."""
        mine = self.version.key
        match self.operator:
            case "<":
                return key < mine
            case "<=":
                return key <= mine
            case ">":
                return key > mine
            case ">=":
                return key >= mine
            case _:
                return key == mine


Comparators: TypeAlias = tuple[Comparator, ...]
"""Conditions that must hold together; none: any version."""

_ANY: Comparators = ()
_NONE: Comparators = (Comparator("<", Version(0, 0, 0, _LOWEST)),)
_FROM_ZERO = Comparator(">=", Version(0, 0, 0))


@checked
@dataclass(frozen=True, slots=True)
class Range:
    """A range of versions. Two are equal if they are written alike; `str` gives the text as written."""

    text: str
    names_prerelease: bool = field(compare=False, repr=False)
    """Whether the text names a prerelease, so that prereleases of those three numbers may match."""
    plain: tuple[Comparators, ...] = field(compare=False, repr=False)
    """What decides without `include_prereleases`: sets of which one must hold."""
    including: tuple[Comparators, ...] = field(compare=False, repr=False)
    """What decides with `include_prereleases`."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a range, at most 256 characters; blanks alone or nothing mean `*`. Raises BadRange."""
        if len(text) > RANGE_CHARACTERS:
            raise BadRange(text, f"longer than {RANGE_CHARACTERS} characters")
        if "," in text:
            raise _comma(text)
        sets = [_read_set(text, _BLANKS.sub(" ", one).strip(" ")) for one in text.split("||")]
        names = any(one.names_prerelease for together in sets for one in together)
        return cls(text, names, _either(sets, False), _either(sets, True))

    def allows(self, version: Version, include_prereleases: bool = False) -> bool:
        """Whether `version` lies in the range. Its build metadata does not matter.

        A prerelease counts only if a comparator that must hold with the others names a prerelease of the same three numbers.
        `include_prereleases` lifts that and lowers the bounds that npm lowers: `^1.2`, `1.x` and `>=1` then begin at `-0`.
        """
        key = version.key
        if include_prereleases or not version.prerelease:
            sets = self.including if include_prereleases else self.plain
            return any(all(one.holds(key) for one in together) for together in sets)
        return any(all(one.holds(key) for one in together) and _names(together, key[:3]) for together in self.plain)

    def __str__(self) -> str:
        return self.text


def caret(version: Version) -> Range:
    """The range that is written for a release when nobody names one: `^1.2.3`."""
    return Range.parse(f"^{version.without_build()}")


def _names(together: Comparators, numbers: tuple[int, ...]) -> bool:
    return any(one.version.prerelease and one.version.key[:3] == numbers for one in together)


class _Partial(NamedTuple):
    """A version with parts missing: None from the first missing one on."""

    operator: str
    major: int | None
    minor: int | None
    patch: int | None
    prerelease: tuple[int | str, ...]

    @property
    def names_prerelease(self) -> bool:
        return self.patch is not None and bool(self.prerelease)

    @property
    def version(self) -> Version:
        """Missing parts are 0."""
        return Version(self.major or 0, self.minor or 0, self.patch or 0, self.prerelease)

    @property
    def next(self) -> Version:
        """The lowest version above all that the parts stand for: `1.2` gives 1.3.0-0."""
        if self.minor is None:
            return Version((self.major or 0) + 1, 0, 0, _LOWEST)
        return Version(self.major or 0, self.minor + 1, 0, _LOWEST)

    @property
    def next_breaking(self) -> Version:
        """The lowest version that caret excludes: the first number that is not 0 raised, or the last that is written."""
        if self.major or self.minor is None:
            return Version((self.major or 0) + 1, 0, 0, _LOWEST)
        if self.minor or self.patch is None:
            return Version(0, self.minor + 1, 0, _LOWEST)
        return Version(0, 0, self.patch + 1, _LOWEST)

    def lowest(self, including: bool) -> Version:
        """The lowest version that the parts stand for; with a part missing and prereleases included that is `-0`."""
        return Version(*self.version.key[:3], _LOWEST) if including and self.patch is None else self.version


def _read_set(text: str, one: str) -> list[_Partial]:
    """The conditions of one side of `||`, blanks made single."""
    if match := _HYPHEN.fullmatch(one):
        ends = match.groups()
        return [_partial(text, "from", ends[:4]), _partial(text, "to", ends[4:])]
    found, at = [], 0
    while at < len(one):
        match = _SIMPLE.match(one, at)
        if match is None:
            raise BadRange(text, f"not understood: {one[at:].split(' ')[0]!r}")
        operator, *groups = match.groups()
        found.append(_partial(text, operator.replace("~>", "~"), groups))
        at = match.end()
    return found


def _partial(text: str, operator: str, groups: Sequence[str | None]) -> _Partial:
    """Raises BadRange for a number above the limit, and for `1.x.3`, which npm takes only where the 3 has no meaning at all."""
    numbers = [int(part) if part and part.isdecimal() else None for part in groups[:3]]
    words = groups[3].split(".") if groups[3] else []
    prerelease = tuple(int(word) if word.isdecimal() else word for word in words)
    if any(number > VERSION_NUMBER_MAX for number in (*numbers, *prerelease) if isinstance(number, int)):
        raise BadRange(text, f"a number is above {VERSION_NUMBER_MAX}")
    for missing, part in pairwise(numbers):
        if missing is None and part is not None:
            raise BadRange(text, "a number after an x")
    major, minor, patch = numbers
    return _Partial(operator, major, minor, patch, prerelease if patch is not None else ())


def _either(sets: list[list[_Partial]], including: bool) -> tuple[Comparators, ...]:
    """As npm: one side of `||` that allows anything makes the whole range `*`, also for the prerelease rule."""
    found = tuple(tuple(one for partial in together for one in _comparators(partial, including)) for together in sets)
    return (_ANY,) if _ANY in found else found


def _comparators(partial: _Partial, including: bool) -> Comparators:
    found = _bounds(partial, including)
    # As npm: `>=0.0.0` says nothing, so `>=0.0.0 <=0.0.0-b` allows 0.0.0-a.
    return tuple(one for one in found if including or one != _FROM_ZERO)


def _bounds(partial: _Partial, including: bool) -> Comparators:
    """What a partial version with its operator means."""
    operator, whole = partial.operator, partial.patch is not None
    if partial.major is None:
        return _NONE if operator in ("<", ">") else _ANY
    lowest = Comparator(">=", partial.lowest(including))
    match operator:
        case "^":
            return (lowest, Comparator("<", partial.next_breaking))
        case "~":
            return (lowest, Comparator("<", partial.next))
        case "from":
            if including and whole and not partial.prerelease:
                return (Comparator(">=", Version(*partial.version.key[:3], _LOWEST)),)
            return (lowest,)
        case "to" if including and whole and not partial.prerelease:
            assert partial.minor is not None and partial.patch is not None
            return (Comparator("<", Version(partial.major, partial.minor, partial.patch + 1, _LOWEST)),)
        case "to" | "<=":
            return (Comparator("<=", partial.version) if whole else Comparator("<", partial.next),)
        case "<":
            return (Comparator("<", partial.version if whole else partial.lowest(True)),)
        case ">" if not whole:
            following = partial.next
            return (Comparator(">=", following if including else Version(*following.key[:3])),)
        case ">":
            return (Comparator(">", partial.version),)
        case ">=":
            return (lowest,)
        case _:
            return (Comparator("=", partial.version),) if whole else (lowest, Comparator("<", partial.next))


def _comma(text: str) -> BadRange:
    """The refusal of a comma, with the range that was probably meant."""
    reason = "a blank joins two conditions, not a comma"
    corrected = re.sub(r"[ \t]*,[ \t,]*", " ", text).strip()
    try:
        Range.parse(corrected)
    except BadRange:
        corrected = ""
    return BadRange(text, f'{reason}: write "{corrected}"' if corrected else reason, corrected)
