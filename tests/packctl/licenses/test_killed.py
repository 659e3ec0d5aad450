"""Killed at any change of what a machine keeps of its licenses, or two at once: one place is used, and nobody takes it for two machines."""

import errno
from functools import partial

import pytest

from packctl.licenses.wallet import Wallet
from packspec.protocol.licenses import Issued
from tests.packctl.licenses.conftest import Store, deaths, well
from tests.support.faults import Fault, run_in_child, run_together
from tests.support.person import Person

BY_KEY = ("activate", "acme/pro", "--key-file", "key.txt")


def assert_one_machine(store: Store, issued: Issued, person: Person) -> None:
    """The registry counts one, and what that machine has is what the registry gave it last."""
    again = person.runs("license", "refresh")
    assert (again.code, "error" in again.err) == (0, False), again.err
    found = store.detail(issued)
    assert found.license.machines_used == 1
    assert "device_cloned" not in [one.event for one in found.events]


@pytest.mark.parametrize("words", [("refresh",), BY_KEY])
def test_killed_between_answer_and_disk_a_machine_is_no_copy_of_itself(store: Store, words: tuple[str, ...]) -> None:
    person, issued = store.activated()
    survived = []
    for at in deaths(person, "license", *words, where="/licenses"):
        assert_one_machine(store, issued, person)
        survived.append(at)
    assert len(survived) > 3


def test_a_first_activation_that_is_killed_takes_one_place_however_often(store: Store) -> None:
    issued, person = store.issue(), store.person("studio")
    (person.here / "key.txt").write_text(issued.key)
    used = [store.detail(issued).license.machines_used for _ in deaths(person, "license", *BY_KEY, where="/licenses")]
    assert (used[0], used[-1], sorted(used)) == (0, 1, used)
    assert_one_machine(store, issued, person)


def test_whoever_ends_a_machine_that_gives_its_place_back_keeps_no_right(store: Store) -> None:
    person, issued = store.activated()
    for _ in deaths(person, "license", "deactivate", "acme/pro", where="/licenses"):
        status = person.runs("license", "status", "acme/pro")
        is_gone = store.detail(issued).license.machines_used == 0
        assert (status.code, "error[licensing.not-activated]" in status.err) == (7, True) or not is_gone, status.err
        if not is_gone:  # and whoever was ended before is asked for again
            assert_one_machine(store, issued, person)
            assert person.runs("license", "status").code == 0
            continue
        assert person.runs("add", "acme/pro").code == 7
        if Wallet(person.data / "licenses").read().places:
            assert person.runs("license", "deactivate", "acme/pro").code == 0
        store.activate(person, issued).assert_ok()
    assert_one_machine(store, issued, person)


def test_what_a_machine_has_can_be_looked_at_where_nothing_can_be_written(store: Store) -> None:
    person, issued = store.activated()
    read_only = Fault(1, errno.EROFS, for_ever=True)
    for words in (("status",), ("list",), ("status", "acme/pro", "--strict")):
        assert run_in_child(partial(well, person, "license", *words), read_only) == 0
    assert run_in_child(partial(_refused, person, ("refresh",)), read_only) == 0
    assert run_in_child(partial(_refused, person, ("deactivate", "acme/pro")), read_only) == 0
    assert_one_machine(store, issued, person)


def _refused(person: Person, words: tuple[str, ...]) -> None:
    ended = person.runs("license", *words)
    assert (ended.code, "error[install.not-writable]" in ended.err) == (1, True), ended.err


@pytest.mark.parametrize("words", [("license", "refresh"), ("license", *BY_KEY)])
def test_two_that_ask_at_once_on_one_machine_are_no_copies(store: Store, words: tuple[str, ...]) -> None:
    person, issued = store.activated()
    for _ in range(3):
        assert run_together([partial(well, person, *words)] * 2) == [0, 0]
        assert_one_machine(store, issued, person)
