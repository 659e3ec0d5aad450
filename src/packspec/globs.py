"""FilePath and Pattern: how pack.toml names files of the pack (docs/spec/manifest.md, patterns).

`*` and `?` stand for characters within a part, `**` as a whole part for any number of parts. There are no other signs: brackets and braces
are ordinary characters of names. Matching takes at most as many steps as pattern times path has characters, whatever a pattern says.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Self

from packspec import limits
from packspec.paths import path_fault


class FilePath(str):
    """The path of one file inside a pack; legal on every system (docs/spec/paths.md)."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a path. Raises ValueError with the rule that it breaks."""
        if rule := path_fault(text):
            raise ValueError(f"not a path of a file in a pack: {text[:80]!r} ({rule})")
        return cls(text)


class Pattern(str):
    """A pattern for paths inside a pack: `assets/**`, `*.md`, `assets/cow-?.svg`. A path without signs is the pattern for itself."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a pattern of at most 240 bytes. Raises ValueError: its parts obey the rules of paths, and `**` stands for whole parts."""
        if len(text.encode("utf-8", "replace")) > limits.PATH_BYTES:
            raise ValueError(f"not a pattern: longer than {limits.PATH_BYTES} bytes")
        for part in text.split("/"):
            if part != "**" and "**" in part:
                raise ValueError(f"not a pattern: {text[:80]!r} (** stands alone between slashes)")
        if rule := path_fault(text.replace("*", "x").replace("?", "x")):
            raise ValueError(f"not a pattern: {text[:80]!r} ({rule})")
        return cls(text)

    @property
    def is_path(self) -> bool:
        """Whether it has no sign and so names one file."""
        return "*" not in self and "?" not in self

    def matches(self, path: str) -> bool:
        """Whether the whole `path` fits. Capitals count; `assets/**` fits every file below `assets`, at any depth, and `**/a` also `a`."""
        if self.is_path:
            return self == path
        return _fits(tuple(self.split("/")), tuple(path.split("/")))


def matches_any(path: str, patterns: Iterable[Pattern]) -> bool:
    """Whether one of `patterns` fits `path`."""
    return any(pattern.matches(path) for pattern in patterns)


def _fits(wanted: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    if wanted[-1] == "**":  # what is below, not the folder's own name
        wanted = (*wanted, "*")
    return _walk(wanted, parts, "**", lambda one, part: _walk(one, part, "*", lambda sign, char: sign in ("?", char)))


def _walk(wanted: Sequence[str], given: Sequence[str], star: str, fits: Callable[[str, str], bool]) -> bool:
    """Whether `given` fits `wanted`, in which `star` stands for any number of items. Only the last star is ever tried again."""
    at = place = 0
    after_star, resume = 0, 0
    while place < len(given):
        if at < len(wanted) and wanted[at] == star:
            at += 1
            after_star, resume = at, place
        elif at < len(wanted) and fits(wanted[at], given[place]):
            at, place = at + 1, place + 1
        elif after_star:
            resume += 1
            at, place = after_star, resume
        else:
            return False
    return all(item == star for item in wanted[at:])
