"""Laws of the log: it only grows, every entry is proven at every size, and replaying it is the same as following it."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from packspec.digests import Digest
from packspec.errors import PackError
from packspec.index import LogContradiction, State, replay
from packspec.log.checkpoint import BadNote, Checkpoint, NoteKey, SignedNote
from packspec.log.leaf import (
    DeprecateLeaf,
    Leaf,
    LoggedPack,
    RecallLeaf,
    RestoreLeaf,
    YankLeaf,
    encode_leaf,
    parse_leaf,
)
from packspec.log.proofs import (
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from packspec.log.tiles import Tile, VerifiedTree, edge, edge_root, grow
from packspec.packproof import LogProof, Packproof
from packspec.signing.restore import Restore, make_restore
from packspec.versions import Version
from tests.support.ledger import Ledger
from tests.support.signing import PACK, START

ROOMY = settings(max_examples=40, deadline=None)


class Grown:
    """A log that grew in steps; its root after each of them."""

    def __init__(self, steps: Sequence[int]) -> None:
        self.tiles: dict[Tile, bytes] = {}
        self.size = 0
        self.roots = {0: edge_root(0, {})}
        for step in steps:
            hashes = [leaf_hash(b"%d" % number) for number in range(self.size, self.size + step)]
            self.tiles |= grow(self.size, hashes, {tile: self.tiles[tile] for tile in edge(self.size)})
            self.size += step
            self.roots[self.size] = edge_root(self.size, self.tiles)

    def read_tiles(self, tiles: Sequence[Tile]) -> list[bytes]:
        return [self.tiles[tile] for tile in tiles]

    @property
    def tree(self) -> VerifiedTree:
        return VerifiedTree(self.size, self.roots[self.size], self)


STEPS = st.lists(st.integers(1, 300), min_size=1, max_size=6)


@ROOMY
@given(STEPS)
def test_every_later_log_extends_every_earlier_one(steps: list[int]) -> None:
    log = Grown(steps)
    tree = log.tree
    for size, root in log.roots.items():
        proof = consistency_proof(size, log.size, tree.read_hashes)
        assert verify_consistency(size, root, log.size, log.roots[log.size], proof)


@ROOMY
@given(STEPS, st.data())
def test_every_entry_is_proven_and_no_other_hash_is(steps: list[int], data: st.DataObject) -> None:
    log = Grown(steps)
    index = data.draw(st.integers(0, log.size - 1))
    other = data.draw(st.integers(0, log.size - 1).filter(lambda number: number != index)) if log.size > 1 else index
    root = log.roots[log.size]
    proof = inclusion_proof(index, log.size, log.tree.read_hashes)
    assert verify_inclusion(leaf_hash(b"%d" % index), index, log.size, proof, root)
    assert not verify_inclusion(leaf_hash(b"x"), index, log.size, proof, root)
    if other != index:
        assert not verify_inclusion(leaf_hash(b"%d" % index), other, log.size, proof, root)


@ROOMY
@given(STEPS, STEPS)
def test_how_a_log_grew_does_not_matter(one: list[int], other: list[int]) -> None:
    size = min(sum(one), sum(other))
    first, second = Grown([size]), Grown([1] * (size % 7) + [size - size % 7] if size > 7 else [size])
    assert first.roots[size] == second.roots[size]
    assert first.tiles.items() <= second.tiles.items()


HASHES = st.binary(max_size=40)
NUMBERS = st.integers(-2, 2**65)


@ROOMY
@given(HASHES, NUMBERS, NUMBERS, st.lists(st.binary(max_size=33), max_size=70), HASHES)
def test_verifying_anything_answers_and_never_raises(
    hashed: bytes, index: int, size: int, proof: list[bytes], root: bytes
) -> None:
    assert verify_inclusion(hashed, index, size, proof, root) in (True, False)
    assert verify_consistency(index, hashed, size, root, proof) in (True, False)


MOVES = st.lists(
    st.tuples(
        st.sampled_from(["deprecate", "lift", "yank", "recall", "unyank", "unrecall", "publish"]), st.integers(0, 2)
    ),
    max_size=12,
)


def entry_of(ledger: Ledger, move: str, version: Version, at: int) -> Leaf:
    """The entry of a move; it may contradict the log."""
    statement = Packproof.parse(ledger.packproofs[version]).statement.digest
    told = {"v": 1, "at": at, "pack": LoggedPack(PACK), "version": version, "statement": statement}
    match move:
        case "deprecate":
            return DeprecateLeaf(**told, reason="superseded")  # type: ignore[arg-type]
        case "lift":
            return DeprecateLeaf(**told, reason="none")  # type: ignore[arg-type]
        case "yank":
            return YankLeaf(**told, reason="broken")  # type: ignore[arg-type]
        case "recall":
            return RecallLeaf(**told, reason="legal", action="warn")  # type: ignore[arg-type]
        case _:
            restores = "yank" if move == "unyank" else "recall"
            payload = make_restore(Restore(v=1, statement=statement, restores=restores, at=at))  # type: ignore[arg-type]
            ledger.payloads[Digest.of(payload)] = payload
            return RestoreLeaf(**told, restores=restores, document=Digest.of(payload))  # type: ignore[arg-type]


@settings(max_examples=25, deadline=None)
@given(MOVES)
def test_replaying_a_log_gives_what_following_it_gave(moves: list[tuple[str, int]]) -> None:
    ledger = Ledger()
    ledger.register()
    versions = [Version.parse(f"1.{minor}.0") for minor in range(3)]
    for version in versions:
        ledger.publish(str(version), at=START + 1)
    state, at = ledger.state(), START + 2
    published = 3
    for move, which in moves:
        at += 1
        if move == "publish":
            ledger.publish(f"1.{published}.0", at=at)
            versions.append(Version.parse(f"1.{published}.0"))
            published += 1
            state.apply(ledger.size - 1, ledger.entries[-1], ledger)
            continue
        entry = encode_leaf(entry_of(ledger, move, versions[which], at))
        before = state.targets()
        try:
            changed = state.apply(ledger.size, entry, ledger)
        except LogContradiction:
            assert state.targets() == before
            continue
        ledger.log_bytes(entry)
        after = state.targets()
        assert {name for name in after if after[name] != before[name]} <= changed
    assert replay(ledger.entries, ledger) == state.targets()
    again = State()
    for index, entry in enumerate(ledger.entries):
        again.apply(index, entry, ledger)
    assert again.targets() == state.targets()


@ROOMY
@given(st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_code_or_read(data: bytes) -> None:
    for read in (parse_leaf, Packproof.parse, SignedNote.parse):
        with suppress(PackError):
            read(data)


@ROOMY
@given(st.text(max_size=120))
def test_any_text_is_refused_with_a_code_or_read(text: str) -> None:
    for read in (Checkpoint.parse, Checkpoint.parse_line, NoteKey.parse, LogProof.parse, Tile.parse):
        with suppress(PackError):
            read(text)


@ROOMY
@given(st.integers(0, 62), st.integers(0, 2**62), st.integers(1, 256))
def test_a_path_of_a_tile_is_read_as_it_is_written(level: int, number: int, width: int) -> None:
    tile = Tile(level, number, width)
    assert Tile.parse(tile.path) == tile


@ROOMY
@given(st.integers(0, 2**63 - 1), st.text(min_size=1, max_size=20))
def test_a_checkpoint_is_read_as_it_is_written(size: int, origin: str) -> None:
    root = hashlib.sha256(b"" if size == 0 else b"x").digest()
    made = Checkpoint(origin, size, root)
    try:
        assert Checkpoint.parse(made.text) == made
        assert Checkpoint.parse_line(made.line) == made
    except BadNote:
        assert not origin.isprintable() or " " in origin or "+" in origin or any(one.isspace() for one in origin)
