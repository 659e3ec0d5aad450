"""The daily anchor: what the trail said yesterday stands in the public log, so nobody rewrites it (docs/spec/trail.md).

An `anchor` entry holds the digest of the ends of all streams of the trail. Witnesses and clients hold on to the log, so whoever changes the
trail later, the registry included, would have to fork it.
"""

from collections.abc import Mapping

import msgspec

from packspec import canonical
from packspec.digests import Digest
from packspec.errors import Damaged
from packspec.limits import DAY_SECONDS
from packspec.log.entries import check_entries, decode_entries
from packspec.log.leaf import AnchorLeaf, parse_leaf
from packspec.log.proofs import Node
from packspec.log.tiles import ENTRIES, WIDTH, Tile, VerifiedTree
from registry_server.actor import SYSTEM
from registry_server.audit import actions as audit
from registry_server.audit.rules import Head
from registry_server.call import Call, call_of
from registry_server.log import actions as log
from registry_server.world import World

_ACTION, _ABOUT = "trail.anchor", "trail"


class TrailDiffers(Damaged):
    """The trail is not what an `anchor` entry of the log was made from."""

    entry: int
    reason: str

    code = "log.trail-differs"

    def what(self) -> str:
        return f"the trail is not what entry {self.entry} of the log was made from"

    def facts(self) -> dict[str, str]:
        return {"reason": self.reason}

    def why(self) -> str:
        return "somebody changed the database, past the registry, after that day"

    def fix(self) -> list[str]:
        return ["compare with a backup from before, and find out who could write to the database"]


class Anchored(msgspec.Struct, frozen=True):
    """A trail that holds: how many entries it has, and how many anchors bear it out; `at` is the time of the newest one, 0 for none."""

    entries: int
    anchors: int
    at: int


def anchor(world: World) -> int | None:
    """Puts the ends of the trail into the log, a day after the last time and only if anything happened; gives the entry's index.

    The static side follows when it next does.
    """
    with call_of(world, SYSTEM).reading() as looking:
        if not _is_due(looking):
            return None
    with call_of(world, SYSTEM).writing() as call:
        if not _is_due(call):
            return None  # another server was first
        place, ends = log.take_place(call), _digest({head.stream: head for head in audit.heads(call.db)})
        log.append(call, place, AnchorLeaf(v=1, at=place.at, sha256=ends))
        audit.record(call, _ACTION, _ABOUT, {"log": str(place.index), "sha256": str(ends)})
        return place.index


def check(call: Call) -> Anchored:
    """Follows the trail from its first entry, and holds it against every anchor in the log that everybody sees.

    Raises ChainBroken, TrailDiffers; BadTile, TileMissing where that log does not hold itself.
    """
    audit.verify_chain(call.db)
    wanted, size = _anchors(call)
    found: set[int] = set()
    ends: dict[str, Head] = {}
    for entry in audit.in_order(call.db):
        if entry.action == _ACTION:
            index = int(entry.facts["log"])
            if index < size and (index not in wanted or not wanted[index].sha256.same(_digest(ends))):
                raise TrailDiffers(index, "its digest is another")
            found.add(index)
        ends[entry.stream] = Head(entry.stream, entry.number, entry.digest)
    for index in wanted:
        if index not in found:
            raise TrailDiffers(index, "the trail does not know of it")
    newest = max((leaf.at for leaf in wanted.values()), default=0)
    return Anchored(sum(head.length for head in ends.values()), len(wanted), newest)


def _is_due(call: Call) -> bool:
    newest, last = audit.entries(call.db, limit=1), audit.entries(call.db, about=_ABOUT, limit=1)
    if not newest or newest == last:
        return False  # nothing happened since
    since = last[0].at if last else next(audit.in_order(call.db)).at
    return call.now - since >= DAY_SECONDS


def _digest(ends: Mapping[str, Head]) -> Digest:
    return Digest.of(canonical.encode([ends[stream] for stream in sorted(ends)]))


def _anchors(call: Call) -> tuple[dict[int, AnchorLeaf], int]:
    """The anchors in the log that everybody sees, by index, and how long that is. Not from the database, which is what is doubted.

    Raises BadTile, TileMissing.
    """
    signed = log.signed_checkpoint(call.world)
    if signed is None:
        return {}, 0
    size, reader = signed[1].size, log.PublicTiles(call.world)
    tree = VerifiedTree(size, signed[1].root, reader)
    found: dict[int, AnchorLeaf] = {}
    for number in range(-(-size // WIDTH)):
        place = Tile(ENTRIES, number).in_log(size)
        assert place is not None  # it begins below `size`
        entries = decode_entries(place, reader.read_tiles([place])[0])
        tree.read_hashes([Node(0, number * WIDTH)])
        check_entries(place, entries, tree.verified[Tile(0, number, place.width)])
        leaves = enumerate(map(parse_leaf, entries), number * WIDTH)
        found |= {index: leaf for index, leaf in leaves if isinstance(leaf, AnchorLeaf)}
    return found, size
