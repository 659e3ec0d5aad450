"""I9: which of the releases that come in must be paid, and that this machine holds licenses for them (docs/spec/install.md).

A project without paid packs passes here without loading anything. An optional pack that nothing covers stays away, and is told.
"""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from packctl.install.change import Change
from packctl.install.plan import Move
from packctl.install.registries import Registries
from packspec.names import PackName
from packspec.values import dataclass

if TYPE_CHECKING:
    from packctl.session import Session
    from packctl.trust.registry import TrustedRegistry
    from packspec.licenses.use import Release


@dataclass
class Licensed:
    """The paid releases of a change. `addresses` are where their archives can be fetched, asked for when the first byte is needed."""

    session: "Session"
    paid: tuple[PackName, ...]
    registries: Registries
    todo: Change
    _admitted: Mapping[PackName, Callable[[], tuple[str, str]]] | None = field(default=None)

    @classmethod
    def of(cls, session: "Session", registries: Registries, todo: Change) -> "Licensed":
        """What of a change must be paid."""
        coming = [action.pack for action in todo.plan.of(Move.ADD, Move.CHANGE)]
        paid = tuple(pack for pack in coming if _is_paid(todo, pack))
        return cls(session, paid, registries, todo)

    def require(self) -> None:
        """Raises unless all of them are covered: the refusal of the one that is not, or LicensesMissing."""
        if self.paid:
            self._admit()

    def addresses(self, pack: PackName) -> tuple[str, str] | None:
        """Where archive and tree of a paid pack can be fetched; None for a free one. Raises as `require`, and what asking raises."""
        return self._admit()[pack]() if pack in self.paid else None

    def _admit(self) -> Mapping[PackName, Callable[[], tuple[str, str]]]:
        if self._admitted is None:
            from packctl.licenses.admission import admit

            asked: dict[TrustedRegistry, list[Release]] = {}
            for pack in self.paid:
                asked.setdefault(self.registries.of(pack), []).append(self._release(pack))
            self._admitted = admit(self.session, list(asked.items()))
        return self._admitted

    def _release(self, pack: PackName) -> "Release":
        from packspec.licenses.use import Release

        proven = self.todo.proven.proven[pack]
        statement, listed = proven.verdict.statement, proven.listed
        assert statement is not None and listed is not None  # it was proven
        return Release(pack=pack, version=statement.version, at=listed.at, early_access=statement.facts.early_access)


def _is_paid(todo: Change, pack: PackName) -> bool:
    statement = todo.proven.proven[pack].verdict.statement
    return statement is not None and statement.paid
