"""The static side as the server serves it."""

from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from registry_server.blobs import FolderBlobs
from registry_server.db.engine import Database
from registry_server.durable import Disk
from registry_server.public import FolderPublic
from registry_server.settings import DatabaseSettings
from tests.support.registry import Registry

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
BLOB = f"/blobs/sha256/ba/{ABC}"


@pytest.fixture(params=["folder", "memory"], autouse=True)
def files(request: pytest.FixtureRequest, registry: Registry, tmp_path: Path) -> Registry:
    if request.param == "folder":
        registry.world.public = FolderPublic(tmp_path / "public", Disk())
    registry.world.public.write(BLOB[1:], b"abc")
    registry.world.public.replace("tuf/timestamp.json", b'{"version":1}')
    return registry


def get(registry: Registry, path: str = BLOB, **headers: str) -> httpx.Response:
    return registry.client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_a_blob_s_tag_is_its_digest_and_it_never_changes(files: Registry) -> None:
    answer = get(files)
    assert (answer.status_code, answer.content) == (200, b"abc")
    assert answer.headers["etag"] == f'"{ABC}"'
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-length"] == "3"


def test_A47_a_blob_is_saved_and_never_shown(files: Registry) -> None:
    headers = get(files).headers
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"] == "attachment"
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]


def test_the_timestamp_is_cached_for_a_minute(files: Registry) -> None:
    answer = get(files, "/tuf/timestamp.json")
    assert answer.headers["cache-control"] == "public, max-age=60"
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["etag"] == f'"{sha256(answer.content).hexdigest()}"'


def test_R26_after_a_change_the_tag_is_another(files: Registry) -> None:
    old = get(files, "/tuf/timestamp.json").headers["etag"]
    files.world.public.replace("tuf/timestamp.json", b'{"version":2}')
    answer = get(files, "/tuf/timestamp.json", if_none_match=old)
    assert (answer.status_code, answer.content) == (200, b'{"version":2}')
    assert answer.headers["etag"] != old


def test_a_miss_is_not_cached(files: Registry) -> None:
    answer = get(files, f"/blobs/sha256/bb/{ABC}")
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
    assert answer.json()["code"] == "registry.no-such-path"


@pytest.mark.parametrize("tags", [f'"{ABC}"', f'W/"{ABC}"', f'"x", "{ABC}"', "*"])
def test_what_a_client_has_is_not_sent_again(files: Registry, tags: str) -> None:
    answer = get(files, if_none_match=tags)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == f'"{ABC}"'
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("tags", ['"x"', ABC, "", f'"{ABC}'])
def test_another_tag_is_no_condition_met(files: Registry, tags: str) -> None:
    assert get(files, if_none_match=tags).status_code == 200


@pytest.mark.parametrize(
    ("asked", "content", "where"),
    [
        ("bytes=0-0", b"a", "bytes 0-0/3"),
        ("bytes=1-", b"bc", "bytes 1-2/3"),
        ("bytes=1-99", b"bc", "bytes 1-2/3"),
        ("bytes=-1", b"c", "bytes 2-2/3"),
        ("bytes=-99", b"abc", "bytes 0-2/3"),
    ],
)
def test_R27_one_range_gives_its_part(files: Registry, asked: str, content: bytes, where: str) -> None:
    answer = get(files, range=asked)
    assert (answer.status_code, answer.content, answer.headers["content-range"]) == (206, content, where)
    assert answer.headers["content-length"] == str(len(content))


@pytest.mark.parametrize(
    "asked",
    ["bytes=3-", "bytes=9-", "bytes=2-1", "bytes=-0", "bytes=-", "bytes=a-b", "bytes=0-0,2-2", "bytes=0-,0-,0-", "bytes= 0-1",
     "bytes=" + ",".join(["0-0"] * 1000), "bytes=0-0x", "bytes=99999999999999999999-", "bytes=+1-2"],
)  # fmt: skip
def test_R27_ranges_outside_or_many_are_416_with_the_size(files: Registry, asked: str) -> None:
    answer = get(files, range=asked)
    assert (answer.status_code, answer.content, answer.headers["content-range"]) == (416, b"", "bytes */3")


@pytest.mark.parametrize("asked", ["items=0-1", "0-1", ""])
def test_R27_another_unit_is_no_range(files: Registry, asked: str) -> None:
    assert get(files, range=asked).status_code == 200


def test_R27_a_part_of_what_changed_since_is_never_mixed(files: Registry) -> None:
    tag = get(files, "/tuf/timestamp.json").headers["etag"]
    assert get(files, "/tuf/timestamp.json", range="bytes=1-", if_range=tag).status_code == 206
    files.world.public.replace("tuf/timestamp.json", b'{"version":2}')
    answer = get(files, "/tuf/timestamp.json", range="bytes=1-", if_range=tag)
    assert (answer.status_code, answer.content) == (200, b'{"version":2}')


@pytest.mark.parametrize("condition", ["Fri, 20 Nov 2026 10:00:00 GMT", f'W/"{ABC}"', '"x"'])
def test_R27_only_the_strong_tag_makes_if_range_true(files: Registry, condition: str) -> None:
    assert get(files, range="bytes=0-0", if_range=condition).status_code == 200


def test_R34_head_gives_the_headers_of_get_alone(files: Registry) -> None:
    answer = files.client.head(BLOB)
    assert (answer.status_code, answer.content, answer.headers["content-length"]) == (200, b"", "3")
    assert answer.headers["etag"] == f'"{ABC}"'


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_R34_the_static_side_is_read_only(files: Registry, method: str) -> None:
    answer = files.client.request(method, BLOB)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("size", [0, 1, 256 * 1024, 256 * 1024 + 1, 3_000_000])
def test_files_of_every_size_arrive_whole_and_in_parts(files: Registry, size: int) -> None:
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)
    path = f"log/tile/0/{size:03}"
    files.world.public.write(path, data)
    answer = get(files, f"/{path}")
    assert (answer.status_code, answer.headers["content-length"]) == (200, str(size))
    assert answer.content == data
    if size > 10:
        assert get(files, f"/{path}", range=f"bytes=5-{size - 2}").content == data[5:-1]


def test_C11_bytes_are_never_encoded_on_the_way(files: Registry) -> None:
    answer = get(files, accept_encoding="gzip, br")
    assert "content-encoding" not in answer.headers
    assert answer.content == b"abc"


def test_R25_files_of_private_packs_are_not_here_for_everybody(files: Registry) -> None:
    files.world.public.write("proofs/~/00/x.packproof", b"{}")
    assert get(files, "/proofs/~/00/x.packproof").status_code == 404


def test_V05_downloads_go_on_without_a_database(files: Registry, tmp_path: Path) -> None:
    files.world.database.close()
    files.world.database = Database("sqlite:////nowhere/at/all.sqlite3", DatabaseSettings())
    assert get(files).content == b"abc"
    ready = files.client.get("/readyz")
    told = ready.json()
    told.pop("warnings")  # of metadata: this registry was never begun
    assert (ready.status_code, told) == (503, {"status": "failing", "database": "registry.database-gone"})
    assert files.client.get("/healthz").json() == {"status": "ok"}
    answer = files.client.get("/api/v1/whoami")
    assert (answer.status_code, answer.json()["code"]) == (503, "registry.database-gone")


def test_the_private_store_is_not_served(files: Registry, tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "blobs", Disk())
    digest = blobs.put([b"private"], 7)
    assert get(files, f"/blobs/sha256/{digest[:2]}/{digest}").status_code == 404
