"""From a lock and what is installed to what must be done (docs/spec/install.md, I10). Pure: no disk, no network; `--dry-run` prints it."""

from collections.abc import Collection, Container, Iterable, Mapping
from enum import StrEnum

from msgspec import Struct

from packctl.project.state import Receipt
from packspec.digests import Digest
from packspec.lockfile import LockedPack
from packspec.names import PackName
from packspec.tree import GAP_BYTES, MOST_RANGES, Span, Tree, TreeEntry, ranges


class Move(StrEnum):
    """What happens to one pack."""

    ADD = "add"
    CHANGE = "change"
    """Another version, another part, or the same again (`--reinstall`)."""
    REMOVE = "remove"
    KEEP = "keep"


class Action(Struct, frozen=True):
    """One pack's line of the plan."""

    move: Move
    pack: PackName
    old: Receipt | None = None
    new: LockedPack | None = None

    @property
    def archive_bytes(self) -> int:
        """The archive's size where a release comes in: what is fetched at most."""
        return self.new.size if self.new is not None and self.move in (Move.ADD, Move.CHANGE) else 0


class Plan(Struct, frozen=True):
    """All that an install does, by name of the pack."""

    actions: tuple[Action, ...]

    def of(self, *moves: Move) -> tuple[Action, ...]:
        """The actions of these moves."""
        return tuple(action for action in self.actions if action.move in moves)

    @property
    def changes_nothing(self) -> bool:
        """Whether every pack stays as it is."""
        return all(action.move is Move.KEEP for action in self.actions)

    @property
    def archive_bytes(self) -> int:
        """Bytes to fetch at most, before trees say what the store has."""
        return sum(action.archive_bytes for action in self.actions)


def plan_install(
    locked: Iterable[LockedPack], present: Mapping[PackName, Receipt], again: Container[PackName] = ()
) -> Plan:
    """What makes `present` equal to `locked`: all packs that shall be installed. Packs of `again` are put there anew in any case."""
    wanted = {pack.name: pack for pack in locked}
    actions = []
    for name in sorted(wanted.keys() | present.keys()):
        old, new = present.get(name), wanted.get(name)
        if new is None:
            move = Move.REMOVE
        elif old is None:
            move = Move.ADD
        elif name in again or not is_same(old, new):
            move = Move.CHANGE
        else:
            move = Move.KEEP
        actions.append(Action(move, name, old, new))
    return Plan(tuple(actions))


def is_same(old: Receipt, new: LockedPack) -> bool:
    """Whether what is installed is what the lock names: the statement covers archive, tree and version; the part must be equal too."""
    features = None if new.features is None else tuple(new.features)
    return (old.statement, old.tree, old.registry, old.features, old.essential) == (
        new.statement,
        new.tree,
        new.registry,
        features,
        bool(new.essential),
    )


class Way(StrEnum):
    """How the files of one release are fetched."""

    NOTHING = "nothing"
    WHOLE = "whole"
    RANGES = "ranges"


class Need(Struct, frozen=True):
    """What one release lacks in the store, and the cheaper way to get it (I12)."""

    way: Way
    missing: tuple[TreeEntry, ...]
    spans: tuple[Span, ...]
    fetch_bytes: int
    disk_bytes: int
    """Unpacked bytes that are new to the store."""


def need_of(
    tree: Tree,
    archive_bytes: int,
    present: Container[Digest],
    left_out: Collection[str] = (),
    *,
    whole: bool = False,
) -> Need:
    """What must be fetched of a release whose store has `present`, the cheaper way: ranges, or all of its archive.

    Both are priced in bytes, with `GAP_BYTES` for a request. Ranges must be cheaper by a tenth, because a whole archive has a digest of its
    own. `whole`: ranges are of no use here.
    """
    wanted = tree.missing(present)
    if left_out:
        chosen = {file.sha256 for file in tree.files if file.path not in left_out}
        wanted = tuple(file for file in wanted if file.sha256 in chosen)
    disk = sum(file.size for file in wanted)
    if not wanted:
        return Need(Way.NOTHING, (), (), 0, 0)
    spans = ranges(wanted, most=MOST_RANGES)
    in_spans = sum(span.end - span.start for span in spans)
    if not whole and (in_spans + len(spans) * GAP_BYTES) * 10 < (archive_bytes + GAP_BYTES) * 9:
        return Need(Way.RANGES, wanted, spans, in_spans, disk)
    return Need(Way.WHOLE, wanted, (), archive_bytes, disk)
