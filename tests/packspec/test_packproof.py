"""Packproofs: one file of their parts, and what is none."""

from typing import Any

import pytest

from packspec.errors import PackError
from packspec.log.leaf import leaf_hash
from packspec.log.proofs import verify_inclusion
from packspec.packproof import LogProof, Packproof, ProofMalformed
from packspec.versions import Version
from tests.support.ledger import Ledger
from tests.support.vectors import cases


@pytest.fixture(scope="module")
def data() -> bytes:
    ledger = Ledger()
    ledger.register()
    ledger.publish("1.2.0")
    ledger.publish("1.3.0")
    return ledger.packproofs[Version.parse("1.3.0")]


def test_a_packproof_is_read_and_written_alike(data: bytes) -> None:
    packproof = Packproof.parse(data)
    assert packproof.encode() == data
    assert packproof.leaf.startswith(b'{"approvals":["')
    assert (packproof.proof.index, packproof.proof.checkpoint.size) == (2, 3)


def test_its_log_proof_is_a_tlog_proof_that_holds(data: bytes) -> None:
    packproof = Packproof.parse(data)
    proof = packproof.proof
    hashed, checkpoint = leaf_hash(packproof.leaf), proof.checkpoint
    assert verify_inclusion(hashed, proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    lines = proof.encode().split("\n")
    assert lines[:2] == ["c2sp.org/tlog-proof@v1", "index 2"]
    assert lines[3:6] == ["", "registry.example/log", "3"]


def test_a_packproof_stays_small(data: bytes) -> None:
    assert len(data) < 3_500


@pytest.mark.parametrize("case", cases("packproof", "good"), ids=lambda case: case["name"])
def test_good_packproofs_are_read(case: dict[str, Any]) -> None:
    packproof = Packproof.parse(case["data"].encode())
    assert len(packproof.statement.signatures) == case["signatures"], case["reason"]
    assert [len(one.signatures) for one in packproof.approvals] == case["approvals"]
    assert packproof.encode() == case["data"].encode() or case["name"] in ("unknown field", "without signatures")


@pytest.mark.parametrize("case", cases("packproof", "bad"), ids=lambda case: case["name"])
def test_bad_packproofs_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(PackError) as caught:
        Packproof.parse(case["data"].encode())
    assert caught.value.code == case["code"], case["reason"]


@pytest.mark.parametrize("case", cases("packproof", "bad-proofs"), ids=lambda case: case["name"])
def test_bad_log_proofs_are_refused(case: dict[str, Any]) -> None:
    with pytest.raises(PackError) as caught:
        LogProof.parse(case["proof"])
    assert caught.value.code in ("trust.proof-malformed", "trust.note-malformed"), case["reason"]


def test_R1_more_than_256_kib_are_refused_before_they_are_read() -> None:
    with pytest.raises(ProofMalformed, match="more than 262144 bytes"):
        Packproof.parse(b" " * (256 * 1024 + 1))


def test_every_prefix_is_refused(data: bytes) -> None:
    for length in range(0, len(data), 7):
        with pytest.raises(ProofMalformed):
            Packproof.parse(data[:length])


def test_nothing_is_written_that_nobody_reads(data: bytes) -> None:
    packproof = Packproof.parse(data)
    with pytest.raises(ProofMalformed):
        Packproof(packproof.statement, (), packproof.leaf, packproof.proof).encode()
    with pytest.raises(ProofMalformed):
        Packproof(packproof.statement, packproof.approvals * 17, packproof.leaf, packproof.proof).encode()
