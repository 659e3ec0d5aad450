"""What an install keeps of a registry so that `verify` needs no network and no cache: names, and reading it back (install-state.md).

Everything lies in the install state under its digest; nothing of it is trusted when it is read. Inclusion proofs are for the checkpoint in
the lock. `checkpoint` is the newest note that was seen when they were made, with its witnesses; where the lock's checkpoint is an earlier
one, `consistent` proves that the note extends it, so the witnesses vouch for it too.
"""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from packctl.project.state import InstallState, packproof_name, registry_prefix
from packctl.trust.metadata import version_of
from packctl.trust.proofs import Claim
from packspec import site, wire
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.index import PublisherDocument
from packspec.names import PublisherName
from packspec.packproof import ProofMalformed
from packspec.patterns import pattern
from packspec.signing.encoding import from_base64, to_base64

_ROOT = pattern(r"([1-9][0-9]{0,6})\.root\.json")


class RestoreEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """A restore: its document in its envelope, and its log entry. Both as text."""

    document: str
    entry: str


class LogEvidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Proofs in base64: `inclusion` by index, for `checkpoint`, the line in the lock; `consistent` from that one to the kept note.

    `later` are proofs for the kept note, of entries that came after the lock's checkpoint: a recall may be lifted then.
    """

    checkpoint: str = ""
    inclusion: dict[str, list[str]] = {}
    consistent: list[str] = []
    later: dict[str, list[str]] = {}
    restores: dict[str, RestoreEvidence] = {}
    """By the index of the entry."""


class RegistryEvidence(Struct, frozen=True):
    """The evidence of one registry, as it is read: a `MetadataFiles` and a `ProofSource`."""

    state: InstallState
    alias: str
    log: LogEvidence

    @classmethod
    def load(cls, state: InstallState, alias: str) -> "RegistryEvidence":
        """What is kept of a registry. Raises ProofMalformed."""
        data = state.read(f"{registry_prefix(alias)}log")
        try:
            log = wire.decode(data, LogEvidence) if data is not None else LogEvidence()
        except msgspec.DecodeError as error:
            raise ProofMalformed(f"the kept proofs cannot be read: {error}") from error
        return cls(state, alias, log)

    def _read(self, name: str) -> bytes | None:
        return self.state.read(registry_prefix(self.alias) + name)

    @property
    def is_there(self) -> bool:
        """Whether anything is kept of this registry."""
        return any(name.startswith(registry_prefix(self.alias)) for name in self.state.evidence)

    # MetadataFiles

    def roots(self) -> Mapping[int, bytes]:
        """Every kept root, by version."""
        prefix = f"{registry_prefix(self.alias)}tuf/"
        found = {}
        for name in self.state.evidence:
            match = _ROOT.fullmatch(name.removeprefix(prefix)) if name.startswith(prefix) else None
            data = self.state.read(name) if match else None
            if match and data is not None:
                found[int(match[1])] = data
        return dict(sorted(found.items()))

    def role(self, name: str, version: int) -> bytes | None:
        """The kept metadata of a role."""
        data = self._read(f"tuf/{name}.json")
        return data if data is None or version in (0, version_of(data)) else None

    def target(self, name: str) -> bytes | None:
        """A kept target; whether it is the one that metadata lists, the caller finds out."""
        return self._read(f"targets/{name}")

    # ProofSource

    def note(self) -> bytes | None:
        """The newest checkpoint that was seen when the proofs were made."""
        return self._read("checkpoint")

    def publisher_document(self, publisher: PublisherName) -> PublisherDocument | None:
        """The list of a publisher's roots. What it says is proven by the log."""
        data = self.target(site.publisher_target(publisher))
        return None if data is None else PublisherDocument.parse(data, publisher)

    def publisher_root(self, publisher: PublisherName, version: int) -> bytes | None:
        """A kept publisher root in its envelope."""
        return self._read(site.publisher_root(publisher, version))

    def packproof(self, claim: Claim) -> bytes | None:
        """The kept packproof of an installed release."""
        return self.state.read(packproof_name(claim.pack))

    def inclusion(self, index: int) -> tuple[bytes, ...] | None:
        """The kept proof of an entry."""
        return hashes_of(self.log.inclusion.get(str(index)))

    def later_inclusion(self, index: int) -> tuple[bytes, ...] | None:
        """The kept proof that an entry is in the log of the kept note."""
        return hashes_of(self.log.later.get(str(index)))

    def consistency(self) -> tuple[bytes, ...] | None:
        """The kept proof that the kept note extends the checkpoint in the lock."""
        return hashes_of(self.log.consistent)

    def restore_entry(self, index: int) -> bytes | None:
        """The kept log entry of a restore; the caller proves it."""
        found = self.log.restores.get(str(index))
        return None if found is None else found.entry.encode()

    def restore_document(self, digest: Digest) -> bytes | None:
        """The kept envelope of a restore; the caller compares its digest."""
        from packspec.signing.dsse import Envelope

        for one in self.log.restores.values():
            try:
                if Envelope.parse(one.document.encode()).digest.same(digest):
                    return one.document.encode()
            except PackError:
                continue
        return None


def hashes_of(texts: list[str] | None) -> tuple[bytes, ...] | None:
    """Hashes out of base64; None for texts that are none, which prove nothing."""
    if texts is None:
        return None
    try:
        return tuple(map(from_base64, texts))
    except ValueError:
        return None


def texts_of(hashes: tuple[bytes, ...]) -> list[str]:
    """Hashes in base64."""
    return list(map(to_base64, hashes))
