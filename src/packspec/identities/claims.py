"""Single claims of a token, of the form that they must have. Raises IdentityMalformed, which names the claim and never its value."""

from typing import Any

from packspec.identities.faults import IdentityMalformed

_TEXT_CHARACTERS = 400


def text_of(claims: dict[str, Any], name: str) -> str:
    """A text in one line."""
    value = claims.get(name)
    if not isinstance(value, str) or not value or len(value) > _TEXT_CHARACTERS or not value.isprintable():
        raise IdentityMalformed(f"it says nothing usable of {name!r}")
    return value


def number_of(claims: dict[str, Any], name: str) -> str:
    """A number, which issuers write as text or not."""
    value = claims.get(name)
    text = str(value) if type(value) in (int, str) else ""
    if not (text.isascii() and text.isdecimal() and len(text) <= 20):
        raise IdentityMalformed(f"it says nothing usable of {name!r}")
    return text


def seconds_of(claims: dict[str, Any], name: str) -> int:
    """A moment, in seconds since the epoch."""
    value = claims.get(name)
    if type(value) is not int or not 0 <= value < 2**53:
        raise IdentityMalformed(f"it says nothing usable of {name!r}")
    return value
