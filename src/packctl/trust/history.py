"""The public log for people: opened where a command stands, each entry as a sentence, and whose business it is.

Everything here is of S, the checkpoint that `TrustedRegistry.refresh` has compared with all that this machine and pack.lock have seen.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from packctl.trust.registry import TrustedRegistry
from packspec.log.checkpoint import Checkpoint, check_extends
from packspec.log.leaf import (
    AnchorLeaf,
    DeprecateLeaf,
    Leaf,
    PublishLeaf,
    RecallLeaf,
    ResetLeaf,
    RestoreLeaf,
    RootLeaf,
    TrustLeaf,
    TufRootLeaf,
    YankLeaf,
    parse_leaf,
)
from packspec.names import PackName, PublisherName

if TYPE_CHECKING:
    from packctl.registry.choose import Chosen
    from packctl.session import Session


def open_here(session: "Session", publisher: PublisherName | None = None) -> "tuple[Chosen, TrustedRegistry]":
    """The registry of this command, up to date, and compared with the pack.lock of the project that one stands in, if there is one.

    Raises what choosing, `TrustedRegistry.open` and `refresh` raise.
    """
    from packctl.project.find import find_nearest
    from packctl.registry.choose import choose_registry, registry_called

    chosen = choose_registry(session, publisher)
    lock = find_nearest(session.folder).read_lock() if session.project_file else None
    here = [one for one in lock.registries if registry_called(session, str(one.name)) == chosen] if lock else []
    locked = here[0] if here else None
    registry = TrustedRegistry.open(session, chosen.alias, chosen.address, locked)
    registry.refresh()
    return chosen, registry


class Entry(Struct, frozen=True):
    """One entry of the log, read."""

    index: int
    leaf: Leaf

    @property
    def about(self) -> str:
        """What it is about: `acme/icons 1.0.0`, `acme`, `trust/reviewers.json`."""
        match self.leaf:
            case RootLeaf() | ResetLeaf():
                return str(self.leaf.publisher)
            case TrustLeaf():
                return self.leaf.file
            case TufRootLeaf():
                return f"root {self.leaf.version}"
            case AnchorLeaf():
                return "audit trail"
            case _:
                return f"{self.leaf.pack} {self.leaf.version}" if self.leaf.version is not None else str(self.leaf.pack)

    @property
    def says(self) -> str:
        """What else it says, in a few words."""
        match self.leaf:
            case RootLeaf():
                return f"root {self.leaf.version}"
            case ResetLeaf():
                return f"root {self.leaf.new.version}, without its owners' signatures"
            case RecallLeaf():
                instead = f"; use {self.leaf.replacement}" if self.leaf.replacement else ""
                return f"{self.leaf.action}, {_why(self.leaf)}{instead}"
            case DeprecateLeaf():
                return _why(self.leaf) + (f"; use {self.leaf.use}" if self.leaf.use else "")
            case YankLeaf():
                return _why(self.leaf)
            case RestoreLeaf():
                return f"the {self.leaf.restores} is lifted"
            case _:
                return ""

    def concerns(self, publisher: PublisherName) -> bool:
        """Whether it stands under the name of `publisher`. Private packs are told by tokens, so nobody can say of those."""
        match self.leaf:
            case RootLeaf() | ResetLeaf():
                return self.leaf.publisher == publisher
            case TrustLeaf() | TufRootLeaf() | AnchorLeaf():
                return False
            case _:
                return not self.leaf.pack.is_private and PackName(self.leaf.pack).publisher == publisher

    @property
    def digest(self) -> str:
        """The statement, root or file that it names, as `sha256:...`; empty for one that names none."""
        match self.leaf:
            case PublishLeaf() | DeprecateLeaf() | YankLeaf() | RecallLeaf():
                return self.leaf.statement.labelled
            case RestoreLeaf():
                return self.leaf.document.labelled
            case RootLeaf():
                return self.leaf.root.labelled
            case ResetLeaf():
                return self.leaf.new.sha256.labelled
            case TrustLeaf() | TufRootLeaf() | AnchorLeaf():
                return self.leaf.sha256.labelled


def entries(registry: TrustedRegistry, start: int = 0) -> Iterator[Entry]:
    """The entries of S from `start` on, each compared with the tree. Raises UnknownLeaf for a later type, BadTile, what fetching raises."""
    for index, data in enumerate(registry.log.entries(start), start):
        yield Entry(index, parse_leaf(data))


def check_seen(registry: TrustedRegistry) -> int:
    """How many earlier checkpoints this machine knows of; each was compared with S once more. Raises LogForked, LogShrank, BadTile."""
    seen = registry.seen()
    for size, root in seen.proven.items():
        check_extends(
            Checkpoint(registry.checkpoint.checkpoint.origin, size, root),
            registry.checkpoint.checkpoint,
            registry.log.read_hashes,
        )
    return len(seen.proven) + 1


def _why(leaf: YankLeaf | RecallLeaf | DeprecateLeaf) -> str:
    return f"{leaf.reason}: {leaf.note}" if leaf.note else str(leaf.reason)
