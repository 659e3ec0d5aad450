"""Leases of CI runs over the wire: a pool of their own, one for each run, for at most six hours, and nothing kept."""

import pytest

from packspec.errors import Invalid, NotFound, Unlicensed
from packspec.licenses.keys import LicenseKey
from packspec.licenses.token import LicenseToken
from packspec.names import PackName
from packspec.protocol.activations import LEASE_CI, REFRESH, Activated, LeaseCi
from packspec.protocol.licenses import SHOW, AskLicense, Issued
from registry_server.index.readable import readable
from tests.registry_server.licensing.conftest import PACK, Shop

RUN = "https://github.com acme/site 4711"


def lease(shop: Shop, sold: Issued, run: str = RUN, key: str = "", pack: PackName | None = PACK) -> Activated:
    ask = LeaseCi(device=shop.device().jwk, key=key or sold.key, pack=pack, run=run)
    [got] = shop.registry.call(LEASE_CI, ask).leases
    return got


def test_a_run_leases_from_its_own_pool_and_no_machine_loses_its_place(shop: Shop) -> None:
    sold = shop.issue(shop.customer()[0])
    for _ in range(3):
        shop.device().activate(sold.license.id, sold.key)
    got = lease(shop, sold)
    view = got.activation
    assert (view.pool, view.slot, view.label, view.expires_at - view.activated_at) == ("ci", 1, RUN, 6 * 3600)
    assert (got.license.machines_used, got.license.ci_runs, got.license.ci_used) == (3, 2, 1)
    token = LicenseToken.read(got.token, readable(shop.registry.world).license_keys)
    assert (token.pool, token.exp, token.sub) == ("ci", view.expires_at, sold.license.id)


def test_all_steps_of_a_run_are_one_each_with_a_token_for_its_own_key(shop: Shop) -> None:
    sold = shop.issue(shop.customer()[0])
    first, again = lease(shop, sold), lease(shop, sold)
    assert (again.activation.id, again.is_new, again.license.ci_used) == (first.activation.id, False, 1)
    keys = readable(shop.registry.world).license_keys
    assert LicenseToken.read(first.token, keys).cnf != LicenseToken.read(again.token, keys).cnf
    assert lease(shop, sold, run="https://github.com acme/site 4712").activation.slot == 2
    with pytest.raises(Unlicensed) as caught:
        lease(shop, sold, run="https://github.com acme/site 4713")
    assert (caught.value.code, caught.value.facts()) == (
        "licensing.no-run-left",
        {"next free": "in 360 min at the latest"},
    )
    shop.registry.clock.advance(hours=6)
    assert lease(shop, sold, run="https://github.com acme/site 4713").activation.slot == 1


def test_a_run_without_a_name_is_its_own_key(shop: Shop) -> None:
    sold = shop.issue(shop.customer()[0])
    assert lease(shop, sold, run="").activation.id != lease(shop, sold, run="").activation.id


def test_a_lease_cannot_be_renewed_by_the_key_of_a_step(shop: Shop) -> None:
    sold = shop.issue(shop.customer()[0])
    got = lease(shop, sold)
    device = shop.device()
    with pytest.raises(NotFound):
        device.call(REFRESH, got.activation.id)


def test_a_key_leases_what_its_license_covers_and_nothing_else(shop: Shop) -> None:
    sold = shop.issue(shop.customer()[0])
    for pack, code in ((PackName("acme/other"), "licensing.not-covered"),):
        with pytest.raises(Unlicensed) as caught:
            lease(shop, sold, pack=pack)
        assert caught.value.code == code
    with pytest.raises(NotFound, match="no license here has this key"):
        lease(shop, sold, key=str(LicenseKey.make(bytes(16))))
    with pytest.raises(Invalid):
        lease(shop, sold, key="not a key")
    name, token = shop.customer()
    mine = shop.issue(name)
    lease(shop, mine)
    detail = shop.registry.call(SHOW, AskLicense(id=mine.license.id), token)
    assert [(one.pool, one.label) for one in detail.activations] == [("ci", RUN)]
