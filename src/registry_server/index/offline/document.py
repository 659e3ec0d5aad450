"""The ceremony document: what the offline keys are asked to sign, with what is in force now beside it (docs/spec/ceremony.md).

It is carried from machine to machine by people, so nothing in it is trusted for having arrived: a signature counts for the bytes of one
role, and what they mean is read from those bytes.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

import msgspec
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Targets
from tuf.api.serialization import DeserializationError

from packspec import site, wire
from packspec.digests import Digest
from packspec.errors import Conflict, Invalid
from packspec.signing.keys import Signer
from registry_server.index.metadata import add_signature, text_of

Role = Literal["root", "targets", "index"]
ROLES: tuple[Role, ...] = ("root", "targets", "index")
"""What the offline keys sign, in the order in which each vouches for the next."""
DOCUMENT_BYTES = 4 * 1024 * 1024


class BadCeremony(Invalid):
    """A file is no ceremony document, or its parts do not belong together."""

    path: str
    reason: str

    code = "ceremony.malformed"

    def what(self) -> str:
        return f"{self.path} is not a ceremony document: {self.reason}"

    def why(self) -> str:
        return "what the offline keys sign is carried in a file that registry-server keys made"

    def fix(self) -> list[str]:
        return ["registry-server keys ceremony --output FILE"]


class OtherCeremony(Conflict):
    """Documents that were to be put together are about different changes."""

    path: str
    expected: Digest
    found: Digest

    code = "ceremony.other"

    def what(self) -> str:
        return f"{self.path} is about another change"

    def facts(self) -> dict[str, str]:
        return {"expected": self.expected.labelled, "found": self.found.labelled}

    def why(self) -> str:
        return "signatures from several machines count together only if they are for the same bytes"

    def fix(self) -> list[str]:
        return ["give the copies of one document, signed on each machine"]


class CeremonyDocument(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The document. Metadata stands as text, byte for byte; `trust` holds new trust files, `roots` new publisher roots in envelopes."""

    v: Literal[1]
    registry: str
    before: dict[str, str]
    """What is in force: root, targets and index."""
    after: dict[str, str]
    """What is to follow, with the signatures so far. A role that stays as it is is absent."""
    trust: dict[str, str] = {}
    roots: list[str] = []

    @classmethod
    def parse(cls, data: bytes, path: str) -> Self:
        """Reads a document. Raises BadCeremony."""
        if len(data) > DOCUMENT_BYTES:
            raise BadCeremony(path, f"more than {DOCUMENT_BYTES} bytes")
        try:
            found = wire.decode(data, cls)
            for texts in (found.before, found.after):
                for role, text in texts.items():
                    _read(role, text)
        except (msgspec.DecodeError, DeserializationError, RepositoryError, ValueError) as error:
            raise BadCeremony(path, str(error)[:200] or type(error).__name__) from error
        if set(found.before) != set(ROLES) or not found.after or not set(found.trust) <= set(site.TRUST_TARGETS):
            raise BadCeremony(path, "a part is missing, or one too many")
        return found

    def encode(self) -> bytes:
        """The bytes of the file, which people may read."""
        return msgspec.json.format(msgspec.json.encode(self, order="sorted"), indent=1) + b"\n"

    @property
    def digest(self) -> Digest:
        """One digest for everything that is to be signed; signatures do not change it. People compare it over another channel."""
        lines = [f"{role} {Digest.of(self.changed(role).signed_bytes)}\n" for role in ROLES if role in self.after]
        lines += [f"{name} {Digest.of(text.encode())}\n" for name, text in sorted(self.trust.items())]
        lines += [f"publisher-root {Digest.of(text.encode())}\n" for text in self.roots]
        return Digest.of(f"packctl ceremony v1\n{self.registry}\n{''.join(lines)}".encode())

    def held(self, role: Role) -> Metadata[Any]:
        """The role as it is in force."""
        return _read(role, self.before[role])

    def changed(self, role: Role) -> Metadata[Any]:
        """The role as it is to be."""
        return _read(role, self.after[role])

    def coming(self, role: Role) -> Metadata[Any]:
        """The role as it will be afterwards, changed or not."""
        return self.changed(role) if role in self.after else self.held(role)

    @property
    def root(self) -> Root:
        """The root that will be in force."""
        return _root(self.coming("root"))

    @property
    def root_before(self) -> Root:
        """The root that is in force."""
        return _root(self.held("root"))

    def delegators(self, role: Role) -> Sequence[Root | Targets]:
        """Who says which keys sign a role that changes: a root needs those of the root before and its own."""
        if role == "root":
            return (self.root_before, self.root)
        return (self.root,) if role == "targets" else (_targets(self.coming("targets")),)

    def signed_by(self, keys: Sequence[Signer]) -> tuple[Self, list[Signer]]:
        """The document with the signatures of those `keys` that count for it, and which keys those are."""
        after, used = dict(self.after), []
        for role in (role for role in ROLES if role in self.after):
            found = self.changed(role)
            ids = {key_id for one in self.delegators(role) for key_id in key_ids(one, role)}
            for key in keys:
                key_id = str(key.public.key_id)
                if key_id in ids:
                    add_signature(found, key)
                    used += [key] if key not in used else []
            after[role] = text_of(found)
        return msgspec.structs.replace(self, after=after), used

    def joined(self, other: Self, path: str) -> Self:
        """The document with the signatures of another copy too. Raises OtherCeremony."""
        if not other.digest.same(self.digest):
            raise OtherCeremony(path, self.digest, other.digest)
        after = {}
        for role, text in self.after.items():
            found, more = _read(role, text), _read(role, other.after[role])
            found.signatures.update(more.signatures)
            after[role] = text_of(found)
        return msgspec.structs.replace(self, after=after)


def key_ids(delegator: Root | Targets, role: Role) -> list[str]:
    """The ids of the keys that `delegator` names for `role`."""
    return list(_named(delegator, role).keyids)


def threshold(delegator: Root | Targets, role: Role) -> int:
    """How many of them must sign."""
    return int(_named(delegator, role).threshold)


def _named(
    delegator: Root | Targets, role: Role
) -> Any:  # Any: Role and DelegatedRole of the library have no common name
    if isinstance(delegator, Root):
        return delegator.roles[role]
    # metadata.targets makes no other
    assert delegator.delegations is not None and delegator.delegations.roles is not None
    return delegator.delegations.roles[role]


def _read(role: str, text: str) -> Metadata[Any]:
    found: Metadata[Any] = Metadata.from_bytes(text.encode())
    if not isinstance(found.signed, Root if role == "root" else Targets):
        raise ValueError(f"{role} is a {found.signed.type}")
    return found


def _root(found: Metadata[Any]) -> Root:
    assert isinstance(found.signed, Root)  # _read has looked
    return found.signed


def _targets(found: Metadata[Any]) -> Targets:
    assert isinstance(found.signed, Targets)  # _read has looked
    return found.signed


def trust_of(document: CeremonyDocument) -> Mapping[str, bytes]:
    """The new trust files, as bytes."""
    return {name: text.encode() for name, text in document.trust.items()}
