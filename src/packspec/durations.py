"""Duration: a length of time as people write it in pack.toml, such as `7d` or `36h`."""

from typing import ClassVar, Self

from packspec.patterns import pattern

_DURATION = pattern(r"([1-9][0-9]{0,5})([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


class Duration(str):
    """A whole number of seconds, minutes, hours, days or weeks: `90s`, `30m`, `36h`, `7d`, `2w`. `str(duration)` is as written.

    Months and years are left out, because they have no fixed length. Compare `seconds`: `24h` and `1d` are different texts.
    """

    __slots__ = ()
    PATTERN: ClassVar[str] = f"^{_DURATION.pattern}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a duration. Raises ValueError; zero is refused, because leaving the key out says it."""
        if not _DURATION.fullmatch(text):
            raise ValueError(f"not a duration: {text[:80]!r} (a whole number and one of s m h d w, such as 7d)")
        return cls(text)

    @property
    def seconds(self) -> int:
        """Its length in seconds."""
        return int(self[:-1]) * _SECONDS[self[-1]]
