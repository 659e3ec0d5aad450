"""Domain: where a licensed pack may be used, by name or below a wildcard: `example.org`, `*.example.org`."""

import re
from typing import ClassVar, Self

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:\*\.)?{_LABEL}(?:\.{_LABEL})*")


class Domain(str):
    """A host's name in small ASCII letters (others as `xn--`), or every name below one."""

    __slots__ = ()
    PATTERN: ClassVar[str] = f"^{_DOMAIN.pattern}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a domain of at most 253 characters. Raises ValueError."""
        if len(text) > 253 or not _DOMAIN.fullmatch(text):
            raise ValueError(f"not a domain: {text[:80]!r} (such as example.org, or *.example.org for all below it)")
        return cls(text)

    def allows(self, name: str) -> bool:
        """Whether it is `name`, or with a wildcard above it at any depth. Capitals and a dot at the end do not matter."""
        wanted = name.rstrip(".").lower()
        if self.startswith("*."):
            return wanted.endswith(self[1:]) and len(wanted) >= len(self)
        return wanted == self
