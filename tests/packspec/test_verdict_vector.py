"""The release of tests/vectors/verdict, from its bytes to its answers; and the chapters that show these bytes."""

from pathlib import Path
from typing import Any

import pytest

from packspec.index import PackIndex, PublisherDocument
from packspec.log.checkpoint import SignedNote, open_checkpoint
from packspec.log.entries import check_entries, encode_entries
from packspec.log.leaf import leaf_hash
from packspec.log.tiles import ENTRIES, Tile, edge_root
from packspec.names import PackName
from packspec.signing.dsse import Envelope
from packspec.trustfiles import LogTrust, Resets, Reviewers, TrustFiles, TrustPolicy
from packspec.verdict import Evidence, LoggedEntry, PublisherRootEvidence, check_release, prove_publisher
from packspec.versions import Version
from tests.support.vectors import cases

SPEC = Path(__file__).parents[2] / "docs" / "spec"
CASE = cases("verdict", "release")[0]


def proof_of(row: dict[str, Any]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(one) for one in row["proof"])


def evidence() -> Evidence:
    texts = CASE["trust"]
    trust = TrustFiles(
        log=LogTrust.parse(texts["log"].encode()),
        reviewers=Reviewers.parse(texts["reviewers"].encode()),
        policy=TrustPolicy.parse(texts["policy"].encode()),
        resets=Resets.parse(texts["resets"].encode()),
    )
    pack = PackName.parse(CASE["pack"])
    opened = open_checkpoint(SignedNote.parse(CASE["checkpoint"].encode()), trust.log, quorum=1)
    roots = [
        PublisherRootEvidence(
            Envelope.parse(row["envelope"].encode()), LoggedEntry(row["log"], row["leaf"].encode(), proof_of(row))
        )
        for row in CASE["roots"]
    ]
    return Evidence(
        pack=pack,
        version=Version.parse(CASE["version"]),
        packproof=CASE["packproof"].encode(),
        proof=proof_of(CASE),
        checkpoint=opened,
        publisher=prove_publisher(pack.publisher, roots, opened.checkpoint, trust.resets, trust.policy),
        trust=trust,
        listed=PackIndex.parse(CASE["index"].encode(), pack).find(Version.parse(CASE["version"])),
    )


def test_the_release_has_its_answers() -> None:
    verdict = check_release(evidence())
    assert {
        finding.question.value: str(finding) for finding in verdict.findings if finding.question.value != "current"
    } == CASE["answers"]
    assert verdict.faults == ()


def test_the_tile_and_the_entries_are_those_of_the_checkpoint() -> None:
    tile, data = Tile.parse(CASE["tile"]["path"]), bytes.fromhex(CASE["tile"]["hex"])
    entries = [entry.encode() for entry in CASE["entries"]]
    opened = evidence().checkpoint
    assert not isinstance(opened, Exception) and opened is not None
    assert edge_root(3, {tile: data}) == opened.checkpoint.root
    check_entries(Tile(ENTRIES, 0, 3), entries, data)


def test_the_publisher_document_names_the_root_that_was_proven() -> None:
    document = PublisherDocument.parse(CASE["publisher_document"].encode(), PackName(CASE["pack"]).publisher)
    assert [(row.log, row.leaf) for row in document.roots] == [(row["log"], row["leaf"]) for row in CASE["roots"]]


@pytest.mark.parametrize(
    ("chapter", "shown"),
    [
        *(("log", entry) for entry in CASE["entries"]),
        *(("proofs", leaf_hash(entry.encode()).hex()) for entry in CASE["entries"]),
        ("leaf", CASE["entries"][1]),
        ("tiles", f"{len(encode_entries([entry.encode() for entry in CASE['entries']]))} bytes"),
        ("checkpoint", CASE["checkpoint"].rstrip("\n")),
        ("index", CASE["index"]),
        ("publisher-document", CASE["publisher_document"]),
        ("recalls", CASE["recalls"]),
        *(("trust-files", text) for text in CASE["trust"].values()),
        ("packproof", f"has {len(CASE['packproof'].encode())} bytes"),
        ("verdict", leaf_hash(CASE["entries"][1].encode()).hex()),
    ],
)
def test_the_chapters_show_these_bytes(chapter: str, shown: str) -> None:
    assert shown in (SPEC / f"{chapter}.md").read_text("utf-8")
