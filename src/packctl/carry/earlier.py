"""The file that a new one continues: what it holds is left out, and its checkpoint must be a beginning of the log as it is now."""

from functools import cached_property

from msgspec import Struct

from packctl.carry.faults import OtherRegistry
from packctl.trust.registry import TrustedRegistry
from packctl.trust.roots import plain_address
from packspec import limits, site
from packspec.carry import CarryBroken, CarryFile, EarlierCarry
from packspec.digests import Digest
from packspec.errors import Untrusted
from packspec.log.checkpoint import LogForked, LogShrank, SignedNote, check_extends, open_checkpoint


class Earlier(Struct, frozen=True, dict=True):
    """A carry file that was named with --since, as far as its header and its checkpoint go; it may be closed again."""

    name: str
    registry: str
    named: EarlierCarry
    note: bytes
    archives: frozenset[Digest]

    @classmethod
    def of(cls, file: CarryFile) -> "Earlier":
        """What counts of it. Raises CarryBroken."""
        carry = file.carry
        note = file.read(site.CHECKPOINT, limits.CHECKPOINT_BYTES)
        if note is None:
            raise CarryBroken(file.name, "it has no checkpoint of the log")
        named = EarlierCarry(id=file.id, name=file.name[-240:], as_of=carry.as_of, log=carry.log)
        return cls(file.name, carry.registry, named, note, frozenset(row.archive for row in carry.releases))

    @cached_property
    def _note(self) -> SignedNote:
        return SignedNote.parse(self.note)

    def holds(self, archive: Digest) -> bool:
        """Whether it, or one that it continues, holds this archive."""
        return archive in self.archives

    def is_of(self, registry: TrustedRegistry) -> bool:
        """Whether it says to be of this registry."""
        return plain_address(self.registry) == registry.opened.address

    def check(self, registry: TrustedRegistry) -> int:
        """How many entries the log had there; it must have been the same log. Raises LogForked, LogShrank (both notes are kept then),
        LogSignature, CarryBroken.
        """
        try:
            before = open_checkpoint(self._note, registry.trust.log).checkpoint
        except Untrusted as error:
            raise CarryBroken(self.name, str(error)) from error
        try:
            check_extends(before, registry.checkpoint.checkpoint, registry.log.read_hashes)
        except (LogForked, LogShrank) as error:
            error.kept = str(registry.keep_fork(self._note, registry.checkpoint.note))
            raise
        return before.size


def earlier_of(earlier: list[Earlier], registry: TrustedRegistry) -> Earlier | None:
    """The one that is of this registry; None if there is none."""
    return next((one for one in earlier if one.is_of(registry)), None)


def check_used(earlier: list[Earlier], registries: list[TrustedRegistry]) -> None:
    """Raises OtherRegistry for an earlier file that none of the exported registries made."""
    for one in earlier:
        if not any(one.is_of(registry) for registry in registries):
            raise OtherRegistry(one.name, one.registry, ", ".join(registry.opened.address for registry in registries))
