"""PublisherName, PackName and ReleaseName; reserved and look-alike names (docs/spec/names.md).

One spelling only: a name that needs folding is refused, never folded. What looks like another name is not refused here; `look_alike`
says which existing name it could be taken for, and a person decides.
"""

from collections.abc import Iterable
from typing import ClassVar, Self

from packspec.errors import Invalid
from packspec.patterns import pattern
from packspec.versions import Version

_PART = r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"
_PART_ONLY = pattern(_PART)
PART_CHARACTERS = 64
"""Longest publisher's name, and longest second half of a pack's name."""

_WORDS = """
    about account admin all anonymous api assets auth blobs browse c cart checkout device errors everyone health healthz help index
    install keys log login logout me metrics none null oauth official orders owner p packctl packspec proofs publish publisher
    publishers readyz recalls registry registry-server reviewer root search security settings static status support system test
    tests token trust tuf u undefined verified verify well-known www
"""
DEVICES = ("aux", "con", "nul", "prn", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
"""What Windows takes for devices, in lower case, wherever a file may lie."""
RESERVED = frozenset((*_WORDS.split(), *DEVICES))
"""Publishers' names that nobody may register: Windows devices, words of our own routes, words that claim an office."""


_FORMS = {"a publisher's name": "publisher", "a pack's name": "publisher/name", "a release": "publisher/name@1.2.3"}


class BadName(Invalid, ValueError):
    """A text is not the name of a publisher, pack or release."""

    text: str
    wanted: str
    reason: str

    code = "project.bad-name"

    def what(self) -> str:
        return f"not {self.wanted}: {self.text[:140]!r} ({self.reason})"

    def why(self) -> str:
        return "a name has one spelling: lower-case ASCII letters, digits and inner hyphens, at most 64 characters in each part"

    def fix(self) -> list[str]:
        if self._folds():
            return [f'write "{self.text.lower()}"']
        return [f"write it as {_FORMS.get(self.wanted, 'publisher, publisher/name or publisher/name@1.2.3')}"]

    def _folds(self) -> bool:
        """Whether only the case is wrong."""
        parts = self.text.lower().partition("@")[0].split("/")
        return (
            self.text.isascii()
            and self.text != self.text.lower()
            and len(parts) <= 2
            and all(map(_PART_ONLY.fullmatch, parts))
        )


class PublisherName(str):
    """The first half of pack names: `[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?`."""

    __slots__ = ()
    PATTERN: ClassVar[str] = f"^{_PART}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a publisher's name. Raises BadName."""
        if not _PART_ONLY.fullmatch(text):
            raise BadName(text, "a publisher's name", _reason(text))
        return cls(text)

    @property
    def is_reserved(self) -> bool:
        """Whether nobody may register this name."""
        return self in RESERVED


class PackName(str):
    """A pack's name, `publisher/name`."""

    __slots__ = ()
    PATTERN: ClassVar[str] = f"^{_PART}/{_PART}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `publisher/name`. Raises BadName."""
        publisher, slash, name = text.partition("/")
        if not slash:
            raise BadName(text, "a pack's name", "publisher/name is needed")
        for part in (publisher, name):
            if not _PART_ONLY.fullmatch(part):
                raise BadName(text, "a pack's name", _reason(part))
        return cls(text)

    @property
    def publisher(self) -> PublisherName:
        """The first half."""
        return PublisherName(self.partition("/")[0])

    @property
    def name(self) -> str:
        """The second half."""
        return self.partition("/")[2]

    @property
    def is_reserved(self) -> bool:
        """Whether nobody may register this name: a reserved publisher, or a Windows device, because a pack's folder has its name."""
        return self.publisher.is_reserved or self.name in DEVICES


class ReleaseName(str):
    """One version of a pack: `publisher/name@1.2.3`, without build metadata."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `publisher/name@version`. Raises BadName, BadVersion; build metadata is refused: 1.0.0+a and 1.0.0+b are one release."""
        pack, at, version = text.partition("@")
        if not at:
            raise BadName(text, "a release", "publisher/name@1.2.3 is needed")
        name = PackName.parse(pack)
        parsed = Version.parse(version)
        if parsed.build:
            raise BadName(
                text, "a release", f"a release is named without build metadata: {name}@{parsed.without_build()}"
            )
        return cls(f"{name}@{parsed}")

    @classmethod
    def of(cls, pack: PackName, version: Version) -> Self:
        """The release of `pack` with `version`, whose build metadata is dropped."""
        return cls(f"{pack}@{version.without_build()}")

    @property
    def pack(self) -> PackName:
        """The pack."""
        return PackName(self.partition("@")[0])

    @property
    def version(self) -> Version:
        """The version."""
        return Version.parse(self.partition("@")[2])


# One stroke more or less makes these look the same in common typefaces. Pairs come first: `cl` looks like `d`, `ci` does not.
_PAIRS_LOOK_LIKE = (("-", ""), ("rn", "m"), ("vv", "w"), ("cl", "d"), ("c1", "d"))
_LOOKS_LIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "8": "b", "2": "z", "9": "g"})


def skeleton(part: str) -> str:
    """What remains of a name's part when look-alike letters are made one and hyphens are dropped: equal skeletons look alike."""
    folded = part
    for pair, single in _PAIRS_LOOK_LIKE:
        folded = folded.replace(pair, single)
    return folded.translate(_LOOKS_LIKE)


def look_alike(name: str, existing: Iterable[str]) -> str | None:
    """The first of `existing`, in order of name, that a reader could take `name` for; None if there is none.

    Alike are: equal skeletons, the same parts in another order (`animals-farm`), and, from five characters on, one letter added, dropped,
    changed or swapped with its neighbor. A name is not alike to itself.
    """
    mine = skeleton(name)
    words = sorted(name.split("-"))
    for other in sorted(existing):
        if other == name:
            continue
        if skeleton(other) == mine or (len(words) > 1 and sorted(other.split("-")) == words):
            return other
        if min(len(name), len(other)) >= 5 and _is_one_edit(name, other):
            return other
    return None


def _is_one_edit(left: str, right: str) -> bool:
    if len(left) > len(right):
        left, right = right, left
    if len(right) - len(left) > 1:
        return False
    start = 0
    while start < len(left) and left[start] == right[start]:
        start += 1
    if len(left) < len(right):
        return left[start:] == right[start + 1 :]
    swapped = left[start : start + 2] == right[start : start + 2][::-1] and left[start + 2 :] == right[start + 2 :]
    return swapped or left[start + 1 :] == right[start + 1 :]


def _reason(part: str) -> str:
    """The nearest known slip in one part, for the message alone."""
    if not part:
        return "a part is empty"
    if not part.isascii():
        return "only ASCII letters are allowed"
    if part != part.lower():
        return "lower case only"
    if len(part) > PART_CHARACTERS:
        return f"a part has more than {PART_CHARACTERS} characters"
    if part[0] == "-" or part[-1] == "-":
        return "a hyphen stands only between letters and digits"
    return "lower-case letters, digits and inner hyphens only"
