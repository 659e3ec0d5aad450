"""What the licenses of this machine let the resolver choose: a constraint like any other, so it is told in the same proof.

A license that covers some releases of a pack rules the others out: those beyond its range, after its updates, or in early access. A pack
that no license covers at all is chosen like any other, and refused when all that is missing is known (I9); who asks what keeps it out is
told, also what the licenses of their account have left: machines, seats. A project without paid packs, and without releases in early
access, loads nothing here.
"""

from typing import TYPE_CHECKING

from packctl.install.registries import Registries
from packctl.resolve.wanted import Candidate
from packspec.labels import Label
from packspec.names import PackName

if TYPE_CHECKING:
    from packctl.licenses.desk import Desk
    from packctl.session import Session
    from packspec.licenses.use import Release
    from packspec.protocol.seats import Entitlements

UNPAID = "must be paid, and no license on this machine covers it"


class Entitled:
    """The licenses of this machine, as a constraint. `is_asked`: somebody wants to know what keeps a pack out."""

    def __init__(self, session: "Session", registries: Registries, *, is_asked: bool = False) -> None:
        self._session = session
        self._registries = registries
        self._is_asked = is_asked
        self._has_any = (session.places.licenses / "wallet.json").exists()
        self._desks: dict[Label, Desk] = {}
        self._accounts: dict[Label, Entitlements | None] = {}

    def __call__(self, pack: PackName, release: Candidate) -> str | None:
        """Why a paid release cannot be used."""
        if not release.paid:
            return None
        told = self._of_machine(pack, release)
        return self._of_account(pack, release) or told if told == UNPAID else told

    def _of_machine(self, pack: PackName, release: Candidate) -> str | None:
        if not self._has_any:
            return UNPAID if self._is_asked else None
        from packctl.licenses.reasons import reason

        desk = self._desk(pack)
        return reason(_release(pack, release), desk.holdings(), desk.now, told_all=self._is_asked)

    def _of_account(self, pack: PackName, release: Candidate) -> str | None:
        """What the licenses of whoever is logged in say, where none of this machine covers a pack. They are asked for once."""
        from packctl.licenses.account import entitlements, of_account

        alias = self._registries.alias_of(pack.publisher)
        if alias not in self._accounts:
            opened = self._registries.of(pack).opened
            self._accounts[alias] = None if opened.source is None else entitlements(self._session, opened.address)
        found = self._accounts[alias]
        told = None if found is None else of_account(found, _release(pack, release))
        return None if told is None else f"must be paid, and {told.said} ({told.command})"

    def has_early(self, pack: PackName, release: Candidate) -> bool:
        """Whether a license of this machine gives a release in its early access."""
        if not self._has_any:
            return False
        from packctl.licenses.reasons import gives_early

        desk = self._desk(pack)
        return gives_early(_release(pack, release), desk.holdings(), desk.now)

    def _desk(self, pack: PackName) -> "Desk":
        alias = self._registries.alias_of(pack.publisher)
        if alias not in self._desks:
            from packctl.licenses.desk import Counter, Desk
            from packctl.licenses.renewal import keep_up

            self._desks[alias] = Desk(self._session, Counter.of(self._registries.of(pack)))
            keep_up(self._desks[alias], asks_for_lists=False)
        return self._desks[alias]


def _release(pack: PackName, one: Candidate) -> "Release":
    from packspec.licenses.use import Release

    return Release.of(pack, one.version, one.at, one.facts)
