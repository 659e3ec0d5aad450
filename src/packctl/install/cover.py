"""I9: which of the releases that come in must be paid, and that this machine holds licenses for them (docs/spec/install.md).

A project without paid packs passes here without loading anything. An optional pack that nothing covers stays away, and is told.
"""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct, field

from packctl.install.change import Change
from packctl.install.choose import wanted_here
from packctl.install.plan import Move
from packctl.install.registries import Registries
from packspec.names import PackName

if TYPE_CHECKING:
    from packctl.session import Session
    from packctl.trust.registry import TrustedRegistry
    from packspec.licenses.use import Release


class Licensed(Struct):
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

    def require(self) -> Change:
        """The change without optional packs that would come in and that nothing covers. Raises for others: the one refusal, or all."""
        if not self.paid:
            return self.todo
        from packctl.licenses.admission import look_up, refuse

        self._admitted, missing = look_up(self.session, self._asked())
        optional = missing.keys() & self._may_stay_away()
        refuse({pack: error for pack, error in missing.items() if pack not in optional})
        for pack in sorted(optional):
            self.session.console.say(f"Left out {pack} (optional): {missing[pack].what()}")
        return self.todo.without(self._for_the_sake_of(optional)) if optional else self.todo

    def _may_stay_away(self) -> frozenset[PackName]:
        """Packs that would come in and that only optional wishes of the project lead to."""
        choice, work = self.todo.proven.choice, self.todo.work
        groups = work.groups_of(choice.project)
        coming = {action.pack for action in self.todo.plan.of(Move.ADD)}
        return frozenset(
            coming - wanted_here(choice.project, groups, choice, lambda wish: not wish.dependency.optional)
        )

    def _for_the_sake_of(self, optional: Collection[PackName]) -> frozenset[PackName]:
        """These packs, and what would come in for their sake alone."""
        choice, work = self.todo.proven.choice, self.todo.work
        groups = work.groups_of(choice.project)
        stays = wanted_here(choice.project, groups, choice, lambda wish: wish.pack not in optional)
        return frozenset(action.pack for action in self.todo.plan.of(Move.ADD) if action.pack not in stays)

    def addresses(self, pack: PackName) -> tuple[str, str] | None:
        """Where archive and tree of a paid pack can be fetched; None for a free one. Raises as `require`, and what asking raises."""
        return self._admit()[pack]() if pack in self.paid else None

    def _admit(self) -> Mapping[PackName, Callable[[], tuple[str, str]]]:
        if self._admitted is None:
            from packctl.licenses.admission import admit

            self._admitted = admit(self.session, self._asked())
        return self._admitted

    def _asked(self) -> "list[tuple[TrustedRegistry, list[Release]]]":
        asked: dict[TrustedRegistry, list[Release]] = {}
        for pack in self.paid:
            asked.setdefault(self.registries.of(pack), []).append(self._release(pack))
        return list(asked.items())

    def _release(self, pack: PackName) -> "Release":
        from packspec.licenses.use import Release

        proven = self.todo.proven.proven[pack]
        statement, listed = proven.verdict.statement, proven.listed
        assert statement is not None and listed is not None  # it was proven
        return Release.of(pack, statement.version, listed.at, statement.facts)


def _is_paid(todo: Change, pack: PackName) -> bool:
    statement = todo.proven.proven[pack].verdict.statement
    return statement is not None and statement.paid
