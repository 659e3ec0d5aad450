"""The answer is lost after the registry has done what was asked, and the command is run again: it happened once."""

import json
from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from packctl.registry import open as opening
from packspec.licenses.plans import Plan
from packspec.moments import day
from packspec.names import PackName
from tests.packctl.licenses.conftest import Store
from tests.support.cut import Cutting, cutting
from tests.support.person import Ended, Person

DAY = 86_400
BASE = Plan(id="school", kind="subscription", pack=PackName("acme/pro"), duration_s=100 * DAY, max_instances=9)


@pytest.fixture(scope="module")
def line(store: Store) -> Iterator[Cutting]:
    """What lies between the machines of these tests and the registry."""
    with cutting(store.registry.url) as proxy:
        yield proxy


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "time", SimpleNamespace(sleep=lambda seconds: None))


def lost_then_again(line: Cutting, only: bytes, person: Person, *words: str) -> Ended:
    """A command none of whose answers to `only` arrives, and then what comes of the same command."""
    line.only, line.after = only, 0
    first = person.runs(*words)
    line.after = None
    assert (first.code, "registry.unreachable" in first.err + first.out) == (8, True), first.err
    return person.runs(*words)


def test_a_pool_whose_answer_was_lost_takes_its_places_once(store: Store, line: Cutting) -> None:
    issued = store.issue(terms=BASE)
    person = store.person("school", store.holders[issued.license.id], PACKCTL_REGISTRY=line.url)
    until = day(store.registry.clock() + 70 * DAY)
    words = ("license", "export", issued.license.id, "--machines", "4", "--until", until, "-o", "school.pool")
    again = lost_then_again(line, b"/pools", person, *words)
    assert again.code == 0, again.err
    assert store.detail(issued).license.machines_used == 4
    assert person.runs(*words[:-1], "more.pool", "--label", "annex").code == 0  # and this is another pool
    assert store.detail(issued).license.machines_used == 8


def test_a_renewal_whose_answer_was_lost_adds_its_time_once(store: Store, line: Cutting) -> None:
    issued, person = store.issue(terms=BASE), store.person("boss", store.admin, PACKCTL_REGISTRY=line.url)
    again = lost_then_again(line, b"/renew", person, "admin", "license", "renew", issued.license.id)
    assert (again.code, "asking again for what was asked before" in again.err) == (0, True), again.err
    ends = issued.license.ends_at
    assert ends is not None and store.detail(issued).license.ends_at == ends + 100 * DAY
    assert person.runs("admin", "license", "renew", issued.license.id).code == 0
    assert store.detail(issued).license.ends_at == ends + 200 * DAY


@pytest.mark.parametrize("change", ["suspend", "unsuspend", "revoke"])
def test_what_was_done_to_a_license_is_told_as_done_when_it_is_asked_for_again(
    store: Store, line: Cutting, change: str
) -> None:
    issued, person = store.issue(terms=BASE), store.person("boss", store.admin, PACKCTL_REGISTRY=line.url)
    if change == "unsuspend":
        store.suspend(issued)
    confirmed = ("--confirm", issued.license.id) if change == "revoke" else ()
    words = ("admin", "license", change, issued.license.id, *confirmed, "--json")
    again = lost_then_again(line, f"/{change}".encode(), person, *words)
    status = {"suspend": "suspended", "unsuspend": "active", "revoke": "revoked"}[change]
    assert (again.code, json.loads(again.out)["data"]["status"]) == (0, status), again.out
    assert [one.event for one in store.detail(issued).events].count(change) == 1


def test_a_license_whose_answer_was_lost_is_there_once_and_its_key_is_not_shown_again(
    store: Store, line: Cutting
) -> None:
    holder = store.registry.account("lost-holder")
    person = store.person("boss", store.admin, PACKCTL_REGISTRY=line.url)
    words = ("admin", "license", "issue", "acme/pro", "--to", "lost-holder")
    again = lost_then_again(line, b"POST /api/v1/licenses ", person, *words)
    assert (again.code, "error[registry.answered-before]" in again.err) == (5, True), again.err
    mine = store.person("lost-holder", holder)
    (one,) = mine.runs("license", "list", "--remote", "--plain").out.splitlines()
    id = one.split("\t")[1]
    assert (f"packctl license activate {id}" in again.err, f"packctl admin license revoke {id}" in again.err) == (
        True,
        True,
    )
    assert mine.runs("license", "activate", id).code == 0  # as it was told: by login
    assert person.runs("admin", "license", "revoke", id, "--confirm", id).code == 0
    assert person.runs(*words).code == 0  # and another one is issued, with a key that is shown


@pytest.mark.parametrize("after", [0, 40, 300])
def test_an_activation_whose_answer_was_cut_has_the_same_place_when_it_is_run_again(
    store: Store, line: Cutting, after: int
) -> None:
    issued, person = store.issue(terms=BASE), store.person("studio", PACKCTL_REGISTRY=line.url)
    line.only, line.after = b"/activations", after
    first = store.activate(person, issued).ended
    assert (first.code, (person.data / "licenses" / "wallet.json").exists()) == (8, False), first.err
    assert store.detail(issued).license.machines_used == 1  # the registry did it
    line.after = None
    again = store.activate(person, issued).ended
    assert (again.code, "slot 1 of 9" in again.err) == (0, True), again.err
    assert store.detail(issued).license.machines_used == 1


def test_a_renewed_lease_whose_answer_was_lost_is_no_copied_machine(store: Store, line: Cutting) -> None:
    issued, person = store.issue(terms=BASE), store.person("studio", PACKCTL_REGISTRY=line.url)
    store.activate(person, issued).assert_ok()
    for _ in range(3):
        line.only, line.after = b"/refresh", 0
        assert "cannot be reached" in person.runs("license", "refresh").err
        line.after = None
        again = person.runs("license", "refresh")
        assert (again.code, "cloned" in again.err) == (0, False), again.err
    assert "device_cloned" not in [one.event for one in store.detail(issued).events]


def test_a_place_given_back_whose_answer_was_lost_is_forgotten_by_the_next_try(store: Store, line: Cutting) -> None:
    issued, person = store.issue(terms=BASE), store.person("studio", PACKCTL_REGISTRY=line.url)
    store.activate(person, issued).assert_ok()
    again = lost_then_again(line, b"DELETE", person, "license", "deactivate", "acme/pro")
    assert (again.code, "Gave back acme/pro" in again.err) == (0, True), again.err
    assert "no license is activated" in person.runs("license", "list").err


def test_a_run_in_CI_whose_answer_was_lost_has_one_place_whatever_names_it(store: Store, line: Cutting) -> None:
    issued = store.issue(terms=BASE)
    for number, environ in enumerate(({"GITHUB_RUN_ID": "77"}, {})):
        run = store.person("ci", PACKCTL_REGISTRY=line.url, PACKCTL_LICENSE=issued.key, CI="true", **environ)
        (run.here / "pack.toml").write_text('[dependencies]\n"acme/pro" = "^1"\n')
        line.only, line.after = b"/ci/leases", 0
        assert run.runs("install").code == 8
        line.after = None
        assert store.detail(issued).license.ci_used == number + 1
        if environ:
            assert run.runs("install").code == 0
            assert store.detail(issued).license.ci_used == 1


def test_a_seat_whose_answer_was_lost_is_taken_once(store: Store, line: Cutting) -> None:
    terms = Plan(id="class", kind="perpetual", pack=PackName("acme/pro"), unit="seat")
    issued = store.issue(terms=terms)
    person = store.person("school", store.holders[issued.license.id], PACKCTL_REGISTRY=line.url)
    store.registry.account("pupil-1")
    again = lost_then_again(line, b"/seats/", person, "license", "seat", "add", issued.license.id, "pupil-1")
    assert (again.code, "1 of 1 seats" in again.err) == (0, True), again.err
