"""Killed at any change around license files and pools: what was written is whole, and the same command again comes to the same end."""

from functools import partial
from pathlib import Path

from packctl.licenses.wallet import Wallet
from packspec.licenses.files import Request
from packspec.protocol.activations import SIGN_FILE, SignRequest
from tests.packctl.licenses.conftest import Store, deaths, well
from tests.support.faults import run_together
from tests.support.person import Person


def left(folder: Path) -> set[str]:
    return {one.name for one in folder.iterdir()} - {"pack.toml", "machine"}


def test_a_request_that_is_killed_is_whole_or_not_there_and_the_key_of_the_machine_stays_one(store: Store) -> None:
    person, keys = store.person("away"), set()
    for _ in deaths(person, "license", "request", "acme/pro", "-o", "pro.request"):
        file = person.here / "pro.request"
        if file.exists():
            _, device = Request.read(file.read_text())
            keys.add(device.thumbprint)
    assert len(keys) == 1
    assert left(person.here) == {"pro.request"}


def test_a_license_file_whose_import_is_killed_is_taken_by_the_next_one(store: Store) -> None:
    issued, person = store.issue(), store.person("away")
    assert person.runs("license", "request", "acme/pro", "-o", "pro.request").code == 0
    ask = SignRequest(id=issued.license.id, request=(person.here / "pro.request").read_text().strip())
    file = store.registry.call(SIGN_FILE, ask, store.holders[issued.license.id]).file
    (person.here / "pro.license").write_text(file)
    taken = []
    for _ in deaths(person, "license", "import", "pro.license"):
        assert (person.here / "pro.license").read_text() == file
        places = Wallet(person.data / "licenses").read().places
        status = person.runs("license", "status", "acme/pro")
        assert status.code == (0 if places else 7), status.err
        taken.append(len(places))
    assert (taken[0], taken[-1], sorted(taken)) == (0, 1, taken)
    assert store.detail(issued).license.machines_used == 1


def test_a_pool_whose_export_is_killed_takes_its_places_once_and_is_the_same_file(store: Store) -> None:
    issued = store.issue()
    person = store.person("holder", store.holders[issued.license.id])
    for _ in deaths(
        person, "license", "export", issued.license.id, "--machines", "2", "--until", "2099-06-30", "-o", "school.pool"
    ):
        assert store.detail(issued).license.machines_used in (0, 2)
    first = store.detail(issued).license.machines_used
    again = person.runs(
        "license", "export", issued.license.id, "--machines", "2", "--until", "2099-06-30", "-o", "again.pool"
    )
    assert (again.code, first, store.detail(issued).license.machines_used) == (0, 2, 2), again.err
    assert left(person.here) == {"school.pool", "again.pool"}


def test_two_installs_at_once_that_renew_one_place_are_no_copies(store: Store) -> None:
    """Both find that their license is to be asked for again: the second waits, and takes what the first one got."""
    person, issued = store.activated()
    beside = Person(person.here.parent / f"{person.here.name}-beside", person.data, person.environ)
    beside.here.mkdir()
    (beside.here / "pack.toml").write_text("")
    for _ in range(3):
        store.suspend(issued)
        assert person.runs("license", "refresh").code == 7
        store.go_on(issued)
        assert run_together([partial(well, one, "add", "acme/pro") for one in (person, beside)]) == [0, 0]
        for one in (person, beside):
            assert one.runs("remove", "acme/pro").code == 0
    found = store.detail(issued)
    assert (found.license.machines_used, [one.event for one in found.events if one.event == "device_cloned"]) == (1, [])
