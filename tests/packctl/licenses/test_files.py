"""License files in the wrong order, edited, or on the wrong machine: what a machine has is never worse for them."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from packctl.licenses.wallet import Wallet
from packspec.licenses.plans import Plan
from packspec.names import PackName
from packspec.protocol.activations import SIGN_FILE, SignRequest
from tests.packctl.licenses.conftest import Store
from tests.support.person import Person

AIRGAP = Plan(id="airgap", kind="perpetual", pack=PackName("acme/pro"), freshness="airgap", max_instances=3)


@pytest.fixture
def later(store: Store) -> Iterator[None]:
    """Ends with the registry's clock where it was."""
    before = store.registry.clock()
    yield
    store.registry.clock.advance(seconds=before - store.registry.clock())


class Away:
    """A machine without network whose requests a registry answers."""

    def __init__(self, store: Store, terms: Plan | None = None) -> None:
        self.store, self.issued = store, store.issue(terms=terms)
        self.person = store.person("away")
        assert self.person.runs("license", "request", "acme/pro", "-o", "pro.request").code == 0

    def answer(self, seconds: int = 0) -> str:
        """The license file that the registry writes so many seconds later."""
        self.store.registry.clock.advance(seconds=seconds)
        ask = SignRequest(id=self.issued.license.id, request=(self.person.here / "pro.request").read_text().strip())
        return self.store.registry.call(SIGN_FILE, ask, self.store.holders[self.issued.license.id]).file

    def takes(self, file: str) -> tuple[int, str]:
        (self.person.here / "pro.license").write_text(file)
        ended = self.person.runs("license", "import", "pro.license")
        return ended.code, ended.err

    @property
    def token(self) -> str:
        return token_of(self.person)


def token_of(person: Person) -> str:
    (place,) = Wallet(person.data / "licenses").read().places
    return place.token


@pytest.mark.usefixtures("later")
def test_an_older_license_file_takes_nothing_from_a_machine_that_has_a_newer_one(store: Store) -> None:
    away = Away(store)
    older, newer = away.answer(), away.answer(seconds=300)
    assert away.takes(newer)[0] == 0
    held = away.token
    for _ in range(2):
        code, said = away.takes(older)
        assert (code, "what is here is as new as the file" in said, away.token) == (0, True, held), said
    code, said = away.takes(newer)
    assert (code, "as new as the file" in said) == (0, True)


@pytest.mark.usefixtures("later")
def test_a_file_that_lasts_longer_counts_although_a_lease_is_newer(store: Store) -> None:
    away = Away(store, AIRGAP)
    store.registry.clock.advance(seconds=60)
    store.activate(away.person, away.issued).assert_ok()
    file = away.answer(seconds=-60)
    assert away.takes(file)[0] == 0
    assert away.token == json.loads(file)["token"]


def test_a_request_that_nobody_answered_makes_no_copy_of_a_machine_that_has_a_place(store: Store) -> None:
    away = Away(store)
    store.activate(away.person, away.issued).assert_ok()
    away.answer()  # and the file never came back
    refreshed = away.person.runs("license", "refresh")
    assert (refreshed.code, "cloned" in refreshed.err) == (0, False), refreshed.err


def test_a_license_that_a_list_revokes_is_taken_and_told(store: Store) -> None:
    away = Away(store)
    file = away.answer()
    store.revoke(away.issued)
    uri = _claims(json.loads(file)["token"])["status"]["status_list"]["uri"]
    status_list = store.registry.client.get(f"/{uri}").text.strip()
    code, said = away.takes(json.dumps({**json.loads(file), "status_list": status_list}))
    assert (code, "error[licensing.revoked]" in said, "can be installed" in said) == (7, True, False), said


def _claims(token: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))


def test_no_byte_of_a_license_file_can_be_another_one(store: Store) -> None:
    away = Away(store)
    file = away.answer()
    end = file.index('"', file.index('"token":"') + len('"token":"'))  # behind it: names of fields that may be others
    for at in range(0, end, 41):
        code, said = away.takes(file[:at] + chr(ord(file[at]) ^ 1) + file[at + 1 :])
        assert (code, said.startswith("error[licensing.")) == (7, True), (at, said)
    for at in range(0, len(file), 61):
        code, said = away.takes(file[:at])
        assert (code, said.startswith("error[licensing.")) == (7, True), (at, said)
    assert not Wallet(away.person.data / "licenses").path.exists()
