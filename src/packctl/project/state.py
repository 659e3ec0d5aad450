"""What is installed: a receipt per pack, and the evidence that `verify` needs without network (docs/spec/install-state.md).

`state.json` names everything; evidence (trees, proofs, the registry's trust files) lies beside it under its digest, so replacing the one
file replaces the state as a whole. Reading never changes anything; `packctl.install` writes.
"""

import errno
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Self

import msgspec
from msgspec import Struct, field

from packctl.durable import DiskFailed, Folder, LinkInTheWay, What
from packspec import SPECIFICATION, limits, wire
from packspec.digests import Digest
from packspec.errors import Damaged, PackError
from packspec.names import PackName
from packspec.tree import Tree
from packspec.versions import Version

if TYPE_CHECKING:
    from packspec.lockfile import LockedPack

OWN = ".packctl"
"""The folder of ours in the folder of packs. No pack can have it: a publisher's name has no dot."""
STATE = "state.json"
EVIDENCE = "evidence"
STATE_BYTES = 64 * limits.MIB
EVIDENCE_BYTES = limits.TREE_BYTES
"""Largest piece of evidence: a tree of as many files as a pack may have."""


class StateBroken(Damaged):
    """The install state cannot be read."""

    path: Path
    reason: str

    code = "install.state-broken"

    def what(self) -> str:
        return f"{self.path} is not the state of an install: {self.reason}"

    def why(self) -> str:
        return "packctl replaces it as a whole, so a disk fault, another program or a person changed it"

    def fix(self) -> list[str]:
        return ["packctl heal"]


class StateTooNew(Damaged):
    """The install state was written by a packctl whose format this one does not know."""

    path: Path
    found: int

    code = "install.state-too-new"

    def what(self) -> str:
        return f"{self.path} was written by a newer packctl"

    def facts(self) -> dict[str, str]:
        return {"expected": f"format {SPECIFICATION} or lower", "found": str(self.found)}

    def why(self) -> str:
        return "this packctl would lose what it does not know of"

    def fix(self) -> list[str]:
        return ["python -m pip install --upgrade packctl"]


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What was installed of one pack: the facts of its line in pack.lock that say which files lie there."""

    pack: PackName
    version: Version
    registry: str
    archive: Digest
    tree: Digest
    statement: Digest
    files: int
    """Files installed; fewer than the tree has in a part install."""
    bytes: int
    """Their size, unpacked."""
    features: tuple[str, ...] | None = None
    """None: all. Else the part of the pack that was wanted."""
    essential: bool = False

    @classmethod
    def of(cls, locked: "LockedPack", files: int, size: int) -> Self:
        """What is installed of a pack of the lock: so many files, of so many bytes."""
        return cls(
            pack=locked.name,
            version=locked.version,
            registry=locked.registry,
            archive=locked.archive,
            tree=locked.tree,
            statement=locked.statement,
            files=files,
            bytes=size,
            features=None if locked.features is None else tuple(map(str, locked.features)),
            essential=locked.essential,
        )


class _Document(msgspec.Struct, frozen=True, kw_only=True):
    v: int
    inputs: str
    fresh_until: int
    groups: list[str] = []
    recalls: dict[str, str] = {}
    receipts: list[Receipt]
    evidence: dict[str, Digest]


def tree_name(pack: PackName) -> str:
    """The name of the evidence that is a pack's tree."""
    return f"packs/{pack}/tree"


def packproof_name(pack: PackName) -> str:
    """The name of the evidence that is the packproof of an installed release."""
    return f"packs/{pack}/packproof"


def registry_prefix(alias: str) -> str:
    """What the names of a registry's evidence begin with."""
    return f"registries/{alias or 'unnamed'}/"


class InstallState(Struct, frozen=True):
    """A state as it was read, or as it shall become. `folder` is `packs/.packctl`, where its evidence lies."""

    folder: Path
    receipts: Mapping[PackName, Receipt]
    evidence: Mapping[str, Digest]
    """Name to digest. Names are paths of our choice: `packs/acme/icons/tree`, `registries/default/tuf/1.root.json`."""
    inputs: str = ""
    """What the last install was made from (digest of pack.toml, pack.lock and configuration), for `install` with nothing to do."""
    fresh_until: int = 0
    """Until when nothing needs to be asked: the end of the newest timestamp, seconds since the epoch, UTC."""
    groups: tuple[str, ...] = ()
    """Groups of dependencies that are installed here besides `[dependencies]`, ascending."""
    recalls: Mapping[str, str] = field(default_factory=dict)
    """Digest of the recalls that were known, by the folder in which this machine keeps a registry's memory."""

    @classmethod
    def load(cls, packs: Path) -> Self:
        """The state of the folder of packs `packs`; an empty one where nothing is installed.

        Raises StateBroken, StateTooNew, DiskFailed, LinkInTheWay.
        """
        folder = packs / OWN
        if packs.is_symlink():
            raise LinkInTheWay("open", packs, errno.ELOOP)
        if not (folder / STATE).exists():
            return cls(folder, {}, {})
        with Folder.open(packs) as opened, opened.folder(OWN) as own:
            return cls.read_from(own)

    @classmethod
    def read_from(cls, own: Folder) -> Self:
        """The same, from the open folder `packs/.packctl`."""
        if own.what(STATE) is None:
            return cls(own.path, {}, {})
        path = own.path / STATE
        try:
            found = wire.decode(own.read(STATE, STATE_BYTES), _Document)
        except msgspec.DecodeError as error:
            raise StateBroken(path, str(error)) from error
        if found.v > SPECIFICATION:
            raise StateTooNew(path, found.v)
        receipts = {receipt.pack: receipt for receipt in found.receipts}
        return cls(
            own.path, receipts, found.evidence, found.inputs, found.fresh_until, tuple(found.groups), found.recalls
        )

    def encode(self) -> bytes:
        """The bytes of state.json: equal states give equal bytes."""
        document = _Document(
            v=SPECIFICATION,
            inputs=self.inputs,
            fresh_until=self.fresh_until,
            groups=sorted(self.groups),
            recalls=dict(sorted(self.recalls.items())),
            receipts=sorted(self.receipts.values(), key=lambda receipt: receipt.pack),
            evidence=dict(sorted(self.evidence.items())),
        )
        return msgspec.json.format(wire.encode(document), indent=1) + b"\n"

    def read(self, name: str) -> bytes | None:
        """The evidence `name`; None if it is not there or not what it was, which is the same to whoever needs it."""
        digest = self.evidence.get(name)
        if digest is None:
            return None
        try:
            with Folder.open(self.folder) as own:
                return read_evidence(own, digest)
        except DiskFailed:
            return None

    def read_all(self, prefix: str) -> dict[str, bytes]:
        """All evidence whose name begins with `prefix`, by name, without what is not there."""
        found = {name: self.read(name) for name in self.evidence if name.startswith(prefix)}
        return {name: data for name, data in found.items() if data is not None}

    def tree(self, pack: PackName) -> Tree | None:
        """The tree of an installed pack, as its receipt names it; None if the evidence is gone or damaged."""
        receipt, data = self.receipts.get(pack), self.read(tree_name(pack))
        if receipt is None or data is None or not Digest.of(data).same(receipt.tree):
            return None
        return _tree_in(data)


def read_evidence(own: Folder, digest: str) -> bytes | None:
    """The evidence with this digest in `own`; None if it is not there or not what it was."""
    try:
        with own.folder(EVIDENCE) as kept:
            data = kept.read(digest, EVIDENCE_BYTES)
    except DiskFailed:
        return None
    return data if Digest.of(data).same(digest) else None


def kept_tree(own: Folder, digest: str) -> Tree | None:
    """The tree with this digest, whatever the state says; None if the evidence is gone or damaged."""
    data = read_evidence(own, digest)
    return None if data is None else _tree_in(data)


def _tree_in(data: bytes) -> Tree | None:
    try:
        return Tree.parse(data)
    except PackError:
        return None


def keep_evidence(own: Folder, documents: Iterable[bytes]) -> dict[Digest, int]:
    """Puts documents under their digests into `own`. Whole or not there; harmless if the install then fails. Digest to size."""
    kept = {}
    with own.folder(EVIDENCE, create=True) as folder:
        for data in documents:
            digest = Digest.of(data)
            kept[digest] = len(data)
            there = folder.stat(digest)
            # What a power cut left may have the name and not the bytes.
            if there is not None and there.st_size == len(data) and folder.read(digest, len(data)) == data:
                continue
            folder.remove(f"{digest}.new")
            folder.write(f"{digest}.new", data)
            folder.rename(f"{digest}.new", folder, digest)
    return kept


def drop_evidence(own: Folder, state: InstallState) -> None:
    """Removes evidence that `state` does not name."""
    if own.what(EVIDENCE) is not What.FOLDER:
        return
    wanted = set(state.evidence.values())
    with own.folder(EVIDENCE) as folder:
        for name, _ in folder.entries():
            if name not in wanted:
                folder.remove_tree(name)
    own.remove_folder(EVIDENCE)
