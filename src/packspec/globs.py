"""FilePath and Pattern: how pack.toml names files of the pack (docs/spec/manifest.md, patterns).

`*` and `?` stand for characters within a part, `**` as a whole part for any number of parts. There are no other signs: brackets and braces
are ordinary characters of names. No pattern is slow: matching takes at most as many steps as pattern times path has characters.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
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
        return self == path if self.is_path else _compiled(self).fullmatch(path) is not None


def matches_any(path: str, patterns: Iterable[Pattern]) -> bool:
    """Whether one of `patterns` fits `path`."""
    return any(pattern.matches(path) for pattern in patterns)


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression whose stars take the nearest place that fits and never give it back (atomic groups).

    The nearest place is as good as any later one, because it leaves more for what follows; so nothing is tried twice.
    """
    parts = pattern.split("/")
    if parts[-1] == "**":  # what is below, not the folder's own name
        parts.append("*")
    runs: list[list[str]] = [[]]
    for part in parts:
        if part == "**":
            runs.append([])
        else:
            runs[-1].append(_part(part))
    first, *others = ["/".join(run) for run in runs]
    if not others:
        return re.compile(first)
    middle = "".join(f"(?>(?:[^/]*/)*?{run}/)" for run in others[:-1] if run)
    return re.compile((f"{first}/" if first else "") + middle + "(?:[^/]*/)*" + others[-1])


def _part(part: str) -> str:
    first, *others = [
        "".join("[^/]" if sign == "?" else re.escape(sign) for sign in run) for run in re.split(r"\*", part)
    ]
    if not others:
        return first
    return first + "".join(f"(?>[^/]*?{run})" for run in others[:-1] if run) + "[^/]*" + others[-1]
