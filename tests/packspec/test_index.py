"""What the log makes: pack indexes, publisher documents, recalls; and logs that contradict themselves."""

from typing import Any

import pytest
from msgspec.structs import replace

from packspec.digests import Digest
from packspec.errors import PackError
from packspec.index import (
    DocumentMissing,
    LogContradiction,
    PackIndex,
    PublisherDocument,
    Recalls,
    RecallVanished,
    State,
    WrongPack,
    check_recalls_kept,
    replay,
)
from packspec.log.leaf import (
    AnchorLeaf,
    DeprecateLeaf,
    Leaf,
    LoggedPack,
    PublishLeaf,
    RecallLeaf,
    ResetLeaf,
    RestoreLeaf,
    RootLeaf,
    RootName,
    TrustLeaf,
    TufRootLeaf,
    YankLeaf,
    encode_leaf,
)
from packspec.names import PackName, PublisherName
from packspec.signing.restore import Restore, make_restore
from packspec.versions import Version
from tests.support.ledger import DAY, Ledger, replace_anchor
from tests.support.signing import ACME, PACK, START, a_statement
from tests.support.vectors import cases

TARGET = "index/acme/farm-animals.json"
RECALLS = "index/_/recalls.json"
LATER = START + 20 * DAY
TOKEN = LoggedPack("~" + "0123456789abcdef" * 2)
SOME = Digest("a" * 64)


@pytest.fixture
def ledger() -> Ledger:
    """acme has published 1.2.0 (entry 1) and 1.10.0 (entry 2)."""
    made = Ledger()
    made.register()
    made.publish("1.2.0")
    made.publish("1.10.0")
    return made


def about(ledger: Ledger, version: str = "1.2.0") -> dict[str, Any]:
    row = ledger.pack_index().find(Version.parse(version))
    assert row is not None
    return {"v": 1, "at": LATER, "pack": LoggedPack(PACK), "version": row.version, "statement": row.statement}


def state_of(ledger: Ledger, version: str = "1.2.0") -> tuple[str, str | None, str | None]:
    row = ledger.pack_index().find(Version.parse(version))
    assert row is not None
    return row.state, row.reason, row.note


def restore(ledger: Ledger, statement: Digest, restores: str = "yank") -> Digest:
    payload = make_restore(Restore(v=1, statement=statement, restores=restores, at=LATER))  # type: ignore[arg-type]
    ledger.payloads[Digest.of(payload)] = payload
    return Digest.of(payload)


def test_releases_stand_highest_version_first(ledger: Ledger) -> None:
    index = ledger.pack_index()
    assert [str(row.version) for row in index.releases] == ["1.10.0", "1.2.0"]
    row = index.releases[1]
    assert (row.state, row.log, row.at, row.license, row.paid, row.safety, row.unpacked) == (
        "published", 1, START + 5 * DAY, "CC-BY-4.0", False, "certified", 20_480,
    )  # fmt: skip
    assert row.archive.size == 7
    assert index.find(Version.parse("9.9.9")) is None


def test_the_targets_of_a_small_log_are_these_bytes() -> None:
    case = cases("index", "replay")[0]
    documents = {Digest.of(text.encode()): text.encode() for text in case["documents"]}
    ledger = Ledger(payloads=documents)
    made = replay([entry.encode() for entry in case["entries"]], ledger)
    assert {name: data.decode() for name, data in made.items()} == case["targets"]


def test_the_strongest_state_holds_and_what_lay_beneath_comes_back(ledger: Ledger) -> None:
    told = about(ledger)
    ledger.log(DeprecateLeaf(**told, reason="superseded", note="Take the herd.", use=PackName("acme/herd")))
    assert state_of(ledger) == ("deprecated", "superseded", "Take the herd.")
    assert ledger.pack_index().releases[1].use == "acme/herd"
    ledger.log(YankLeaf(**told, reason="broken"))
    assert state_of(ledger) == ("yanked", "broken", None)
    assert ledger.pack_index().releases[1].use is None
    ledger.log(RecallLeaf(**told, reason="security", action="stop", note="Remove it."))
    assert state_of(ledger) == ("recalled", "security", "Remove it.")
    ledger.log(RestoreLeaf(**told, restores="recall", document=restore(ledger, told["statement"], "recall")))
    assert state_of(ledger) == ("yanked", "broken", None)
    ledger.log(RestoreLeaf(**told, restores="yank", document=restore(ledger, told["statement"])))
    assert state_of(ledger) == ("deprecated", "superseded", "Take the herd.")
    ledger.log(DeprecateLeaf(**told, reason="none"))
    assert state_of(ledger) == ("published", None, None)


def test_a_lifted_yank_names_its_document_until_the_next_yank(ledger: Ledger) -> None:
    told = about(ledger)
    ledger.log(YankLeaf(**told, reason="broken"))
    document = restore(ledger, told["statement"])
    entry = ledger.log(RestoreLeaf(**told, restores="yank", document=document))
    row = ledger.pack_index().releases[1]
    assert (row.state, row.restored, row.restored_log) == ("published", document, entry)
    ledger.log(YankLeaf(**told, reason="legal"))
    row = ledger.pack_index().releases[1]
    assert (row.state, row.reason, row.restored, row.restored_log) == ("yanked", "legal", None, None)


def test_recalls_stay_and_say_what_lifted_them(ledger: Ledger) -> None:
    told = about(ledger)
    ledger.log(RecallLeaf(**told, reason="rights", action="warn"))
    ledger.log(RecallLeaf(**told, reason="legal", action="stop", replacement=Version.parse("1.10.0")))
    before = Recalls.parse(ledger.state().target(RECALLS))
    assert [(row.log, row.action, str(row.replacement)) for row in before.recalls] == [
        (3, "warn", "None"),
        (4, "stop", "1.10.0"),
    ]
    assert before.of(told["statement"]) == before.recalls
    document = restore(ledger, told["statement"], "recall")
    ledger.log(RestoreLeaf(**told, restores="recall", document=document))
    after = Recalls.parse(ledger.state().target(RECALLS))
    assert [(row.restored, row.restored_log) for row in after.recalls] == [(document, 5), (document, 5)]
    assert state_of(ledger)[0] == "published"


@pytest.mark.parametrize("restores", ["yank", "recall"])
def test_a_restore_made_before_a_later_yank_or_recall_contradicts_the_log(ledger: Ledger, restores: str) -> None:
    told = about(ledger)
    earlier, later = told, {**told, "at": LATER + 1}
    for one in (earlier, later):
        if restores == "yank":
            ledger.log(YankLeaf(**one, reason="broken"))
        else:
            ledger.log(RecallLeaf(**one, reason="broken", action="stop"))
    document = restore(ledger, told["statement"], restores)
    ledger.log(RestoreLeaf(**later, restores=restores, document=document))  # type: ignore[arg-type]
    with pytest.raises(LogContradiction, match="made before the"):
        ledger.state()


def test_publisher_documents_name_every_root_with_its_entry(ledger: Ledger) -> None:
    ledger.log(RootLeaf(v=1, at=LATER, publisher=ACME, version=2, root=SOME))
    document = PublisherDocument.parse(ledger.state().target("index/acme.json"), ACME)
    assert [(row.version, row.log, row.sha256) for row in document.roots] == [
        (1, 0, ledger.roots[0][1].digest),
        (2, 3, SOME),
    ]
    assert document.roots[1].leaf.encode() == ledger.entries[3]
    assert document.roots[1].reset is None


def test_an_announced_reset_stands_beside_its_root(ledger: Ledger) -> None:
    old, new = RootName(version=1, sha256=ledger.roots[0][1].digest), RootName(version=2, sha256=SOME)
    entry = ledger.log(ResetLeaf(v=1, at=LATER, publisher=ACME, old=old, new=new))
    ledger.log(RootLeaf(v=1, at=LATER + 7 * DAY, publisher=ACME, version=2, root=SOME))
    row = PublisherDocument.parse(ledger.state().target("index/acme.json"), ACME).roots[1]
    assert row.reset is not None
    assert (row.reset.log, row.reset.leaf.encode()) == (entry, ledger.entries[entry])


def test_a_reset_for_another_root_is_not_shown_beside_it(ledger: Ledger) -> None:
    old = RootName(version=1, sha256=ledger.roots[0][1].digest)
    ledger.log(ResetLeaf(v=1, at=LATER, publisher=ACME, old=old, new=RootName(version=2, sha256=Digest("b" * 64))))
    ledger.log(RootLeaf(v=1, at=LATER, publisher=ACME, version=2, root=SOME))
    assert PublisherDocument.parse(ledger.state().target("index/acme.json"), ACME).roots[1].reset is None


def test_trust_files_and_tuf_roots_are_remembered_and_anchors_change_nothing(ledger: Ledger) -> None:
    state = ledger.state()
    told: list[Leaf] = [
        TrustLeaf(v=1, at=LATER, file="trust/policy.json", sha256=SOME),
        TufRootLeaf(v=1, at=LATER, version=4, sha256=SOME),
        AnchorLeaf(v=1, at=LATER, sha256=SOME),
    ]
    for index, leaf in enumerate(told, start=3):
        assert state.apply(index, encode_leaf(leaf), ledger) == frozenset()
    assert state.trust_files == {"trust/policy.json": SOME}
    assert state.tuf_root == (4, SOME)
    assert state.next_index == 6


def test_apply_names_the_targets_that_changed(ledger: Ledger) -> None:
    state, told = State(), about(ledger)
    assert state.apply(0, ledger.entries[0], ledger) == {"index/acme.json"}
    assert state.apply(1, ledger.entries[1], ledger) == {TARGET}
    assert state.apply(5, encode_leaf(YankLeaf(**told, reason="broken")), ledger) == {TARGET}
    assert state.apply(6, encode_leaf(RecallLeaf(**told, reason="broken", action="warn")), ledger) == {TARGET, RECALLS}


def test_the_entries_of_one_pack_alone_make_its_index(ledger: Ledger) -> None:
    ledger.log(AnchorLeaf(v=1, at=LATER, sha256=SOME))
    ledger.log(YankLeaf(**about(ledger), reason="broken"))
    state = State()
    for index in (1, 2, 4):
        state.apply(index, ledger.entries[index], ledger)
    assert state.target(TARGET) == ledger.state().target(TARGET)
    with pytest.raises(KeyError):
        state.target("index/birdsong/owls.json")


def test_a_log_without_packs_still_lists_its_recalls() -> None:
    assert replay([], Ledger()) == {RECALLS: b'{"recalls":[],"v":1}'}


# Private packs


def private(version: str = "1.2.0", salt: str | None = "c" * 32) -> tuple[Ledger, int]:
    ledger = Ledger()
    ledger.register()
    made = replace(replace_anchor(a_statement(version), ledger.roots[0][1].digest), salt=salt)
    return ledger, ledger.publish(made=made, token=TOKEN)


def test_a_private_pack_has_its_name_and_salt_in_its_index_alone() -> None:
    ledger, _index = private()
    targets = ledger.state().targets()
    assert list(targets) == [RECALLS, "index/acme.json", "index/~/0123456789abcdef0123456789abcdef.json"]
    index = PackIndex.parse(targets["index/~/0123456789abcdef0123456789abcdef.json"], PACK)
    assert (index.pack, index.salt) == ("acme/farm-animals", "c" * 32)
    assert b"farm" not in b"".join(ledger.entries)


def test_an_auditor_without_access_replays_tokens_and_digests_only() -> None:
    ledger, index = private()
    statement = ledger.state()._packs[TOKEN].versions[Version.parse("1.2.0")]
    ledger.log(RecallLeaf(v=1, at=LATER, pack=TOKEN, statement=statement, reason="security", action="stop"))
    ledger.payloads.clear()
    targets = ledger.state().targets()
    assert list(targets) == [RECALLS, "index/acme.json"]
    assert ledger.state().names() == {*targets, "index/~/0123456789abcdef0123456789abcdef.json"}
    row = Recalls.parse(targets[RECALLS]).recalls[0]
    assert (row.pack, row.version, row.log, str(row)[:8]) == (TOKEN, None, index + 1, "~0123456")
    with pytest.raises(LogContradiction, match="was published before"):
        ledger.state().apply(9, ledger.entries[index].replace(b"1800432000", b"1802000000"), ledger)


def test_the_statement_of_a_private_pack_needs_a_salt() -> None:
    ledger, _index = private(salt=None)
    with pytest.raises(LogContradiction, match="has no salt"):
        ledger.state()


# Contradictions


def refuse(ledger: Ledger, leaf: Any, match: str, code: str = "log.contradiction") -> None:
    state = ledger.state()
    before = state.targets()
    with pytest.raises(PackError, match=match) as caught:
        state.apply(ledger.size, encode_leaf(leaf), ledger)
    assert caught.value.code == code
    assert state.targets() == before
    assert state.next_index == ledger.size


def test_M10_one_version_is_published_once_for_ever(ledger: Ledger) -> None:
    other = replace_anchor(a_statement("1.2.0", archive=b"other"), ledger.roots[0][1].digest)
    ledger.publish(made=other, at=LATER)
    with pytest.raises(LogContradiction, match=r"acme/farm-animals@1\.2\.0 was published before"):
        ledger.state()


def test_the_same_statement_is_published_once(ledger: Ledger) -> None:
    ledger.log_bytes(ledger.entries[1].replace(b"1800432000", b"1802000000"))
    with pytest.raises(LogContradiction, match="its statement was published before"):
        ledger.state()


def test_what_was_never_published_is_not_yanked(ledger: Ledger) -> None:
    told = about(ledger)
    refuse(ledger, YankLeaf(**{**told, "statement": SOME}, reason="broken"), "was not published")
    refuse(ledger, YankLeaf(**{**told, "pack": LoggedPack("acme/herd")}, reason="broken"), "was not published")
    refuse(ledger, YankLeaf(**{**told, "version": Version.parse("1.10.0")}, reason="broken"), "that of version 1.2.0")


def test_what_is_not_yanked_or_recalled_is_not_restored(ledger: Ledger) -> None:
    told = about(ledger)
    document = restore(ledger, told["statement"])
    refuse(ledger, RestoreLeaf(**told, restores="yank", document=document), "a yank that is not there")
    document = restore(ledger, told["statement"], "recall")
    refuse(ledger, RestoreLeaf(**told, restores="recall", document=document), "a recall that is not there")


def test_a_restore_needs_its_own_document(ledger: Ledger) -> None:
    told = about(ledger)
    ledger.log(YankLeaf(**told, reason="broken"))
    refuse(ledger, RestoreLeaf(**told, restores="yank", document=SOME), "missing", "log.document-missing")
    foreign = restore(ledger, SOME)
    refuse(ledger, RestoreLeaf(**told, restores="yank", document=foreign), "about something else")
    of_recall = restore(ledger, told["statement"], "recall")
    refuse(ledger, RestoreLeaf(**told, restores="yank", document=of_recall), "about something else")


def test_roots_come_one_after_the_other(ledger: Ledger) -> None:
    for version in (1, 3):
        refuse(ledger, RootLeaf(v=1, at=LATER, publisher=ACME, version=version, root=SOME), "follows root 1")
    refuse(ledger, RootLeaf(v=1, at=LATER, publisher=PublisherName("birdsong"), version=2, root=SOME), "follows root 0")


def test_a_reset_starts_at_the_newest_root(ledger: Ledger) -> None:
    old, new = RootName(version=1, sha256=SOME), RootName(version=2, sha256=SOME)
    refuse(ledger, ResetLeaf(v=1, at=LATER, publisher=ACME, old=old, new=new), "is not the newest")


def test_tuf_roots_come_one_after_the_other(ledger: Ledger) -> None:
    ledger.log(TufRootLeaf(v=1, at=LATER, version=4, sha256=SOME))
    refuse(ledger, TufRootLeaf(v=1, at=LATER, version=6, sha256=SOME), "TUF root 6 follows TUF root 4")


def test_time_and_index_never_go_back(ledger: Ledger) -> None:
    refuse(ledger, AnchorLeaf(v=1, at=START, sha256=SOME), "its time 1800000000 is before")
    with pytest.raises(LogContradiction, match="it comes after entry 2"):
        ledger.state().apply(2, ledger.entries[2], ledger)


def test_a_statement_about_another_release_is_not_published(ledger: Ledger) -> None:
    foreign = ledger.state()._packs[LoggedPack(PACK)].versions[Version.parse("1.2.0")]
    fields: dict[str, Any] = {
        "v": 1,
        "at": LATER,
        "approvals": (SOME,),
        "publisher": ACME,
        "archive": Digest.of(b"archive"),
    }
    leaf = PublishLeaf(pack=LoggedPack("acme/herd"), statement=foreign, version=Version.parse("1.2.0"), **fields)
    refuse(ledger, leaf, "about another release")


def test_documents_that_a_public_entry_names_must_be_there() -> None:
    ledger = Ledger()
    ledger.register()
    ledger.publish()
    for sha256 in tuple(ledger.payloads):
        kept = ledger.payloads.pop(sha256)
        with pytest.raises(DocumentMissing) as caught:
            ledger.state()
        assert caught.value.facts() == {"expected": sha256.labelled}
        ledger.payloads[sha256] = kept + b" "
        with pytest.raises(DocumentMissing):
            ledger.state()
        ledger.payloads[sha256] = kept
    ledger.state()


# Reading


@pytest.mark.parametrize("case", cases("index", "bad"), ids=lambda case: case["name"])
def test_a_bad_target_is_refused_with_its_code(case: dict[str, Any]) -> None:
    read = {
        "pack": lambda data: PackIndex.parse(data, PackName("acme/farm-animals")),
        "publisher": lambda data: PublisherDocument.parse(data, PublisherName("acme")),
        "recalls": Recalls.parse,
    }[case["document"]]
    with pytest.raises(PackError) as caught:
        read(case["data"].encode())
    assert caught.value.code == case["code"], case["reason"]


def test_an_index_in_anothers_place_is_refused(ledger: Ledger) -> None:
    with pytest.raises(WrongPack) as caught:
        PackIndex.parse(ledger.state().target(TARGET), PackName("acme/herd"))
    assert (caught.value.code, caught.value.expected, caught.value.found) == (
        "trust.wrong-pack",
        "acme/herd",
        "acme/farm-animals",
    )
    with pytest.raises(WrongPack):
        PublisherDocument.parse(ledger.state().target("index/acme.json"), PublisherName("birdsong"))


def recalls_of(ledger: Ledger) -> Recalls:
    return Recalls.parse(ledger.state().target(RECALLS))


def test_I5_recalls_that_were_seen_stay(ledger: Ledger) -> None:
    told = about(ledger)
    nothing = recalls_of(ledger)
    ledger.log(RecallLeaf(**told, reason="legal", action="stop"))
    seen = recalls_of(ledger)
    assert check_recalls_kept(nothing, seen) == ()
    assert check_recalls_kept(seen, seen) == ()
    with pytest.raises(RecallVanished, match=r"acme/farm-animals 1\.2\.0"):
        check_recalls_kept(seen, nothing)
    milder = Recalls(v=1, recalls=(replace(seen.recalls[0], action="warn"),))
    with pytest.raises(RecallVanished) as caught:
        check_recalls_kept(seen, milder)
    assert (caught.value.code, caught.value.facts()["reason"]) == (
        "trust.recall-vanished",
        "its row says something else",
    )


def test_I5_what_was_lifted_is_given_once_to_be_verified(ledger: Ledger) -> None:
    told = about(ledger)
    ledger.log(RecallLeaf(**told, reason="legal", action="stop"))
    seen = recalls_of(ledger)
    ledger.log(RestoreLeaf(**told, restores="recall", document=restore(ledger, told["statement"], "recall")))
    lifted = recalls_of(ledger)
    assert check_recalls_kept(seen, lifted) == lifted.recalls
    assert check_recalls_kept(Recalls(v=1, recalls=()), lifted) == lifted.recalls
    assert check_recalls_kept(lifted, lifted) == ()
    with pytest.raises(RecallVanished):
        check_recalls_kept(lifted, seen)
