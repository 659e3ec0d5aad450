"""Merkle proofs of RFC 6962: that an entry is in the log, and that a later log extends an earlier one (docs/spec/proofs.md).

The two `verify_` functions take plain bytes and answer yes or no to anything at all; they never raise. The makers work on `Node`s, the
roots of whole subtrees, which somebody reads for them: `packspec.log.tiles` from tiles. Every maker asks once, for everything it needs.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypeGuard

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""Root of the tree without entries."""
SIZE_LIMIT = 2**63
"""Sizes are below this: tlog-tiles has 64 levels, and other readers keep sizes in signed 64 bits."""


class Node(NamedTuple):
    """The root of a whole subtree: entries [number * 2**level, (number + 1) * 2**level). Level 0 are the hashes of entries."""

    level: int
    number: int


ReadHashes = Callable[[Sequence[Node]], Sequence[bytes]]
"""Gives the hashes of nodes, in the order asked. May raise any PackError; what it gives is trusted here."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of a log entry: SHA-256 over 0x00 and the entry."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two subtrees: SHA-256 over 0x01 and both hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


# Verifying


def verify_inclusion(leaf_hash: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` shows that the entry with `leaf_hash` stands at `index` of the log with `size` entries and `root`.

    `proof` is the audit path of RFC 6962, from the entry's neighbor upwards. Whatever is malformed gives False.
    """
    if not (_is_hash(leaf_hash) and _is_hash(root) and _is_size(size) and _is_size(index) and _is_proof(proof)):
        return False
    if index >= size:
        return False
    # Below `inner` levels the path may turn either way; above, the entry lies on the right edge and every hash stands left of it.
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        return False
    running = leaf_hash
    for level, sibling in enumerate(proof[:inner]):
        running = node_hash(sibling, running) if index >> level & 1 else node_hash(running, sibling)
    for sibling in proof[inner:]:
        running = node_hash(sibling, running)
    return hmac.compare_digest(running, root)


def verify_consistency(size1: int, root1: bytes, size2: int, root2: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the log (size2, root2) begins with all entries of the log (size1, root1).

    Equal sizes need equal roots and an empty proof. The empty log, with its one root, is the beginning of every log, and needs an empty
    proof too. Whatever is malformed gives False.
    """
    if not (_is_hash(root1) and _is_hash(root2) and _is_size(size1) and _is_size(size2) and _is_proof(proof)):
        return False
    if size1 > size2 or (size2 == 0 and root2 != EMPTY_ROOT):
        return False
    if size1 == size2:
        return not proof and hmac.compare_digest(root1, root2)
    if size1 == 0:
        return not proof and root1 == EMPTY_ROOT
    return _extends(size1, root1, size2, root2, list(proof))


def _extends(size1: int, root1: bytes, size2: int, root2: bytes, proof: list[bytes]) -> bool:
    # The largest whole subtree at the end of the old log. Where it is the whole old log, the proof leaves its root out.
    shift = (size1 & -size1).bit_length() - 1
    if size1 == 1 << shift:
        proof = [root1, *proof]
    last, end = (size1 - 1) >> shift, (size2 - 1) >> shift
    inner = (last ^ end).bit_length()
    if len(proof) != 1 + inner + (last >> inner).bit_count():
        return False
    old = new = proof[0]
    for level, sibling in enumerate(proof[1 : inner + 1]):
        if last >> level & 1:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    for sibling in proof[inner + 1 :]:
        old, new = node_hash(sibling, old), node_hash(sibling, new)
    return hmac.compare_digest(old, root1) and hmac.compare_digest(new, root2)


def _is_hash(value: object) -> TypeGuard[bytes]:
    return type(value) is bytes and len(value) == HASH_BYTES


def _is_size(value: object) -> TypeGuard[int]:
    return type(value) is int and 0 <= value < SIZE_LIMIT


def _is_proof(value: object) -> bool:
    return type(value) in (list, tuple) and all(map(_is_hash, value))  # type: ignore[call-overload]  # the type was just compared


# Making


def tree_hash(size: int, read: ReadHashes) -> bytes:
    """The root of the log with `size` entries. Raises ValueError for a size out of range, and what `read` raises."""
    if not _is_size(size):
        raise ValueError(f"not a size of a log: {size!r}")
    return _root_of(read(subtrees(0, size))) if size else EMPTY_ROOT


def inclusion_proof(index: int, size: int, read: ReadHashes) -> tuple[bytes, ...]:
    """The proof that `verify_inclusion` takes. Raises ValueError unless 0 <= index < size, and what `read` raises."""
    if not (_is_size(size) and _is_size(index) and index < size):
        raise ValueError(f"no entry {index!r} in a log of {size!r} entries")
    return _read_groups(list(_inclusion_ranges(index, 0, size)), read)


def consistency_proof(size1: int, size2: int, read: ReadHashes) -> tuple[bytes, ...]:
    """The proof that `verify_consistency` takes. Raises ValueError unless 0 <= size1 <= size2, and what `read` raises."""
    if not (_is_size(size1) and _is_size(size2) and size1 <= size2):
        raise ValueError(f"a log of {size2!r} entries has no beginning of {size1!r}")
    if size1 in (0, size2):
        return ()
    return _read_groups(list(_consistency_ranges(size1, 0, size2)), read)


def inclusion_nodes(index: int, size: int) -> tuple[Node, ...]:
    """Every node that `inclusion_proof` reads, so that tiles can be fetched for many proofs at once."""
    return tuple(node for start, end in _inclusion_ranges(index, 0, size) for node in subtrees(start, end))


def subtrees(start: int, end: int) -> list[Node]:
    """Entries [start, end) as whole subtrees, from left to right. `start` is 0 or begins a subtree that `end` cuts short."""
    found = []
    while start < end:
        level = (end - start).bit_length() - 1
        found.append(Node(level, start >> level))
        start += 1 << level
    return found


def _read_groups(ranges: list[tuple[int, int]], read: ReadHashes) -> tuple[bytes, ...]:
    groups = [subtrees(start, end) for start, end in ranges]
    hashes = iter(read([node for group in groups for node in group]))
    return tuple(_root_of([next(hashes) for _ in group]) for group in groups)


def _root_of(hashes: Sequence[bytes]) -> bytes:
    running = hashes[-1]
    for left in reversed(hashes[:-1]):
        running = node_hash(left, running)
    return running


def _split(start: int, end: int) -> int:
    """Where RFC 6962 splits entries [start, end): after the largest power of two that is less than their number."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _inclusion_ranges(index: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    # PATH of RFC 6962, section 2.1.1: ranges whose roots are the proof, from the entry upwards.
    if end - start == 1:
        return
    middle = _split(start, end)
    if index < middle:
        yield from _inclusion_ranges(index, start, middle)
        yield (middle, end)
    else:
        yield from _inclusion_ranges(index, middle, end)
        yield (start, middle)


def _consistency_ranges(size1: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    # SUBPROOF of RFC 6962, section 2.1.2. The range that begins at 0 is the old log itself: its root is known.
    if size1 == end:
        if start:
            yield (start, end)
        return
    middle = _split(start, end)
    if size1 <= middle:
        yield from _consistency_ranges(size1, start, middle)
        yield (middle, end)
    else:
        yield from _consistency_ranges(size1, middle, end)
        yield (start, middle)
