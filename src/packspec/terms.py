"""Terms: the license terms of a pack as an SPDX expression, and whether a list of allowed licenses permits them.

The list of licenses is the one in `packaging`. Own terms are `LicenseRef-...`, and their text is a file in the pack.
"""

from collections.abc import Collection
from typing import Self

from packspec.patterns import pattern

_LENGTH = 255
_TOKEN = pattern(r"[()]|[^()\s]+")


class Terms(str):
    """An SPDX license expression in its canonical spelling: `MIT`, `CC-BY-4.0`, `MIT OR Apache-2.0`, `LicenseRef-acme`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads an expression of at most 255 characters. Raises ValueError; for another spelling it names the canonical one."""
        from packaging.licenses import (  # late: its table is long
            InvalidLicenseExpression,
            canonicalize_license_expression,
        )

        if len(text) > _LENGTH:
            raise ValueError(f"not license terms: longer than {_LENGTH} characters")
        try:
            canonical = canonicalize_license_expression(text)
        except (InvalidLicenseExpression, RecursionError, MemoryError) as error:
            raise ValueError(
                f"not an SPDX license expression: {text[:80]!r} (such as CC-BY-4.0 or LicenseRef-acme)"
            ) from error
        if canonical != text:
            raise ValueError(f"write {canonical} instead of {text[:80]!r}")
        return cls(text)

    @property
    def own(self) -> tuple[str, ...]:
        """The `LicenseRef-...` in it: terms whose text is not in the SPDX list."""
        return tuple(token for token in _TOKEN.findall(self) if token.startswith("LicenseRef-"))

    def permitted_by(self, allowed: Collection[str]) -> bool:
        """Whether one may use it with `allowed` licenses only: of `A OR B` one side must be permitted, of `A AND B` both.

        `A WITH exception` is permitted by `A`, because an exception only gives more, and by its own full text.
        """
        permitted, _rest = _either(_TOKEN.findall(self), frozenset(allowed))
        return permitted


def _either(tokens: list[str], allowed: frozenset[str]) -> tuple[bool, list[str]]:
    permitted, tokens = _both(tokens, allowed)
    while tokens and tokens[0] == "OR":
        other, tokens = _both(tokens[1:], allowed)
        permitted = permitted or other
    return permitted, tokens


def _both(tokens: list[str], allowed: frozenset[str]) -> tuple[bool, list[str]]:
    permitted, tokens = _one(tokens, allowed)
    while tokens and tokens[0] == "AND":
        other, tokens = _one(tokens[1:], allowed)
        permitted = permitted and other
    return permitted, tokens


def _one(tokens: list[str], allowed: frozenset[str]) -> tuple[bool, list[str]]:
    if tokens[0] == "(":
        permitted, rest = _either(tokens[1:], allowed)
        return permitted, rest[1:]
    if tokens[1:2] == ["WITH"]:
        return tokens[0] in allowed or " ".join(tokens[:3]) in allowed, tokens[3:]
    return tokens[0] in allowed, tokens[1:]
