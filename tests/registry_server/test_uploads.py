"""Uploads: by digest, resumable, each by its owner alone."""

import io
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from packspec.digests import Digest
from packspec.errors import Conflict, Denied, Invalid, NotFound, PackError, Unavailable
from packspec.protocol import access, uploads
from packspec.protocol.access import CreateToken
from packspec.protocol.uploads import AppendBytes, AskUpload, StartUpload
from registry_server.blobs import FolderBlobs
from registry_server.durable import Disk, Watch
from registry_server.settings import PublishLimits, Settings
from registry_server.staging import Staging
from tests.support.kill import sweep
from tests.support.registry import Registry

DATA = bytes(range(256)) * 40
DIGEST = Digest.of(DATA)


@pytest.fixture
def mia(registry: Registry) -> str:
    return registry.account("mia")


def start(registry: Registry, token: str, data: bytes = DATA) -> uploads.UploadState:
    return registry.call(uploads.START, StartUpload(digest=Digest.of(data), size=len(data)), token)


def send(registry: Registry, token: str, offset: int, data: bytes, digest: Digest = DIGEST) -> uploads.UploadState:
    return registry.call(uploads.APPEND, AppendBytes(digest=digest, offset=offset), token, data)


def finish(registry: Registry, token: str, digest: Digest = DIGEST) -> uploads.UploadState:
    return registry.call(uploads.FINISH, AskUpload(digest=digest), token)


def status(registry: Registry, token: str, digest: Digest = DIGEST) -> uploads.UploadState:
    return registry.call(uploads.STATUS, AskUpload(digest=digest), token)


def staged(registry: Registry) -> list[str]:
    return sorted(path.suffix for path in registry.world.folder.staging.rglob("*") if path.is_file())


def test_bytes_arrive_in_pieces_and_end_in_the_store(registry: Registry, mia: str) -> None:
    assert start(registry, mia).received == 0
    assert send(registry, mia, 0, DATA[:1000]).received == 1000
    assert start(registry, mia).received == 1000
    state = send(registry, mia, 1000, DATA[1000:])
    assert (state.received, state.complete, state.expires_at > 0) == (len(DATA), False, True)
    assert finish(registry, mia).complete
    assert finish(registry, mia) == status(registry, mia)
    source = registry.world.blobs.open(DIGEST)
    assert source.read_at(0, source.size) == DATA
    assert staged(registry) == [".done"]


@pytest.mark.parametrize("offset", [1, 999, 1001, 10_240])
def test_R22_a_piece_that_begins_elsewhere_is_refused_with_the_right_offset(
    registry: Registry, mia: str, offset: int
) -> None:
    start(registry, mia)
    send(registry, mia, 0, DATA[:1000])
    with pytest.raises(Conflict) as caught:
        send(registry, mia, offset, DATA[offset : offset + 10])
    assert caught.value.code == "publishing.upload-offset"
    assert caught.value.facts()["expected"] == "1000"
    assert status(registry, mia).received == 1000


def test_R22_foreign_and_missing_uploads_are_answered_alike(registry: Registry, mia: str) -> None:
    bob = registry.account("bob")
    start(registry, mia)
    send(registry, mia, 0, DATA)
    finish(registry, mia)
    for ask in (status, finish):
        with pytest.raises(NotFound):
            ask(registry, bob)
    with pytest.raises(NotFound):
        send(registry, bob, 0, b"x")
    # What another has sent is not told by an upload that is done at once.
    assert (start(registry, bob).received, start(registry, bob).complete) == (0, False)


def test_R22_two_writers_never_mix_their_bytes(registry: Registry, mia: str) -> None:
    start(registry, mia)
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> Iterator[bytes]:
        yield DATA[:100]
        begun.set()
        go_on.wait(20)
        yield DATA[100:]

    headers = {
        "authorization": f"Bearer {mia}",
        "content-type": "application/octet-stream",
        "content-length": str(len(DATA)),
    }
    path = f"/api/v1/uploads/{DIGEST}?offset=0"
    first: list[httpx.Response] = []

    def upload() -> None:
        first.append(httpx.put(registry.url + path, content=slowly(), headers=headers, trust_env=False))

    writer = threading.Thread(target=upload)
    writer.start()
    assert begun.wait(20)
    wait_until(lambda: registry.world.staging._claimed)
    second = registry.client.put(path, content=b"y" * 10, headers={**headers, "content-length": "10"})
    assert (second.status_code, second.json()["code"]) == (409, "publishing.upload-busy")
    go_on.set()
    writer.join()
    assert first[0].status_code == 200
    assert finish(registry, mia).complete


def test_R22_many_first_pieces_at_once_are_one_upload(registry: Registry, mia: str) -> None:
    start(registry, mia)
    barrier = threading.Barrier(8)
    outcomes: list[str] = []

    def put() -> None:
        barrier.wait()
        try:
            send(registry, mia, 0, DATA)
            outcomes.append("sent")
        except Conflict as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=put) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("sent") == 1
    assert set(outcomes) <= {"sent", "publishing.upload-busy", "publishing.upload-offset"}
    assert finish(registry, mia).complete


def test_R22_an_upload_without_progress_expires(registry: Registry, mia: str) -> None:
    start(registry, mia)
    send(registry, mia, 0, DATA[:10])
    for path in registry.world.folder.staging.rglob("*.part"):
        os.utime(path, (registry.clock.now, registry.clock.now))
    registry.clock.advance(hours=24, seconds=-1)
    assert registry.world.staging.expire(registry.clock.now) == 0
    registry.clock.advance(seconds=1)
    assert registry.world.staging.expire(registry.clock.now) == 1
    with pytest.raises(NotFound):
        status(registry, mia)
    assert staged(registry) == []


def test_R23_other_bytes_than_announced_are_refused_and_removed(registry: Registry, mia: str) -> None:
    start(registry, mia)
    send(registry, mia, 0, b"x" + DATA[1:])
    with pytest.raises(Invalid) as caught:
        finish(registry, mia)
    assert caught.value.code == "publishing.upload-digest"
    assert caught.value.facts()["announced"] == DIGEST.labelled
    assert staged(registry) == []
    assert not registry.world.blobs.has(DIGEST)
    with pytest.raises(NotFound):
        status(registry, mia)


def test_R23_who_sends_other_bytes_of_the_same_size_never_passes_for_their_sender(tmp_path: Path) -> None:
    passed: list[bool] = []
    opened: list[Staging] = []
    staging, _ = _staging(tmp_path, lambda operation, target: passed.extend(one.is_complete(8, ABC) for one in opened))
    for member, data in ((7, b"abc"), (8, b"xyz")):
        staging.start(member, ABC, 3, 1 << 40)
        sink = staging.open_sink(member, ABC, 0, 3)
        sink.write(data)
        sink.close()
    staging.finish(7, ABC)
    opened.append(staging)
    with pytest.raises(Invalid):
        staging.finish(8, ABC)
    assert passed == [False]
    assert not staging.is_complete(8, ABC)


def test_R23_an_upload_shorter_than_announced_is_not_finished_and_goes_on(registry: Registry, mia: str) -> None:
    start(registry, mia)
    send(registry, mia, 0, DATA[:-1])
    with pytest.raises(Invalid, match="1 bytes of the upload are missing") as caught:
        finish(registry, mia)
    assert caught.value.code == "publishing.upload-short"
    send(registry, mia, len(DATA) - 1, DATA[-1:])
    assert finish(registry, mia).complete


def test_R15_more_bytes_than_announced_are_refused_before_they_are_read(registry: Registry, mia: str) -> None:
    start(registry, mia)
    answer = registry.ask(uploads.APPEND, AppendBytes(digest=DIGEST, offset=0), mia, DATA + b"x")
    assert (answer.status_code, answer.json()["code"]) == (413, "publishing.upload-too-large")
    assert status(registry, mia).received == 0


def test_R15_an_answer_that_leaves_the_body_unread_says_that_the_connection_ends(registry: Registry, mia: str) -> None:
    start(registry, mia)
    refused = registry.ask(uploads.APPEND, AppendBytes(digest=DIGEST, offset=0), mia, DATA + b"x")
    read = registry.ask(uploads.APPEND, AppendBytes(digest=DIGEST, offset=0), mia, DATA)
    assert (refused.status_code, refused.headers.get("connection")) == (413, "close")
    assert (read.status_code, read.headers.get("connection")) == (200, None)


def test_R15_an_archive_above_the_registry_s_ceiling_is_refused_before_it_is_sent(registry: Registry, mia: str) -> None:
    limits = PublishLimits(archive_bytes=4096)
    registry.world.staging = Staging(registry.world.folder.staging, Disk(), registry.world.blobs, limits)
    answer = registry.ask(uploads.START, StartUpload(digest=DIGEST, size=4097), mia)
    assert (answer.status_code, answer.json()["code"]) == (413, "publishing.upload-too-large")
    assert staged(registry) == []


@pytest.mark.parametrize("size", [0, -1, 2**31 + 1, 2**53])
def test_a_size_that_no_archive_has_is_refused(registry: Registry, mia: str, size: int) -> None:
    answer = registry.client.post(
        "/api/v1/uploads", json={"digest": DIGEST, "size": size}, headers={"authorization": f"Bearer {mia}"}
    )
    assert answer.status_code == 422


def test_R15_a_body_without_a_length_is_refused(registry: Registry, mia: str) -> None:
    start(registry, mia)
    headers = {"authorization": f"Bearer {mia}", "content-type": "application/octet-stream"}
    answer = registry.client.put(f"/api/v1/uploads/{DIGEST}?offset=0", content=iter([DATA]), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (411, "registry.length-missing")


def test_R17_a_compressed_upload_is_refused(registry: Registry, mia: str) -> None:
    start(registry, mia)
    headers = {"authorization": f"Bearer {mia}", "content-type": "application/octet-stream", "content-encoding": "gzip"}
    answer = registry.client.put(f"/api/v1/uploads/{DIGEST}?offset=0", content=DATA, headers=headers)
    assert answer.status_code == 415


def test_R01_nothing_is_read_of_an_upload_whose_token_does_not_count(registry: Registry) -> None:
    answer = registry.ask(uploads.APPEND, AppendBytes(digest=DIGEST, offset=0), "pkt_wrong", DATA)
    assert (answer.status_code, answer.json()["code"]) == (401, "access.token-rejected")
    assert staged(registry) == []


def test_a_token_that_may_only_read_uploads_nothing(registry: Registry, mia: str) -> None:
    weak = registry.call(access.CREATE, CreateToken(scopes=["read"]), mia).token
    with pytest.raises(Denied, match="does not have the scope publish"):
        start(registry, weak)


def test_V27_one_person_has_a_bounded_number_of_unfinished_uploads(registry: Registry, mia: str) -> None:
    most = registry.world.settings.publish.uploads_per_member
    for number in range(most):
        start(registry, mia, b"%d" % number)
    with pytest.raises(Conflict) as caught:
        start(registry, mia, b"one more")
    assert caught.value.code == "publishing.too-many-uploads"


def test_V07_an_upload_for_which_there_is_no_room_is_not_begun(
    registry: Registry, mia: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: type("Usage", (), {"free": 1 << 20})())
    with pytest.raises(Unavailable) as caught:
        start(registry, mia)
    assert caught.value.code == "registry.no-space"
    assert staged(registry) == []


def raw(registry: Registry, token: str, length: int) -> socket.socket:
    host, port = registry.url.removeprefix("http://").split(":")
    opened = socket.create_connection((host, int(port)), timeout=10)
    opened.sendall(
        f"PUT /api/v1/uploads/{DIGEST}?offset=0 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/octet-stream\r\nContent-Length: {length}\r\n\r\n".encode()
    )
    return opened


def wait_until(so: Callable[[], object]) -> None:
    ends = time.monotonic() + 30
    while not so() and time.monotonic() < ends:
        time.sleep(0.01)


def wait_until_free(registry: Registry) -> None:
    """The bytes are there a moment before the one who wrote them is known to be gone."""
    wait_until(lambda: not registry.world.staging._claimed)


def wait_for(registry: Registry, token: str, received: int) -> None:
    wait_until(lambda: status(registry, token).received == received)
    assert status(registry, token).received == received


def test_C09_what_arrived_before_the_connection_broke_is_kept(registry: Registry, mia: str) -> None:
    start(registry, mia)
    with raw(registry, mia, len(DATA)) as connection:
        connection.sendall(DATA[:5000])
        wait_until(lambda: registry.world.staging._claimed)
    wait_for(registry, mia, 5000)
    wait_until_free(registry)
    send(registry, mia, 5000, DATA[5000:])
    assert finish(registry, mia).complete


def test_C09_a_body_that_ends_too_soon_is_told_so_to_whoever_still_listens(registry: Registry, mia: str) -> None:
    start(registry, mia)
    with raw(registry, mia, len(DATA)) as connection:
        connection.sendall(DATA[:5000])
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(65536)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"registry.body-cut" in answer
    wait_for(registry, mia, 5000)


def hurry(registry: Registry) -> None:
    """From now on this registry waits one second for more of a body."""
    http = msgspec.structs.replace(registry.world.settings.http, body_idle_seconds=1)
    registry.world.settings = msgspec.structs.replace(registry.world.settings, http=http)


def test_R16_a_body_that_stops_is_ended_and_what_arrived_is_kept(registry: Registry, mia: str) -> None:
    start(registry, mia)
    hurry(registry)
    with raw(registry, mia, len(DATA)) as connection:
        connection.sendall(DATA[:5000])
        answer = connection.recv(65536)
    assert b" 408 " in answer
    assert b"registry.body-too-slow" in answer
    wait_for(registry, mia, 5000)


def test_R16_a_drip_that_gets_nowhere_is_ended(registry: Registry, mia: str) -> None:
    start(registry, mia)
    hurry(registry)
    with raw(registry, mia, len(DATA)) as connection:
        connection.settimeout(0.2)
        for _ in range(50):
            connection.sendall(b"x")
            try:
                answer = connection.recv(65536)
            except TimeoutError:
                continue
            break
        else:
            raise AssertionError("the drip was never ended")
    assert b" 408 " in answer


def test_R16_many_slow_bodies_do_not_keep_others_waiting(registry: Registry, mia: str) -> None:
    start(registry, mia)
    slow = []
    for _ in range(100):
        connection = socket.create_connection(registry.url.removeprefix("http://").split(":"), timeout=10)
        connection.sendall(
            b"POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"
        )
        slow.append(connection)
    # No body ends before its 60 s, so whoever had to wait for them would not be answered within half of that.
    assert registry.client.get("/healthz", timeout=30).status_code == 200
    asked = registry.client.get("/api/v1/whoami", headers={"authorization": f"Bearer {mia}"}, timeout=30)
    assert asked.status_code == 200
    for connection in slow:
        connection.close()


def upload_abc(folder: Path, watch: Watch) -> None:
    staging, _ = _staging(folder, watch)
    staging.start(7, ABC, 3, 1 << 40)
    print("started")
    for offset, piece in ((0, b"a"), (1, b"bc")):
        sink = staging.open_sink(7, ABC, offset, len(piece))
        sink.write(piece)
        sink.close()
        print("sent", len(piece))
    staging.finish(7, ABC)
    print("finished")


ABC = Digest("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")


def _staging(folder: Path, watch: Watch) -> tuple[Staging, FolderBlobs]:
    disk = Disk(watch)
    blobs = FolderBlobs(folder / "blobs", disk)
    return Staging(folder / "staging", disk, blobs, Settings().publish), blobs


def test_V01_an_upload_goes_on_after_a_death_at_any_moment(tmp_path: Path) -> None:
    deaths = list(sweep("tests.registry_server.test_uploads", "upload_abc", tmp_path))
    assert len(deaths) > 10
    for folder, death in deaths:
        staging, blobs = _staging(folder, lambda operation, target: None)
        state = staging.start(7, ABC, 3, 1 << 40)
        assert state.received >= {0: 0, 1: 1, 2: 3, 3: 3}[death.said.count("sent") + death.said.count("finished")]
        assert state.is_complete == ("finished" in death.said) or state.is_complete == blobs.has(ABC)
        if not state.is_complete:
            sink = staging.open_sink(7, ABC, state.received, 3 - state.received)
            sink.write(b"abc"[state.received :])
            sink.close()
            assert staging.finish(7, ABC).is_complete
        source = blobs.open(ABC)
        assert source.read_at(0, 9) == b"abc"
        source.close()


def test_every_refusal_of_an_upload_is_a_pack_error(registry: Registry, mia: str) -> None:
    answer = registry.client.get("/api/v1/uploads/" + "A" * 64, headers={"authorization": f"Bearer {mia}"})
    assert (answer.status_code, answer.json()["facts"]["field"]) == (422, "digest")
    with pytest.raises(PackError):
        status(registry, mia)


def test_memory_stays_small_while_much_arrives(registry: Registry, mia: str) -> None:
    import tracemalloc

    data = os.urandom(1 << 20) * 24
    start(registry, mia, data)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    headers = {
        "authorization": f"Bearer {mia}",
        "content-type": "application/octet-stream",
        "content-length": str(len(data)),
    }
    body = io.BytesIO(data)
    answer = httpx.put(
        f"{registry.url}/api/v1/uploads/{Digest.of(data)}?offset=0",
        content=iter(lambda: body.read(65536), b""), headers=headers, trust_env=False, timeout=30,
    )  # fmt: skip
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert answer.json()["received"] == len(data)
    assert peak - before < 12 << 20
