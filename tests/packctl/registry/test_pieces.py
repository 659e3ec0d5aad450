"""Pieces of archives by ranges, against servers as they are (nginx, S3, our own), and against those that cut, refuse and lie."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from packctl.registry.failures import Unreachable
from packctl.registry.transfer import NotThere, Piece, Wanted
from packspec.digests import Digest
from tests.support.downloads import BODY, Rig, scripted
from tests.support.liar import Asked, HangUp, Liar, answer, cut, file_server

WHOLE = Wanted("", Digest.of(BODY), "acme/icons 1.0.0", len(BODY), len(BODY))


def piece(liar: Liar, start: int = 100, end: int = 300, *mirrors: Liar) -> Piece:
    url, *more = [f"{one.url}/blobs/x" for one in (liar, *mirrors)]
    return Piece(Wanted(url, WHOLE.sha256, WHOLE.name, len(BODY), len(BODY), mirrors=tuple(more)), start, end)


def bring(rig: Rig, wanted: Piece) -> bytes | None:
    name = rig.transfers.bring(wanted)
    return None if name is None else (rig.path / name).read_bytes()


def test_a_piece_is_one_request_for_exactly_its_bytes(rig: Rig) -> None:
    with Liar(file_server(BODY)) as liar:
        assert bring(rig, piece(liar)) == BODY[100:300]
    (asked,) = liar.asked
    assert (asked.headers["range"], asked.headers["accept-encoding"]) == ("bytes=100-299", "identity")
    assert "if-range" not in asked.headers
    assert rig.left() == [piece(liar).file_name]


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(answer(200, BODY, ETag='"one"'), id="ranges ignored"),
        pytest.param(answer(416, b"", Content_Range="bytes */512"), id="out of range"),
        pytest.param(answer(206, BODY[:200], Content_Range="bytes 0-199/512"), id="another place"),
        pytest.param(answer(206, BODY[100:300], Content_Range="bytes 100-299/513"), id="another file"),
        pytest.param(answer(206, BODY[100:299], Content_Range="bytes 100-299/512"), id="a byte less"),
        pytest.param(answer(206, BODY[100:301], Content_Range="bytes 100-299/512"), id="a byte more"),
        pytest.param(answer(206, BODY[100:300]), id="no Content-Range"),
        pytest.param(answer(206, b"x" * 90, Content_Range="bytes 100-299/512", Content_Encoding="gzip"), id="gzip"),
        pytest.param(answer(206, BODY[100:300], Content_Range="bytes 100-299/512", Content_Encoding="br"), id="packed"),
        pytest.param(answer(200, b"x" * 90, Content_Encoding="gzip"), id="all of it, packed"),
        pytest.param(
            answer(206, b"--x\r\n\r\n--x--", Content_Type="multipart/byteranges; boundary=x"), id="many parts"
        ),
    ],
)
def test_I12_whoever_serves_no_true_range_is_asked_for_no_other(rig: Rig, told: bytes) -> None:
    with Liar(scripted(told)) as liar:
        assert bring(rig, piece(liar)) is None
        assert bring(rig, piece(liar, 300, 400)) is None
    assert len(liar.asked) == 1
    assert rig.left() == []


def test_I12_a_body_without_a_length_ends_at_the_piece(rig: Rig) -> None:
    def endless(asked: Asked) -> Iterable[bytes]:
        yield b"HTTP/1.1 206 Partial\r\nContent-Range: bytes 100-299/512\r\n\r\n" + BODY[100:300]
        yield b"more" * 1000
        raise HangUp

    with Liar(endless) as liar:
        assert bring(rig, piece(liar)) is None
    assert rig.left() == []


def test_a_server_that_does_not_say_how_long_the_file_is_is_believed(rig: Rig) -> None:
    with Liar(scripted(answer(206, BODY[100:300], Content_Range="bytes 100-299/*"))) as liar:
        assert bring(rig, piece(liar)) == BODY[100:300]


def test_C09_a_piece_that_was_cut_after_any_byte_is_continued_where_it_ended(rig: Rig) -> None:
    whole = answer(206, BODY[100:300], ETag='"one"', Content_Range="bytes 100-299/512")
    head = len(whole) - 200
    for at in [head, *range(head + 1, len(whole), 19), len(whole) - 1]:
        with Liar(scripted(lambda asked, at=at: cut(whole, at), file_server(BODY))) as liar:  # type: ignore[misc]
            assert bring(rig, piece(liar)) == BODY[100:300]
        _, second = liar.asked
        assert second.headers["range"] == f"bytes={100 + at - head}-299"
        assert second.headers.get("if-range") == ('"one"' if at > head else None)
        (rig.path / piece(liar).file_name).unlink()


def test_C09_the_next_command_continues_a_piece(rig: Rig, tmp_path: Path) -> None:
    whole = answer(206, BODY[100:300], ETag='"one"', Content_Range="bytes 100-299/512")
    broken = scripted(lambda asked: cut(whole, len(whole) - 50), lambda asked: cut(b"", 0))
    with Liar(broken) as liar, pytest.raises(Unreachable):
        bring(rig, piece(liar))
    with Liar(file_server(BODY)) as liar:
        assert bring(Rig(tmp_path), piece(liar)) == BODY[100:300]
    assert liar.asked[0].headers["range"] == "bytes=250-299"


def test_C09_content_under_another_tag_is_asked_for_from_the_start(rig: Rig) -> None:
    whole = answer(206, b"o" * 200, ETag='"old"', Content_Range="bytes 100-299/512")
    with Liar(scripted(lambda asked: cut(whole, len(whole) - 50), file_server(BODY, '"new"'))) as liar:
        assert bring(rig, piece(liar)) == BODY[100:300]
    told = [(asked.headers["range"], asked.headers.get("if-range")) for asked in liar.asked]
    assert told == [("bytes=100-299", None), ("bytes=250-299", '"old"'), ("bytes=100-299", None)]


def test_a_mirror_gives_the_piece_that_the_registry_cannot(rig: Rig) -> None:
    with Liar(scripted(answer(404))) as liar, Liar(file_server(BODY)) as mirror:
        assert bring(rig, piece(liar, 100, 300, mirror)) == BODY[100:300]
    assert [asked.headers["range"] for asked in mirror.asked] == ["bytes=100-299"]


def test_a_piece_of_an_archive_that_nobody_has_is_told(rig: Rig) -> None:
    with Liar(scripted(answer(404))) as liar, pytest.raises(NotThere):
        bring(rig, piece(liar))
