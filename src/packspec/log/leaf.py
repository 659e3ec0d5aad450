"""Log entries: one short line of canonical JSON per public fact (docs/spec/leaf.md).

An entry says what was decided and names the documents by digest; it never holds them. Everything that the registry lists follows from the
entries and those documents (`packspec.index`). A private pack appears as `~` and its token, without version, publisher, archive or note.
Making an entry whose fields contradict one another raises ValueError, reading one `trust.malformed`.
"""

from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias, get_args

import msgspec
from msgspec import Meta

from packspec import SPECIFICATION, canonical, limits, wire
from packspec.canonical import ClientTooOld, Malformed
from packspec.digests import Digest
from packspec.log.proofs import leaf_hash as leaf_hash
from packspec.moments import Moment
from packspec.names import PackName, PublisherName
from packspec.patterns import pattern
from packspec.versions import Version
from packspec.wire import SignedDocument

_TOKEN = pattern(r"[0-9a-f]{32}")


class LoggedPack(str):
    """How a pack is named in entries, recalls and paths: `publisher/name`, or `~` and 32 hex digits for a private pack."""

    __slots__ = ()
    PATTERN: ClassVar[str] = f"{PackName.PATTERN}|^~[0-9a-f]{{32}}$"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads either form. Raises ValueError."""
        if text.startswith("~"):
            if not _TOKEN.fullmatch(text[1:]):
                raise ValueError(f"not the token of a private pack: {text[:80]!r} (~ and 32 lower-case hex digits)")
            return cls(text)
        return cls(PackName.parse(text))

    @property
    def is_private(self) -> bool:
        """Whether this is a token."""
        return self.startswith("~")

    @property
    def token(self) -> str:
        """The 32 hex digits of a private pack; empty for a public one."""
        return self[1:] if self.is_private else ""


LogIndex: TypeAlias = Annotated[int, Meta(ge=0, le=limits.INTEGER_MAX)]
"""The number of an entry, from 0; or a number of entries."""
Counted: TypeAlias = Annotated[int, Meta(ge=1, le=limits.INTEGER_MAX)]
"""A version number of a root."""
Note: TypeAlias = Annotated[str, Meta(min_length=1, max_length=limits.NOTE_CHARACTERS)]
"""A public sentence; it stays for ever."""
Reason: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{0,31}\Z")]
"""A word from a list of `packspec.reasons`. A reader shows a word that it does not know as it stands."""


def _check(holds: bool, otherwise: str) -> None:
    if not holds:
        raise ValueError(otherwise)


def _check_version(version: Version | None) -> None:
    _check(version is None or not version.build, f"{version} has build metadata")


class RootName(SignedDocument, frozen=True, kw_only=True):
    """One publisher root: its number in the chain, and the digest of its document."""

    version: Counted
    sha256: Digest


class _Entry(SignedDocument, frozen=True, kw_only=True, tag_field="type"):
    """What every entry has. `at` never decreases from entry to entry."""

    v: Literal[1]
    at: Moment

    @property
    def type_name(self) -> str:
        """The `type` of the entry."""
        return str(self.__struct_config__.tag)


class RootLeaf(_Entry, frozen=True, kw_only=True, tag="root"):
    """A publisher's root number `version` came into force here; `root` is its digest."""

    publisher: PublisherName
    version: Counted
    root: Digest


class PublishLeaf(_Entry, frozen=True, kw_only=True, tag="publish"):
    """A release was published: its statement, the approvals in the order of its packproof, and its archive, all by digest.

    `version`, `publisher` and `archive` are absent for a private pack and always there for others.
    """

    pack: LoggedPack
    statement: Digest
    approvals: Annotated[tuple[Digest, ...], Meta(min_length=1, max_length=limits.ENVELOPE_SIGNATURES)]
    version: Version | None = None
    publisher: PublisherName | None = None
    archive: Digest | None = None

    def __post_init__(self) -> None:
        told = (self.version, self.publisher, self.archive)
        if self.pack.is_private:
            _check(told == (None, None, None), "a private pack is published by token and digests alone")
        else:
            _check(None not in told, "`version`, `publisher` and `archive` belong to it")
            _check(self.publisher == PackName(self.pack).publisher, f"{self.pack} is not a pack of {self.publisher}")
        _check(len(set(self.approvals)) == len(self.approvals), "an approval is named twice")
        _check_version(self.version)


class _AboutRelease(_Entry, frozen=True, kw_only=True):
    """What entries about a published release have: the release, named by its statement. `version` is absent for a private pack."""

    pack: LoggedPack
    statement: Digest
    version: Version | None = None

    def __post_init__(self) -> None:
        _check(self.pack.is_private == (self.version is None), "`version` belongs to it, but never for a private pack")
        _check_version(self.version)


class DeprecateLeaf(_AboutRelease, frozen=True, kw_only=True, tag="deprecate"):
    """A release is no longer recommended; `use` names the pack to take instead. With reason `none`: it is recommended again."""

    reason: Reason
    note: Note | None = None
    use: PackName | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _check(not (self.pack.is_private and (self.note or self.use)), "of a private pack nothing else is told")
        _check(self.use is None or LoggedPack(self.use) != self.pack, "`use` names the pack itself")


class YankLeaf(_AboutRelease, frozen=True, kw_only=True, tag="yank"):
    """A release must not be chosen anew. Who has it in a lock keeps it."""

    reason: Reason
    note: Note | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _check(not (self.pack.is_private and self.note), "of a private pack nothing else is told")


class RecallLeaf(_AboutRelease, frozen=True, kw_only=True, tag="recall"):
    """A release is called back: `warn` tells its users, `stop` keeps it from being installed. `replacement` is a version of this pack."""

    reason: Reason
    action: Literal["warn", "stop"]
    note: Note | None = None
    replacement: Version | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        _check(not (self.pack.is_private and (self.note or self.replacement)), "of a private pack nothing else is told")
        _check(self.replacement is None or self.replacement != self.version, "`replacement` is the release itself")
        _check_version(self.replacement)


class RestoreLeaf(_AboutRelease, frozen=True, kw_only=True, tag="restore"):
    """A yank or recall is lifted by a signed document, named by the digest of its payload."""

    restores: Literal["yank", "recall"]
    document: Digest


class ResetLeaf(_Entry, frozen=True, kw_only=True, tag="reset"):
    """The registry's offline keys announce a root that the publisher's lost owner keys did not sign."""

    publisher: PublisherName
    old: RootName
    new: RootName

    def __post_init__(self) -> None:
        _check(self.new.version == self.old.version + 1, "a reset goes from one root to the next")


class TrustLeaf(_Entry, frozen=True, kw_only=True, tag="trust"):
    """A trust file of the registry has a new content. `file` is its target path, `trust/reviewers.json`."""

    file: Annotated[str, Meta(pattern=r"^trust/[a-z0-9-]{1,64}\.json\Z")]
    sha256: Digest


class TufRootLeaf(_Entry, frozen=True, kw_only=True, tag="tuf-root"):
    """The registry has a new TUF root."""

    version: Counted
    sha256: Digest


class AnchorLeaf(_Entry, frozen=True, kw_only=True, tag="anchor"):
    """The heads of the registry's audit streams, once a day: what happened inside it cannot be rewritten later."""

    sha256: Digest


Leaf: TypeAlias = (
    RootLeaf
    | PublishLeaf
    | DeprecateLeaf
    | YankLeaf
    | RecallLeaf
    | RestoreLeaf
    | ResetLeaf
    | TrustLeaf
    | TufRootLeaf
    | AnchorLeaf
)
"""Every entry that this version knows."""

_TYPES: dict[str, type[Any]] = {kind.__struct_config__.tag: kind for kind in get_args(Leaf)}


class UnknownLeaf(ClientTooOld):
    """An entry has a type that this version does not know. Whoever replays the log must stop here."""

    leaf_type: str = ""

    code = "policy.client-too-old"

    def facts(self) -> dict[str, str]:
        return {"known": ", ".join(_TYPES), "found": self.leaf_type[:80]}

    def why(self) -> str:
        return "what the log says after an entry that cannot be read is not known"


_NAME = "log entry"


def encode_leaf(leaf: Leaf) -> bytes:
    """The bytes of an entry. Reads them back first, so that nothing enters the log that no reader accepts. Raises as `parse_leaf`."""
    data = canonical.encode(leaf)
    parse_leaf(data)
    return data


def parse_leaf(data: bytes) -> Leaf:
    """Reads an entry. Raises Malformed, NotCanonical, UnknownLeaf for a type, and ClientTooOld for a format, of a later version."""
    if len(data) > limits.LEAF_BYTES:
        raise Malformed(_NAME, f"{len(data)} bytes, more than {limits.LEAF_BYTES}")
    plain = canonical.decode_plain(data, _NAME)
    version, leaf_type = plain.get("v"), plain.get("type")
    if type(version) is int and version > SPECIFICATION:
        raise ClientTooOld(_NAME, version)
    if not isinstance(leaf_type, str):
        raise Malformed(_NAME, "no `type`")
    if leaf_type not in _TYPES:
        raise UnknownLeaf(_NAME, SPECIFICATION, leaf_type)
    try:
        leaf: Leaf = wire.convert(plain, _TYPES[leaf_type])
    except msgspec.ValidationError as error:
        raise Malformed(_NAME, str(error)) from error
    return leaf
