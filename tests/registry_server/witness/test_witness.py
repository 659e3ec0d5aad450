"""A witness signs what extends the last checkpoint it signed, and nothing else, whatever happens to it."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from packspec.log.checkpoint import SignedNote, WitnessesMissing, open_checkpoint
from packspec.log.note import LOG, WITNESS, BadNote, LogSignature, NoteKey, NoteSignature
from packspec.log.witnessing import AddCheckpoint, cosignatures, judge
from packspec.signing.keyset import DuplicateKey
from packspec.trustfiles import LogKeyRow, LogTrust
from registry_server.durable import Watch
from registry_server.witness.service import Service
from registry_server.witness.store import BadWitnessName, NotALog, WitnessDamaged, WitnessNamed, WitnessUnnamed
from tests.support.kill import sweep
from tests.support.signing import log_key
from tests.support.watching import AT, FORK, HONEST, Grown, listening, witness_at

STRANGER = Grown(HONEST.entries, log_key("stranger"))
ELSEWHERE = Grown(HONEST.entries, log_key("log"), "elsewhere.example/log")


def text(note: SignedNote) -> str:
    return note.encode().decode()


@pytest.mark.parametrize(
    ("asked", "known", "status", "size"),
    [
        pytest.param(HONEST.ask(0, 7), 0, 200, None, id="the first one, without proof"),
        pytest.param(HONEST.ask(7, 12), 7, 200, None, id="one that extends"),
        pytest.param(HONEST.ask(7, 7), 7, 200, None, id="the same again"),
        pytest.param(HONEST.ask(5, 12), 7, 409, 7, id="a log that does not know what was signed last"),
        pytest.param(HONEST.ask(0, 12), 7, 409, 7, id="a log that knows nothing"),
        pytest.param(HONEST.ask(5, 6), 7, 409, 7, id="an old checkpoint replayed"),
        pytest.param(HONEST.ask(7, 12), 0, 409, 0, id="a witness that knows nothing"),
        pytest.param(FORK.ask(7, 12), 7, 422, None, id="a fork"),
        pytest.param(FORK.ask(7, 7), 7, 409, 7, id="a fork of the same size"),
        pytest.param(AddCheckpoint(7, (), HONEST.note(12)), 7, 422, None, id="no proof"),
        pytest.param(AddCheckpoint(0, (bytes(32),), HONEST.note(12)), 0, 422, None, id="a proof from nothing"),
        pytest.param(AddCheckpoint(12, (), HONEST.note(7)), 7, 400, None, id="backwards"),
        pytest.param(STRANGER.ask(7, 12), 7, 403, None, id="the key of a stranger"),
        pytest.param(ELSEWHERE.ask(7, 12), 7, 404, None, id="another log"),
        pytest.param(
            AddCheckpoint(0, (), SignedNote(HONEST.note(9).text, HONEST.note(7).signatures)), 0, 403, None, id="forged"
        ),
    ],
)
def test_a_witness_signs_only_what_extends_what_it_signed_last(
    asked: AddCheckpoint, known: int, status: int, size: int | None, tmp_path: Path
) -> None:
    assert AddCheckpoint.parse(asked.encode()) == asked
    witness = witness_at(tmp_path)
    if known:
        assert witness.answer(HONEST.ask(0, known), AT)[0].status == 200
    judged, body = witness.answer(asked, AT)
    assert (judged.status, judged.size) == (status, size)
    if status == 200:
        signed = cosignatures(asked.note, body, [witness.public])
        assert signed.valid_signers([witness.public]) == (witness.public,)
        assert witness_at(tmp_path).latest(HONEST.origin) == judged.checkpoint
    else:
        assert body == (b"" if size is None else b"%d\n" % size)
        latest = witness.latest(HONEST.origin)
        assert (latest.size if latest else 0) == known


def test_the_keys_of_a_log_that_were_replaced_and_those_that_follow_are_both_trusted(tmp_path: Path) -> None:
    follows = Grown(HONEST.entries, log_key("log-2"))
    witness = witness_at(tmp_path, HONEST.key, follows.key)
    assert witness.answer(HONEST.ask(0, 7), AT)[0].status == 200
    assert witness.answer(follows.ask(7, 12), AT)[0].status == 200
    assert judge(follows.ask(7, 12), [HONEST.key], None).status == 403


def test_a_log_that_lies_takes_nothing_from_another_log_of_the_same_witness(tmp_path: Path) -> None:
    other = Grown(HONEST.entries, log_key("other"), "elsewhere.example/log")
    witness = witness_at(tmp_path, HONEST.key, other.key)
    assert witness.answer(HONEST.ask(0, 7), AT)[0].status == 200
    assert witness.answer(other.ask(0, 12), AT)[0].status == 200
    posing = Grown(HONEST.entries, other.signer)  # with its own key, under the other's name
    forked = Grown(FORK.entries, other.signer, other.origin)
    for asked, known, status in (
        (posing.ask(7, 12), 7, 403),
        (forked.ask(12, 16), 12, 422),
        (forked.ask(0, 12), 12, 409),
    ):
        assert witness.answer(asked, AT)[0].status == status, known
    again = witness_at(tmp_path)
    latest = {origin: again.latest(origin) for origin in (HONEST.origin, other.origin)}
    assert {origin: one.size for origin, one in latest.items() if one} == {HONEST.origin: 7, other.origin: 12}
    assert again.answer(HONEST.ask(7, 12), AT)[0].status == 200
    assert again.answer(other.ask(12, 16), AT)[0].status == 200


@pytest.mark.parametrize("at", [0, 2**63 - 1], ids=["1970", "the last second"])
def test_a_witness_is_believed_for_what_it_signed_whatever_its_clock_says(tmp_path: Path, at: int) -> None:
    """Quorums ask who signed a history. How old an index may be, the timestamp says, not a witness."""
    witness = witness_at(tmp_path)
    asked = HONEST.ask(0, 7)
    signed = cosignatures(asked.note, witness.answer(asked, at)[1], [witness.public])
    trust = LogTrust(
        v=1, origin=HONEST.origin, keys=(LogKeyRow(key=HONEST.key),), witnesses=(witness.public,), quorum=1
    )
    assert open_checkpoint(signed, trust).witnesses == (witness.public,)
    (line,) = (one for one in signed.signatures if one.name == witness.name)
    later = NoteSignature(line.name, line.key_id, (at ^ 1).to_bytes(8, "big") + line.raw[8:])
    with pytest.raises(LogSignature):
        open_checkpoint(SignedNote(signed.text, (signed.signatures[0], later)), trust)


def test_one_key_of_a_witness_under_two_names_is_no_quorum_of_two(tmp_path: Path) -> None:
    one = witness_at(tmp_path)
    other = NoteKey.of("w2.example", WITNESS, one.key.public)
    with pytest.raises(DuplicateKey):
        LogTrust(v=1, origin=HONEST.origin, keys=(LogKeyRow(key=HONEST.key),), witnesses=(one.public, other), quorum=2)
    asked = HONEST.ask(0, 7)
    signed = cosignatures(asked.note, one.answer(asked, AT)[1], [one.public])
    trust = LogTrust(v=1, origin=HONEST.origin, keys=(LogKeyRow(key=HONEST.key),), witnesses=(one.public,), quorum=1)
    line = signed.signatures[-1]
    twice = SignedNote(signed.text, (*signed.signatures, line, NoteSignature(other.name, other.key_id, line.raw)))
    with pytest.raises(WitnessesMissing):
        open_checkpoint(twice, trust, quorum=2)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 7",
        b"old 07\n\n" + HONEST.note(7).encode(),
        b"old -1\n\n" + HONEST.note(7).encode(),
        b"old 9223372036854775808\n\n" + HONEST.note(7).encode(),
        b"old 7\nAAAA\n\n" + HONEST.note(7).encode(),
        b"old 7\n*\n\n" + HONEST.note(7).encode(),
        b"old 7\n" + b"A" * 43 + b"=\n\n" + b"not a note",
        b"old 7\n" + (b"A" * 43 + b"=\n") * 64 + b"\n" + HONEST.note(7).encode(),
        b"\xff\n\n" + HONEST.note(7).encode(),
        b"old 0\n\n" + b"x" * 40_000,
    ],
)
def test_what_is_no_request_is_refused_whole(body: bytes) -> None:
    with pytest.raises(BadNote):
        AddCheckpoint.parse(body)


def grow(folder: Path, watch: Watch) -> None:
    """Three checkpoints; each that was answered is told."""
    witness = witness_at(folder, watch=watch)
    for old, size in ((0, 4), (4, 9), (9, 14)):
        judged, _ = witness.answer(HONEST.ask(old, size), AT)
        print(judged.status, size, flush=True)


def test_a_witness_that_is_killed_at_any_operation_never_signs_a_fork(tmp_path: Path) -> None:
    for folder, death in sweep("tests.registry_server.witness.test_witness", "grow", tmp_path):
        answered = [int(line.split()[1]) for line in death.said.splitlines()]
        witness = witness_at(folder)
        latest = witness.latest(HONEST.origin)
        known = latest.size if latest else 0
        assert known >= max(answered, default=0)
        if known > 5:
            for size in (known, known + 1, 20):
                assert witness.answer(FORK.ask(known, size), AT)[0].status in (409, 422)
        assert witness.answer(HONEST.ask(known, 20), AT)[0].status == 200


def test_a_witness_that_cannot_read_what_it_signed_signs_nothing(tmp_path: Path) -> None:
    witness = witness_at(tmp_path)
    witness.answer(HONEST.ask(0, 7), AT)
    (path,) = (tmp_path / "logs").iterdir()
    for damage in (b"", path.read_bytes().replace(b"\n7\n", b"\n6\n"), HONEST.note(7).encode()):
        path.write_bytes(damage)
        with pytest.raises(WitnessDamaged):
            witness.answer(HONEST.ask(7, 12), AT)
        with pytest.raises(WitnessDamaged):
            witness_at(tmp_path)


def test_a_witness_keeps_its_name_and_its_key_and_trusts_logs_alone(tmp_path: Path) -> None:
    with pytest.raises(WitnessUnnamed):
        witness_at(tmp_path / "new", name="")
    first = witness_at(tmp_path / "one")
    again = witness_at(tmp_path / "one", ELSEWHERE.key, name="")
    assert again.public == first.public
    assert again.logs == (HONEST.key, ELSEWHERE.key)
    with pytest.raises(WitnessNamed):
        witness_at(tmp_path / "one", name="w2.example")
    with pytest.raises(NotALog):
        witness_at(tmp_path / "one", NoteKey.of("w2.example", WITNESS, log_key("w2").public))
    with pytest.raises(BadWitnessName):
        witness_at(tmp_path / "two", name="two words")
    assert not (tmp_path / "two").exists()


@pytest.mark.parametrize("lost", ["witness.key", "name"])
def test_a_witness_whose_key_or_name_is_lost_gets_no_other_one(tmp_path: Path, lost: str) -> None:
    witness_at(tmp_path).answer(HONEST.ask(0, 7), AT)
    (tmp_path / lost).unlink()
    with pytest.raises(WitnessDamaged):
        witness_at(tmp_path)
    assert not (tmp_path / lost).exists()


def test_a_request_that_never_ends_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Service, "read_seconds", 0.05)
    with listening(witness_at(tmp_path)) as url:
        address = httpx.URL(url)
        with socket.create_connection((address.host, address.port or 0), timeout=10) as line:
            line.sendall(b"POST /add-checkpoint HTTP/1.1\r\nhost: w\r\ncontent-length: 100\r\n\r\nold")
            assert line.recv(100).startswith(b"HTTP/1.1 408 ")


def test_over_http_it_speaks_tlog_witness(tmp_path: Path) -> None:
    witness = witness_at(tmp_path)
    with listening(witness) as url, httpx.Client(base_url=url, trust_env=False) as client:
        first = client.post("/add-checkpoint", content=HONEST.ask(0, 7).encode())
        assert (first.status_code, first.text.split(" ")[:2]) == (200, ["—", "w1.example"])
        stale = client.post("/add-checkpoint", content=HONEST.ask(0, 12).encode())
        assert (stale.status_code, stale.headers["content-type"], stale.text) == (409, "text/x.tlog.size", "7\n")
        assert client.post("/add-checkpoint", content=FORK.ask(7, 12).encode()).status_code == 422
        assert client.post("/add-checkpoint", content=b"hello").status_code == 400
        assert client.post("/add-checkpoint", content=b"x" * 40_000).status_code == 413
        assert client.post("/elsewhere", content=b"").status_code == 404
        assert client.get("/add-checkpoint").status_code == 405
        assert client.get("/healthz").text == f"{witness.public}\n"


def test_a_process_that_was_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "registry_server", "witness", "--state", str(tmp_path / "state"), "--port", "0"]
    log = NoteKey.of(HONEST.origin, LOG, HONEST.signer.public)
    keys = set()
    for arguments, old, expected in ((["--name", "w1.example", "--log", str(log)], 0, 200), ([], 7, 200)):
        process = subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            assert process.stdout is not None
            keys.add(process.stdout.readline())
            url = process.stdout.readline().rpartition(" ")[2].strip()
            post = f"{url}/add-checkpoint"
            answer = httpx.post(post, content=HONEST.ask(old, old + 7).encode(), trust_env=False)
            assert answer.status_code == expected
            second = subprocess.run(command, capture_output=True, text=True, check=False)
            assert (second.returncode, "choose another folder with --state" in second.stderr) == (5, True)
            assert httpx.post(post, content=FORK.ask(old + 7, 16).encode(), trust_env=False).status_code == 422
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
    assert len(keys) == 1
