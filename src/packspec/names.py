"""PublisherName, PackName and ReleaseName; reserved and look-alike names (docs/spec/names.md).

One spelling only: a name that needs folding is refused, never folded. What looks like another name is not refused here; `look_alike`
says which existing name it could be taken for, and a person decides.
"""

import re
from collections.abc import Iterable
from typing import ClassVar, Self

from packspec.versions import Version

_PART = r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"
_PART_ONLY = re.compile(_PART)

_WORDS = """
    about account admin all anonymous api assets auth blobs browse c cart checkout device errors everyone health healthz help index install
    keys log login logout me none null oauth official orders owner p packctl packspec proofs publish publisher publishers readyz recalls
    registry registry-server reviewer root search security settings static status support system test tests token trust tuf u undefined
    verified verify well-known www
"""
_DEVICES = ("aux", "con", "nul", "prn", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
RESERVED = frozenset((*_WORDS.split(), *_DEVICES))
"""Publishers' names that nobody may register: Windows devices, words of our own routes, words that claim an office."""


class PublisherName(str):
    """The first half of pack names: `[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?`."""

    __slots__ = ()
    PATTERN: ClassVar[str] = f"^{_PART}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a publisher's name. Raises ValueError."""
        if not _PART_ONLY.fullmatch(text):
            raise ValueError(
                f"not a publisher's name: {text[:80]!r} (lower-case letters, digits and inner hyphens, at most 64)"
            )
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
        """Reads `publisher/name`. Raises ValueError."""
        publisher, slash, name = text.partition("/")
        if not slash or not _PART_ONLY.fullmatch(publisher) or not _PART_ONLY.fullmatch(name):
            raise ValueError(
                f"not a pack's name: {text[:140]!r} (publisher/name, lower-case letters, digits and inner hyphens)"
            )
        return cls(text)

    @property
    def publisher(self) -> PublisherName:
        """The first half."""
        return PublisherName(self.partition("/")[0])

    @property
    def name(self) -> str:
        """The second half."""
        return self.partition("/")[2]


class ReleaseName(str):
    """One version of a pack: `publisher/name@1.2.3`, without build metadata."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads `publisher/name@version`. Raises ValueError, also for build metadata: 1.0.0+a and 1.0.0+b are one release."""
        pack, at, version = text.partition("@")
        if not at:
            raise ValueError(f"not a release: {text[:140]!r} (publisher/name@1.2.3)")
        parsed = Version.parse(version)
        if parsed.build:
            raise ValueError(f"a release has no build metadata: {text[:140]!r}")
        return cls(f"{PackName.parse(pack)}@{parsed}")

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


# One stroke more or less makes these look the same in common typefaces.
_LOOKS_LIKE = str.maketrans({"0": "o", "1": "l", "i": "l", "5": "s", "8": "b", "2": "z", "9": "g", "-": ""})
_PAIRS_LOOK_LIKE = (("rn", "m"), ("vv", "w"), ("cl", "d"))


def skeleton(part: str) -> str:
    """What remains of a name's part when look-alike letters are made one and hyphens are dropped: equal skeletons look alike."""
    folded = part.translate(_LOOKS_LIKE)
    for pair, single in _PAIRS_LOOK_LIKE:
        folded = folded.replace(pair, single)
    return folded


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
