"""Machines of a license over the wire: the limit, the same machine again, leases, nonce chains, offline files."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from packspec.errors import Anonymous, Conflict, Invalid, NotFound, PackError, Unlicensed
from packspec.licenses.jwk import KeySet
from packspec.licenses.plans import Plan
from packspec.licenses.token import LicenseToken
from packspec.protocol.activations import (
    ACTIVATE,
    DEACTIVATE,
    HAND_IN_RECEIPT,
    REFRESH,
    SIGN_FILE,
    Activate,
    Deactivate,
    HandInReceipt,
    Refresh,
    SignRequest,
)
from packspec.protocol.licenses import RESIZE, SHOW, AskLicense, ResizeLicense
from packspec.protocol.seats import USE, AskUse
from packspec.signing.keys import PublicKey
from registry_server.licensing.signing import signing
from tests.registry_server.licensing.conftest import DAY, Shop


def license_keys(shop: Shop) -> KeySet:
    public: PublicKey = signing(shop.registry.world).keys.signing.public
    return KeySet.of([public])


def test_three_machines_get_three_places_and_the_fourth_is_told_who_has_them(shop: Shop) -> None:
    name, _ = shop.customer()
    sold = shop.issue(name)
    for number, label in enumerate(("studio-01", "studio-02", "laptop"), 1):
        answer = shop.device().activate(sold.license.id, sold.key, label=label)
        assert (answer.activation.slot, answer.license.machines_used, answer.is_new) == (number, number, True)
    with pytest.raises(Unlicensed) as caught:
        shop.device().activate(sold.license.id, sold.key, label="one too many")
    assert caught.value.code == "licensing.no-machine-left"
    assert caught.value.what() == "all 3 machines of the license for acme/pro are in use"
    assert caught.value.facts() == {"machines": "studio-01, studio-02, laptop"}
    assert caught.value.fix() == ["packctl license deactivate acme/pro --machine studio-01"]


def test_L11_the_token_is_bound_to_device_license_and_lease(shop: Shop) -> None:
    name, _ = shop.customer()
    sold, device = shop.issue(name), shop.device()
    answer = device.activate(sold.license.id, sold.key)
    token = LicenseToken.read(answer.token, license_keys(shop))
    token.check("registry.test/log", device.name, shop.registry.clock())
    assert (token.sub, token.jti, token.exp) == (
        sold.license.id,
        answer.activation.id,
        shop.registry.clock() + 30 * DAY,
    )
    assert (token.lic.plan, str(token.lic.pack), token.lic.max_instances) == ("perpetual", "acme/pro", 3)
    assert len(answer.token) < 1100
    assert token.status.status_list.uri == "license-status/0"


def test_L03_the_same_machine_again_is_the_same_activation(shop: Shop) -> None:
    name, token = shop.customer()
    sold, device = shop.issue(name), shop.device()
    first = device.activate(sold.license.id, sold.key, label="laptop")
    again = device.activate(sold.license.id, token=token)
    assert (again.activation.id, again.activation.slot, again.is_new) == (first.activation.id, 1, False)
    assert again.activation.label == "laptop"
    for machine, status in ((device, 200), (shop.device(), 201)):
        ask = Activate(id=sold.license.id, device=machine.jwk, key=sold.key)
        assert shop.registry.ask(ACTIVATE, ask).status_code == status
    assert again.license.machines_used == 1


def test_a_place_that_is_given_back_is_free_and_giving_it_back_twice_is_fine(shop: Shop) -> None:
    name, _ = shop.customer()
    sold, device = shop.issue(name, "perpetual"), shop.device()
    device.activate(sold.license.id, sold.key)
    assert device.deactivate().is_new
    assert not device.deactivate().is_new
    with pytest.raises(Unlicensed) as caught:
        device.refresh()
    assert caught.value.code == "licensing.not-activated"
    other = shop.device().activate(sold.license.id, sold.key)
    assert other.activation.slot == 1


def test_the_holder_gives_back_the_place_of_a_machine_that_is_gone(shop: Shop) -> None:
    name, token = shop.customer()
    sold, lost = shop.issue(name), shop.device()
    lost.activate(sold.license.id, sold.key, label="stolen")
    done = shop.registry.call(DEACTIVATE, Deactivate(id=lost.activation), token)
    assert (done.activation.label, done.activation.ended_reason) == ("stolen", "given-back")


def test_others_see_neither_license_nor_activation(shop: Shop) -> None:
    name, _ = shop.customer()
    _, stranger = shop.customer()
    sold, device = shop.issue(name), shop.device()
    device.activate(sold.license.id, sold.key)
    for call in (
        lambda: shop.registry.call(SHOW, AskLicense(id=sold.license.id), stranger),
        lambda: shop.registry.call(DEACTIVATE, Deactivate(id=device.activation), stranger),
        lambda: shop.registry.call(REFRESH, Refresh(id=device.activation), stranger),
        lambda: shop.device().activate(sold.license.id, token=stranger),
    ):
        with pytest.raises(NotFound):
            call()
    with pytest.raises(Anonymous) as caught:
        shop.registry.call(DEACTIVATE, Deactivate(id=device.activation))
    assert caught.value.code == "licensing.no-proof"
    thief = shop.device()
    thief.activation = device.activation
    with pytest.raises(NotFound) as unknown:
        thief.refresh("x")
    assert unknown.value.code == "licensing.no-such-activation"


def test_a_lease_that_ended_frees_the_place_and_its_machine_gets_one_again_without_a_key(shop: Shop) -> None:
    name, _ = shop.customer()
    sold = shop.issue(name, "yearly")
    devices = [shop.device() for _ in range(2)]
    for device in devices:
        device.activate(sold.license.id, sold.key)
    shop.registry.clock.advance(days=31)
    newcomer = shop.device().activate(sold.license.id, sold.key)
    assert newcomer.activation.slot == 1
    back = devices[1].refresh()
    assert (back.activation.slot, back.is_new) == (2, True)
    with pytest.raises(Unlicensed) as caught:
        devices[0].refresh()
    assert caught.value.code == "licensing.no-machine-left"


def test_a_lease_ends_with_the_license_at_the_latest_and_a_renewal_lengthens_it(shop: Shop) -> None:
    name, _ = shop.customer()
    sold, device = shop.issue(name, "trial"), shop.device()
    answer = device.activate(sold.license.id, sold.key)
    assert answer.activation.expires_at == shop.registry.clock() + 14 * DAY
    shop.issue(name, "perpetual")
    assert device.refresh().activation.expires_at == shop.registry.clock() + 30 * DAY


@pytest.mark.parametrize("hours", [-3, -50 * 24], ids=["within the lease", "before the license was sold"])
def test_L08_a_clock_of_the_server_that_jumps_back_and_is_put_right_ends_nothing_and_lets_nobody_in_twice(
    shop: Shop, hours: int
) -> None:
    name, _ = shop.customer()
    sold = shop.issue(name, "yearly")
    one, two, third = (shop.device() for _ in range(3))
    before = [device.activate(sold.license.id, sold.key).activation for device in (one, two)]
    shop.registry.clock.advance(hours=hours)
    for ask in (one.refresh, lambda: third.activate(sold.license.id, sold.key), two.refresh):
        with suppress(Unlicensed):
            assert ask().activation.id in {place.id for place in before}
    shop.registry.clock.advance(hours=-hours)
    after = [device.refresh().activation for device in (one, two)]
    assert [(place.id, place.slot) for place in after] == [(place.id, place.slot) for place in before]
    with pytest.raises(Unlicensed) as caught:
        third.activate(sold.license.id, sold.key)
    assert caught.value.code == "licensing.no-machine-left"


# A state that was copied


def test_L04_a_copied_machine_shows_when_both_go_on(shop: Shop) -> None:
    name, token = shop.customer()
    sold, device = shop.issue(name), shop.device()
    device.activate(sold.license.id, sold.key, label="build")
    clone = device.copy()
    device.refresh()
    device.refresh()
    with pytest.raises(Unlicensed) as caught:
        clone.refresh()
    assert caught.value.code == "licensing.device-cloned"
    with pytest.raises(Unlicensed):
        clone.refresh()
    events = shop.registry.call(SHOW, AskLicense(id=sold.license.id), token).events
    told = [event for event in events if event.event == "device_cloned"]
    assert [event.facts["machine"] for event in told] == ["build"], "once an hour at most"
    copied = shop.registry.call(USE, AskUse(id=sold.license.id), token).copied
    assert [one.machine for one in copied] == ["build"], "its holder is told"
    device.refresh()  # the one that went on is not troubled


def test_a_lost_answer_is_no_clone_but_a_copy_that_follows_it_is(shop: Shop) -> None:
    name, _ = shop.customer()
    sold, device = shop.issue(name), shop.device()
    device.activate(sold.license.id, sold.key)
    before = device.nonce
    lost = device.copy()
    lost.refresh()  # this answer never arrives at `device`
    device.refresh(before)
    device.refresh()
    with pytest.raises(Unlicensed) as caught:
        lost.refresh()  # nobody could show this nonce, unless there are two
    assert caught.value.code == "licensing.device-cloned"


def test_L04_two_machines_that_take_turns_are_told_apart_at_the_third(shop: Shop) -> None:
    name, _ = shop.customer()
    sold, device = shop.issue(name), shop.device()
    device.activate(sold.license.id, sold.key)
    clone = device.copy()
    device.refresh()
    clone.refresh()  # as if that answer had been lost
    with pytest.raises(Unlicensed) as caught:
        device.refresh()
    assert caught.value.code == "licensing.device-cloned"


def test_answers_may_be_lost_many_times_in_a_row(shop: Shop) -> None:
    name, _ = shop.customer()
    sold, device = shop.issue(name), shop.device()
    device.activate(sold.license.id, sold.key)
    before = device.nonce
    for _ in range(3):
        device.refresh(before)
    given = device.nonce
    device.refresh(before)
    with pytest.raises(Unlicensed) as caught:
        device.refresh(given)  # given up when the one before was shown once more
    assert caught.value.code == "licensing.device-cloned"


def test_activating_again_gives_a_restored_machine_its_thread_back(shop: Shop) -> None:
    name, token = shop.customer()
    sold, device = shop.issue(name), shop.device()
    device.activate(sold.license.id, sold.key)
    backup = device.copy()
    device.refresh()
    device.refresh()
    again = backup.activate(sold.license.id, token=token)
    assert (again.is_new, again.activation.slot) == (False, 1)
    backup.refresh()


def test_a_proof_of_another_request_or_time_does_not_count(shop: Shop) -> None:
    name, _ = shop.customer()
    sold, device = shop.issue(name), shop.device()
    device.activate(sold.license.id, sold.key)
    right = device.ask(REFRESH, device.activation, device.nonce).request
    shop.registry.clock.advance(minutes=11)
    late = shop.registry.client.post(right.url.path, content=right.content, headers=dict(right.headers))
    other = shop.registry.client.post("/api/v1/activations/A-1/refresh", content=b"{}", headers=dict(right.headers))
    for answer in (late, other):
        assert (answer.status_code, answer.json()["code"]) == (402, "licensing.proof-refused")


# Limits, domains, floating


def test_L14_lowering_the_limit_ends_nothing_and_keeps_new_ones_out(shop: Shop, terms: Callable[..., Plan]) -> None:
    name, _ = shop.customer()
    sold = shop.issue(name, terms(unit="seat", max_users=None, max_instances=1), quantity=3)
    owner = shop.registry.account(name)
    devices = [shop.device() for _ in range(3)]
    for device in devices:
        device.activate(sold.license.id, token=owner)
    shop.registry.call(RESIZE, ResizeLicense(id=sold.license.id, quantity=1), shop.admin)
    assert devices[2].refresh().activation.slot == 3
    devices[0].deactivate()
    with pytest.raises(Unlicensed) as caught:
        devices[0].activate(sold.license.id, token=owner)
    assert caught.value.facts()["in use"] == "2, more than it covers now"


def test_a_domain_must_be_one_of_the_plan(shop: Shop, terms: Callable[..., Plan]) -> None:
    name, _ = shop.customer()
    sold = shop.issue(name, terms(domains=("*.school.test",)))
    for domain in ("", "school.test", "*.school.test", "a b.school.test"):
        with pytest.raises(Unlicensed) as caught:
            shop.device().activate(sold.license.id, sold.key, domain=domain)
        assert caught.value.code == "licensing.domain-not-allowed"
    assert (
        shop.device().activate(sold.license.id, sold.key, domain="a.school.test").activation.domain == "a.school.test"
    )


def test_what_is_no_name_of_a_host_is_recorded_for_no_plan(shop: Shop, terms: Callable[..., Plan]) -> None:
    name, _ = shop.customer()
    sold = shop.issue(name, terms())
    with pytest.raises(Unlicensed) as caught:
        shop.device().activate(sold.license.id, sold.key, domain="a\x1b[31m\u202e")
    assert caught.value.code == "licensing.domain-not-allowed"
    assert (
        shop.device().activate(sold.license.id, sold.key, domain="anywhere.test").activation.domain == "anywhere.test"
    )


def test_L18_a_floating_place_is_held_for_a_day_and_longer_while_it_is_used(
    shop: Shop, terms: Callable[..., Plan]
) -> None:
    name, _ = shop.customer()
    sold = shop.issue(name, terms(floating=True))
    first, second = shop.device(), shop.device()
    assert first.activate(sold.license.id, sold.key).activation.pool == "floating"
    shop.registry.clock.advance(hours=23)
    first.refresh()
    shop.registry.clock.advance(hours=23)
    with pytest.raises(Unlicensed):
        second.activate(sold.license.id, sold.key)
    shop.registry.clock.advance(hours=2)
    second.activate(sold.license.id, sold.key)
    with pytest.raises(Unlicensed):
        first.refresh()


@pytest.mark.parametrize(
    ("key", "error", "code"),
    [
        ("not a key", Invalid, "licensing.malformed-key"),
        ("000G4-0R40M-30E20-9185G-R38E1-8QWQC", NotFound, "licensing.no-such-license"),
    ],
)
def test_a_wrong_key_is_told_without_repeating_it(shop: Shop, key: str, error: type[PackError], code: str) -> None:
    name, _ = shop.customer()
    sold = shop.issue(name)
    with pytest.raises(error) as caught:
        shop.device().activate(sold.license.id, key)
    assert caught.value.code == code
    assert key not in str(caught.value.facts()) + str(caught.value)


# Without network


def test_a_request_file_is_answered_by_one_place_however_often_it_is_handed_in(shop: Shop) -> None:
    name, token = shop.customer()
    sold, device = shop.issue(name), shop.device()
    request = device.request("acme/pro", label="lab-1")
    first = shop.registry.call(SIGN_FILE, SignRequest(id=sold.license.id, request=request), token)
    again = shop.registry.call(SIGN_FILE, SignRequest(id=sold.license.id, request=request), token)
    assert (first.is_new, again.is_new, again.activation.id) == (True, False, first.activation.id)
    assert (first.activation.label, first.activation.instance) == ("lab-1", device.name)
    device.activation = first.activation.id
    shop.registry.clock.advance(days=2)
    receipt = device.receipt(sold.license.id)
    assert shop.registry.call(HAND_IN_RECEIPT, HandInReceipt(receipt=receipt)).is_new
    assert not shop.registry.call(HAND_IN_RECEIPT, HandInReceipt(receipt=receipt)).is_new
    with pytest.raises(Unlicensed) as caught:
        shop.registry.call(SIGN_FILE, SignRequest(id=sold.license.id, request=request), token)
    assert caught.value.code == "licensing.request-used"


def test_a_request_for_another_pack_registry_or_time_is_refused(shop: Shop) -> None:
    name, token = shop.customer()
    sold, device = shop.issue(name), shop.device()
    old = device.request("acme/pro", "old")
    shop.registry.clock.advance(days=31)
    for request, code in (
        (device.request("acme/other", "r1"), "licensing.other-license"),
        (device.request("acme/pro", "r2", license="L-999"), "licensing.other-license"),
        (old, "licensing.request-too-old"),
        ("no.request.atall", "licensing.malformed"),
    ):
        with pytest.raises(Unlicensed) as caught:
            shop.registry.call(SIGN_FILE, SignRequest(id=sold.license.id, request=request), token)
        assert caught.value.code == code


@pytest.mark.parametrize(
    "said", [{"label": "a\0b"}, {"host_hash": "\0"}, {"id": "R\0"}, {"id": ""}, {"label": "a\n\x1b[31m"}], ids=str
)
def test_no_signed_request_brings_in_what_a_plain_one_may_not(shop: Shop, said: dict[str, str]) -> None:
    name, token = shop.customer()
    sold = shop.issue(name)
    request = shop.device().request("acme/pro", **said)
    with pytest.raises(Unlicensed) as caught:
        shop.registry.call(SIGN_FILE, SignRequest(id=sold.license.id, request=request), token)
    assert caught.value.code == "licensing.malformed"
    with pytest.raises(Invalid):
        shop.device().activate(sold.license.id, sold.key, label="a\n\x1b[31m")


def test_a_license_file_for_a_closed_network_counts_as_long_as_the_license(
    shop: Shop, terms: Callable[..., Plan]
) -> None:
    name, token = shop.customer()
    sold = shop.issue(name, terms(kind="subscription", duration_s=700 * DAY, grace_s=0, freshness="airgap"))
    file = shop.registry.call(
        SIGN_FILE, SignRequest(id=sold.license.id, request=shop.device().request("acme/pro")), token
    )
    assert file.activation.expires_at == sold.license.ends_at


def test_a_receipt_from_before_the_machine_came_back_ends_nothing(shop: Shop) -> None:
    name, _ = shop.customer()
    sold, device = shop.issue(name), shop.device()
    device.activate(sold.license.id, sold.key)
    receipt = device.receipt(sold.license.id)
    shop.registry.clock.advance(minutes=1)
    device.activate(sold.license.id, sold.key)
    with pytest.raises(Conflict) as caught:
        shop.registry.call(HAND_IN_RECEIPT, HandInReceipt(receipt=receipt))
    assert caught.value.code == "licensing.receipt-outdated"
    stranger = shop.device()
    stranger.activation = device.activation
    with pytest.raises(NotFound):
        shop.registry.call(HAND_IN_RECEIPT, HandInReceipt(receipt=stranger.receipt(sold.license.id)))


@pytest.mark.parametrize(
    "device",
    [
        {},
        {"kty": "EC", "crv": "P-256", "x": "", "y": ""},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
        {"kty": "EC", "crv": "P-256", "x": "А" * 43, "y": "A" * 43},
        {"kty": "RSA", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
        {"kty": "EC", "crv": "P-256", "x": "A" * 500_000, "y": "A" * 43},
    ],
    ids=["nothing", "empty", "no point of the curve", "look-alike letters", "another kind", "long"],
)
def test_L05_what_is_no_key_of_a_device_takes_no_place(shop: Shop, device: dict[str, str]) -> None:
    answer = shop.registry.client.post("/api/v1/licenses/L-1/activations", json={"device": device, "key": "x"})
    assert (answer.status_code, answer.json()["code"]) == (422, "registry.bad-request")
