"""What the registry signs about a place is signed when the place is stored: nobody is handed a token of a place that there is not."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Connection

from packspec.errors import Unavailable
from packspec.protocol.activations import LEASE_CI, MAKE_POOL, SIGN_FILE, LeaseCi, MakePool, SignRequest
from packspec.protocol.licenses import SHOW, AskLicense, Issued
from packspec.signing.keys import PrivateKey
from registry_server.durable import NoSpace
from registry_server.licensing.signing import signing
from tests.registry_server.licensing.conftest import DAY, PACK, Shop

_NUMBERS = count(1)

Way = Callable[[Shop, Issued, str], Any]


def _activate(shop: Shop, sold: Issued, token: str) -> Any:
    return shop.device().activate(sold.license.id, sold.key)


def _lease(shop: Shop, sold: Issued, token: str) -> Any:
    return shop.registry.call(LEASE_CI, LeaseCi(device=shop.device().jwk, key=sold.key, pack=PACK))


def _sign_file(shop: Shop, sold: Issued, token: str) -> Any:
    request = shop.device().request(PACK, id=f"R{next(_NUMBERS)}")
    return shop.registry.call(SIGN_FILE, SignRequest(id=sold.license.id, request=request), token)


def _make_pool(shop: Shop, sold: Issued, token: str) -> Any:
    ask = MakePool(id=sold.license.id, machines=1, until=shop.registry.clock() + 90 * DAY)
    return shop.registry.call(MAKE_POOL, ask, token)


@pytest.fixture
def said(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every commit and signature of the registry, in their order."""
    told: list[str] = []
    key, writers = signing(shop.registry.world).keys.signing.public, shop.registry.world.database.writers
    commit, sign = writers._commit, PrivateKey.sign

    def committed(connection: Connection) -> None:
        told.append("commit")
        commit(connection)

    def signed(mine: PrivateKey, message: bytes) -> bytes:
        told.extend(["sign"] if mine.public == key else [])
        return sign(mine, message)

    monkeypatch.setattr(writers, "_commit", committed)
    monkeypatch.setattr(PrivateKey, "sign", signed)
    return told


@pytest.mark.parametrize("way", [_activate, _lease, _sign_file, _make_pool])
def test_a_place_is_stored_before_anything_is_signed_about_it(
    shop: Shop, said: list[str], monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    name, token = shop.customer()
    sold = shop.issue(name)

    def used() -> int:
        there = shop.registry.call(SHOW, AskLicense(id=sold.license.id), token).license
        return there.machines_used + there.ci_used

    assert used() == 0
    said.clear()
    way(shop, sold, token)
    assert said == ["commit", "sign"]
    assert used() == 1

    def full(connection: Connection) -> None:
        raise NoSpace("database", "its disk is full")

    monkeypatch.setattr(shop.registry.world.database.writers, "_commit", full)
    said.clear()
    with pytest.raises(Unavailable, match="its disk is full"):
        way(shop, sold, token)
    assert said == []
    monkeypatch.undo()
    assert used() == 1


def test_a_lease_that_could_not_be_stored_is_not_renewed(
    shop: Shop, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name, token = shop.customer()
    sold, device = shop.issue(name), shop.device()
    ends = device.activate(sold.license.id, sold.key).activation.expires_at
    shop.registry.clock.advance(days=3)

    def full(connection: Connection) -> None:
        raise NoSpace("database", "its disk is full")

    monkeypatch.setattr(shop.registry.world.database.writers, "_commit", full)
    said.clear()
    with pytest.raises(Unavailable, match="its disk is full"):
        device.refresh()
    assert said == []
    monkeypatch.undo()
    [place] = shop.registry.call(SHOW, AskLicense(id=sold.license.id), token).activations
    assert place.expires_at == ends
    assert device.refresh().activation.expires_at == ends + 3 * DAY, "the nonce that it knows counts as before"


def test_the_answer_counts_the_places_that_are_in_use_and_no_lease_that_is_over(shop: Shop) -> None:
    name, token = shop.customer()
    sold = shop.issue(name)
    shop.device().activate(sold.license.id, sold.key)
    _lease(shop, sold, token)
    shop.registry.clock.advance(hours=6)  # the run is over, the machine is not
    second = shop.device().activate(sold.license.id, sold.key).license
    assert (second.machines_used, second.ci_used) == (2, 0)
    shop.registry.clock.advance(days=29, hours=18)  # the first machine is over
    device = shop.device()
    third = device.activate(sold.license.id, sold.key)
    assert (third.activation.slot, third.license.machines_used) == (1, 2)
    again = device.activate(sold.license.id, sold.key)
    assert (again.is_new, again.license.machines_used) == (False, 2)
    shown = shop.registry.call(SHOW, AskLicense(id=sold.license.id), token).license
    assert (shown.machines_used, shown.ci_used) == (2, 0)
