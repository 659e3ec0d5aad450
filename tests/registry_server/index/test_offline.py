"""Ceremonies with the offline keys, each on a machine of its own, and what clients make of them."""

import itertools
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from packctl.trust.proofs import Claim
from packspec import site
from packspec.errors import PackError
from packspec.names import PackName
from packspec.signing.keys import PrivateKey
from packspec.versions import Version
from registry_server.index import actions, resigning, reviewers
from registry_server.index.ceremony import OfflineKeys, complete
from registry_server.index.offline import entering, signing
from registry_server.index.offline.document import BadCeremony, CeremonyDocument, OtherCeremony
from registry_server.index.offline.ends import ending, look
from registry_server.index.offline.entering import (
    CeremonyIncomplete,
    CeremonySuperseded,
    LogTooLong,
    ReleaseBetween,
    enter,
)
from registry_server.index.offline.preparing import Changes, NoSuchKey, NothingChanges, prepare
from registry_server.index.offline.signing import NothingToSign, missing, sentences, sign
from registry_server.index.repository import Repository
from registry_server.signer import KeyUnreadable, OnlineKeys, make_key
from registry_server.world import World
from tests.support.hostile import Client, HostileRegistry, forked, hostile_registry
from tests.support.registry import registry_at
from tests.support.signing import key

ONLINE = ("timestamp", "snapshot", "bins", "log")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[HostileRegistry]:
    with hostile_registry(tmp_path / "registry") as opened:
        yield opened


def machines(registry: HostileRegistry) -> list[PrivateKey]:
    """The offline keys, each of which lies on a machine of its own."""
    return list(OfflineKeys.read(registry.publication.offline).keys)


def carried(document: CeremonyDocument) -> CeremonyDocument:
    """The document after a way as a file."""
    return CeremonyDocument.parse(document.encode(), "document.json")


def signed(document: CeremonyDocument, keys: list[PrivateKey]) -> CeremonyDocument:
    """Each key signs a copy on its own machine; the copies come back and are put together."""
    copies = [carried(sign(carried(document), [key], "a medium")) for key in keys]
    first, *others = copies
    for other in others:
        first = first.joined(other, "another copy")
    return first


def look_at(client: Client, *releases: str) -> int:
    """The version of the registry's root that a real client trusts, after it has proven releases."""
    with client.registry() as trusted:
        trusted.refresh()
        claims = [
            Claim(PackName.parse(one.partition("@")[0]), Version.parse(one.partition("@")[2])) for one in releases
        ]
        for proven in trusted.prove(claims):
            proven.verdict.require()
        return trusted.lock_entry().root_version


def test_a_client_that_was_away_follows_every_kind_of_rotation_and_one_that_comes_new_does_too(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    world, keys, new = registry.world, machines(registry), make_key("p256", os.urandom)
    away = Client(tmp_path / "away", registry.url, registry.root)
    assert look_at(away, "acme/icons@1.0.0") == 1
    before = OnlineKeys.read(world.folder.keys)

    renewed = prepare(world, Changes())
    assert [line.split(" ends ")[0] for line in sentences(renewed)] == ["root 2", "targets 3", "index 2"]
    assert enter(world, signed(renewed, keys[:2])) == ["root 2", "targets 3", "index 2"]
    assert enter(world, signed(renewed, keys[:2])) == []
    registry.publication.publish("acme/icons", "1.1.0")
    between = Client(tmp_path / "between", registry.url, registry.root)
    assert look_at(between, "acme/icons@1.1.0") == 2

    rotated = prepare(world, Changes(online=ONLINE))
    assert enter(world, signed(rotated, keys[1:])) == ["root 3", "targets 4", "index 3"]
    after = OnlineKeys.read(world.folder.keys)
    assert all(getattr(before, role).public != getattr(after, role).public for role in ONLINE)
    assert after.following == {}
    assert sorted(Repository.load(world.public).bins_of(["index/acme.json", "index/acme/icons.json"])) == [
        "bin4b-1",
        "bin4b-8",
    ]
    registry.publication.publish("acme/icons", "1.2.0")

    handed = prepare(
        world, Changes(add_offline=(new.public,), remove_offline=(keys[0].public.fingerprint,), threshold=2)
    )
    assert enter(world, signed(handed, [keys[1], keys[2], new])) == ["root 4", "targets 5", "index 4"]
    registry.publication.publish("acme/icons", "1.3.0")
    audited = between.run("log", "verify")
    assert audited.code == 0, audited.err
    registry.clock.advance(days=3)
    assert resigning.resign(world) is True

    releases = [f"acme/icons@1.{number}.0" for number in range(4)]
    away.clock = between.clock = registry.clock
    assert look_at(away, *releases) == 4
    assert look_at(between, *releases) == 4
    assert look_at(Client(tmp_path / "new", registry.url, registry.root, registry.clock), *releases) == 4
    last = prepare(world, Changes())
    with pytest.raises(NothingToSign):
        sign(last, [keys[0]], "the old medium")


def test_nobody_accepts_a_root_that_only_the_new_keys_or_only_the_old_ones_have_signed(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    keys, new = machines(registry), [make_key("p256", os.urandom) for _ in range(3)]
    others = prepare(
        registry.world,
        Changes(
            add_offline=tuple(key.public for key in new), remove_offline=tuple(str(key.public.key_id) for key in keys)
        ),
    )
    client = Client(tmp_path / "client", registry.url, registry.root)
    for signers, needs in (
        (new, ["root: 0 of 2 keys of the root before"]),
        (new[:2] + keys[:1], ["root: 1 of 2 keys of the root before"]),
        (keys, ["root: 0 of 2 keys", "targets: 0 of 2 keys", "index: 0 of 2 keys"]),
    ):
        half = signed(others, signers)
        assert [str(one) for one in missing(half)] == needs
        with pytest.raises(CeremonyIncomplete):
            enter(registry.world, half)
        registry.lie("tuf/2.root.json", half.after["root"].encode())
        with pytest.raises(PackError) as caught:
            look_at(client)
        assert caught.value.code == "trust.metadata-signature"
    del registry.lies["/tuf/2.root.json"]
    assert look_at(client) == 1
    assert enter(registry.world, signed(others, [*keys[:2], *new[:2]])) == ["root 2", "targets 3", "index 2"]
    assert look_at(client) == 2


def test_V01_a_ceremony_that_is_killed_at_any_write_leaves_a_registry_that_clients_trust(
    registry: HostileRegistry, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """The registry dies before its n-th write, somebody looks, it starts again, and somebody looks again. Each n with --long."""
    document = signed(prepare(registry.world, Changes(online=ONLINE)), machines(registry)[:2])
    seen = set()
    for deadline in itertools.count(1, 1 if request.config.getoption("--long") else 9):
        with forked(registry, tmp_path / f"fork-{deadline}") as other:
            is_done = not dies(other.world, document, deadline)
            client = Client(tmp_path / f"client-{deadline}", other.url, registry.root)
            first = look_at(client)
            other.world.memory.take(actions.Replayed)
            other.world.signer = None
            complete(other.world)
            seen.add((first, look_at(client, "acme/icons@1.0.0")))
            other.publication.publish("acme/icons", "1.1.0")
            look_at(client, "acme/icons@1.1.0")
            if is_done:
                break
    assert deadline > 20
    assert seen >= {(1, 1), (2, 2)}
    assert OnlineKeys.read(other.world.folder.keys).following == {}


def dies(world: World, document: CeremonyDocument, deadline: int) -> bool:
    """Puts a document in force until the `deadline`-th write, and says whether it came to that."""
    writes = 0

    def die(operation: str, target: str) -> None:
        nonlocal writes
        writes += operation in ("rename", "commit")
        if writes == deadline:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        for watched, name in ((world.public, "_before"), (world.disk, "before"), (world.database, "_before")):
            patch.setattr(watched, name, die)
        try:
            enter(world, document)
        except KeyboardInterrupt:
            return True
    return False


@pytest.mark.parametrize("role", ONLINE)
def test_an_online_key_that_was_lost_is_replaced_by_the_offline_keys(
    registry: HostileRegistry, role: str, tmp_path: Path
) -> None:
    (registry.world.folder.keys / f"{role}.key").unlink()
    with pytest.raises(KeyUnreadable):
        registry.publication.publish("acme/icons", "1.1.0")

    # A registry without its key does not serve, but the ceremony can be prepared: that makes the key that is to follow.
    document = prepare(registry.world, Changes(online=(role,)))
    enter(registry.world, signed(document, machines(registry)[:2]))

    registry.publication.publish("acme/icons", "1.2.0")
    look_at(Client(tmp_path / "client", registry.url, registry.root), "acme/icons@1.2.0")


def test_a_stolen_online_key_is_worth_nothing_after_its_rotation(registry: HostileRegistry, tmp_path: Path) -> None:
    client = Client(tmp_path / "client", registry.url, registry.root)
    look_at(client)
    thief = OnlineKeys.read(registry.world.folder.keys)
    enter(registry.world, signed(prepare(registry.world, Changes(online=ONLINE)), machines(registry)[:2]))
    look_at(client)
    stale = registry.copy()
    registry.world.signer = None
    timestamp = json.loads(stale[site.TIMESTAMP])
    timestamp["signed"]["version"] += 1
    from tuf.api.metadata import Metadata

    from registry_server.index import metadata

    forged = Metadata.from_dict({**timestamp, "signatures": []})
    metadata.add_signature(forged, thief.timestamp)
    registry.lie(site.TIMESTAMP, metadata.text_of(forged).encode())
    with pytest.raises(PackError) as caught:
        look_at(client)
    assert caught.value.code == "trust.metadata-signature"


def test_a_document_that_was_changed_on_its_way_is_refused_where_it_is_signed(registry: HostileRegistry) -> None:
    world, keys = registry.world, machines(registry)
    document = prepare(world, Changes(quorum=0, online=("log",)))
    swapped = json.loads(document.encode())
    swapped["trust"]["trust/log.json"] = swapped["trust"]["trust/log.json"].replace('"quorum":0', '"quorum": 0')
    for text in (b"{", b'{"v":1}', json.dumps(swapped).encode(), json.dumps({**swapped, "before": {}}).encode()):
        with pytest.raises(BadCeremony):
            sign(CeremonyDocument.parse(text, "document.json"), keys, "a medium")
    other = prepare(world, Changes(online=("timestamp",)))
    with pytest.raises(OtherCeremony):
        document.joined(other, "another")
    assert not signing.is_known(document, [make_key("p256", os.urandom)])
    assert signing.is_known(document, keys[:1])


def test_of_two_ceremonies_only_the_first_follows_and_a_log_that_grew_too_far_needs_another(
    registry: HostileRegistry, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, keys = registry.world, machines(registry)[:2]
    first, second = prepare(world, Changes()), prepare(world, Changes(online=("snapshot",)))
    enter(world, signed(first, keys))
    with pytest.raises(CeremonySuperseded):
        enter(world, signed(second, keys))
    monkeypatch.setattr("registry_server.index.offline.preparing.LOG_HEADROOM", 2)
    late = signed(prepare(world, Changes(online=("log",))), keys)
    registry.publication.publish("acme/icons", "1.1.0")
    with pytest.raises(LogTooLong):
        enter(world, late)
    with pytest.raises(NoSuchKey):
        prepare(world, Changes(remove_offline=("ffff ffff",)))
    with pytest.raises(NothingChanges):
        prepare(world, Changes(quorum=0))


def test_two_who_put_one_document_in_force_at_once_write_it_into_the_log_once(
    registry: HostileRegistry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world, keys = registry.world, machines(registry)[:2]
    document, write = signed(prepare(world, Changes()), keys), entering._write
    others: list[list[str]] = []

    def another_comes_here(*given: Any) -> None:
        write(*given)
        if not others:
            others.append([])
            others[0] += enter(world, document)

    monkeypatch.setattr(entering, "_write", another_comes_here)
    assert enter(world, document) == []
    assert others == [["root 2", "targets 3", "index 2"]]
    registry.publication.publish("acme/icons", "1.1.0")
    client = Client(tmp_path / "client", registry.url, registry.root)
    assert look_at(client, "acme/icons@1.1.0") == 2
    assert client.run("log", "verify").code == 0


def test_a_reviewer_who_is_added_while_a_ceremony_comes_into_force_follows_it(
    registry: HostileRegistry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world, keys = registry.world, machines(registry)[:2]
    document, publish = signed(prepare(world, Changes(online=("log",))), keys), entering.publish_pending
    ana = make_key("p256", os.urandom).public
    added: list[int] = []

    def another_comes_here(where: World) -> None:
        if not added:
            added.append(1)
            reviewers.add_reviewer(where, registry.publication.offline, "ana", ana)
        publish(where)

    monkeypatch.setattr(entering, "publish_pending", another_comes_here)
    enter(world, document)
    trust = actions.current_trust(world)
    assert (len(trust.log.keys), [one.name for one in trust.reviewers.sets[-1].keys]) == (2, ["ana", "kim"])
    registry.publication.publish("acme/icons", "1.1.0")
    look_at(Client(tmp_path / "client", registry.url, registry.root), "acme/icons@1.1.0")


@pytest.mark.parametrize(
    ("days", "states"),
    [(0, ["ok"] * 3), (304, ["ok"] * 3), (306, ["warning"] * 3), (352, ["error"] * 3), (366, ["error"] * 3)],
)
def test_what_the_offline_keys_signed_is_a_warning_from_60_days_before_its_end_and_an_error_from_14(
    registry: HostileRegistry, days: int, states: list[str]
) -> None:
    registry.clock.advance(days=days)
    resigning.resign(registry.world)
    found = ending(registry.world)
    assert [(one.name, one.state) for one in found[:3]] == list(zip(("root", "targets", "index"), states, strict=True))
    assert [one.state for one in found[3:]] == ["ok", "ok", "ok"]


def test_a_server_that_signs_nothing_any_more_is_told(registry: HostileRegistry) -> None:
    registry.clock.advance(days=4)
    assert [(one.name, one.state) for one in look(registry.world)[3:6]] == [
        ("timestamp", "warning"),
        ("snapshot", "ok"),
        ("bins", "ok"),
    ]
    registry.clock.advance(days=4)
    assert look(registry.world)[3].state == "error"


def test_readyz_tells_what_somebody_must_see_to_and_takes_requests_all_the_same(tmp_path: Path) -> None:
    with registry_at(tmp_path) as registry:
        assert registry.client.get("/readyz").json() == {"status": "ok"}
        registry.clock.advance(days=352)
        resigning.resign(registry.world)
        found = registry.client.get("/readyz")
    assert found.status_code == 200
    assert list(found.json()["warnings"]) == ["root", "targets", "index"]
    assert found.json()["warnings"]["root"].startswith("error: version 1 ends 2027-09-21, in 13 days")


def test_V25_metrics_say_when_each_role_ends_to_programs_of_this_machine(tmp_path: Path) -> None:
    with registry_at(tmp_path) as registry:
        registry.clock.advance(days=352)
        resigning.resign(registry.world)
        found = registry.client.get("/metrics")
        assert registry.client.head("/metrics").content == b""
        assert registry.client.post("/metrics").status_code == 405
        for header in ("X-Forwarded-For", "Forwarded", "X-Real-IP"):
            assert registry.client.get("/metrics", headers={header: "203.0.113.7"}).status_code == 404, "from a proxy"
    assert (found.status_code, found.headers["content-type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert found.headers["cache-control"] == "no-store"
    lines = found.text.splitlines()
    assert lines[:2] == [
        "# HELP packctl_role_end_timestamp_seconds When what a role signed ends, in seconds since 1970.",
        "# TYPE packctl_role_end_timestamp_seconds gauge",
    ]
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    ends = {name: int(value) for name, value in values.items() if "_end_" in name}
    left = {name.split('"')[1]: (at - registry.clock()) // 86_400 for name, at in ends.items()}
    assert left == {"root": 13, "targets": 13, "index": 13, "timestamp": 7, "snapshot": 30, "bins": 90}
    assert values['packctl_role_state{role="root"}'] == "2"
    assert values['packctl_role_state{role="bins"}'] == "0"
    assert values["packctl_log_entries"] == "6"


def test_the_list_of_reviewers_is_changed_by_keys_on_machines_of_their_own_unless_a_release_came_between(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    world, keys = registry.world, machines(registry)[:2]
    ana = make_key("p256", os.urandom).public
    document = prepare(world, Changes(reviewers=reviewers.planned(world, reviewers.adding("ana", ana))))
    assert [line for line in sentences(document) if "reviewer" in line] == [
        f"earlier, from log entry 6 on, 1 of 1 reviewers: kim {key('kim').public.fingerprint}",
        f"reviewer ana {ana.fingerprint}",
        f"reviewer kim {key('kim').public.fingerprint}",
        "1 of 2 reviewers must approve, from log entry 9 on",
    ]
    enter(world, signed(document, keys))
    registry.publication.publish("acme/icons", "1.1.0")
    assert [one.name for one in actions.current_trust(world).reviewers.sets[-1].keys] == ["ana", "kim"]

    late = signed(prepare(world, Changes(reviewers=reviewers.planned(world, reviewers.removing("ana")))), keys)
    registry.publication.publish("acme/icons", "1.2.0")
    with pytest.raises(ReleaseBetween):
        enter(world, late)


def test_a_reviewers_key_that_was_stolen_counts_for_nothing_from_then_on(
    registry: HostileRegistry, tmp_path: Path
) -> None:
    world = registry.world
    registry.publication.reviewer("ana")
    stolen = registry.publication.publish("acme/icons", "1.1.0")
    client = Client(tmp_path / "client", registry.url, registry.root)
    assert look_at(client, "acme/icons@1.1.0") == 1
    reviewers.remove_reviewer(world, registry.publication.offline, "kim", stolen_since=stolen.index)
    assert look_at(client, "acme/icons@1.0.0") == 1
    with pytest.raises(PackError) as caught:
        look_at(client, "acme/icons@1.1.0")
    assert caught.value.code == "trust.not-approved"
