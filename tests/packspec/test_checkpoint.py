"""Signed notes and checkpoints: published examples, vectors, who counts, and what contradicts what was seen."""

from typing import Any

import pytest
from msgspec.structs import replace

from packspec.errors import PackError
from packspec.log.checkpoint import (
    LOG,
    WITNESS,
    BadNote,
    Checkpoint,
    LogForked,
    LogShrank,
    LogSignature,
    NoteKey,
    SignedNote,
    WitnessesMissing,
    check_extends,
    cosign,
    lock_lines,
    lock_note,
    open_checkpoint,
    sign_checkpoint,
)
from packspec.log.proofs import EMPTY_ROOT
from packspec.signing.keys import BadKey
from packspec.trustfiles import LogKeyRow
from tests.support.ledger import ORIGIN, Ledger, log_trust
from tests.support.signing import START, key, log_key
from tests.support.vectors import cases

W1 = "w1.example"


def checkpoint(size: int = 9, root: bytes = b"\x07" * 32) -> Checkpoint:
    return Checkpoint(ORIGIN, size, root)


@pytest.mark.parametrize("case", cases("checkpoint", "notes"), ids=lambda case: case["name"])
def test_notes_that_others_signed_are_verified(case: dict[str, Any]) -> None:
    note = SignedNote.parse(case["note"].encode())
    known = [NoteKey.parse(vkey) for vkey in case["vkeys"]]
    assert [one.name for one in note.valid_signers(known)] == case["signers"], case["reason"]
    assert note.encode() == case["note"].encode()


@pytest.mark.parametrize("case", cases("checkpoint", "bad-notes"), ids=lambda case: case["name"])
def test_what_is_no_note_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(BadNote) as caught:
        SignedNote.parse(case["note"].encode("utf-8", "surrogateescape"))
    assert caught.value.code == "trust.note-malformed", case["reason"]


@pytest.mark.parametrize("case", cases("checkpoint", "texts"), ids=lambda case: case["name"])
def test_a_checkpoint_has_one_text(case: dict[str, Any]) -> None:
    found = Checkpoint.parse(case["text"])
    assert (found.origin, found.size, found.root.hex()) == (case["origin"], case["size"], case["root"])
    assert found.text == case["text"]
    assert found.line == case["line"]
    assert Checkpoint.parse_line(case["line"]) == found


@pytest.mark.parametrize("case", cases("checkpoint", "bad-texts"), ids=lambda case: case["name"])
def test_what_is_no_checkpoint_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(BadNote):
        Checkpoint.parse(case["text"])


@pytest.mark.parametrize("case", cases("checkpoint", "bad-vkeys"), ids=lambda case: case["name"])
def test_what_is_no_verifier_key_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises((BadNote, BadKey)) as caught:
        NoteKey.parse(case["vkey"])
    assert caught.value.code == case["code"], case["reason"]


def test_a_checkpoint_of_the_log_is_opened() -> None:
    opened = open_checkpoint(sign_checkpoint(checkpoint(), log_key("log")), log_trust())
    assert opened.checkpoint == checkpoint()
    assert opened.witnesses == ()


def test_witnesses_are_named_and_the_quorum_is_met() -> None:
    note = cosign(sign_checkpoint(checkpoint(), log_key("log")), W1, log_key(W1), START)
    opened = open_checkpoint(SignedNote.parse(note.encode()), log_trust(quorum=1))
    assert [one.name for one in opened.witnesses] == [W1]


@pytest.mark.parametrize(("trusted", "asked"), [(1, 0), (0, 1), (1, 2)])
def test_a_missing_witness_is_told_with_numbers(trusted: int, asked: int) -> None:
    note = sign_checkpoint(checkpoint(), log_key("log"))
    with pytest.raises(WitnessesMissing) as caught:
        open_checkpoint(note, log_trust(quorum=trusted), quorum=asked)
    assert (caught.value.code, caught.value.have) == ("trust.witnesses-missing", 0)
    assert caught.value.need == max(trusted, asked)


def test_one_witness_that_signs_twice_is_one_witness() -> None:
    note = sign_checkpoint(checkpoint(), log_key("log"))
    twice = cosign(cosign(note, W1, log_key(W1), START), W1, log_key(W1), START + 1)
    assert len(twice.signatures) == 2
    doubled = SignedNote(note.text, (*cosign(note, W1, log_key(W1), START).signatures, twice.signatures[-1]))
    with pytest.raises(WitnessesMissing):
        open_checkpoint(doubled, log_trust(quorum=2, witnesses=(W1, "w2.example")))


def test_a_witness_is_no_log_and_the_log_is_no_witness() -> None:
    only_witness = cosign(SignedNote(checkpoint().text, ()), W1, log_key(W1), START)
    with pytest.raises(LogSignature):
        open_checkpoint(only_witness, log_trust())
    as_witness = cosign(sign_checkpoint(checkpoint(), log_key("log")), ORIGIN, log_key("log"), START)
    with pytest.raises(WitnessesMissing):
        open_checkpoint(as_witness, log_trust(quorum=1))


def test_another_key_is_not_the_log() -> None:
    with pytest.raises(LogSignature) as caught:
        open_checkpoint(sign_checkpoint(checkpoint(), log_key("thief")), log_trust())
    assert caught.value.code == "trust.log-signature"


def test_a_wrong_signature_under_a_known_name_refuses_the_note() -> None:
    note = sign_checkpoint(checkpoint(), log_key("log"))
    other = SignedNote(checkpoint(size=10).text, note.signatures)
    with pytest.raises(LogSignature, match=ORIGIN):
        open_checkpoint(other, log_trust())


def test_a_checkpoint_of_another_log_is_refused_though_the_same_key_signed_it() -> None:
    text = Checkpoint("other.example/log", 9, b"\x07" * 32).text
    key_of_log = NoteKey.of(ORIGIN, LOG, log_key("log").public)
    note = SignedNote(text, ()).signed(key_of_log, log_key("log").sign(text.encode()))
    with pytest.raises(LogSignature) as caught:
        open_checkpoint(note, log_trust())
    assert caught.value.facts() == {"reason": "it belongs to another log: other.example/log"}


def test_a_replaced_key_counts_up_to_its_last_size() -> None:
    old, new = (NoteKey.of(ORIGIN, LOG, log_key(name).public) for name in ("log", "log 2"))
    trust = replace(log_trust(), keys=(LogKeyRow(key=old, until=100), LogKeyRow(key=new)))
    assert open_checkpoint(sign_checkpoint(checkpoint(100), log_key("log")), trust).checkpoint.size == 100
    assert open_checkpoint(sign_checkpoint(checkpoint(101), log_key("log 2")), trust).checkpoint.size == 101
    with pytest.raises(LogSignature) as caught:
        open_checkpoint(sign_checkpoint(checkpoint(101), log_key("log")), trust)
    assert caught.value.facts() == {"reason": "its key was replaced before the log had 101 entries"}


def test_every_bit_of_a_signed_checkpoint_counts() -> None:
    good = cosign(sign_checkpoint(checkpoint(), log_key("log")), W1, log_key(W1), START).encode()
    trust = log_trust(quorum=1)
    for at in range(len(good)):
        for bit in range(8):
            bad = good[:at] + bytes((good[at] ^ 1 << bit,)) + good[at + 1 :]
            with pytest.raises(PackError):
                open_checkpoint(SignedNote.parse(bad), trust)


def test_a_lock_keeps_a_checkpoint_in_two_lines() -> None:
    opened = open_checkpoint(cosign(sign_checkpoint(checkpoint(), log_key("log")), W1, log_key(W1), START), log_trust())
    line, signature = lock_lines(opened, log_trust())
    assert line == "registry.example/log 9 BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="
    assert open_checkpoint(lock_note(line, signature), log_trust()).checkpoint == checkpoint()
    with pytest.raises(LogSignature):
        open_checkpoint(lock_note(line.replace(" 9 ", " 8 "), signature), log_trust())
    with pytest.raises(BadNote):
        lock_note(line, "not base64")


def test_only_ed25519_signs_notes_under_names_that_notes_can_hold() -> None:
    with pytest.raises(BadKey):
        NoteKey.of(ORIGIN, LOG, key("owner").public)
    for name in ("", "two words", "a+b", "line\nbreak", "nbsp\u00a0name"):
        with pytest.raises(BadNote):
            NoteKey.of(name, WITNESS, log_key("log").public)
    with pytest.raises(BadNote):
        cosign(SignedNote(checkpoint().text, ()), W1, log_key(W1), -1)


def test_an_empty_log_has_a_checkpoint_too() -> None:
    note = sign_checkpoint(Checkpoint(ORIGIN, 0, EMPTY_ROOT), log_key("log"))
    assert open_checkpoint(note, log_trust()).checkpoint.size == 0
    with pytest.raises(BadNote):
        sign_checkpoint(Checkpoint(ORIGIN, 0, bytes(32)), log_key("log"))


def grown(entries: int, salt: bytes = b"") -> Ledger:
    ledger = Ledger()
    for number in range(entries):
        ledger.log_bytes(b"%d" % number + (salt if number >= 5 else b""))
    return ledger


def test_a_log_that_grew_extends_every_earlier_checkpoint() -> None:
    now = grown(300)
    for size in (0, 1, 7, 256, 299, 300):
        seen = grown(size).checkpoint().checkpoint
        check_extends(seen, now.checkpoint().checkpoint, now.tree().read_hashes)


def test_S23_another_history_is_a_fork() -> None:
    now = grown(300, salt=b"!")
    for size in (6, 7, 256, 299, 300):
        with pytest.raises(LogForked) as caught:
            check_extends(grown(size).checkpoint().checkpoint, now.checkpoint().checkpoint, now.tree().read_hashes)
        assert caught.value.code == "trust.log-forked"
        assert caught.value.facts().keys() == {"seen before", "found"}


def test_S12_a_shorter_log_is_told_with_both_sizes() -> None:
    now = grown(7)
    with pytest.raises(LogShrank) as caught:
        check_extends(grown(300).checkpoint().checkpoint, now.checkpoint().checkpoint, now.tree().read_hashes)
    assert caught.value.code == "trust.log-shrank"
    assert caught.value.facts() == {"seen before": "300 entries", "found": "7 entries"}
