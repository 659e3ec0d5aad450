"""The table of roles and actions: who may do what, as far as it and the token say."""

from collections.abc import Mapping
from enum import StrEnum

from packspec.errors import Anonymous, Denied
from packspec.protocol.endpoint import Endpoint
from registry_server.actor import Actor, Role


class NotLoggedIn(Anonymous):
    """The call needs a token, and none came."""

    code = "access.not-logged-in"

    def what(self) -> str:
        return "this needs a token"

    def fix(self) -> list[str]:
        return ["packctl login --with-token"]


class ScopeMissing(Denied):
    """The token is valid and not for this."""

    needed: str
    held: list[str]

    code = "access.scope-missing"

    def what(self) -> str:
        return f"this token does not have the scope {self.needed}"

    def facts(self) -> dict[str, str]:
        return {"needed": self.needed, "token has": ", ".join(self.held) or "nothing"}

    def fix(self) -> list[str]:
        office = {"approve": "reviewer", "admin": "admin"}.get(self.needed)
        if office:
            return [f"ask the registry's operator for the role: registry-server account add NAME --role {office}"]
        return [
            "packctl login --with-token < TOKEN-FILE",
            "with a token that has the scope; packctl token list shows them",
        ]


class RoleMissing(Denied):
    """The member may not do this."""

    action: str
    roles: list[str]

    code = "access.role-missing"

    def what(self) -> str:
        return f"this is for {' or '.join(self.roles)}s of the registry" if self.roles else "nobody may do this"

    def facts(self) -> dict[str, str]:
        return {"action": self.action}

    def fix(self) -> list[str]:
        return ["ask an admin of the registry"]


class Cell(StrEnum):
    """One cell of the table."""

    YES = "yes"
    OWN = "own"
    """What belongs to the asker or their publisher; whose it is, the room decides."""
    NO = "-"


class Column(StrEnum):
    """The roles of the table that exist. They add up: a reviewer is a consumer too."""

    VISITOR = "visitor"
    CONSUMER = "consumer"
    PUBLISHER = "publisher"
    REVIEWER = "reviewer"
    ADMIN = "admin"


_ORDER = tuple(Column)
_CELLS = {"y": Cell.YES, "o": Cell.OWN, "-": Cell.NO}


def _row(cells: str) -> Mapping[Column, Cell]:
    return {column: _CELLS[cell] for column, cell in zip(_ORDER, cells.split(), strict=True)}


ACTIONS: Mapping[str, Mapping[Column, Cell]] = {
    # action                    visitor consumer publisher reviewer admin
    "catalog.browse":      _row("y       y        y         y        y"),
    "account.see":         _row("-       o        o         o        o"),
    "token.manage":        _row("-       o        o         o        o"),
    "publisher.register":  _row("-       y        y         y        y"),
    "publisher.accept":    _row("-       -        -         -        y"),
    "publisher.suspend":   _row("-       -        -         -        y"),
    "publisher.keys":      _row("-       -        o         -        -"),
    "publisher.team":      _row("-       -        o         -        -"),
    "upload.send":         _row("-       o        o         o        o"),
    "submission.open":     _row("-       -        o         -        -"),
    "submission.see":      _row("-       -        o         y        y"),
    "submission.review":   _row("-       -        -         y        y"),
    "submission.decide":   _row("-       -        -         y        -"),
    "release.yank":        _row("-       -        o         -        -"),
    "release.deprecate":   _row("-       -        o         -        -"),
    "release.recall":      _row("-       -        o         -        -"),
    "release.stop":        _row("-       -        -         -        y"),
    "recall.lift":         _row("-       -        -         y        -"),
    "license.validate":    _row("y       y        y         y        y"),
    "license.activate":    _row("y       y        y         y        y"),
    "license.see":         _row("-       o        o         o        o"),
    "license.use":         _row("-       o        o         o        o"),
    "license.seats":       _row("-       o        o         o        o"),
    "license.issue":       _row("-       -        o         -        y"),
    "license.judge":       _row("-       -        -         -        y"),
    "plan.edit":           _row("-       -        o         -        -"),
}  # fmt: skip
"""Who may do what. One test per cell; an endpoint whose action has no row does not start."""


def authorize(actor: Actor, endpoint: Endpoint[object, object]) -> None:
    """Raises NotLoggedIn, ScopeMissing or RoleMissing unless `actor` may use `endpoint`, as far as the table and the token say.

    A publisher's cell lets every member pass: whether the publisher is theirs, the room decides, since it knows the object.
    """
    if actor.is_visitor:
        if endpoint.scope is not None or ACTIONS[endpoint.action][Column.VISITOR] is Cell.NO:
            raise NotLoggedIn()
        return
    if endpoint.scope and not actor.has_scope(endpoint.scope):
        raise ScopeMissing(endpoint.scope, sorted(actor.scopes))
    row = ACTIONS[endpoint.action]
    columns = {Column.CONSUMER, Column.PUBLISHER} | {Column(role.value) for role in actor.roles}
    if all(row[column] is Cell.NO for column in columns):
        raise RoleMissing(endpoint.action, [role.value for role in Role if row[Column(role.value)] is not Cell.NO])
