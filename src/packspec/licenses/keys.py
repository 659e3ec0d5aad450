"""The text of a license key: 25 secret characters in five groups, and a sixth with a check character for each of them.

`K7Q2M-...`: Crockford's base32, so nothing is read for something else (I, L, O and U do not occur). A typing error is told without asking
anybody, and which group to look at. A key is a secret: it never stands in an address, a log, an error or an argument.
"""

from typing import ClassVar, Self

from packspec.errors import Invalid

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET_BITS = 125
GROUPS = 5
_GROUP = 5
_TYPED_MOST = 100
"""Longest text that may be one, as it was typed."""
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}
_READ_AS = {"I": "1", "L": "1", "O": "0"}
_ORDINALS = ("first", "second", "third", "fourth", "fifth")


class BadLicenseKey(Invalid, ValueError):
    """A text that is no license key. It is not shown: most of it may be right."""

    reason: str
    source: str = ""
    """What held it, where nobody typed it."""

    code = "licensing.malformed-key"

    def what(self) -> str:
        return f"this is not a license key: {self.reason}"

    def facts(self) -> dict[str, str]:
        return {"from": self.source} if self.source else {}

    def why(self) -> str:
        return "a key is six groups of five letters and digits, and its last group checks the five before it"

    def fix(self) -> list[str]:
        what, again = (self.source, "put it there") if self.source else ("it", "type it")
        return [f"compare {what} with what you got, group by group, and {again} again"]


class LicenseKey(str):
    """The text of a license key in its one spelling. It is a secret: `repr` hides it."""

    __slots__ = ()
    PATTERN: ClassVar[str] = f"^([{ALPHABET}]{{5}}-){{5}}[{ALPHABET}]{{5}}$"

    @classmethod
    def make(cls, secret: bytes) -> Self:
        """The key over 125 of the bits of 16 unpredictable bytes. Raises ValueError for another number of bytes."""
        if len(secret) != 16:
            raise ValueError(f"a license key is made of 16 bytes, not {len(secret)}")
        number = int.from_bytes(secret, "big") >> 3
        letters = "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(GROUPS * _GROUP)))
        groups = [letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP)]
        return cls("-".join([*groups, "".join(map(check_character, groups))]))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a key as it was typed: small letters, blanks, missing hyphens, and I, L, O for 1, 1, 0 are fine.

        Raises BadLicenseKey, which says which group is wrong without repeating it.
        """
        if len(text) > _TYPED_MOST:
            raise BadLicenseKey(f"it is longer than {_TYPED_MOST} characters")
        typed = text.strip().upper().replace("-", "").replace(" ", "")
        letters = "".join(_READ_AS.get(letter, letter) for letter in typed)
        foreign = next((place for place, letter in enumerate(letters) if letter not in _VALUES), None)
        if foreign is not None:
            raise BadLicenseKey(f"{_name(foreign // _GROUP)} has a character that no key has")
        if len(letters) != (GROUPS + 1) * _GROUP:
            raise BadLicenseKey(f"it has {len(letters)} letters and digits instead of {(GROUPS + 1) * _GROUP}")
        groups = [letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP)]
        wrong = [place for place in range(GROUPS) if check_character(groups[place]) != groups[GROUPS][place]]
        if len(wrong) == GROUPS:
            raise BadLicenseKey("the last group does not belong to the others")
        if wrong:
            named = " and ".join(_ORDINALS[group] for group in wrong)
            raise BadLicenseKey(f"look at the {named} group, or at the last group")
        return cls("-".join(groups))

    @property
    def hint(self) -> str:
        """The last four characters, by which its owner tells it from others. They tell 20 of its bits; 105 stay secret."""
        return self[-4:]

    def __repr__(self) -> str:
        return f"LicenseKey(...{self.hint})"


def check_character(group: str) -> str:
    """The check character of a group (Luhn's method with 32 letters): one wrong letter, or two neighbors exchanged, are noticed."""
    total = 0
    for place, letter in enumerate(reversed(group)):
        value = _VALUES[letter] * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]


def _name(group: int) -> str:
    return f"the {_ORDINALS[group]} group" if group < GROUPS else "the last group"
