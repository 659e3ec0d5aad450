"""What a registry that fails, lies, or is somebody else can do to the licenses of a machine: nothing that lasts."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from packctl.licenses.wallet import Book, Wallet
from packctl.registry import open as opening
from packspec import wire
from packspec.problems import Problem
from packspec.protocol.activations import Activated
from packspec.protocol.licenses import SHOW, AskLicense
from tests.packctl.licenses.conftest import Store
from tests.support.cut import Cutting, cutting
from tests.support.liar import answer
from tests.support.person import Person


def problem(status: int, kind: str, code: str) -> bytes:
    body = wire.encode(Problem(f"/errors/{code}", "what is so", status, kind, code))
    return answer(status, body, Content_Type="application/problem+json")


@pytest.fixture(scope="module")
def line(store: Store) -> Iterator[Cutting]:
    with cutting(store.registry.url) as proxy:
        yield proxy


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "time", SimpleNamespace(sleep=lambda seconds: None))


@pytest.fixture(scope="module")
def machine(store: Store, line: Cutting) -> Person:
    """A machine with a place, whose registry can be made to say anything."""
    person = store.person("studio", PACKCTL_REGISTRY=line.url)
    store.activate(person, store.issue()).assert_ok()
    return person


def book_of(person: Person) -> Book:
    return Wallet(person.data / "licenses").read()


@pytest.mark.parametrize(
    ("instead", "code", "error"),
    [
        (problem(401, "anonymous", "access.token-unknown"), 4, "access.token-unknown"),
        (problem(403, "denied", "access.role-missing"), 4, "access.role-missing"),
        (problem(404, "not-found", "licensing.no-such-activation"), 3, "licensing.no-such-activation"),
        (problem(409, "conflict", "x.y"), 5, "x.y"),
        (problem(402, "unlicensed", "licensing.proof-refused"), 7, "licensing.proof-refused"),  # the clock is wrong
        (problem(429, "busy", "registry.busy"), 8, "registry.busy"),
        (problem(503, "unavailable", "registry.busy"), 8, "registry.busy"),
        (answer(200, b"<html>", Content_Type="text/html"), 8, "registry.bad-answer"),
        (answer(200, b"{}"), 8, "registry.bad-answer"),
        (answer(302, Location="http://elsewhere.test"), 8, "registry.redirected"),
    ],
)
def test_a_renewal_that_fails_is_told_and_what_is_held_goes_on(
    store: Store, line: Cutting, machine: Person, instead: bytes, code: int, error: str
) -> None:
    before = book_of(machine).places
    line.only, line.instead = b"/refresh", instead
    try:
        refreshed = machine.runs("license", "refresh")
        assert (refreshed.code, f"error[{error}]" in refreshed.err) == (code, True), refreshed.err
        assert book_of(machine).places == before
        assert machine.runs("license", "status").code == 0
    finally:
        line.instead = None


@pytest.mark.parametrize("lie", ["rubbish", "cut", "of-another-machine", "unsigned"])
def test_a_token_that_does_not_count_takes_the_place_of_no_other(
    store: Store, line: Cutting, machine: Person, lie: str
) -> None:
    place = book_of(machine).places[0]
    other, _ = store.activated()
    token = {
        "rubbish": "a.b.c",
        "cut": place.token[:-4],
        "of-another-machine": book_of(other).places[0].token,
        "unsigned": "eyJhbGciOiJub25lIiwidHlwIjoicGFja2N0bC1saWNlbnNlK2p3dCJ9." + place.token.split(".")[1] + ".",
    }[lie]
    detail = store.registry.call(SHOW, AskLicense(id=place.license), store.admin)
    said = Activated(activation=detail.activations[0], token=token, nonce=place.nonce, license=detail.license)
    line.only, line.instead = b"/refresh", answer(200, wire.encode(said), Content_Type="application/json")
    try:
        refreshed = machine.runs("license", "refresh")
        assert (refreshed.code, "error[licensing." in refreshed.err) == (7, True), refreshed.err
        assert replace(book_of(machine).places[0], nonce="") == replace(place, nonce="")
        assert machine.runs("license", "status").code == 0
        line.only = b"/activations "
        line.instead = answer(201, wire.encode(said), Content_Type="application/json")
        stranger = store.person("stranger", PACKCTL_REGISTRY=line.url)
        activated = stranger.runs("license", "activate", place.license, "--key-file", "-", typed="", attended=False)
        assert activated.code != 0 and not (stranger.data / "licenses" / "wallet.json").exists()
    finally:
        line.instead = None


def test_a_registry_that_knows_no_licenses_keeps_no_free_pack_away(
    store: Store, line: Cutting, machine: Person
) -> None:
    line.only, line.instead = b"/activations", problem(500, "bug", "registry.failed")
    try:
        assert machine.runs("add", "zed/lamp").code == 0
    finally:
        line.instead = None
