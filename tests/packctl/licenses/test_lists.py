"""Status lists that are not what they should be: an install goes on with what was known, and no older list takes a newer one's place."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from packctl.licenses.wallet import KeptList, Wallet
from packctl.registry import open as opening
from packspec.licenses.status_list import LIST_BITS, StatusList
from packspec.signing.keys import PrivateKey
from registry_server.licensing.signing import signing
from tests.packctl.licenses.conftest import Store
from tests.support.cut import Cutting, cutting
from tests.support.liar import answer
from tests.support.person import Person

PATH = "license-status/0"
NONE = b"eyJhbGciOiJub25lIiwidHlwIjoic3RhdHVzbGlzdCtqd3QifQ.e30."
HS256 = b"eyJhbGciOiJIUzI1NiIsInR5cCI6InN0YXR1c2xpc3Qrand0In0.e30.AAAA"


@pytest.fixture(scope="module")
def line(store: Store) -> Iterator[Cutting]:
    with cutting(store.registry.url) as proxy:
        proxy.only = b"/license-status/"
        yield proxy


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "time", SimpleNamespace(sleep=lambda seconds: None))


@pytest.fixture(scope="module")
def machine(store: Store, line: Cutting) -> Person:
    """A machine with a place and a list, whose registry can be made to give out any other list."""
    person = store.person("studio", PACKCTL_REGISTRY=line.url)
    store.activate(person, store.issue()).assert_ok()
    assert person.runs("license", "refresh").code == 0
    return person


def kept(person: Person) -> KeptList:
    (one,) = Wallet(person.data / "licenses").read().lists
    return one


def refreshed(line: Cutting, machine: Person, instead: bytes) -> tuple[int, str]:
    """What comes of a refresh with this list; the one that was known stays, and the licenses count as before."""
    before, line.instead = kept(machine).text, instead
    try:
        ended = machine.runs("license", "refresh")
    finally:
        line.instead = None
    assert kept(machine).text == before
    assert machine.runs("license", "status").code == 0
    return ended.code, ended.err


@pytest.mark.parametrize(
    ("instead", "code", "said"),
    [
        (answer(200, b""), 0, "warning[licensing.malformed]"),
        (answer(200, b"<html>"), 0, "warning[licensing.malformed]"),
        (answer(200, bytes(range(256))), 0, "warning[licensing.malformed]"),
        (answer(200, b"a" * 3_000_000), 0, "longer than 65536 characters"),
        (answer(200, NONE), 0, "warning[licensing.wrong-algorithm]"),
        (answer(200, HS256), 0, "warning[licensing.wrong-algorithm]"),
        (answer(404, b""), 0, "active, lease until"),
        (answer(500, b""), 8, "error[registry.unreachable]"),
        (answer(429, b""), 8, "error[registry.busy]"),
        (answer(302, Location="http://elsewhere.test/"), 8, "error[registry.redirected]"),
        (answer(200, b"abc")[:-1], 8, "error[registry.unreachable]"),
        (b"\0\1\2", 8, "error[registry.unreachable]"),
    ],
)
def test_a_list_that_is_none_changes_nothing(
    line: Cutting, machine: Person, instead: bytes, code: int, said: str
) -> None:
    ended, told = refreshed(line, machine, instead)
    assert (ended, said in told) == (code, True), told


@pytest.mark.parametrize("lie", ["older", "of-another-registry", "of-another-path", "by-another-key", "cut"])
def test_a_list_that_does_not_count_gives_no_license_back(
    store: Store, line: Cutting, machine: Person, lie: str
) -> None:
    by, now = signing(store.registry.world), store.registry.clock()
    key = PrivateKey.from_seed("p256", b"x" * 48) if lie == "by-another-key" else by.keys.signing
    issuer = "elsewhere.test/log" if lie == "of-another-registry" else by.origin
    path = "license-status/9" if lie == "of-another-path" else PATH
    at = StatusList.read(kept(machine).text, by.trusted).at - 1 if lie == "older" else now + 1
    text = StatusList.of(issuer, path, at, 60, range(LIST_BITS)).sign(key).encode()
    assert refreshed(line, machine, answer(200, text[:-9] if lie == "cut" else text))[0] == 0


def test_the_list_of_its_registry_counts_as_soon_as_it_is_newer(store: Store, line: Cutting, machine: Person) -> None:
    by, now = signing(store.registry.world), store.registry.clock()
    text = StatusList.of(by.origin, PATH, now + 1, 60, range(LIST_BITS)).sign(by.keys.signing)
    line.instead = answer(200, text.encode())
    try:
        machine.runs("license", "refresh")
    finally:
        line.instead = None
    status = machine.runs("license", "status")
    assert (kept(machine).text, status.code, "error[licensing.revoked]" in status.err) == (text, 7, True), status.err
