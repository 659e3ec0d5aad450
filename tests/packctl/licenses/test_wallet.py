"""What lies on the machine: damaged, too old, at the wrong time, or looked at by somebody else."""

import json
import shutil
import time
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from packctl.licenses.clock import Seen
from packctl.licenses.device import Devices
from packctl.licenses.wallet import Book, Wallet
from packspec.licenses.plans import Plan
from packspec.names import PackName
from tests.packctl.licenses.conftest import Store
from tests.support.person import Person

DAY = 86_400


def wallet_of(person: Person) -> Wallet:
    return Wallet(person.data / "licenses")


def test_a_wallet_that_cannot_be_read_is_told_and_activating_again_puts_it_right(store: Store) -> None:
    person, issued = store.activated()
    place = wallet_of(person).read().places[0]
    path = wallet_of(person).path
    for broken in (b"{", b'{"v":2}', b"[]"):
        path.write_bytes(broken)
        refused = person.runs("license", "status")
        assert (refused.code, "error[licensing.wallet-broken]" in refused.err) == (1, True)
    path.unlink()
    store.activate(person, issued).assert_ok()
    assert wallet_of(person).read().places[0].activation == place.activation  # the same machine has the same place


def test_L06_a_clock_that_was_set_back_is_told_and_the_later_time_counts(store: Store) -> None:
    person, _ = store.activated()
    device = Devices(person.data / "licenses").require()
    ahead = Seen(ran=int(time.time()) + 40 * DAY)
    wallet_of(person).change(lambda book: book.with_clock(ahead, device))
    status = person.runs("license", "status", "--json")
    document = json.loads(status.out)
    (one,) = document["data"]["licenses"]
    assert (status.code, one["code"], one["clock"]) == (7, "licensing.lease-ended", "back")
    assert [notice["code"] for notice in document["warnings"]] == ["licensing.clock-back"]
    assert person.runs("add", "acme/pro", "--offline").code != 0
    assert person.runs("license", "refresh").code == 0  # the registry signs anew, and all is well
    assert json.loads(person.runs("license", "status", "--json").out)["warnings"] == []


def test_refresh_renews_a_lease_although_the_clock_of_the_registry_is_ahead(store: Store) -> None:
    store.registry.clock.advance(seconds=60)
    try:
        person, _ = store.activated()
        before = wallet_of(person).read().places[0]
        assert person.runs("license", "refresh").code == 0
    finally:
        store.registry.clock.advance(seconds=-60)
    after = wallet_of(person).read().places[0]
    assert (after.token == before.token, after.nonce == before.nonce) == (False, False)


def test_L07_an_install_with_a_clock_that_was_put_right_asks_the_registry_and_believes_it(store: Store) -> None:
    person, _ = store.activated()
    device = Devices(person.data / "licenses").require()
    ahead = Seen(ran=int(time.time()) + 40 * DAY)
    wallet_of(person).change(lambda book: book.with_clock(ahead, device))
    assert person.runs("add", "acme/pro").code == 0
    assert json.loads(person.runs("license", "status", "--json").out)["warnings"] == []


def test_what_the_clock_guard_knows_is_void_for_whoever_changes_it_without_the_key(store: Store) -> None:
    person, _ = store.activated()
    wallet, device = wallet_of(person), Devices(person.data / "licenses").require()
    known = wallet.read().seen(device)
    assert known.ran > 0
    text = wallet.path.read_text().replace(f'"ran": {known.ran}', '"ran": 1')
    wallet.path.write_text(text)
    assert wallet.read().seen(device) == Seen()


def test_L20_files_of_paid_packs_lie_where_no_other_person_of_the_machine_can_read(store: Store) -> None:
    person, _ = store.activated()
    assert person.runs("add", "acme/pro").code == 0
    kept = [place for place in (person.data / "store", person.data / "licenses") if place.stat().st_mode & 0o077]
    assert kept == []


def test_a_plan_that_wants_a_new_list_installs_nothing_without_one(store: Store) -> None:
    terms = Plan(id="strict", kind="perpetual", pack=PackName("acme/pro"), freshness="online")
    person, _ = store.activated(terms=terms)
    assert person.runs("add", "acme/pro").code == 0
    shutil.rmtree(person.here / "packs")
    wallet_of(person).change(lambda book: Book(v=1, places=book.places, clock=book.clock))
    refused = person.runs("install", "--offline")
    assert (refused.code, "error[licensing.stale-status]" in refused.err) == (7, True)
    assert person.runs("install").code == 0


def test_days_of_grace_are_told_and_strict_takes_them_for_a_failure(store: Store) -> None:
    clock, terms = (
        store.registry.clock,
        Plan(id="month", kind="subscription", pack=PackName("acme/pro"), duration_s=300),
    )
    clock.advance(seconds=-300)  # so that it is over on the machine, and not at the registry
    try:
        person, _ = store.activated(terms=terms)
    finally:
        clock.advance(seconds=300)
    status = person.runs("license", "status")
    assert (status.code, "warning[licensing.near-end]" in status.err, "grace" in status.out) == (0, True, True)
    strict = person.runs("license", "status", "--strict")
    assert (strict.code, "error[licensing.near-end]" in strict.err) == (7, True)


def test_R05_a_license_key_stands_nowhere_but_in_the_hands_of_who_has_it(store: Store) -> None:
    issued, log = store.issue(), store.folder / "debug.log"
    person = store.person("quiet", PACKCTL_LOG=str(log))
    key = issued.key
    told = [
        person.runs("-vv", "license", "activate", "acme/pro", "--key-file", "-", typed=f"{text}\n", attended=False)
        for text in (key, key[:-1], f"{key[:-1]}{'0' if key[-1] != '0' else '1'}", key.lower())
    ]
    assert [one.code for one in told] == [0, 2, 2, 0]
    assert person.runs("-vv", "add", "acme/pro").code == 0
    asked = person.runs("-vv", "license", "activate", "acme/pro", typed="", secrets=[key])
    assert (asked.code, "License key (not shown)" in asked.err) == (0, True)
    texts = [*(one.out + one.err for one in (*told, asked)), store.registry.log.getvalue(), log.read_text()]
    files = [
        path.read_bytes().decode("latin-1") for path in _files(person.data.parent) + _files(store.folder / "registry")
    ]
    parts = (key, key.lower(), key.replace("-", ""), key[:11])
    assert [part for part in parts for text in (*texts, *files) if part in text] == []


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_damaged_token_is_told_once_and_by_status_as_a_failure_and_the_next_renewal_replaces_it(store: Store) -> None:
    person, _ = store.activated()
    whole = wallet_of(person).read()
    for text in ("", "a.b.c", whole.places[0].token[:-2]):
        wallet_of(person).change(partial(_with_token, text=text))
        status = person.runs("license", "status")
        assert (status.code, status.err.count("error[licensing."), "warning" in status.err) == (7, 1, False), status.err
        listed = person.runs("license", "list")
        assert (listed.code, listed.err.count("warning[licensing.")) == (0, 1), listed.err
        assert person.runs("license", "refresh").code == 0
        assert person.runs("license", "status").code == 0
    wallet_of(person).change(lambda book: _with_token(book, "a.b.c"))
    assert person.runs("add", "acme/pro").code == 0  # an install renews it as well


def _with_token(book: Book, text: str) -> Book:
    return replace(book, places=tuple(replace(place, token=text) for place in book.places))


def test_a_place_that_the_registry_does_not_know_keeps_no_other_from_being_used(store: Store) -> None:
    person, _ = store.activated()
    place = wallet_of(person).read().places[0]
    lost = replace(place, license="L-999", activation="A-999", token="lost", pack="acme/pro")
    wallet_of(person).change(lambda book: book.with_place(lost))
    refreshed = person.runs("license", "refresh")
    assert (refreshed.code, "error[licensing.no-such-activation]" in refreshed.err) == (3, True), refreshed.err
    assert "acme/pro  L-" in refreshed.err  # and the other one was renewed
    added = person.runs("add", "acme/pro")
    assert (added.code, "warning[licensing.no-such-activation]" in added.err) == (0, True), added.err
