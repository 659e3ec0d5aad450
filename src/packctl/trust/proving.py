"""Proves releases of a registry (I8): rows of its indexes, proofs that are fetched together, a verdict for each (docs/spec/verdict.md)."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from packctl.trust.documents import FetchedProofs, packproof_path
from packctl.trust.proofs import Claim, Given, Proven, Prover
from packctl.trust.recalls import Restorer
from packspec.digests import Digest
from packspec.errors import PackError, Unavailable
from packspec.index import IndexedRelease, PackIndex
from packspec.index.missing import NoSuchPack
from packspec.log.leaf import LoggedPack
from packspec.names import PackName
from packspec.verdict import Current, ReleaseRecalled, ReleaseUnlisted
from packspec.verdict.evidence import Known


class Says(Protocol):
    """What a registry says of packs and releases in one state. `TrustedRegistry` is one."""

    def index(self, pack: PackName, token: LoggedPack | None = None) -> PackIndex:
        """The index of a pack. Raises NoSuchPack, WrongPack, and what reading raises."""
        ...

    def current(self, statement: Digest, pack: PackName) -> Current:
        """What it says of a release now."""
        ...

    @property
    def unknown(self) -> Current:
        """What it says of a release that nobody can name by its statement."""
        ...


class Proving(Struct, frozen=True):
    """One registry in one state, and where proofs come from. `given` holds publisher roots that the user accepted, too."""

    _says: Says
    _proofs: FetchedProofs
    _given: Given
    _restorer: Restorer

    def prove(self, claims: Sequence[Claim]) -> list[Proven]:
        """R1 to R9 for every claim, in their order. Publishers are proven once, files are fetched together.

        What is wrong with a release is in its verdict; raised is only what keeps all of them from being looked at: BadTile, Unreachable and
        its kin, and ReleaseRecalled where their proofs cannot be had.
        """
        rows = [(claim, self._listed(claim)) for claim in claims]
        try:
            self._proofs.prepare([(claim, _statement(row), _index(claim, row)) for claim, row in rows])
        except Unavailable:
            self._check_recalled(rows)
            raise
        prover = Prover(self._proofs, self._given)
        found = [prover.prove(claim, row, self._current(claim, row)) for claim, row in rows]
        again = [
            number
            for number, one in enumerate(found)
            if _may_be_damage(one) and self._proofs.came_from_here(self._paths(one))
        ]
        if again:  # a file that was kept is damaged, perhaps (C12); what the registry gives now counts
            self._proofs.forget([path for number in again for path in self._paths(found[number])])
            prover = Prover(self._proofs, self._given)
            for number in again:
                claim, row = rows[number]
                found[number] = prover.prove(claim, row, self._current(claim, row))
        self._proofs.keep([path for one in found if not _may_be_damage(one) for path in self._paths(one)])
        return found

    def _check_recalled(self, rows: Iterable[tuple[Claim, Known[IndexedRelease]]]) -> None:
        """I7 where proofs cannot be had: what is recalled needs none to be refused. Raises ReleaseRecalled."""
        for claim, row in rows:
            for recall in self._current(claim, row).recalls:
                if recall.action == "stop":
                    name = f"{claim.pack} {claim.version}"
                    raise ReleaseRecalled(name, recall.reason, str(recall.replacement or ""), recall.day)

    def _listed(self, claim: Claim) -> Known[IndexedRelease]:
        try:
            row = self._says.index(claim.pack, claim.token).find(claim.version.without_build())
        except NoSuchPack:
            row = None
        except PackError as error:
            return error
        return row or ReleaseUnlisted(f"{claim.pack} {claim.version}")

    def _current(self, claim: Claim, row: Known[IndexedRelease]) -> Current:
        statement = _statement(row) or (claim.lock.statement if claim.lock else None)
        if statement is None:
            return self._says.unknown
        current = self._says.current(statement, claim.pack)
        if isinstance(row, IndexedRelease):
            try:
                self._restorer.check_yank(row, claim.pack, claim.logged_pack)  # I7
            except PackError as error:
                return Current(current.as_of, current.recalls, error)
        return current

    def _paths(self, one: Proven) -> list[str]:
        roots = self._proofs.root_paths(one.claim.pack.publisher)
        return [packproof_path(one.claim, _statement(one.listed)), *roots.values()]


def _may_be_damage(one: Proven) -> bool:
    """Whether a file with other bytes could be at fault; a recall is no fault of a file, and its proofs are wanted offline, too."""
    return any(not isinstance(fault, ReleaseRecalled) for fault in one.verdict.faults)


def _statement(row: Known[IndexedRelease]) -> Digest | None:
    return row.statement if isinstance(row, IndexedRelease) else None


def _index(claim: Claim, row: Known[IndexedRelease]) -> int | None:
    if isinstance(row, IndexedRelease):
        return row.log
    return claim.lock.log_index if claim.lock else None
