"""The life of a license over the wire: how it comes to be, changes, and ends; who may do what."""

from collections.abc import Callable
from typing import Any

import pytest

from packspec.errors import Conflict, Denied, Invalid, NotFound, PackError, Unlicensed
from packspec.licenses.events import Event
from packspec.licenses.plans import Plan, write_plan
from packspec.licenses.proof import LICENSE_HEADER, PROOF_HEADER, prove
from packspec.names import PackName
from packspec.protocol.catalog import AskPack
from packspec.protocol.licenses import (
    CANCEL,
    ISSUE,
    LIST,
    RENEW,
    RESUME,
    REVOKE,
    SHOW,
    SUSPEND,
    TRANSFER,
    UNSUSPEND,
    VALIDATE,
    AskLicense,
    ChangeLicense,
    IssueLicense,
    ListLicenses,
    RenewLicense,
    TransferLicense,
    ValidateLicense,
    Validation,
)
from packspec.protocol.plans import DROP_PLAN, PLANS, SET_PLAN, DropPlan, SetPlan
from packspec.protocol.seats import USE, AskUse
from packspec.ranges import Range
from packspec.versions import Version
from registry_server.accounts.actions import find_account
from registry_server.actor import SYSTEM
from registry_server.audit.actions import entries
from registry_server.call import call_of
from registry_server.licensing import actions
from registry_server.licensing.actions import Order
from tests.registry_server.licensing.conftest import DAY, PACK, Shop
from tests.support.devices import Device

WEEKS_52 = 364 * DAY


def code_of(call: Callable[[], object], kind: type[PackError]) -> str:
    with pytest.raises(kind) as caught:
        call()
    return caught.value.code


def test_a_license_freezes_its_plan_and_shows_its_key_once(shop: Shop) -> None:
    name, token = shop.customer()
    sold = shop.issue(name)
    assert (sold.outcome, sold.license.status, sold.license.plan.price_minor) == ("issued", "active", 1200)
    assert sold.key.endswith(sold.license.key_hint)
    shown = shop.registry.call(SHOW, AskLicense(id=sold.license.id), token)
    assert sold.key not in str(shown)
    assert [event.event for event in shown.events] == ["issue"]


def test_every_change_has_its_event_with_a_number_and_its_line_in_the_trail(shop: Shop) -> None:
    name, token = shop.customer()
    sold = shop.issue(name, "yearly")
    mine = ChangeLicense(id=sold.license.id, note="because")
    shop.registry.call(SUSPEND, mine, shop.admin)
    shop.registry.call(SUSPEND, mine, shop.admin)  # saying it again is no change
    shop.registry.call(UNSUSPEND, mine, shop.admin)
    shop.registry.call(CANCEL, mine, token)
    shop.registry.call(RESUME, mine, token)
    shop.registry.call(REVOKE, mine, shop.admin)
    events = shop.registry.call(SHOW, AskLicense(id=sold.license.id), token).events
    expected = ["revoke", "resume", "cancel_at_period_end", "unsuspend", "suspend", "issue"]
    assert [(event.seq, event.event) for event in events] == list(zip(range(6, 0, -1), expected, strict=True))
    with shop.registry.world.database.reading() as db:
        trail = entries(db, about=f"license:{sold.license.id[2:]}")
    assert [entry.action for entry in trail] == [f"license.{event}" for event in expected]
    assert {entry.reason for entry in trail} == {"because", ""}


def test_what_is_over_is_renewed_another_plan_supersedes_and_a_trial_is_converted(shop: Shop) -> None:
    name, _ = shop.customer()
    trial = shop.issue(name, "trial")
    device = shop.device()
    device.activate(trial.license.id, trial.key)
    bought = shop.issue(name, "yearly")
    assert (bought.outcome, bought.license.id, bought.key) == ("converted", trial.license.id, "")
    assert device.refresh().license.machines_used == 1, "the machine goes on"
    shop.registry.clock.advance(days=400)
    again = shop.issue(name, "yearly")
    assert (again.outcome, again.license.ends_at) == ("renewed", (bought.license.ends_at or 0) + WEEKS_52)
    other = shop.issue(name, "perpetual")
    assert (other.outcome, other.license.id != trial.license.id) == ("superseded", True)
    assert other.key
    old = shop.registry.call(SHOW, AskLicense(id=trial.license.id), shop.registry.account(name)).license
    assert (old.status, old.reason, old.machines_used) == ("revoked", "supersede", 0)


def test_one_license_for_a_pack_and_one_trial_for_ever(shop: Shop) -> None:
    name, _ = shop.customer()
    trial = shop.issue(name, "trial")
    assert code_of(lambda: shop.issue(name, "trial"), Conflict) == "licensing.has-license"
    shop.registry.call(REVOKE, ChangeLicense(id=trial.license.id), shop.admin)
    assert code_of(lambda: shop.issue(name, "trial"), Conflict) == "licensing.trial-taken"
    shop.issue(name, "perpetual")
    assert code_of(lambda: shop.issue(name, "perpetual"), Conflict) == "licensing.has-license"
    assert code_of(lambda: shop.issue(name, "yearly", awaiting="payment"), Conflict) == "licensing.has-license"


def test_a_trial_that_counts_from_its_first_machine_starts_with_it(shop: Shop, terms: Callable[..., Plan]) -> None:
    name, _ = shop.customer()
    plan = terms(id="later", kind="trial", duration_s=14 * DAY, grace_s=0, counts_from="first-activation")
    sold = shop.issue(name, plan)
    assert (sold.license.status, sold.license.awaiting) == ("pending", "first-activation")
    shop.registry.clock.advance(days=100)
    answer = shop.device().activate(sold.license.id, sold.key)
    assert (answer.license.status, answer.license.trial_until) == ("trialing", shop.registry.clock() + 14 * DAY)
    events = shop.registry.call(SHOW, AskLicense(id=sold.license.id), shop.registry.account(name)).events
    assert [event.event for event in events] == ["start_trial", "issue"]


def test_what_awaits_a_payment_gives_nothing_yet(shop: Shop) -> None:
    name, _ = shop.customer()
    sold = shop.issue(name, "yearly", awaiting="payment")
    activate = lambda: shop.device().activate(sold.license.id, sold.key)  # noqa: E731
    assert code_of(activate, Unlicensed) == "licensing.pending"


def test_what_only_awaits_a_payment_takes_nothing_away_in_the_days_of_grace(shop: Shop) -> None:
    name, _token = shop.customer()
    sold, device = shop.issue(name, "yearly"), shop.device()
    device.activate(sold.license.id, sold.key)
    shop.registry.clock.advance(days=364 + 1)
    later = lambda: shop.issue(name, "yearly", awaiting="payment")  # noqa: E731
    assert code_of(later, Conflict) == "licensing.has-license"
    assert device.refresh().license.status == "grace"
    shop.registry.clock.advance(days=7)
    assert later().outcome == "superseded"


@pytest.mark.parametrize(
    ("plan", "days", "code"),
    [
        ("yearly", 364 + 6, "licensing.expired"),  # in grace: nothing new
        ("yearly", 364 + 8, "licensing.expired"),
        ("trial", 14, "licensing.expired"),
    ],
)
def test_the_end_of_a_license_keeps_new_machines_out(shop: Shop, plan: str, days: int, code: str) -> None:
    name, _ = shop.customer()
    sold = shop.issue(name, plan)
    shop.registry.clock.advance(days=days)
    assert code_of(lambda: shop.device().activate(sold.license.id, sold.key), Unlicensed) == code


def test_a_missing_payment_keeps_new_machines_out_and_lets_the_others_go_on(shop: Shop) -> None:
    name, _ = shop.customer()
    sold, device = shop.issue(name, "yearly"), shop.device()
    device.activate(sold.license.id, sold.key)
    with call_of(shop.registry.world, SYSTEM).writing() as call:
        license = actions.get_locked(call, int(sold.license.id[2:]))
        actions.change(call, license, Event.PAYMENT_FAILED)
    assert device.refresh().license.status == "past_due"
    assert code_of(lambda: shop.device().activate(sold.license.id, sold.key), Unlicensed) == "licensing.past-due"


def test_cancelling_lets_it_run_out_without_grace(shop: Shop) -> None:
    name, token = shop.customer()
    sold, device = shop.issue(name, "yearly"), shop.device()
    device.activate(sold.license.id, sold.key)
    view = shop.registry.call(CANCEL, ChangeLicense(id=sold.license.id), token)
    assert (view.cancel_at, view.usable_until) == (sold.license.ends_at, sold.license.ends_at)
    shop.registry.clock.advance(days=364)
    assert code_of(device.refresh, Unlicensed) == "licensing.cancelled"


def test_suspending_stops_and_unsuspending_goes_on(shop: Shop) -> None:
    name, _ = shop.customer()
    sold, device = shop.issue(name), shop.device()
    device.activate(sold.license.id, sold.key)
    index = device_index(shop, sold.license.id)
    shop.registry.call(SUSPEND, ChangeLicense(id=sold.license.id), shop.admin)
    assert code_of(device.refresh, Unlicensed) == "licensing.suspended"
    assert index in barred(shop)
    shop.registry.call(UNSUSPEND, ChangeLicense(id=sold.license.id), shop.admin)
    device.refresh()
    assert index not in barred(shop)


def device_index(shop: Shop, license: str) -> int:
    with call_of(shop.registry.world, SYSTEM).writing() as call:
        return actions.get_locked(call, int(license[2:])).status_index


def barred(shop: Shop) -> list[int]:
    with call_of(shop.registry.world, SYSTEM).reading() as call:
        return actions.revoked_places(call, 0)


def test_L13_a_refund_revokes_and_frees_in_one_transaction(shop: Shop) -> None:
    name, token = shop.customer()
    sold, device = shop.issue(name), shop.device()
    device.activate(sold.license.id, sold.key)
    number = int(sold.license.id[2:])
    with pytest.raises(RuntimeError), call_of(shop.registry.world, SYSTEM).writing() as call:
        actions.refund(call, number, "order 7")
        raise RuntimeError("the bank says no after all")
    assert device.refresh().license.status == "active"
    with call_of(shop.registry.world, SYSTEM).writing() as call:
        actions.refund(call, number, "order 7")
    detail = shop.registry.call(SHOW, AskLicense(id=sold.license.id), token)
    assert (detail.license.status, detail.license.reason, detail.activations) == ("revoked", "refund", [])
    assert device_index(shop, sold.license.id) in barred(shop)
    assert code_of(device.refresh, Unlicensed) == "licensing.revoked"
    revoked_again = ChangeLicense(id=sold.license.id)
    assert code_of(lambda: shop.registry.call(REVOKE, revoked_again, shop.admin), Conflict) == "licensing.illegal-event"


def test_the_one_action_that_commerce_will_call_is_the_one_behind_the_route(
    shop: Shop, terms: Callable[..., Plan]
) -> None:
    name, _ = shop.customer()
    with call_of(shop.registry.world, SYSTEM).writing() as call:
        account = find_account(call.db, name)
        assert account is not None
        outcome = actions.issue(call, Order(account.id, terms(), note="order 8"))
    assert outcome.key is not None
    assert shop.device().activate(f"L-{outcome.license.id}", str(outcome.key)).is_new


def test_transfer_gives_another_holder_another_key_and_ends_the_machines(
    shop: Shop, terms: Callable[..., Plan]
) -> None:
    name, token = shop.customer()
    other, theirs = shop.customer()
    sold, device = shop.issue(name, terms(transferable=True)), shop.device()
    device.activate(sold.license.id, sold.key)
    given = shop.registry.call(TRANSFER, TransferLicense(id=sold.license.id, to=other), token)
    assert (given.license.holder, given.license.machines_used, given.outcome) == (other, 0, "transferred")
    assert code_of(lambda: device.activate(sold.license.id, sold.key), NotFound) == "licensing.no-such-license"
    assert code_of(lambda: shop.registry.call(SHOW, AskLicense(id=sold.license.id), token), NotFound)
    device.activate(sold.license.id, given.key)
    shop.issue(name, terms(transferable=True))
    back = TransferLicense(id=sold.license.id, to=name)
    assert code_of(lambda: shop.registry.call(TRANSFER, back, theirs), Conflict) == "licensing.has-license"


def test_what_was_given_away_gives_its_former_machines_nothing_and_tells_nobody_of_them(
    shop: Shop, terms: Callable[..., Plan]
) -> None:
    name, token = shop.customer()
    other, theirs = shop.customer()
    sold, device = shop.issue(name, terms(transferable=True, freshness="airgap")), shop.device()
    device.activate(sold.license.id, sold.key, label="under the stairs")
    assert fetched(device) == (302, "")
    given = shop.registry.call(TRANSFER, TransferLicense(id=sold.license.id, to=other, note="we parted"), token)
    assert fetched(device) == (402, "licensing.revoked")
    newer = shop.device()
    newer.activate(sold.license.id, given.key)
    assert fetched(newer) == (302, "")
    assert code_of(device.refresh, Unlicensed) == "licensing.not-activated"

    used = shop.registry.call(USE, AskUse(id=sold.license.id), theirs)
    assert [one.instance for one in used.activations] == [newer.name]
    history = shop.registry.call(SHOW, AskLicense(id=sold.license.id), theirs).events
    assert [one.event for one in history] == ["transfer"]
    left = shop.registry.call(LIST, ListLicenses(), token).licenses
    assert [(one.status, one.reason) for one in left] == [("revoked", "transfer")]
    used = shop.registry.call(USE, AskUse(id=left[0].id), token)
    assert [(one.label, one.ended_reason) for one in used.activations] == [("under the stairs", "transfer")]
    by_key = shop.registry.call(VALIDATE, ValidateLicense(key=sold.key))
    assert (by_key.valid, by_key.id, by_key.code) == (False, left[0].id, "licensing.revoked")


def fetched(device: Device) -> tuple[int, str]:
    """What a machine is told that asks for an archive with its token: status and code."""
    path = "/api/v1/packs/acme/pro/releases/1.0.0/download"
    proof = prove(device.key, "GET", path, device.registry.clock())
    answer = device.registry.client.get(path, headers={PROOF_HEADER: proof, LICENSE_HEADER: device.token})
    return answer.status_code, "" if answer.status_code == 302 else answer.json()["code"]


def test_what_its_plan_does_not_let_go_is_not_transferred(shop: Shop) -> None:
    name, token = shop.customer()
    other, _ = shop.customer()
    sold = shop.issue(name)
    ask = TransferLicense(id=sold.license.id, to=other)
    assert code_of(lambda: shop.registry.call(TRANSFER, ask, token), Conflict) == "licensing.illegal-event"


def test_a_renewal_that_is_asked_for_again_after_a_lost_answer_adds_its_time_once(shop: Shop) -> None:
    name, _ = shop.customer()
    sold = shop.issue(name, "yearly")
    ask = RenewLicense(id=sold.license.id, ends_at=sold.license.ends_at)
    first = shop.registry.call(RENEW, ask, shop.admin)
    again = shop.registry.call(RENEW, ask, shop.admin)
    assert (first.ends_at, again) == ((sold.license.ends_at or 0) + WEEKS_52, first)
    shop.registry.call(RENEW, RenewLicense(id=sold.license.id), shop.admin)
    assert code_of(lambda: shop.registry.call(RENEW, ask, shop.admin), Conflict) == "licensing.illegal-event"


# Who may


def test_a_publisher_issues_and_renews_for_its_own_packs_only_and_sees_no_machines(shop: Shop) -> None:
    acme = shop.registry.publisher("acme").token
    shop.registry.publish("rival/pro", "1.0.0", {"a.txt": b"a"}, {"price": {"amount": "1.00", "currency": "EUR"}})
    rival = shop.registry.publisher("rival").token
    name, token = shop.customer()
    sold = shop.registry.call(ISSUE, IssueLicense(holder=name, pack=PACK, plan="yearly"), acme)
    shop.device().activate(sold.license.id, sold.key)
    renew = RenewLicense(id=sold.license.id, periods=2)
    renewed = shop.registry.call(RENEW, renew, acme)
    assert renewed.ends_at == (sold.license.ends_at or 0) + 2 * WEEKS_52
    seen = shop.registry.call(SHOW, AskLicense(id=sold.license.id), acme)
    assert (seen.license.machines_used, seen.activations) == (1, [])
    for stranger in (rival, token):
        assert code_of(lambda: shop.registry.call(RENEW, renew, stranger), NotFound) == "licensing.no-such-license"  # noqa: B023
        ask = IssueLicense(holder=name, pack=PACK)
        assert code_of(lambda: shop.registry.call(ISSUE, ask, stranger), Denied) == "licensing.not-yours"  # noqa: B023
    everything = IssueLicense(holder=name, terms=Plan(id="all", kind="institution", covers=("premium",)))
    assert code_of(lambda: shop.registry.call(ISSUE, everything, acme), Denied) == "licensing.not-yours"
    assert shop.registry.call(ISSUE, everything, shop.admin).license.pack == "plan:all"


def test_listing_shows_ones_own_those_of_ones_packs_and_for_admins_all(shop: Shop) -> None:
    name, token = shop.customer()
    mine = shop.issue(name).license.id
    acme = shop.registry.publisher("acme").token

    def listed(who: str, **fields: Any) -> list[str]:
        return [one.id for one in shop.registry.call(LIST, ListLicenses(**fields), who).licenses]

    assert listed(token) == [mine]
    assert listed(token, everybody=True) == [mine]
    assert listed(acme, everybody=True) == []
    assert mine in listed(acme, everybody=True, pack=PACK)
    assert listed(shop.admin, everybody=True, holder=name) == [mine]
    first = shop.registry.call(LIST, ListLicenses(everybody=True, limit=1), shop.admin)
    second = shop.registry.call(LIST, ListLicenses(everybody=True, limit=1, cursor=first.cursor), shop.admin)
    assert int(second.licenses[0].id[2:]) < int(first.licenses[0].id[2:])


def test_a_limit_that_is_misspelled_in_terms_is_not_passed_over(shop: Shop, terms: Callable[..., Plan]) -> None:
    name, _ = shop.customer()
    sold = {**write_plan(terms()), "max_instanses": 5}
    where = {"/api/v1/licenses": "POST", "/api/v1/packs/acme/pro/plans/made": "PUT"}
    for path, method in where.items():
        body = {"terms": sold} | ({"holder": name} if method == "POST" else {})
        token = shop.admin if method == "POST" else shop.registry.publisher("acme").token
        answer = shop.registry.client.request(method, path, json=body, headers={"authorization": f"Bearer {token}"})
        assert (answer.status_code, "terms.max_instanses" in answer.text) == (422, True)


def test_who_and_what_is_not_there_is_told(shop: Shop) -> None:
    name, _ = shop.customer()
    for ask, code in (
        (IssueLicense(holder="nobody-here", pack=PACK), "licensing.no-such-holder"),
        (IssueLicense(holder=name, pack=PACK, plan="monthly"), "licensing.no-such-plan"),
        (IssueLicense(holder=name, pack=PackName("acme/none")), "catalog.no-such-pack"),
    ):
        assert code_of(lambda: shop.registry.call(ISSUE, ask, shop.admin), NotFound) == code  # noqa: B023
    wrong = IssueLicense(holder=name, pack=PackName("acme/other"), terms=Plan(id="x", kind="perpetual", pack=PACK))
    assert code_of(lambda: shop.registry.call(ISSUE, wrong, shop.admin), Invalid) == "licensing.bad-plan"


# Asking what it is good for


def validate(shop: Shop, token: str = "", **fields: object) -> Validation:
    return shop.registry.call(VALIDATE, ValidateLicense(**fields), token)  # type: ignore[arg-type]


def test_validation_is_the_way_from_a_key_to_its_license_and_takes_no_place(
    shop: Shop, terms: Callable[..., Plan]
) -> None:
    name, token = shop.customer()
    sold = shop.issue(name, terms(versions=Range.parse("^2"), domains=("example.org",), features=("early-access",)))
    found = validate(shop, key=sold.key)
    assert (found.valid, found.id, found.status, found.features) == (True, sold.license.id, "active", ["early-access"])
    for fields, code in (
        ({"pack": PackName("acme/other")}, "licensing.not-covered"),
        ({"version": Version.parse("1.0.0")}, "licensing.version-not-covered"),
        ({"version": Version.parse("2.1.0")}, ""),
        ({"domain": "elsewhere.test"}, "licensing.domain-not-allowed"),
        ({"domain": "example.org"}, ""),
    ):
        assert validate(shop, key=sold.key, **fields).code == code
        assert validate(shop, token, id=sold.license.id, **fields).code == code
    _, stranger = shop.customer()
    assert validate(shop, stranger, id=sold.license.id) == validate(shop, id=sold.license.id)
    assert validate(shop, id=sold.license.id).code == "licensing.no-such-license"
    shop.registry.call(REVOKE, ChangeLicense(id=sold.license.id), shop.admin)
    assert (validate(shop, key=sold.key).valid, validate(shop, key=sold.key).code) == (False, "licensing.revoked")


def test_validation_wants_one_of_key_and_id(shop: Shop) -> None:
    assert code_of(lambda: validate(shop), Invalid) == "registry.bad-request"
    unknown = validate(shop, key="000G4-0R40M-30E20-9185G-R38E1-8QWQC")
    assert (unknown.valid, unknown.code) == (False, "licensing.no-such-license")


# Plans


def test_a_publisher_changes_its_plans_without_a_release_and_what_was_sold_stays(
    shop: Shop, terms: Callable[..., Plan]
) -> None:
    shop.registry.publish("acme/art", "1.0.0", {"a.txt": b"a"}, {"price": {"amount": "9.00", "currency": "EUR"}})
    acme, art = shop.registry.publisher("acme").token, PackName("acme/art")
    name, token = shop.customer()
    sold = shop.registry.call(ISSUE, IssueLicense(holder=name, pack=art), acme)
    where: dict[str, Any] = {"publisher": art.publisher, "name": art.name}
    dearer = Plan(id="perpetual", kind="perpetual", pack=art, price_minor=1500, currency="EUR", max_instances=9)
    monthly = Plan(id="monthly", kind="subscription", pack=art, duration_s=30 * DAY)
    shop.registry.call(SET_PLAN, SetPlan(**where, plan="perpetual", terms=dearer), acme)
    shown = shop.registry.call(SET_PLAN, SetPlan(**where, plan="monthly", terms=monthly), acme)
    assert [plan.id for plan in shown.plans] == ["perpetual", "monthly"]
    now = shop.registry.call(SHOW, AskLicense(id=sold.license.id), token).license
    assert (now.plan.price_minor, now.machines) == (900, 1)
    shop.registry.call(DROP_PLAN, DropPlan(**where, plan="perpetual"), acme)
    assert [plan.id for plan in shop.registry.call(PLANS, AskPack(**where)).plans] == ["monthly"]
    ask = SetPlan(**where, plan="monthly", terms=terms(id="monthly"))
    assert code_of(lambda: shop.registry.call(SET_PLAN, ask, acme), Invalid) == "licensing.bad-plan"
    assert code_of(lambda: shop.registry.call(SET_PLAN, SetPlan(**where, plan="x", terms=monthly), acme), Invalid)
    assert code_of(lambda: shop.registry.call(DROP_PLAN, DropPlan(**where, plan="monthly"), token), Denied)
