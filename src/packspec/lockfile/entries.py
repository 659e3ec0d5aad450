"""What stands in a pack.lock: the checked texts, the two kinds of entries, and the file's one form."""

import base64
import binascii
from typing import Annotated, Self, TypeAlias

import msgspec
import tomli_w
from msgspec import Meta

from packspec import limits
from packspec.digests import Digest
from packspec.labels import Label
from packspec.names import PackName, ReleaseName
from packspec.patterns import pattern
from packspec.terms import Terms
from packspec.toml import Lines, Table
from packspec.versions import Version

FORMAT = 1
"""The number that `lock` holds."""
HEADER = "# pack.lock: made by packctl, do not edit, do commit\n"

_SIZE = pattern(r"0|[1-9][0-9]{0,14}")
_TOKEN = pattern(r"~[0-9a-f]{32}")


class LogLine(str):
    """A log's checkpoint in one line: origin, size, root hash in base64: `registry.example/log 48377 Kx2v...9tA=`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads the line. Raises ValueError."""
        origin, _blank, rest = text.partition(" ")
        size, _blank, root = rest.partition(" ")
        if not origin or not _SIZE.fullmatch(size) or len(_base64(root)) != 32:
            raise ValueError(f"not a checkpoint of a log: {text[:140]!r} (origin, size, root hash)")
        return cls(text)

    @property
    def origin(self) -> str:
        """The log's name."""
        return self.split(" ")[0]

    @property
    def size(self) -> int:
        """How many entries the log had."""
        return int(self.split(" ")[1])

    @property
    def root(self) -> bytes:
        """The root hash, 32 bytes."""
        return _base64(self.split(" ")[2])


class LogSignature(str):
    """The log's signature over that checkpoint, base64 as in the signed note: key hash and signature."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads padded standard base64 of 5 to 512 bytes. Raises ValueError."""
        if not 5 <= len(_base64(text)) <= 512:
            raise ValueError(f"not a signature of a log: {text[:140]!r}")
        return cls(text)


class Need(ReleaseName):
    """A release that another one needs; in the file with a blank for the at-sign: `birdsong/sounds-animals 3.0.1`."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads the form of the file. Raises ValueError."""
        pack, blank, version = text.partition(" ")
        if not blank:
            raise ValueError(f"not a release in a lock: {text[:140]!r} (publisher/name 1.2.3)")
        return cls(ReleaseName.parse(f"{pack}@{version}"))

    @property
    def written(self) -> str:
        """The form of the file."""
        return self.replace("@", " ")


class IndexToken(str):
    """The index of a private pack: `~` and 32 hex digits."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Reads a token. Raises ValueError."""
        if not _TOKEN.fullmatch(text):
            raise ValueError(f"not the token of a private pack: {text[:80]!r}")
        return cls(text)


_Number: TypeAlias = Annotated[int, Meta(ge=0, le=limits.INTEGER_MAX)]
_FromOne: TypeAlias = Annotated[int, Meta(ge=1, le=limits.INTEGER_MAX)]


class LockedRegistry(Table, frozen=True, kw_only=True):
    """`[[registry]]`: what was last known of a registry. Fields in the order of the file."""

    name: Label
    """The alias, never an address."""
    root_version: _FromOne
    root: Digest
    log: LogLine
    log_signature: LogSignature


class LockedPack(Table, frozen=True, kw_only=True):
    """`[[pack]]`: one release. Fields in the order of the file; what each proves is in docs/spec/lockfile.md."""

    name: PackName
    version: Version
    registry: Label
    archive: Digest
    size: _FromOne
    """Bytes of the archive."""
    tree: Digest
    statement: Digest
    publisher_root_version: _FromOne
    publisher_root: Digest
    publisher_anchor: Digest
    log_index: _Number
    index: IndexToken | None = None
    """Private packs only."""
    license: Terms
    paid: bool
    needs: tuple[Need, ...]
    features: tuple[Label, ...] | None = None
    """Part installs only: the features whose assets are installed."""
    essential: bool = False
    """Part installs only: essential assets alone."""
    grant: Digest | None = None
    """Digest of the organization's grant."""

    @property
    def release(self) -> ReleaseName:
        """The release."""
        return ReleaseName.of(self.name, self.version)


class LockFile(Table, frozen=True, kw_only=True):
    """The tables of the file."""

    lock: int
    inputs: Digest
    registries: tuple[LockedRegistry, ...] = msgspec.field(name="registry", default=())
    packs: tuple[LockedPack, ...] = msgspec.field(name="pack", default=())


class Lock(LockFile, frozen=True, kw_only=True):
    """A pack.lock. Made by `parse_lock`, or by a resolver from what it chose."""

    lock: int = FORMAT
    lines: Lines = Lines()

    def find(self, name: PackName) -> LockedPack | None:
        """The locked release of the pack."""
        return next((pack for pack in self.packs if pack.name == name), None)

    def registry(self, alias: str) -> LockedRegistry | None:
        """What is locked of the registry."""
        return next((registry for registry in self.registries if registry.name == alias), None)

    def line_of(self, name: PackName, key: str) -> int:
        """The line, from 1, of a key of a pack, such as `archive`; 0 for a lock that was not read from a file."""
        place = next((place for place, pack in enumerate(self.packs) if pack.name == name), None)
        return 0 if place is None else self.lines.of(("pack", place, key))

    def encode(self) -> bytes:
        """The bytes of the file: entries by name, keys in their order, LF."""
        document: dict[str, object] = {"lock": self.lock, "inputs": self.inputs.labelled}
        if self.registries:
            document["registry"] = [_plain(one) for one in sorted(self.registries, key=lambda one: one.name)]
        if self.packs:
            document["pack"] = [_plain(one) for one in sorted(self.packs, key=lambda one: one.name)]
        return (HEADER + tomli_w.dumps(document)).encode("utf-8")


def _plain(entry: LockedRegistry | LockedPack) -> dict[str, object]:
    """The keys of an entry in the order of the file, without those that have no value."""
    names = zip(entry.__struct_encode_fields__, entry.__struct_fields__, strict=True)
    plain = {key: _written(getattr(entry, field)) for key, field in names}
    return {key: value for key, value in plain.items() if value is not None and (key, value) != ("essential", False)}


def _written(value: object) -> object:
    match value:
        case Digest():
            return value.labelled
        case Need():
            return value.written
        case tuple():
            return sorted(str(_written(one)) for one in value)
        case bool() | int() | None:
            return value
        case _:
            return str(value)


def _base64(text: str) -> bytes:
    """Padded standard base64; nothing for what is not, which every caller refuses by its length."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return data if base64.b64encode(data).decode("ascii") == text else b""
