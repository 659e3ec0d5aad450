"""Which runs may use a license by their identity: rules of its holder, and whom they mean once names change hands."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from packspec.errors import NotFound, PackError, Unlicensed
from packspec.licenses.plans import Plan
from packspec.names import PackName
from packspec.protocol.ci_rules import ADD_CI_RULE, CI_RULES, REMOVE_CI_RULE, AddCiRule, RemoveCiRule
from packspec.protocol.endpoint import Endpoint
from packspec.protocol.licenses import REVOKE, TRANSFER, AskLicense, ChangeLicense, TransferLicense
from registry_server.actor import TERMINAL
from registry_server.call import call_of
from registry_server.licensing import ci_store
from registry_server.licensing.ci_rules import ref_fits, whole_ref
from tests.registry_server.licensing.conftest import Holder, Shop, lease, refused
from tests.support.issuer import AUDIENCE, GITLAB, CiIssuer, ci_issuer, p256, rsa


def test_a_repository_that_nobody_allowed_and_one_that_took_a_name_get_nothing(
    shop: Shop, issuer: CiIssuer, holder: Holder
) -> None:
    error = refused(shop, issuer.token(repository="eve/game", repository_id="13", repository_owner_id="66"))
    assert (error.code, error.what(), error.facts()) == (
        "licensing.run-not-allowed",
        "no license lets this run of eve/game use acme/pro",
        {"ref": "refs/heads/main"},
    )
    lease(shop, issuer.token())  # its numbers are known from now on
    taken_over = refused(shop, issuer.token(repository_id="666"))
    assert taken_over.facts()["because"] == "another repository has this name now"
    sold = refused(shop, issuer.token(repository_owner_id="666"))
    assert sold.facts()["because"] == "the repository has another owner now"
    renamed = lease(shop, issuer.token(repository="Mia/Play"))
    assert (renamed.activation.label, renamed.is_new) == ("mia/play run 9001/1", False)
    with pytest.raises(Unlicensed) as caught:
        lease(shop, issuer.token(), PackName("acme/other"))
    assert caught.value.code == "licensing.run-not-allowed"


def test_numbers_hold_for_all_rules_about_a_repository_also_for_those_that_no_run_used(
    shop: Shop, issuer: CiIssuer
) -> None:
    holder = Holder(shop, ref="main")
    holder.allow(ref="refs/tags/*")
    lease(shop, issuer.token())
    holder.allow(ref="later")
    assert [(one.ref, one.repository_id, one.owner_id) for one in holder.rules().rules] == [
        ("refs/heads/main", "4242", "77"),
        ("refs/tags/*", "4242", "77"),
        ("refs/heads/later", "4242", "77"),
    ]
    for ref in ("refs/heads/main", "refs/tags/v1", "refs/heads/later"):
        error = refused(shop, issuer.token(ref=ref, repository_id="666", repository_owner_id="66"))
        assert error.facts()["because"] == "another repository has this name now"


def test_pull_requests_and_other_branches_get_nothing_unless_a_rule_says_so(shop: Shop, issuer: CiIssuer) -> None:
    holder = Holder(shop, ref="release-*")
    [rule] = holder.rules().rules
    assert rule.ref == "refs/heads/release-*"
    assert refused(shop, issuer.token()).facts()["because"] == "only refs/heads/release-* may"
    lease(shop, issuer.token(ref="refs/heads/release-2"))
    pulls: list[dict[str, Any]] = [
        {"event_name": "pull_request", "ref": "refs/pull/5/merge"},
        {"event_name": "pull_request_target", "ref": "refs/heads/release-2"},
        {"event_name": "pull_request_review", "ref": "refs/pull/5/merge"},
    ]
    for claims in pulls:
        error = refused(shop, issuer.token(**claims))
        assert error.facts()["because"] == "it tests a pull request, which anybody may open"
    holder.forbid(rule.id)
    holder.allow(pull_requests=True)
    for claims in pulls:
        lease(shop, issuer.token(**claims))


def test_a_project_at_gitlab_is_known_by_its_numbers_too(shop: Shop) -> None:
    with ci_issuer(shop.registry.clock, GITLAB) as issuer:
        issuer.trusted_by(shop.registry.world, "gitlab")
        holder = Holder(shop, "Studio/Games/Farm", issuer="gitlab", ref="main")
        assert lease(shop, issuer.token()).activation.label == "studio/games/farm run 555"
        assert (holder.rules().rules[0].repository_id, holder.rules().rules[0].owner_id) == ("31", "12")
        assert lease(shop, issuer.token(ref_path=None)).is_new is False
        assert refused(shop, issuer.token(ref="other", ref_path=None)).code == "licensing.run-not-allowed"
        merge: dict[str, Any] = {"pipeline_source": "merge_request_event", "ref_path": "refs/merge-requests/3/head"}
        assert "pull request" in refused(shop, issuer.token(**merge)).facts()["because"]
        assert "another repository" in refused(shop, issuer.token(project_id="32")).facts()["because"]


def test_any_other_issuer_names_its_runs_by_subject_and_number_and_may_sign_with_p256(shop: Shop) -> None:
    claims = {"sub": "pipeline:farm", "jti": "build-1"}
    with ci_issuer(shop.registry.clock, claims) as issuer:
        issuer.keys = [p256("curve")]
        issuer.trusted_by(shop.registry.world, "other", ";alg=ES256")
        Holder(shop, "pipeline:farm", issuer=issuer.url)
        first = lease(shop, issuer.token())
        assert first.activation.label == "pipeline:farm run build-1"
        assert lease(shop, issuer.token(jti="build-2")).activation.slot == 2
        assert refused(shop, issuer.token(sub="pipeline:Farm")).code == "licensing.run-not-allowed"
        assert refused(shop, issuer.token(jti=None)).code == "identity.malformed"
        assert refused(shop, issuer.token(rsa("first"))).code == "identity.wrong-algorithm"


def test_rules_are_written_by_the_holder_or_an_admin_and_go_with_the_license(shop: Shop, issuer: CiIssuer) -> None:
    holder, (_, stranger) = Holder(shop), shop.customer()
    again = holder.allow()
    assert (again.is_new, len(again.rules), again.audience) == (False, 1, AUDIENCE)
    call, id = shop.registry.call, holder.id
    rows: tuple[tuple[Endpoint[Any, Any], object], ...] = (
        (ADD_CI_RULE, AddCiRule(id=id, repository="eve/game")),
        (REMOVE_CI_RULE, RemoveCiRule(id=id, rule="C-1")),
        (CI_RULES, AskLicense(id=id)),
    )
    for token in (stranger, shop.registry.publisher("acme").token):
        for row, ask in rows:
            with pytest.raises(NotFound) as caught:
                call(row, ask, token)
            assert caught.value.code == "licensing.no-such-license"
    assert len(call(ADD_CI_RULE, AddCiRule(id=id, repository="ada/tool"), shop.admin).rules) == 2
    mistakes = {
        "licensing.no-such-issuer": partial(holder.allow, issuer="gitlab"),
        "licensing.bad-ci-rule": partial(holder.allow, "game"),
        "licensing.has-ci-rule": partial(holder.allow, pull_requests=True),
    }
    for code, mistake in mistakes.items():
        with pytest.raises(PackError) as refusal:
            mistake()
        assert refusal.value.code == code
    for repository in ("mia/", "/game", "mia/game/deeper", "mia /game", "mia/\u202egame", " mia/game"):
        with pytest.raises(PackError) as refusal:
            holder.allow(repository)
        assert refusal.value.code == "licensing.bad-ci-rule"
    with pytest.raises(PackError) as refusal:
        holder.forbid("C-999999")
    assert refusal.value.code == "licensing.no-such-ci-rule"
    holder.forbid(again.rules[0].id)
    assert refused(shop, issuer.token()).code == "licensing.run-not-allowed"


def test_a_license_has_a_hundred_rules_at_most(shop: Shop, issuer: CiIssuer, holder: Holder) -> None:
    with call_of(shop.registry.world, TERMINAL).writing() as call:
        [rule] = ci_store.of_license(call.db, int(holder.id[2:]))
        for number in range(99):
            ci_store.add(call.db, replace(rule, repository=f"mia/game-{number}"))
    with pytest.raises(PackError) as refusal:
        holder.allow("mia/one-more")
    assert refusal.value.code == "licensing.too-many-ci-rules"


def test_a_new_holder_gets_none_of_the_old_ones_rules_and_another_plan_keeps_them(
    shop: Shop, issuer: CiIssuer, terms: Callable[..., Plan]
) -> None:
    holder = Holder(shop, "")
    holder.sold = shop.issue(holder.name, terms(id="other", transferable=True))
    holder.id = holder.sold.license.id
    holder.allow()
    other = shop.issue(holder.name, terms(id="third", transferable=True))
    assert other.outcome == "superseded"
    holder.id = other.license.id
    assert [one.repository for one in holder.rules().rules] == ["mia/game"]
    assert lease(shop, issuer.token()).activation.license == holder.id
    name, token = shop.customer()
    shop.registry.call(TRANSFER, TransferLicense(id=holder.id, to=name), holder.token)
    assert shop.registry.call(CI_RULES, AskLicense(id=holder.id), token).rules == []
    assert refused(shop, issuer.token()).code == "licensing.run-not-allowed"


def test_of_several_licenses_one_that_runs_and_has_a_place_is_taken(shop: Shop, issuer: CiIssuer) -> None:
    ended, first, second = (Holder(shop, "") for _ in range(3))
    for one in (ended, first, second):
        one.allow()
    shop.registry.call(REVOKE, ChangeLicense(id=ended.id), shop.admin)
    got = [lease(shop, issuer.token(run_id=str(run))).activation.license for run in range(1, 5)]
    assert sorted(got) == sorted([first.id, first.id, second.id, second.id])
    assert lease(shop, issuer.token(run_id="1")).activation.license == got[0]
    first.forbid(first.rules().rules[0].id)
    second.forbid(second.rules().rules[0].id)
    assert refused(shop, issuer.token()).code == "licensing.revoked"


@pytest.mark.parametrize(
    ("pattern", "fits", "others"),
    [
        ("main", ["refs/heads/main"], ["refs/heads/main2", "refs/heads/x/main", "refs/tags/main", "refs/heads/Main", "main"]),
        ("release-*", ["refs/heads/release-", "refs/heads/release-1/2"], ["refs/heads/release", "refs/tags/release-1"]),
        ("refs/tags/v*-lts*", ["refs/tags/v1-lts", "refs/tags/v1-lts-2"], ["refs/tags/v1", "refs/tags/v-lt", "refs/heads/v1-lts"]),
        ("refs/*/a*a", ["refs/heads/aa", "refs/x/aba"], ["refs/heads/a", "refs/a"]),
        ("*", ["refs/heads/x"], ["refs/tags/x"]),
        ("refs/heads/" + "a*" * 100 + "b", ["refs/heads/" + "a" * 100 + "b"], ["refs/heads/" + "a" * 5000]),
    ],
)  # fmt: skip
def test_a_star_stands_for_any_characters_of_a_ref(pattern: str, fits: list[str], others: list[str]) -> None:
    whole = whole_ref(pattern)
    assert [one for one in [*fits, *others] if ref_fits(whole, one)] == fits
