"""Who is asking: a member with the scopes of their token and their roles, or a visitor.

An actor is made anew for every request (a token is never stronger than its member is at the time of use). What an actor may do stands in
the table of `access`; whether a publisher is theirs is decided in `publishers`.
"""

from dataclasses import dataclass
from enum import StrEnum

from packspec.names import PackName, PublisherName


class Role(StrEnum):
    """An office at this registry. Being a publisher's member is no office: `publishers` knows that."""

    ADMIN = "admin"
    REVIEWER = "reviewer"


@dataclass(frozen=True)
class Actor:
    """One who asks. `member` is None for a visitor and for the registry itself; `scopes` are the token's, `roles` the member's now."""

    member: int | None = None
    name: str = "visitor"
    display_name: str = ""
    scopes: frozenset[str] = frozenset()
    roles: frozenset[Role] = frozenset()
    token: int | None = None
    token_ends_at: int | None = None
    token_used_at: int | None = None

    @property
    def is_visitor(self) -> bool:
        """Whether we do not know who it is."""
        return self.member is None

    @property
    def subject(self) -> str:
        """The actor in the trail: `member:7`, never a name, so that erasing a person breaks no chain."""
        return self.name if self.member is None else f"member:{self.member}"

    def has_role(self, role: Role) -> bool:
        """Whether the member holds `role` now."""
        return role in self.roles

    def has_scope(self, scope: str) -> bool:
        """Whether the token carries `scope`; for `publish`, whether it may publish anything at all."""
        return scope in self.scopes or any(held.startswith(f"{scope}:") for held in self.scopes)

    def may_publish(self, publisher: PublisherName, pack: PackName | None = None) -> bool:
        """Whether the token's scopes reach `publisher`, and `pack` where one is named. Membership is another question."""
        reaching = {"publish", f"publish:{publisher}"} | ({f"publish:{pack}"} if pack is not None else set())
        return not reaching.isdisjoint(self.scopes)


VISITOR = Actor()
SYSTEM = Actor(name="system")
"""The registry itself: start-up and timers."""
TERMINAL = Actor(name="terminal")
"""The person at the machine where the data is, who needs no token: `registry-server account add`."""
