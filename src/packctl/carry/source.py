"""A carry file in the place of a registry: a `Reads` for every check that an install makes. It opens no socket."""

from collections.abc import Iterable

from msgspec import Struct

from packctl.carry.faults import EarlierMissing
from packctl.trust.reading import Wish
from packspec.carry import CarryFile, CarryIncomplete
from packspec.errors import PackError
from packspec.moments import moment
from packspec.patterns import pattern

_OPTIONAL = pattern(r"tuf/[0-9]+\.root\.json|log/tile/.*\.p/[0-9]+")
"""What a registry need not have: a next root; a partial tile, of which the full one may be kept instead."""


class CarrySource(Struct, frozen=True):
    """Its files, below their ceilings. Nothing that it gives is trusted."""

    file: CarryFile

    def paths(self) -> list[str]:
        """What it holds."""
        return self.file.paths()

    def read(self, path: str, ceiling_bytes: int) -> bytes | None:
        """A file of it, at most one byte more than the ceiling. Raises EarlierMissing or CarryIncomplete for one that it must have."""
        data = self.file.read(path, ceiling_bytes)
        if data is None and not _OPTIONAL.fullmatch(path):
            raise lacking(self.file, path)
        return data

    def read_all(self, wanted: Iterable[Wish]) -> list[bytes | None]:
        """Several, in the order asked."""
        return [self.read(wish.path, wish.ceiling_bytes) for wish in wanted]


def lacking(file: CarryFile, *what: str) -> PackError:
    """The error for a carry file that does not hold what it must: an earlier one does, or none."""
    earlier = file.carry.earlier
    if earlier is None:
        return CarryIncomplete(file.name, what[0])
    return EarlierMissing(file.name, earlier.name, moment(earlier.as_of), earlier.id, what)
