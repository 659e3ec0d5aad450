"""Files of paid releases go to who may use them, and to nobody else."""

import random
from collections.abc import Iterator

import pytest

from packspec import site, wire
from packspec.licenses.events import Event
from packspec.licenses.status_list import StatusList
from packspec.names import PublisherName
from packspec.problems import Problem
from packspec.protocol.publishing import YANK, YankRelease
from packspec.versions import Version
from registry_server.actor import TERMINAL
from registry_server.app import settle
from registry_server.call import call_of
from registry_server.delivery import status_lists
from registry_server.durable import NoSpace
from registry_server.index.readable import readable
from registry_server.licensing import actions
from registry_server.licensing.rules import License
from registry_server.world import World
from tests.registry_server.conftest import registry_of
from tests.support import selling
from tests.support.registry import Registry
from tests.support.selling import Machine

ICONS = "acme/icons 1.0.0"
DESK, LAPTOP = Machine("desk"), Machine("laptop")


@pytest.fixture(scope="module")
def registry(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with registry_of(request.config, tmp_path_factory.mktemp("shop")) as opened:
        big = {"icons/big.ogg": b"OggS" + random.Random(1).randbytes(500_000)}
        opened.publish("acme/icons", "1.0.0", files=big, manifest=selling.PRICE)
        opened.publish("acme/free", "1.0.0")
        yield opened


@pytest.fixture
def license(registry: Registry, request: pytest.FixtureRequest) -> License:
    holder = f"h{abs(hash(request.node.name)) % 10**9}"
    registry.account(holder)
    made = selling.issue(registry.world, holder, "acme/icons", max_instances=2)
    settle(registry.world)
    return made


@pytest.fixture
def token(registry: Registry, license: License) -> str:
    return selling.token_of(registry.world, selling.take(registry.world, license, DESK))


def happens(registry: Registry, license: License, event: Event) -> None:
    with call_of(registry.world, TERMINAL).writing() as call:
        actions.change(call, actions.get_locked(call, license.id), event)
        assert call.after.status_changed
    settle(registry.world)


def code(answer) -> tuple[int, str]:
    return answer.status_code, wire.decode(answer.content, Problem).code


def archive(registry: Registry, release: str = ICONS) -> bytes:
    pack, _, version = release.partition(" ")
    listed = readable(registry.world).release(*_named(pack, version))
    assert listed is not None
    source = registry.world.blobs.open(listed.archive.sha256)
    return source.read_at(0, source.size)


def _named(pack, version):
    from packspec.names import PackName
    from packspec.versions import Version

    return PackName(pack), Version.parse(version)


def test_the_archive_of_a_paid_release_is_on_no_static_path(registry: Registry) -> None:
    listed = readable(registry.world).release(*_named("acme/icons", "1.0.0"))
    assert listed is not None
    assert listed.paid
    assert registry.client.get(f"/{site.blob(listed.archive.sha256)}").status_code == 404


def test_who_shows_token_and_device_gets_an_address_that_takes_ranges(registry: Registry, token: str) -> None:
    answer = selling.download(registry, DESK, ICONS, token)
    said = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (302, "no-store")
    assert said["expires_at"] == registry.clock() + 3600
    assert answer.headers["location"] == "../../../../../../../" + said["url"]
    url, data = f"/{said['url']}", archive(registry)
    whole = registry.client.get(url)
    assert (whole.status_code, whole.content) == (200, data)
    assert whole.headers["cache-control"] == "private, max-age=31536000, immutable"
    rest = registry.client.get(url, headers={"range": f"bytes={len(data) - 7}-", "if-range": whole.headers["etag"]})
    assert (rest.status_code, rest.content) == (206, data[-7:])
    assert registry.client.head(url).headers["content-length"] == str(len(data))
    assert registry.client.post(url).status_code == 405


def test_the_address_follows_by_itself_from_the_redirect(registry: Registry, token: str) -> None:
    answer = selling.download(registry, DESK, ICONS, token)
    assert answer.next_request is not None
    assert answer.next_request.url.path == "/" + answer.json()["url"].partition("?")[0]


def test_an_address_opens_one_file_for_one_hour(registry: Registry, token: str) -> None:
    url = "/" + selling.download(registry, DESK, ICONS, token).json()["url"]
    other = readable(registry.world).release(*_named("acme/free", "1.0.0"))
    assert other is not None
    listed = readable(registry.world).release(*_named("acme/icons", "1.0.0"))
    assert listed is not None
    edited = [
        url.replace(str(listed.archive.sha256), str(other.archive.sha256)),
        url.replace("for=A-", "for=A-1"),
        url.replace("until=1", "until=9"),
        url[:-1],
        url.partition("&signature")[0],
        url + "&until=9999999999",
        "/downloads/",
    ]
    for one in edited:
        assert code(registry.client.get(one)) == (403, "delivery.link-refused"), one
    registry.clock.advance(seconds=3599)
    assert registry.client.head(url).status_code == 200
    registry.clock.advance(seconds=1)
    assert code(registry.client.get(url)) == (403, "delivery.link-expired")


def test_downloads_go_on_while_the_database_is_away(registry: Registry, token: str, monkeypatch) -> None:
    def away(*given):
        raise AssertionError("the database was asked")

    monkeypatch.setattr(registry.world.database, "reading", away)
    monkeypatch.setattr(registry.world.database, "writing", away)
    answer = selling.download(registry, DESK, ICONS, token)
    assert answer.status_code == 302
    assert registry.client.get("/" + answer.json()["url"]).content == archive(registry)


def test_L09_L10_L11_who_may_not_is_told_why(registry: Registry, license: License, token: str) -> None:
    ask, now = selling.download, registry.clock()
    assert code(registry.client.get("/api/v1/packs/acme/icons/releases/1.0.0/download")) == (
        401,
        "delivery.nothing-shown",
    )
    assert code(ask(registry, DESK, ICONS, "")) == (401, "delivery.nothing-shown")
    assert code(ask(registry, LAPTOP, ICONS, token)) == (402, "licensing.other-device")
    assert code(ask(registry, DESK, ICONS, token[:-9] + token[-5:] + "AAAA")) == (402, "licensing.forged")
    assert code(ask(registry, DESK, ICONS, token, now=now - 700)) == (402, "licensing.proof-refused")
    other = "/api/v1/packs/acme/icons/releases/2.0.0/download"
    assert code(ask(registry, DESK, ICONS, token, path=other)) == (402, "licensing.proof-refused")
    assert code(ask(registry, DESK, ICONS, token, method="POST")) == (402, "licensing.proof-refused")
    foreign = selling.changed(token, registry, iss="other/log")
    assert code(ask(registry, DESK, ICONS, foreign)) == (402, "licensing.other-registry")
    elsewhere = selling.changed(token, registry, status={"status_list": {"idx": 1, "uri": "tuf/timestamp.json"}})
    assert code(ask(registry, DESK, ICONS, elsewhere))[0] in (402, 503)
    assert code(ask(registry, DESK, "acme/icons 9.0.0", token)) == (404, "catalog.no-such-release")


def test_L12_L13_a_revoked_license_opens_nothing_from_that_second_on(
    registry: Registry, license: License, token: str
) -> None:
    url = "/" + selling.download(registry, DESK, ICONS, token).json()["url"]
    happens(registry, license, Event.SUSPEND)
    assert code(selling.download(registry, DESK, ICONS, token)) == (402, "licensing.revoked")
    happens(registry, license, Event.UNSUSPEND)
    assert selling.download(registry, DESK, ICONS, token).status_code == 302
    happens(registry, license, Event.REFUND)
    assert code(selling.download(registry, DESK, ICONS, token)) == (402, "licensing.revoked")
    assert registry.client.head(url).status_code == 200  # what was given is good for its hour


def test_a_lease_that_is_over_opens_nothing(registry: Registry, token: str) -> None:
    registry.clock.advance(days=30)
    assert code(selling.download(registry, DESK, ICONS, token)) == (402, "licensing.lease-ended")


def test_a_free_release_is_where_it_always_was(registry: Registry) -> None:
    answer = registry.client.get("/api/v1/packs/acme/free/releases/1.0.0/download", follow_redirects=True)
    assert (answer.status_code, answer.content) == (200, archive(registry, "acme/free 1.0.0"))
    assert answer.url.path.startswith("/blobs/sha256/")


def test_without_a_version_it_is_the_latest_and_a_release_that_was_called_back_is_not(registry: Registry) -> None:
    for version in ("1.0.0", "1.1.0", "1.2.0", "2.0.0-beta.1"):
        registry.publish("acme/steps", version)
    path = "/api/v1/packs/acme/steps/download"
    assert registry.client.get(path).json()["version"] == "1.2.0"
    yank = YankRelease(PublisherName("acme"), "steps", Version.parse("1.2.0"), reason="broken")
    registry.call(YANK, yank, registry.publisher("acme").token)
    answer = registry.client.get(path, follow_redirects=True)
    assert (answer.status_code, answer.content) == (200, archive(registry, "acme/steps 1.1.0"))
    assert code(registry.client.get("/api/v1/packs/acme/nothing/download")) == (404, "catalog.no-such-pack")


def test_the_latest_of_a_paid_pack_asks_for_a_license_too(registry: Registry, token: str) -> None:
    path = "/api/v1/packs/acme/icons/download"
    assert code(registry.client.get(path)) == (401, "delivery.nothing-shown")
    answer = registry.client.get(path, headers=DESK.headers(path, registry.clock(), token))
    assert (answer.status_code, answer.json()["version"]) == (302, "1.0.0")
    assert registry.client.get(f"/{answer.json()['url']}").content == archive(registry)


# Status lists


def test_the_status_list_is_a_static_file_that_is_signed_by_the_key_the_root_vouches_for(
    registry: Registry, license: License
) -> None:
    seen = readable(registry.world)
    answer = registry.client.get("/license-status/0")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "public, max-age=60")
    found = StatusList.read(answer.text, seen.license_keys)
    assert (found.issuer, found.path, found.ttl) == ("registry.test/log", "license-status/0", 3600)
    assert not found.is_revoked(license.status_index)
    again = registry.client.get("/license-status/0", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    happens(registry, license, Event.REFUND)
    after = registry.client.get("/license-status/0", headers={"if-none-match": answer.headers["etag"]})
    assert StatusList.read(after.text, seen.license_keys).is_revoked(license.status_index)


def test_a_status_list_is_signed_anew_half_through_its_time_and_never_looks_older(registry: Registry) -> None:
    world, keys = registry.world, readable(registry.world).license_keys

    def at() -> int:
        data = world.public.read("license-status/0")
        assert data is not None
        return StatusList.read(data.decode(), keys).at

    registry.clock.advance(hours=1)
    assert status_lists.publish(world) == 1
    signed_at = at()
    assert signed_at == registry.clock()
    registry.clock.advance(minutes=29)
    assert status_lists.publish(world) == 0
    registry.clock.advance(minutes=1)
    assert status_lists.publish(world) == 1
    world.public.replace("license-status/0", b"damaged")
    assert status_lists.publish(world) == 1
    registry.clock.now -= 60
    assert status_lists.publish(world) == 0
    registry.clock.now += 60


def test_without_its_status_list_nobody_is_let_in_unseen(registry: Registry, token: str) -> None:
    registry.world.public.remove("license-status/0")
    assert code(selling.download(registry, DESK, ICONS, token)) == (503, "delivery.status-list-missing")
    status_lists.publish(registry.world)
    assert selling.download(registry, DESK, ICONS, token).status_code == 302


def test_a_log_that_cannot_be_published_keeps_no_revocation_back(
    registry: Registry, license: License, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(world: World) -> int:
        raise NoSpace("public", "its disk is full")

    monkeypatch.setattr("registry_server.index.actions.publish_pending", fails)
    with pytest.raises(NoSpace):
        happens(registry, license, Event.FRAUD)
    assert code(selling.download(registry, DESK, ICONS, token)) == (402, "licensing.revoked")
