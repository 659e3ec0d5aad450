"""Paid packs on a machine: refused without a license before anything is downloaded, installed with one, kept after it is gone."""

import json
import shutil

import pytest

from packctl.licenses.wallet import FILE
from packspec.licenses.plans import Plan
from packspec.names import PackName
from packspec.protocol.licenses import ISSUE, IssueLicense
from tests.packctl.licenses.conftest import Store


def test_a_status_that_asks_the_registry_knows_what_happened_since(store: Store) -> None:
    person, issued = store.activated()
    store.revoke(issued)
    assert person.runs("license", "status").code == 0, "this machine has heard of nothing"
    asked = person.runs("license", "status", "acme/pro", "--remote")
    assert (asked.code, "error[licensing.revoked]" in asked.err, "revoked, not usable" in asked.out) == (7, True, True)
    offline = person.runs("license", "status", "--remote", "--offline")
    assert (offline.code, "error[registry.unreachable]" in offline.err) == (8, True), offline.err


def test_every_missing_license_is_told_before_anything_is_downloaded(store: Store) -> None:
    person = store.person("new")
    ended = person.runs("add", "acme/pro", "acme/extra", "zed/lamp")
    assert ended.code == 7
    assert "error[licensing.missing]: 2 packs cannot be installed" in ended.err
    assert "no license on this machine covers acme/extra" in ended.err
    assert "no license on this machine covers acme/pro" in ended.err
    assert "packctl license activate acme/pro" in ended.err
    assert (person.here / "pack.toml").read_text() == ""
    assert not (person.here / "packs").exists()
    assert not list((person.data / "store").rglob("*/*")) if (person.data / "store").exists() else True
    one = person.runs("add", "acme/pro", "zed/lamp")
    assert (one.code, "error[licensing.not-covered]" in one.err) == (7, True)


def test_a_pack_is_installed_with_a_license_and_stays_and_verifies_after_it_was_revoked(store: Store) -> None:
    person, issued = store.activated()
    assert person.runs("add", "acme/pro").code == 0
    cow = person.here / "packs" / "acme" / "pro" / "cow.md"
    assert cow.exists()

    store.revoke(issued)
    refused = person.runs("install", "--reinstall", "acme/pro")
    assert (refused.code, "licensing.revoked" in refused.err) == (7, True)
    assert cow.exists()
    assert person.runs("verify", "--offline").code == 0
    assert person.runs("install", "--offline").code == 0  # nothing to do asks nobody
    for required in (
        ("verify", "--require", "license"),
        ("verify", "--strict"),
        ("verify", "--online", "--require", "license"),
    ):
        ended = person.runs(*required)
        assert (ended.code, "error[licensing.revoked]" in ended.err) == (7, True), required
    with (person.here / "pack.toml").open("a") as file:
        file.write('[policy]\nrequire = ["license"]\n')
    assert person.runs("verify").code == 7
    status = person.runs("license", "status", "--json")
    (one,) = json.loads(status.out)["data"]["licenses"]
    assert (status.code, one["status"], one["usable"], one["code"]) == (7, "revoked", False, "licensing.revoked")


def test_L13_what_is_damaged_is_healed_from_this_machine_after_a_license_was_revoked(store: Store) -> None:
    person, issued = store.activated()
    assert person.runs("add", "acme/pro").code == 0
    store.revoke(issued)
    cow = person.here / "packs" / "acme" / "pro" / "cow.md"
    cow.unlink()
    assert person.runs("heal").code == 0
    assert cow.exists()
    shutil.rmtree(person.here / "packs" / "acme")
    shutil.rmtree(person.data / "store")
    healed = person.runs("heal")
    assert (healed.code, "licensing.revoked" in healed.err) == (7, True)  # new bytes would have to be fetched


def test_the_last_machine_is_told_who_holds_the_others_and_gets_the_place_of_one_that_gives_its_own_back(
    store: Store,
) -> None:
    first, issued = store.activated(label="studio-01")
    second, third = store.person("studio-02"), store.person("studio-03")
    store.activate(second, issued, "studio-02").assert_ok()
    ended = store.activate(third, issued, "studio-03").ended
    assert ended.code == 7
    assert "licensing.no-machine-left" in ended.err and "studio-01, studio-02" in ended.err
    again = store.activate(first, issued).ended
    assert (again.code, "slot 1 of 2" in again.err) == (0, True), again.err
    assert second.runs("license", "deactivate", "acme/pro").code == 0
    taken = store.activate(third, issued, "studio-03").ended
    assert (taken.code, "slot 2 of 2" in taken.err) == (0, True)


def test_a_suspended_license_gives_nothing_new_until_it_goes_on(store: Store) -> None:
    person, issued = store.activated()
    store.suspend(issued)
    refused = person.runs("add", "acme/pro")
    assert (refused.code, "licensing." in refused.err) == (7, True)
    store.go_on(issued)
    assert person.runs("license", "refresh").code == 0
    assert person.runs("add", "acme/pro").code == 0


def test_L19_the_wallet_is_for_its_owner_alone_and_worth_nothing_elsewhere(store: Store) -> None:
    person, _ = store.activated()
    wallet, key = person.data / "licenses" / FILE, person.data / "licenses" / "device.key"
    assert [oct(path.stat().st_mode & 0o777) for path in (wallet, key)] == ["0o600", "0o600"]
    thief = store.person("thief")
    (thief.data / "licenses").mkdir(parents=True)
    shutil.copy(wallet, thief.data / "licenses" / FILE)
    without_key = thief.runs("add", "acme/pro")
    assert (without_key.code, "licensing.device-key-lost" in without_key.err) == (1, True)
    shutil.copy(key.parent / "device.key", thief.data / "licenses" / "device.key")
    other, _ = store.activated(label="another")
    shutil.copy(other.data / "licenses" / "device.key", thief.data / "licenses" / "device.key")
    with_another = thief.runs("add", "acme/pro")
    assert (with_another.code, "licensing.other-device" in with_another.err) == (7, True)


def test_an_installed_pack_that_must_be_paid_is_no_burden_offline(store: Store) -> None:
    person, _ = store.activated()
    assert person.runs("add", "acme/pro").code == 0
    shutil.rmtree(person.here / "packs")
    again = person.runs("install", "--locked", "--offline")  # the store has it, and the lease runs
    assert (again.code, again.err if again.code else "") == (0, "")
    assert "list     as of" in person.runs("license", "status", "--offline").out


def test_an_optional_pack_that_nothing_covers_stays_away_until_a_license_does(store: Store) -> None:
    issued, person = store.issue(), store.person("maybe")
    (person.here / "pack.toml").write_text(
        '[dependencies]\n"acme/pro" = { version = "^2", optional = true }\n"zed/lamp" = "^1"\n'
    )
    without = person.runs("install")
    assert (
        without.code,
        "Left out acme/pro (optional): no license on this machine covers acme/pro" in without.err,
    ) == (0, True)
    packs = person.here / "packs"
    assert ((packs / "zed" / "lamp").exists(), (packs / "acme").exists()) == (True, False)
    assert '"acme/pro"' in (person.here / "pack.lock").read_text()  # equal wishes give equal locks
    assert person.runs("verify").code == 0
    store.activate(person, issued).assert_ok()
    assert person.runs("install").code == 0
    assert (packs / "acme" / "pro" / "hen.md").exists()


def test_a_license_for_a_category_covers_its_packs_and_no_others(store: Store) -> None:
    terms = Plan(id="icons-for-all", kind="perpetual", covers=("category:icons",), features=("early-access",))
    person, issued = store.activated(terms=terms)
    added = person.runs("add", "acme/pro", "acme/tune")
    assert (added.code, "error[licensing.not-covered]" in added.err, "covers acme/tune" in added.err) == (7, True, True)
    assert person.runs("add", "acme/pro", "acme/sneak").code == 0  # the one in its early access, too
    assert {path.name for path in (person.here / "packs" / "acme").iterdir()} == {"pro", "sneak"}
    shutil.rmtree(person.here / "packs")
    assert person.runs("install", "--offline").code == 0
    assert person.runs("verify", "--require", "license", "--offline").code == 0
    assert "license" not in person.runs("audit").err
    assert person.runs("fetch", "acme/pro", "-o", "pro.pack").code == 0
    store.revoke(issued)
    assert "error[licensing.revoked]" in person.runs("install", "--reinstall", "acme/pro").err


def test_an_install_without_a_license_tells_what_those_of_the_account_have_left(store: Store) -> None:
    token = store.registry.account("class-3b")
    terms = Plan(id="two-seats", kind="perpetual", pack=PackName("acme/pro"), unit="seat")
    ask = IssueLicense(holder="class-3b", pack=PackName("acme/pro"), terms=terms, quantity=2)
    issued = store.registry.call(ISSUE, ask, store.admin)
    school, stranger = store.person("school", token), store.person("stranger")
    told = school.runs("add", "acme/pro", "acme/extra")
    assert (told.code, "error[licensing.missing]" in told.err) == (7, True)
    seatless = f"you have no seat of license {issued.license.id} of your account; 2 of 2 seats are free"
    assert seatless in told.err and "no license on this machine covers acme/extra" in told.err
    assert "packctl license seat add acme/pro class-3b" in told.err
    assert school.runs("license", "seat", "add", "acme/pro", "class-3b").code == 0
    told = school.runs("add", "acme/pro")
    assert (told.code, "error[licensing.not-here]" in told.err) == (7, True)
    assert "has 2 machines free" in told.err and "packctl license activate acme/pro" in told.err
    assert "error[licensing.not-covered]" in stranger.runs("add", "acme/pro").err
    assert school.runs("license", "activate", "acme/pro").code == 0
    assert school.runs("add", "acme/pro").code == 0


@pytest.mark.parametrize("covered", ["premium", "acme/*", "acme/pro"])
def test_a_license_for_many_packs_is_named_by_any_of_them(store: Store, covered: str) -> None:
    terms = Plan(id="library", kind="perpetual", covers=(covered,))
    person, issued = store.activated(terms=terms)
    assert person.runs("add", "acme/pro").code == 0
    status = person.runs("license", "status", "acme/pro")
    assert (status.code, issued.license.id in status.out) == (0, True), status.err
    assert person.runs("license", "refresh", "acme/pro").code == 0
    assert person.runs("license", "status", "zed/lamp").code == (0 if covered == "premium" else 7)
    assert person.runs("license", "deactivate", "acme/pro").code == 0


def test_what_a_license_for_many_packs_is_called_is_a_name_for_every_command(store: Store) -> None:
    terms = Plan(id="all-icons", kind="perpetual", covers=("category:icons",), max_instances=1)
    person, issued = store.activated(terms=terms)
    holder = store.person("holder", store.holders[issued.license.id])
    refused = holder.runs("license", "activate", issued.license.id)
    assert (refused.code, "packctl license deactivate plan:all-icons --machine studio-01" in refused.err) == (7, True)
    for name in ("plan:all-icons", "category:icons", issued.license.id):
        for words in (("status",), ("refresh",)):
            ended = person.runs("license", *words, name)
            assert (ended.code, "category:icons" in ended.out + ended.err) == (0, True), ended.err
        assert holder.runs("license", "use", name).code == 0
    store.suspend(issued)
    told = person.runs("license", "refresh")
    assert (told.code, "packctl license status plan:all-icons" in told.err) == (7, True), told.err
    status = person.runs("license", "status", "plan:all-icons")
    assert (status.code, "category:icons  L-" in status.out, "  suspended, not usable" in status.out) == (7, True, True)
    store.go_on(issued)
    assert holder.runs("license", "deactivate", "plan:all-icons", "--machine", "studio-01").code == 0
    assert holder.runs("license", "activate", "plan:all-icons").code == 0
    unknown = holder.runs("license", "use", "plan:elsewhere")
    assert (unknown.code, "packctl license list --remote" in unknown.err, "show" in unknown.err) == (3, True, False)
