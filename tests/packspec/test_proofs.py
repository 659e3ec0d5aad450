"""Merkle proofs against vectors and against RFC 6962 written down word by word."""

import hashlib
from functools import cache
from typing import Any

import pytest

from packspec.log.proofs import (
    EMPTY_ROOT,
    Node,
    consistency_proof,
    inclusion_nodes,
    inclusion_proof,
    leaf_hash,
    tree_hash,
    verify_consistency,
    verify_inclusion,
)
from tests.support.vectors import cases

SIZES = 70
ENTRIES = [b"entry %d" % number for number in range(SIZES)]


# RFC 6962, section 2.1, as it is written: recursive, over lists of entries.


def _largest_power_below(number: int) -> int:
    power = 1
    while power * 2 < number:
        power *= 2
    return power


@cache
def mth(start: int, end: int) -> bytes:
    if start == end:
        return hashlib.sha256(b"").digest()
    if end - start == 1:
        return hashlib.sha256(b"\x00" + ENTRIES[start]).digest()
    k = _largest_power_below(end - start)
    return hashlib.sha256(b"\x01" + mth(start, start + k) + mth(start + k, end)).digest()


def path(m: int, start: int, end: int) -> list[bytes]:
    if end - start == 1:
        return []
    k = _largest_power_below(end - start)
    if m < k:
        return [*path(m, start, start + k), mth(start + k, end)]
    return [*path(m - k, start + k, end), mth(start, start + k)]


def subproof(m: int, start: int, end: int, whole: bool) -> list[bytes]:
    if m == end - start:
        return [] if whole else [mth(start, end)]
    k = _largest_power_below(end - start)
    if m <= k:
        return [*subproof(m, start, start + k, whole), mth(start + k, end)]
    return [*subproof(m - k, start + k, end, False), mth(start, start + k)]


def read(nodes: Any) -> list[bytes]:
    return [mth(node.number << node.level, (node.number + 1) << node.level) for node in nodes]


@pytest.mark.parametrize("size", range(SIZES + 1))
def test_the_root_is_that_of_rfc_6962(size: int) -> None:
    assert tree_hash(size, read) == mth(0, size)


@pytest.mark.parametrize("size", range(1, SIZES + 1))
def test_every_entry_is_proven_as_rfc_6962_says(size: int) -> None:
    for index in range(size):
        proof = inclusion_proof(index, size, read)
        assert list(proof) == path(index, 0, size)
        assert verify_inclusion(leaf_hash(ENTRIES[index]), index, size, proof, mth(0, size))


@pytest.mark.parametrize("size", range(1, SIZES + 1))
def test_every_beginning_is_proven_as_rfc_6962_says(size: int) -> None:
    for size1 in range(1, size + 1):
        proof = consistency_proof(size1, size, read)
        assert list(proof) == subproof(size1, 0, size, True)
        assert verify_consistency(size1, mth(0, size1), size, mth(0, size), proof)


def test_the_empty_log_begins_every_log() -> None:
    assert consistency_proof(0, 9, read) == ()
    assert verify_consistency(0, EMPTY_ROOT, 9, mth(0, 9), ())
    assert not verify_consistency(0, mth(0, 1), 9, mth(0, 9), ())
    assert not verify_consistency(0, EMPTY_ROOT, 9, mth(0, 9), (EMPTY_ROOT,))
    assert not verify_consistency(0, EMPTY_ROOT, 0, mth(0, 1), ())


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 64, 70])
def test_a_proof_holds_for_one_place_and_one_size_only(size: int) -> None:
    root = mth(0, size)
    for index in range(size):
        proof = inclusion_proof(index, size, read)
        hashed = leaf_hash(ENTRIES[index])
        for other in range(size + 2):
            assert verify_inclusion(hashed, other, size, proof, root) == (other == index)
        for other_size in range(SIZES + 1):
            if other_size != size:
                assert not verify_inclusion(hashed, index, other_size, proof, mth(0, other_size))


@pytest.mark.parametrize("size", [2, 3, 7, 8, 13, 64, 70])
def test_a_consistency_proof_with_one_hash_changed_added_or_missing_is_refused(size: int) -> None:
    for size1 in range(1, size):
        good = consistency_proof(size1, size, read)
        roots = (mth(0, size1), mth(0, size))
        for at in range(len(good)):
            changed = (*good[:at], bytes(32), *good[at + 1 :])
            missing = (*good[:at], *good[at + 1 :])
            added = (*good[:at], bytes(32), *good[at:])
            for bad in (changed, missing, added):
                assert not verify_consistency(size1, roots[0], size, roots[1], bad)
        assert not verify_consistency(size1, bytes(32), size, roots[1], good)
        assert not verify_consistency(size1, roots[0], size, bytes(32), good)
        assert not verify_consistency(size, roots[1], size1, roots[0], good)


HASH = bytes(32)


@pytest.mark.parametrize(
    "given",
    [
        pytest.param((b"", 0, 1, (), b""), id="empty hashes"),
        pytest.param((bytes(31), 0, 1, (), bytes(31)), id="31 bytes"),
        pytest.param((bytes(33), 0, 1, (), bytes(33)), id="33 bytes"),
        pytest.param((bytearray(32), 0, 1, (), HASH), id="a bytearray"),
        pytest.param((None, 0, 1, (), HASH), id="no hash"),
        pytest.param(("0" * 32, 0, 1, (), "0" * 32), id="text for hashes"),
        pytest.param((HASH, -1, 1, (), HASH), id="a negative index"),
        pytest.param((HASH, 0, 0, (), HASH), id="an empty log"),
        pytest.param((HASH, 0, -1, (), HASH), id="a negative size"),
        pytest.param((HASH, 1, 1, (), HASH), id="an index behind the end"),
        pytest.param((HASH, 0.0, 1, (), HASH), id="a float for an index"),
        pytest.param((HASH, False, True, (), HASH), id="booleans for numbers"),
        pytest.param((HASH, "0", "1", (), HASH), id="text for numbers"),
        pytest.param((HASH, 0, 2**63, (), HASH), id="a size of 2^63"),
        pytest.param((HASH, 0, 10**400, (HASH,), HASH), id="a size of 400 digits"),
        pytest.param((HASH, 0, 1, None, HASH), id="no proof"),
        pytest.param((HASH, 0, 2, HASH, HASH), id="bytes for a proof"),
        pytest.param((HASH, 0, 2, [b""], HASH), id="an empty hash in the proof"),
        pytest.param((HASH, 0, 2, [None], HASH), id="None in the proof"),
        pytest.param((HASH, 0, 2, [HASH] * 100_000, HASH), id="a proof of 100,000 hashes"),
        pytest.param((HASH, 0, 1, [HASH], HASH), id="a proof where none belongs"),
    ],
)
def test_whatever_is_malformed_is_no_inclusion_and_no_error(given: Any) -> None:
    assert verify_inclusion(*given) is False


@pytest.mark.parametrize(
    "given",
    [
        pytest.param((1, b"", 1, b"", ()), id="empty roots"),
        pytest.param((1, bytes(31), 1, bytes(31), ()), id="31 bytes"),
        pytest.param((1, None, 1, None, ()), id="no roots"),
        pytest.param((-1, HASH, 1, HASH, ()), id="a negative size"),
        pytest.param((True, HASH, True, HASH, ()), id="booleans for sizes"),
        pytest.param((1.0, HASH, 1.0, HASH, ()), id="floats for sizes"),
        pytest.param((1, HASH, 2**63, HASH, ()), id="a size of 2^63"),
        pytest.param((0, HASH, 0, HASH, ()), id="an empty log with another root"),
        pytest.param((1, HASH, 1, HASH, (HASH,)), id="a proof where none belongs"),
        pytest.param((1, HASH, 2, HASH, ()), id="no hashes where one belongs"),
        pytest.param((1, HASH, 2, HASH, None), id="None for a proof"),
        pytest.param((1, HASH, 2, HASH, {0: HASH}), id="a mapping for a proof"),
        pytest.param((1, HASH, 2, HASH, ["x" * 32]), id="text in the proof"),
        pytest.param((2, HASH, 1, HASH, ()), id="sizes the wrong way round"),
        pytest.param((3, HASH, 2**62, HASH, [HASH] * 10_000), id="a proof of 10,000 hashes"),
    ],
)
def test_whatever_is_malformed_is_no_consistency_and_no_error(given: Any) -> None:
    assert verify_consistency(*given) is False


@pytest.mark.parametrize("case", cases("proofs", "inclusion"), ids=lambda case: case["name"])
def test_inclusion_vectors(case: dict[str, Any]) -> None:
    proof = [bytes.fromhex(one) for one in case["proof"]]
    hashed, root = bytes.fromhex(case["leaf_hash"]), bytes.fromhex(case["root"])
    assert verify_inclusion(hashed, case["index"], case["size"], proof, root) is case["valid"], case["reason"]


@pytest.mark.parametrize("case", cases("proofs", "consistency"), ids=lambda case: case["name"])
def test_consistency_vectors(case: dict[str, Any]) -> None:
    proof = [bytes.fromhex(one) for one in case["proof"]]
    roots = bytes.fromhex(case["root1"]), bytes.fromhex(case["root2"])
    assert verify_consistency(case["size1"], roots[0], case["size2"], roots[1], proof) is case["valid"], case["reason"]


def test_what_a_proof_reads_is_known_before_it_is_read() -> None:
    assert inclusion_nodes(4, 7) == (Node(0, 5), Node(0, 6), Node(2, 0))


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3), (0, 2**63), (True, 3)])
def test_no_proof_is_made_for_a_place_outside_the_log(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no entry"):
        inclusion_proof(index, size, read)


@pytest.mark.parametrize(("size1", "size2"), [(2, 1), (-1, 1), (1, 2**63)])
def test_no_consistency_proof_is_made_backwards(size1: int, size2: int) -> None:
    with pytest.raises(ValueError, match="no beginning"):
        consistency_proof(size1, size2, read)
