"""Leases of CI runs by the identity that their CI gives them: a real issuer on loopback, and those who would like to be taken for it."""

import base64
import hmac
import json
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from packspec.errors import Invalid
from packspec.licenses.token import LicenseToken
from packspec.protocol.activations import LEASE_CI, LeaseCi
from packspec.protocol.licenses import SHOW, AskLicense
from registry_server.index.readable import readable
from tests.registry_server.licensing.conftest import PACK, Holder, Shop, lease, refused
from tests.support.issuer import AUDIENCE, CiIssuer, forged, p256, rsa
from tests.support.liar import Asked, HangUp, answer


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
        issuer.trusted_by(shop.registry.world, seconds=1 if lie is dripping else 30)
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
