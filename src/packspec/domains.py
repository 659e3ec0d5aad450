"""Domain: where a licensed pack may be used, by name or below a wildcard: `example.org`, `*.example.org`."""

from typing import ClassVar, Self

from packspec.patterns import pattern

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = rf"{_LABEL}(?:\.{_LABEL})*"
_HOST = pattern(_NAME)
_DOMAIN = pattern(rf"(?:\*\.)?{_NAME}")


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
        wanted = _plain(name)
        if not is_host(name):
            return False
        return wanted.endswith(self[1:]) if self.startswith("*.") else wanted == self


def is_host(name: str) -> bool:
    """Whether `name` names one host: no wildcard, nothing that only looks like one."""
    return len(name) <= 254 and _HOST.fullmatch(_plain(name)) is not None


def _plain(name: str) -> str:
    """In ASCII only, so that no foreign letter becomes one of ours."""
    return name.removesuffix(".").lower() if name.isascii() else name
