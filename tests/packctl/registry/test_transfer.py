"""Bulk downloads against servers that cut, lie, drip and never end."""

import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from msgspec.structs import replace

from packctl.durable import Folder
from packctl.registry.failures import ArchiveChanged, BadAnswer, Redirected, TooManyRequests, TooSlow, Unreachable
from packctl.registry.transfer import NotThere, Piece, Wanted
from packspec.digests import Digest
from packspec.errors import PackError
from tests.support.downloads import BODY, NAME, Rig, scripted
from tests.support.faults import run_together
from tests.support.invariants import clean_refusal
from tests.support.liar import Asked, HangUp, Liar, answer, cut, file_server


def test_right_bytes_become_a_file_named_by_their_digest_and_nothing_else_is_left(rig: Rig) -> None:
    with Liar(file_server(BODY)) as liar:
        assert rig.fetch(liar) == BODY
    assert rig.left() == [NAME]
    assert liar.asked[0].headers["accept-encoding"] == "identity"
    assert "cookie" not in liar.asked[0].headers


def test_what_is_there_already_is_not_fetched_and_what_is_there_damaged_is(rig: Rig) -> None:
    with Liar(file_server(BODY)) as liar:
        (rig.path / NAME).write_bytes(b"damaged")
        rig.fetch(liar)
        rig.fetch(liar)
    assert len(liar.asked) == 1


def test_C09_a_connection_cut_after_any_byte_is_continued_where_it_ended(rig: Rig) -> None:
    whole = answer(200, BODY, ETag='"one"')
    head = len(whole) - len(BODY)
    for at in [*range(0, head + 1, 7), *range(head, len(whole), 23), len(whole) - 1]:
        first = scripted(lambda asked, at=at: cut(whole, at), file_server(BODY))  # type: ignore[misc]
        with Liar(first) as liar:
            assert rig.fetch(liar) == BODY
        asked = [request.headers.get("range") for request in liar.asked]
        assert asked == ([None, f"bytes={at - head}-"] if at > head else [None, None])
        assert rig.left() == [NAME]
        (rig.path / NAME).unlink()


def test_C09_the_next_command_continues_what_this_one_left(rig: Rig, tmp_path: Path) -> None:
    whole = answer(200, BODY, ETag='"one"')
    with (
        Liar(lambda asked: cut(whole, len(whole) - 12) if asked.number == 0 else cut(b"", 0)) as liar,
        pytest.raises(Unreachable),
    ):
        rig.fetch(liar)
    assert rig.left() == [f"{NAME}.part", f"{NAME}.tag"]
    with Liar(file_server(BODY)) as liar:
        assert Rig(tmp_path).fetch(liar) == BODY
    assert liar.asked[0].headers["range"] == "bytes=500-"
    assert liar.asked[0].headers["if-range"] == '"one"'


def test_C09_content_that_changed_before_the_resume_is_fetched_from_the_start(rig: Rig) -> None:
    old = answer(200, b"o" * len(BODY), ETag='"old"')
    with Liar(scripted(lambda asked: cut(old, len(old) - 5), file_server(BODY, '"new"'))) as liar:
        assert rig.fetch(liar) == BODY
    assert liar.asked[1].headers["if-range"] == '"old"'


def test_C09_without_a_strong_tag_nothing_is_continued(rig: Rig) -> None:
    weak = answer(200, BODY, ETag='W/"one"')
    with Liar(scripted(lambda asked: cut(weak, len(weak) - 5), weak)) as liar:
        assert rig.fetch(liar) == BODY
    assert "range" not in liar.asked[1].headers


def test_C09_a_server_that_continues_at_another_place_is_asked_from_the_start(rig: Rig) -> None:
    whole = answer(200, BODY, ETag='"one"')
    elsewhere = answer(206, BODY[3:], Content_Range="bytes 3-511/512")
    with Liar(scripted(lambda asked: cut(whole, len(whole) - 5), elsewhere, whole)) as liar:
        assert rig.fetch(liar) == BODY
    assert "range" not in liar.asked[2].headers


def test_C09_a_cut_resume_that_repeats_old_bytes_is_caught_by_the_digest(rig: Rig) -> None:
    whole = answer(200, BODY, ETag='"one"')
    lie = answer(206, b"x" * 5, Content_Range="bytes 507-511/512")
    with Liar(scripted(lambda asked: cut(whole, len(whole) - 5), lie, whole)) as liar:
        assert rig.fetch(liar) == BODY
    assert len(liar.asked) == 3


def test_C11_wrong_bytes_of_the_right_length_are_fetched_once_more_and_then_refused(rig: Rig) -> None:
    wrong = answer(200, b"x" * len(BODY), ETag='"x"')
    with Liar(scripted(wrong, answer(200, BODY))) as liar:
        assert rig.fetch(liar) == BODY
    (rig.path / NAME).unlink()
    with Liar(scripted(wrong)) as liar, pytest.raises(ArchiveChanged) as refused:
        rig.fetch(liar)
    assert len(liar.asked) == 2
    clean_refusal(refused.value)
    assert rig.left() == []


def test_C11_a_packed_body_is_refused_because_it_was_asked_for_plain(rig: Rig) -> None:
    with Liar(scripted(answer(200, BODY, Content_Encoding="gzip"))) as liar, pytest.raises(BadAnswer) as refused:
        rig.fetch(liar)
    clean_refusal(refused.value)


@pytest.mark.parametrize("length", ["1001", "99999999999999"])
def test_C10_a_body_announced_longer_than_its_ceiling_is_not_read(rig: Rig, length: str) -> None:
    with Liar(scripted(answer(200, b"", Content_Length=length))) as liar, pytest.raises(ArchiveChanged) as refused:
        rig.fetch(liar, size=None)
    assert "more than 1000 bytes" in refused.value.found
    assert rig.left() == []


def test_C10_an_endless_body_stops_at_its_ceiling(rig: Rig) -> None:
    sent = 0

    def endless(asked: Asked) -> Iterable[bytes]:
        nonlocal sent
        yield answer(200, b"", Content_Length="")
        while True:
            sent += 65_536
            yield b"e" * 65_536

    with Liar(endless) as liar, pytest.raises(ArchiveChanged) as refused:
        rig.fetch(liar, size=None, ceiling=500_000)
    clean_refusal(refused.value)
    assert rig.left() == []
    assert sent < 20_000_000


def test_C10_a_chunked_body_that_ends_right_is_taken(rig: Rig) -> None:
    chunked = answer(200, b"", Content_Length="", Transfer_Encoding="chunked") + b"200\r\n" + BODY + b"\r\n0\r\n\r\n"
    with Liar(scripted(chunked)) as liar:
        assert rig.fetch(liar) == BODY


def drip(data: bytes) -> Callable[[Asked], Iterable[bytes]]:
    def send(asked: Asked) -> Iterable[bytes]:
        for byte in data:
            yield bytes([byte])
            threading.Event().wait(0.04)
        raise HangUp

    return send


@pytest.mark.parametrize("where", ["head", "body", "nothing"])
def test_C10_what_drips_or_stalls_is_given_up(tmp_path: Path, where: str) -> None:
    rig = Rig(tmp_path, timeout=0.15)
    whole = answer(200, BODY * 20, ETag='"one"')

    def slow_body(asked: Asked) -> Iterable[bytes]:
        yield whole[:80]
        yield from drip(whole[80:])(asked)

    def stall(asked: Asked) -> Iterable[bytes]:
        threading.Event().wait(1)
        raise HangUp

    with Liar({"head": drip(whole), "body": slow_body, "nothing": stall}[where]) as liar:
        with pytest.raises(TooSlow) as refused:
            rig.fetch(liar, size=None, ceiling=100_000)
        assert liar.came(4)
    clean_refusal(refused.value)
    assert rig.pauses == [0.125, 0.25, 0.5]


@pytest.mark.parametrize(
    "to", ["http://127.0.0.1:9/other", "https://evil.example/x", "file:///etc/passwd", "//evil.example/x"]
)
def test_C15_a_redirect_elsewhere_is_refused(rig: Rig, to: str) -> None:
    with Liar(scripted(answer(302, Location=to))) as liar, pytest.raises(Redirected) as refused:
        rig.fetch(liar)
    clean_refusal(refused.value)


def test_C15_a_redirect_within_the_origin_is_followed_five_times_at_most(rig: Rig) -> None:
    with Liar(scripted(answer(301, Location="/blobs/y"), answer(200, BODY))) as liar:
        assert rig.fetch(liar) == BODY
    assert [asked.target for asked in liar.asked] == ["/blobs/x", "/blobs/y"]
    (rig.path / NAME).unlink()
    with Liar(scripted(answer(302, Location="/blobs/x"))) as liar, pytest.raises(Redirected):
        rig.fetch(liar)
    assert len(liar.asked) == 6


def test_a_file_that_is_not_there_is_told_as_that(rig: Rig) -> None:
    with Liar(scripted(answer(404, b"nope"))) as liar, pytest.raises(NotThere) as refused:
        rig.fetch(liar)
    clean_refusal(refused.value)
    assert rig.left() == []


def test_a_busy_server_is_asked_again_after_the_pause_it_wants(rig: Rig) -> None:
    with Liar(scripted(answer(503, Retry_After="7"), answer(429), answer(200, BODY))) as liar:
        assert rig.fetch(liar) == BODY
    assert rig.pauses == [7.0, 0.25]


def test_a_server_that_wants_an_hour_is_not_waited_for(rig: Rig) -> None:
    with Liar(scripted(answer(429, Retry_After="3600"))) as liar, pytest.raises(TooManyRequests) as refused:
        rig.fetch(liar)
    clean_refusal(refused.value)
    assert rig.pauses == []


def test_C21_no_prefix_of_an_answer_and_no_rubbish_gives_anything_but_our_errors(rig: Rig) -> None:
    rubbish = [b"", b"\r\n\r\n", b"HTTP/1.1 abc Told\r\n\r\n", b"SSH-2.0-x\r\n", b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 500 + b"\r\n",
               b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n", b"HTTP/1.1 200 OK\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
               b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"]  # fmt: skip
    for data in rubbish:
        with Liar(lambda asked, data=data: cut(data, len(data))) as liar, pytest.raises(PackError) as refused:  # type: ignore[misc]
            rig.fetch(liar)
        clean_refusal(refused.value)


def test_many_files_are_fetched_at_once_and_each_is_given_when_it_is_done(rig: Rig) -> None:
    bodies = {f"/{number}": b"%d" % number * 1000 for number in range(40)}
    with Liar(lambda asked: [answer(200, bodies[asked.target])]) as liar:
        wanted = [Wanted(liar.url + path, Digest.of(data), path, 9000) for path, data in bodies.items()]
        counted: dict[str, int] = {}

        def count(one: Wanted | Piece, size: int) -> None:
            counted[one.name] = counted.get(one.name, 0) + size

        found = {one.name: (rig.path / str(name)).read_bytes() for one, name in rig.transfers.fetch_all(wanted, count)}
    assert found == bodies
    assert counted == {path: len(data) for path, data in bodies.items()}
    assert liar.connections <= 8


def test_the_first_failure_stops_a_batch(rig: Rig) -> None:
    def serve(asked: Asked) -> Iterable[bytes]:
        return [answer(404 if asked.target == "/7" else 200, asked.target.encode())]

    with Liar(serve) as liar, pytest.raises(NotThere) as refused:
        list(rig.transfers.fetch_all([Wanted(f"{liar.url}/{n}", Digest.of(b"/%d" % n), f"{n}", 9) for n in range(400)]))
    clean_refusal(refused.value)
    assert len(liar.asked) < 400


def test_C07_two_processes_that_fetch_one_file_at_once_both_have_it(tmp_path: Path) -> None:
    body = os.urandom(3_000_000)
    with Liar(file_server(body)) as liar:

        def fetch() -> None:
            assert Rig(tmp_path).fetch(liar, len(body), len(body), Digest.of(body)) == body

        assert run_together([fetch] * 4) == [0] * 4
    assert [path.name for path in tmp_path.iterdir()] == [Digest.of(body)]


def test_C07_what_another_process_removes_after_a_look_is_fetched(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    look = Folder.stat

    def look_and_lose(folder: Folder, name: str) -> os.stat_result | None:
        found = look(folder, name)
        (rig.path / NAME).unlink(missing_ok=True)
        return found

    wanted = Wanted("", NAME, "acme/icons 1.0.0", len(BODY), len(BODY))
    with Liar(file_server(BODY)) as liar:
        wanted = replace(wanted, url=f"{liar.url}/blobs/x")
        (rig.path / NAME).write_bytes(BODY)
        with monkeypatch.context() as looking:
            looking.setattr(Folder, "stat", look_and_lose)
            rig.transfers.fetch(wanted)
        rig.transfers.remove(NAME)  # and after it was fetched
        with rig.transfers.open(wanted) as source:
            assert source.read_at(0, 1000) == BODY
    assert len(liar.asked) == 1


def test_small_bytes_are_read_into_memory_with_the_same_checks(rig: Rig) -> None:
    wanted = Wanted("", NAME, "the tree of acme/icons 1.0.0", 1000)
    with Liar(scripted(answer(200, b"wrong"), answer(200, BODY))) as liar:
        assert rig.transfers.read(Wanted(f"{liar.url}/t", NAME, wanted.name, 1000)) == BODY
    with Liar(scripted(answer(200, b"wrong"))) as liar, pytest.raises(ArchiveChanged):
        rig.transfers.read(Wanted(f"{liar.url}/t", NAME, wanted.name, 1000))
    with Liar(scripted(answer(200, b"x" * 1001))) as liar, pytest.raises(BadAnswer):
        rig.transfers.read(Wanted(f"{liar.url}/t", NAME, wanted.name, 1000))


@pytest.mark.timeout(20)
@pytest.mark.parametrize("signed", [512, 10**12])
def test_C10_small_bytes_are_read_no_further_than_signed_and_than_a_limit(rig: Rig, signed: int) -> None:
    def endless(asked: Asked) -> Iterable[bytes]:
        yield b"HTTP/1.1 200 OK\r\n\r\n"
        while True:
            yield b"more" * 1000

    with Liar(endless) as liar, pytest.raises(ArchiveChanged) as refused:
        rig.transfers.read(Wanted(f"{liar.url}/tree", Digest.of(BODY), "a tree", 4096, signed))
    assert refused.value.facts()["found"] == ("more than 512 bytes" if signed == 512 else "more than 4096 bytes")


def test_C26_a_server_that_says_nothing_keeps_nobody_who_wants_to_go(tmp_path: Path) -> None:
    """What another transfer's failure, or Ctrl-C, ends: waiting for an answer ends with it, not with the timeout."""
    rig, waiting, for_ever = Rig(tmp_path, timeout=300), threading.Event(), threading.Event()

    def silent(asked: Asked) -> Iterable[bytes]:
        waiting.set()
        for_ever.wait(30)
        return []

    def leaves(asked: Asked) -> Iterable[bytes]:
        assert waiting.wait(20)
        return cut(b"", 0)

    with Liar(silent) as liar, Liar(leaves) as other:
        coming = rig.transfers.fetch_all(
            [
                Wanted(f"{liar.url}/blobs/x", NAME, "acme/icons 1.0.0", 1000, len(BODY)),
                Wanted(f"{other.url}/blobs/y", Digest.of(b"other"), "acme/icons 2.0.0", 1000, 5),
            ]
        )
        with pytest.raises(Unreachable):
            next(coming)
        for_ever.set()
    assert rig.left() == []
