"""Reading the static side: retries, mirrors, ceilings, and tokens that go only where they belong."""

import time

import pytest
from msgspec import field

from packctl.registry.failures import BadAnswer, Redirected, TooManyRequests, Unreachable
from packctl.registry.http import Http
from packctl.registry.network import Network, Pace
from packctl.trust.reading import Wish
from packctl.trust.static import Static
from packspec.digests import Digest
from tests.support.liar import HangUp, Liar, answer


@pytest.fixture
def http():
    with Http(Network(timeout_seconds=5), time.monotonic) as opened:
        yield opened


class Waiting(Static):
    """Remembers its pauses instead of making them."""

    slept: list[float] = field(default_factory=list)


def reader(http, *addresses, **given):
    slept = []
    return Waiting(http, addresses, Pace(time.monotonic, slept.append, lambda: 1.0), slept=slept, **given)


def test_a_file_is_read_and_what_is_not_there_is_none(http):
    with Liar(lambda asked: [answer(200, b"tile") if asked.target == "/log/tile" else answer(404)]) as liar:
        static = reader(http, liar.url)
        assert static.read("log/tile", 100) == b"tile"
        assert static.read("log/other", 100) is None
        assert [one.method for one in liar.asked] == ["GET", "GET"]


def test_reading_ends_one_byte_after_the_ceiling(http):
    with Liar(lambda asked: [answer(200, bytes(1_000_000))]) as liar:
        assert len(reader(http, liar.url).read("log/tile", 100)) == 101


def test_a_broken_connection_is_tried_four_times_with_growing_pauses(http):
    def hang_up(asked):
        raise HangUp

    with Liar(hang_up) as liar:
        static = reader(http, liar.url)
        with pytest.raises(Unreachable):
            static.read("tuf/timestamp.json", 100)
        assert static.slept == [0.25, 0.5, 1.0]


def test_a_busy_registry_is_given_the_pause_it_asks_for(http):
    def busy_once(asked):
        return [answer(503, Retry_After="7") if asked.number == 0 else answer(200, b"x")]

    with Liar(busy_once) as liar:
        static = reader(http, liar.url)
        assert static.read("tuf/timestamp.json", 100) == b"x"
        assert static.slept == [7.0]
    with Liar(lambda asked: [answer(429, Retry_After="3600")]) as liar, pytest.raises(TooManyRequests):
        reader(http, liar.url).read("tuf/timestamp.json", 100)


def test_a_mirror_is_asked_where_the_registry_does_not_answer_and_not_where_it_says_no(http):
    with Liar(lambda asked: [answer(200, b"mirrored")]) as mirror:
        assert reader(http, "http://127.0.0.1:9", mirror.url).read("log/tile", 100) == b"mirrored"
        mirror.asked.clear()
        with Liar(lambda asked: [answer(404)]) as registry:
            assert reader(http, registry.url, mirror.url).read("log/tile", 100) is None
        assert mirror.asked == []


def test_a_registry_that_does_not_answer_is_waited_for_once(http):
    with Liar(lambda asked: [answer(200, b"mirrored")]) as mirror:
        static = reader(http, "http://127.0.0.1:9", mirror.url)
        assert [static.read(f"log/{number}", 100) for number in range(5)] == [b"mirrored"] * 5
        assert static.slept == [0.25, 0.5, 1.0]


def test_a_mirror_without_the_file_or_with_other_bytes_is_passed_over(http):
    right = b"right"
    digest = Digest.of(right)
    with (
        Liar(lambda asked: [answer(404)]) as empty,
        Liar(lambda asked: [answer(200, b"wrong")]) as wrong,
        Liar(lambda asked: [answer(200, right)]) as good,
    ):
        static = reader(http, "http://127.0.0.1:9", empty.url, wrong.url, good.url)
        assert static.read_all([Wish("blob", 100, digest)]) == [right]
        assert static.read_all([Wish("blob", 100)]) == [
            b"wrong"
        ]  # nothing says what it should be: whoever parses it will
        alone = reader(http, "http://127.0.0.1:9", wrong.url)
        assert alone.read_all([Wish("blob", 100, digest)]) == [b"wrong"]  # told by whoever asked, in its own words
        assert reader(http, "http://127.0.0.1:9", empty.url).read("none", 100) is None


def test_a_token_goes_to_the_registry_and_never_to_a_mirror(http):
    private = "proofs/~/00/x.packproof"

    def authorize(origin):
        return {"Authorization": "Bearer of-this-origin"}

    def busy(asked):
        return [answer(503, Retry_After="3600")]

    with Liar(busy) as registry, Liar(lambda asked: [answer(200, b"x")]) as mirror:
        static = reader(http, registry.url, mirror.url, authorize=authorize)
        assert static.read(private, 100) == b"x"
        assert [one.headers.get("authorization") for one in registry.asked] == ["Bearer of-this-origin"]
        assert [one.headers.get("authorization") for one in mirror.asked] == [None]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_C15_no_redirect_is_followed(http, status):
    with Liar(lambda asked: [answer(status, Location="/elsewhere")]) as liar:
        with pytest.raises(Redirected):
            reader(http, liar.url).read("log/tile", 100)
        assert [one.target for one in liar.asked] == ["/log/tile"]


def test_C11_what_is_packed_though_asked_not_to_is_no_answer(http):
    with Liar(lambda asked: [answer(200, b"x", Content_Encoding="gzip")]) as liar, pytest.raises(BadAnswer):
        reader(http, liar.url).read("log/tile", 100)


def test_a_token_goes_only_to_paths_that_only_some_accounts_may_read(http):
    with Liar(lambda asked: [answer(200, b"x")]) as liar:
        static = reader(http, liar.url, authorize=lambda origin: {"Authorization": f"Bearer for {origin}"})
        static.read("index/acme/icons", 100)
        static.read(f"proofs/~/{'0' * 32}/{'1' * 64}.packproof", 100)
        assert [one.headers.get("authorization") for one in liar.asked] == [None, f"Bearer for {liar.url}"]


def test_several_files_come_in_the_order_asked(http):
    with Liar(lambda asked: [answer(200, asked.target.encode())]) as liar:
        found = reader(http, liar.url).read_all([Wish(f"log/{number}", 100) for number in range(20)])
        assert found == [f"/log/{number}".encode() for number in range(20)]
