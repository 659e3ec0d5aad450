"""Leases of CI runs by the identity that their CI gives them: a real issuer on loopback, and those who would like to be taken for it."""

import base64
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from packspec.errors import Invalid, NotFound, PackError, Unlicensed
from packspec.licenses.plans import Plan
from packspec.licenses.token import LicenseToken
from packspec.names import PackName
from packspec.protocol.activations import LEASE_CI, Activated, LeaseCi
from packspec.protocol.ci_rules import ADD_CI_RULE, CI_RULES, REMOVE_CI_RULE, AddCiRule, CiRules, RemoveCiRule
from packspec.protocol.endpoint import Endpoint
from packspec.protocol.licenses import REVOKE, SHOW, TRANSFER, AskLicense, ChangeLicense, Issued, TransferLicense
from registry_server.actor import TERMINAL
from registry_server.call import call_of
from registry_server.index.readable import readable
from registry_server.licensing import ci_store
from registry_server.licensing.ci_rules import ref_fits, whole_ref
from tests.registry_server.licensing.conftest import PACK, Shop
from tests.support.issuer import AUDIENCE, GITLAB, CiIssuer, ci_issuer, forged, p256, rsa
from tests.support.liar import Asked, HangUp, answer


@pytest.fixture
def issuer(shop: Shop) -> Iterator[CiIssuer]:
    with ci_issuer(shop.registry.clock) as made:
        made.trusted_by(shop.registry.world)
        yield made


class Holder:
    """A customer with a license that runs of mia/game may use, unless it is told otherwise."""

    def __init__(self, shop: Shop, repository: str = "mia/game", **rule: object) -> None:
        self.shop = shop
        self.name, self.token = shop.customer()
        self.sold: Issued = shop.issue(self.name)
        self.id = self.sold.license.id
        if repository:
            self.allow(repository, **rule)

    def allow(self, repository: str = "mia/game", **rule: object) -> CiRules:
        ask = AddCiRule(id=self.id, repository=repository, **rule)  # type: ignore[arg-type]
        return self.shop.registry.call(ADD_CI_RULE, ask, self.token)

    def rules(self) -> CiRules:
        return self.shop.registry.call(CI_RULES, AskLicense(id=self.id), self.token)

    def forbid(self, rule: str) -> CiRules:
        return self.shop.registry.call(REMOVE_CI_RULE, RemoveCiRule(id=self.id, rule=rule), self.token)


@pytest.fixture
def holder(shop: Shop, issuer: CiIssuer) -> Holder:
    return Holder(shop)


def lease(shop: Shop, identity: str, pack: PackName | None = PACK) -> Activated:
    [got] = shop.registry.call(LEASE_CI, LeaseCi(device=shop.device().jwk, identity=identity, pack=pack)).leases
    return got


def refused(shop: Shop, identity: str) -> PackError:
    """Why no lease is given; and the refusal repeats nothing of the token."""
    answered = shop.registry.ask(LEASE_CI, LeaseCi(device=shop.device().jwk, identity=identity, pack=PACK))
    assert not [part for part in identity.split(".") if len(part) > 20 and part in answered.text]
    with pytest.raises(PackError) as caught:
        lease(shop, identity)
    return caught.value


def test_a_run_of_an_allowed_repository_leases_with_nothing_but_its_identity(
    shop: Shop, issuer: CiIssuer, holder: Holder
) -> None:
    got = lease(shop, issuer.token())
    view = got.activation
    assert (view.pool, view.label, view.expires_at - view.activated_at) == ("ci", "mia/game run 9001/1", 6 * 3600)
    token = LicenseToken.read(got.token, readable(shop.registry.world).license_keys)
    assert (token.sub, token.pool) == (holder.id, "ci")
    [rule] = holder.rules().rules
    assert (rule.repository, rule.repository_id, rule.owner_id, rule.issuer) == ("mia/game", "4242", "77", issuer.url)
    events = shop.registry.call(SHOW, AskLicense(id=holder.id), holder.token).events
    assert [one.event for one in events] == ["ci_bound", "ci_allowed", "issue"]
    assert events[0].facts == {"rule": rule.id, "repository": "4242", "owner": "77"}


def test_one_lease_for_each_run_and_a_token_that_is_shown_again_is_the_same_run(
    shop: Shop, issuer: CiIssuer, holder: Holder
) -> None:
    shown = issuer.token()
    first, again = lease(shop, shown), lease(shop, shown)
    assert (again.activation.id, again.is_new, again.license.ci_used) == (first.activation.id, False, 1)
    later_step = lease(shop, issuer.token(jti="of-another-step"))
    assert later_step.activation.id == first.activation.id
    retried = lease(shop, issuer.token(run_attempt="2"))
    assert (retried.activation.slot, retried.license.ci_used) == (2, 2)
    error = refused(shop, issuer.token(run_id="9002"))
    assert (type(error).kind.value, error.code) == ("unlicensed", "licensing.no-run-left")


def test_keys_are_fetched_once_an_hour_and_a_new_one_is_looked_for(
    shop: Shop, issuer: CiIssuer, holder: Holder
) -> None:
    for _ in range(3):
        lease(shop, issuer.token())
    assert issuer.asked == ["/.well-known/openid-configuration", "/keys"]
    shop.registry.clock.advance(minutes=2)
    issuer.rotate()
    lease(shop, issuer.token())
    assert issuer.asked.count("/keys") == 2
    assert refused(shop, issuer.token(rsa("first"))).code == "identity.unknown-key"
    shop.registry.clock.advance(hours=2)
    lease(shop, issuer.token())
    assert issuer.asked.count("/keys") == 3


def test_made_up_key_names_make_nobody_ask_the_issuer_more_than_once_a_minute(
    shop: Shop, issuer: CiIssuer, holder: Holder
) -> None:
    lease(shop, issuer.token())
    shop.registry.clock.advance(minutes=2)
    for number in range(5):
        assert refused(shop, issuer.token(header={"kid": f"made-up-{number}"})).code == "identity.unknown-key"
    assert issuer.asked.count("/keys") == 2


def test_R05_whatever_is_wrong_with_a_token_is_told_and_no_lease_is_given(
    shop: Shop, issuer: CiIssuer, holder: Holder
) -> None:
    now, good = shop.registry.clock(), issuer.token()
    text = forged(good, {"alg": "HS256"}).rpartition(".")[0]  # the classic: the public key as a shared secret
    mac = hmac.digest(rsa("first").as_pem(private=False), text.encode(), "sha256")
    shared = f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    head, payload, signature = good.split(".")
    wrong = {
        "identity.malformed": [
            "not a token", "a.b.c", f"{head}.{payload}", f"{head}.{payload}.{signature}=", "\u202e.\u202e.\u202e",
            f"{head}.W10.{signature}", forged(good, {"crit": ["exp"], "exp": 1}), issuer.token(exp=None),
            issuer.token(header={"typ": "packctl-license+jwt"}), issuer.token(aud=None), issuer.token(run_id=None),
            issuer.token(repository_id=True), issuer.token(repository_owner_id="x"), issuer.token(iat=1.5), issuer.token(iss=None),
        ],
        "identity.unknown-issuer": [
            issuer.token(iss=f"{issuer.url}/"), issuer.token(iss="https://token.actions.githubusercontent.com"),
            issuer.token(iss=issuer.url.upper()),
        ],
        "identity.wrong-algorithm": [
            forged(good, {"alg": "none"}), shared, forged(good, {"alg": "RS512"}),
            issuer.token(p256("curve")),
        ],
        "identity.wrong-audience": [
            issuer.token(aud="registry.test"), issuer.token(aud=[AUDIENCE, "https://elsewhere.example"]),
        ],
        "identity.out-of-time": [
            issuer.token(exp=now - 61), issuer.token(iat=now + 61), issuer.token(nbf=now + 61),
            issuer.token(iat=now - 6 * 3600 - 1),
        ],
        "identity.unknown-key": [issuer.token(rsa("stranger"))],
        "identity.forged": [
            forged(good, claims={"repository_id": "1"}), f"{head}.{payload}.{'A' * len(signature)}", f"{head}.{payload}.AA",
            issuer.token(rsa("stranger"), header={"kid": "first"}),
            issuer.token(rsa("stranger"), header={"kid": "first", "jwk": rsa("stranger").as_dict(private=False)}),
        ],
    }  # fmt: skip
    lease(shop, good)
    for code, tokens in wrong.items():
        for token in tokens:
            error = refused(shop, token)
            assert (error.code, type(error).kind.value) == (code, "anonymous"), token[:60]
    for fine in (
        issuer.token(exp=now - 59, iat=now - 400, nbf=now - 400),
        issuer.token(iat=now + 59),
        issuer.token(aud=[AUDIENCE]),
    ):
        lease(shop, fine)
    assert good not in shop.registry.log.getvalue()


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
    assert renamed.activation.label == "mia/play run 9001/1" or renamed.is_new is False
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


def test_an_issuer_that_lies_stalls_or_never_ends_costs_seconds_and_is_told_of(
    shop: Shop, issuer: CiIssuer, holder: Holder
) -> None:
    def endless(asked: Asked) -> Iterable[bytes]:
        yield answer(200, b"", Content_Length="")
        while True:
            yield b" " * 65536

    def dripping(asked: Asked) -> Iterable[bytes]:
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield b"X-A: a\r\n"
            time.sleep(0.05)

    def elsewhere(asked: Asked) -> Iterable[bytes]:
        yield answer(200, b'{"issuer": "%s", "jwks_uri": "http://127.0.0.1:1/keys"}' % issuer.url.encode())

    def hung_up(asked: Asked) -> Iterable[bytes]:
        raise HangUp

    lies = {
        "more than 262144 bytes": endless,
        "did not answer in time": dripping,
        "it answers 302": lambda asked: [answer(302, Location="https://elsewhere.example/")],
        "on another host": elsewhere,
        "of another issuer": lambda asked: [answer(200, b'{"issuer": "https://elsewhere.example"}')],
        "not JSON": lambda asked: [answer(200, b"<html>")],
        "no HTTP|disconnected|hung": hung_up,
        "packed": lambda asked: [answer(200, b"\x1f\x8b", Content_Encoding="gzip")],
    }
    for reason, lie in lies.items():
        issuer.trusted_by(shop.registry.world, seconds=1)
        issuer.instead = lie
        error = refused(shop, issuer.token())
        assert (error.code, type(error).kind.value) == ("identity.issuer-unreachable", "unavailable"), reason
        assert "or hand over the license's key: PACKCTL_LICENSE_FILE" in error.fix()
        said = shop.registry.log.getvalue().splitlines()[-1]
        assert any(one in said for one in reason.split("|")), said
        assert not any(one in str(error.facts()) for one in reason.split("|")), (
            "the operator's log has it, the answer not"
        )


def test_while_an_issuer_is_asked_known_keys_count_and_made_up_ones_keep_no_thread_waiting(
    shop: Shop, issuer: CiIssuer, holder: Holder
) -> None:
    lease(shop, issuer.token())
    shop.registry.clock.advance(hours=2)
    asked, answered = threading.Event(), threading.Event()

    def waits(request: Asked) -> Iterable[bytes]:
        asked.set()
        answered.wait(20)
        yield answer(500)

    issuer.instead = waits
    shown, made_up = issuer.token(), issuer.token(rsa("stranger"))
    with ThreadPoolExecutor(1) as other:
        first = other.submit(lease, shop, shown)
        assert asked.wait(20)
        assert lease(shop, shown).is_new is False
        assert refused(shop, made_up).code == "identity.issuer-unreachable"
        assert not first.done(), "whoever asked is still waiting"
        answered.set()
        assert first.result(20).is_new is False


def test_known_keys_count_for_a_day_while_an_issuer_is_away(shop: Shop, issuer: CiIssuer, holder: Holder) -> None:
    lease(shop, issuer.token())
    issuer.instead = lambda asked: [answer(500)]
    shop.registry.clock.advance(hours=23)
    lease(shop, issuer.token())
    assert refused(shop, issuer.token(rsa("stranger"))).code == "identity.issuer-unreachable"
    asked = len(issuer.asked)
    lease(shop, issuer.token())
    assert len(issuer.asked) == asked, "it was asked within this minute"
    shop.registry.clock.advance(hours=2)
    assert refused(shop, issuer.token()).code == "identity.issuer-unreachable"


def test_a_closed_network_keeps_the_keys_in_a_file_and_asks_nobody(
    shop: Shop, issuer: CiIssuer, holder: Holder, tmp_path: Path
) -> None:
    file = tmp_path / "keys.json"
    issuer.trusted_by(shop.registry.world, options=f";keys={file}")
    assert refused(shop, issuer.token()).code == "identity.issuer-unreachable"
    weak = {"kty": "RSA", "kid": "weak", "n": "AQAB", "e": "AQAB"}
    file.write_text(json.dumps({"keys": [weak, rsa("first").as_dict(private=False)]}))
    lease(shop, issuer.token())
    assert refused(shop, issuer.token(header={"kid": "weak"})).code == "identity.unknown-key"
    file.write_text(json.dumps({"keys": [weak]}))
    assert refused(shop, issuer.token()).code == "identity.issuer-unreachable"
    assert issuer.asked == []


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
    mistakes: dict[str, dict[str, object]] = {
        "licensing.no-such-issuer": {"issuer": "gitlab"},
        "licensing.bad-ci-rule": {"repository": "game"},
        "licensing.has-ci-rule": {"pull_requests": True},
    }
    for code, changed in mistakes.items():
        with pytest.raises(PackError) as refusal:
            holder.allow(**{"repository": "mia/game", **changed})  # type: ignore[arg-type]  # fields of the ask
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


def test_a_request_brings_a_key_or_an_identity_for_a_pack(shop: Shop, issuer: CiIssuer, holder: Holder) -> None:
    device, key = shop.device().jwk, holder.sold.key
    for ask in (
        LeaseCi(device=device, pack=PACK),
        LeaseCi(device=device, pack=PACK, key=key, identity=issuer.token()),
        LeaseCi(device=device, identity=issuer.token()),
    ):
        with pytest.raises(Invalid):
            shop.registry.call(LEASE_CI, ask)
    assert shop.registry.ask(LEASE_CI, LeaseCi(device=device, pack=PACK, identity="x" * 16385)).status_code == 422


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
