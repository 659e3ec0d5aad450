"""Values of accounts, and what their names may be."""

import re
from typing import ClassVar, Self

import msgspec

from packspec.errors import Invalid
from registry_server.actor import Role

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


class BadAccountName(Invalid, ValueError):
    """An account's name outside the grammar."""

    name: str

    code = "access.account-name"

    def what(self) -> str:
        return f"not an account's name: {self.name[:80]!r}"

    def why(self) -> str:
        return "a name has lower-case letters, digits and inner hyphens, at most 64"

    def fix(self) -> list[str]:
        return ["choose another name"]


class AccountName(str):
    """An account's name: the grammar of a publisher's name, in a name space of its own."""

    __slots__ = ()
    PATTERN: ClassVar[str] = f"^{_NAME.pattern}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads an account's name. Raises BadAccountName."""
        if not _NAME.fullmatch(text):
            raise BadAccountName(text)
        return cls(text)


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Who acts: a member, with the account's name and state, and the offices held now."""

    id: int
    account_id: int
    account: str
    is_active: bool
    display_name: str
    roles: frozenset[Role]
    is_child: bool = False
    is_alone: bool = True
    """Whether the account is one person's."""

    @property
    def called(self) -> str:
        """How others name the member: by the account of a person, else by number."""
        return self.account if self.is_alone else f"M-{self.id}"


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds things: a person, a family, a company or an institution."""

    id: int
    name: str
    kind: str
    is_active: bool
