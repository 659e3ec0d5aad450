"""The signed texts of licenses: tokens, status lists, proofs, and the files for machines without network."""

import json
import random
from typing import Any

import pytest
from joserfc import jws
from joserfc.jwk import ECKey
from joserfc.jwk import KeySet as OtherKeySet

from packspec import wire
from packspec.canonical import Malformed
from packspec.digests import Digest
from packspec.errors import Unlicensed
from packspec.licenses.files import LicenseFile, Pool, PoolSlot, Receipt, Request, RequestTooOld
from packspec.licenses.jose import MalformedText
from packspec.licenses.jwk import Jwk, KeySet
from packspec.licenses.proof import Proof, prove
from packspec.licenses.status_list import StatusList
from packspec.licenses.token import LicenseToken, ListEntry, OtherDevice, Sold, StatusRef, device_name
from packspec.moments import day
from packspec.names import PackName
from packspec.problems import problem_of
from packspec.signing import es256
from packspec.signing.encoding import from_base64url, to_base64url
from packspec.signing.keys import BadKey
from tests.support.signing import START, key, log_key
from tests.support.vectors import cases

REGISTRY = "registry.example/log"
PACK = PackName.parse("acme/farm-animals-pro")
Case = dict[str, Any]


def keys_of(case: Case) -> KeySet:
    return KeySet.parse(json.dumps(case["keys"]).encode())


def named(kind: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases("licenses", kind), ids=lambda case: case["name"])


@named("tokens")
def test_a_token_counts_where_and_when_it_was_made_for(case: Case) -> None:
    token = LicenseToken.read(case["token"], keys_of(case))
    token.check(case["registry"], case["device"], case["now"])
    assert json.loads(wire.encode(token)) == case["claims"]


@named("tokens")
def test_another_library_reads_the_same_token(case: Case) -> None:
    known = OtherKeySet.import_key_set({"keys": [row for row in case["keys"]["keys"] if row["kty"] == "EC"]})
    found = jws.deserialize_compact(case["token"], known, algorithms=["ES256"])
    claims = json.loads(found.payload)
    assert case["claims"].items() <= claims.items()
    assert found.headers()["typ"] == "packctl-license+jwt"


@named("bad-tokens")
def test_L19_a_token_that_was_forged_copied_or_ended_does_not_count(case: Case) -> None:
    with pytest.raises(Unlicensed) as caught:
        LicenseToken.read(case["token"], keys_of(case)).check(case["registry"], case["device"], case["now"])
    assert caught.value.code == case["says"]


def test_a_token_of_another_library_counts_as_well() -> None:
    case = cases("licenses", "tokens")[0]
    theirs = OtherKeySet.import_key_set({"keys": [{**_private("license key of registry.example"), "kid": "k"}]})
    header = {"alg": "ES256", "typ": "packctl-license+jwt", "kid": case["keys"]["keys"][0]["kid"]}
    text = jws.serialize_compact(header, json.dumps(case["claims"]), theirs.keys[0], algorithms=["ES256"])
    assert LicenseToken.read(text, keys_of(case)).jti == "A-7"


def _private(name: str) -> dict[str, Any]:
    found: dict[str, Any] = ECKey.import_key(key(name).pkcs8).as_dict(private=True)
    return found


def test_every_changed_character_of_a_token_is_noticed() -> None:
    case = cases("licenses", "tokens")[0]
    keys, good = keys_of(case), case["token"]
    for place in range(0, len(good), 7):
        other = "B" if good[place] == "A" else "A"
        with pytest.raises(Unlicensed):
            LicenseToken.read(good[:place] + other + good[place + 1 :], keys)


@named("status-lists")
def test_a_status_list_tells_who_is_revoked(case: Case) -> None:
    found = StatusList.read(case["text"], keys_of(case))
    assert [index for index in range(case["size"]) if found.is_revoked(index)] == case["revoked"]
    assert (found.issuer, found.path, found.at, found.ttl) == (REGISTRY, "license-status/1", START, 3600)
    with pytest.raises(MalformedText, match="no place"):
        found.is_revoked(case["size"])


@named("bad-status-lists")
def test_a_damaged_status_list_is_refused(case: Case) -> None:
    with pytest.raises(Unlicensed) as caught:
        StatusList.read(case["text"], keys_of(case))
    assert caught.value.code == case["says"]


def test_a_million_licenses_with_2000_revoked_fit_into_ten_kilobytes() -> None:
    signer = key("license key of registry.example")
    revoked = set(random.Random(7).sample(range(1_000_000), 2_000))
    text = StatusList.of(REGISTRY, "license-status/1", START, 3600, revoked, 1_000_000).sign(signer)
    assert len(text) <= 10_000
    found = StatusList.read(text, KeySet.of([signer.public]))
    assert {index for index in range(1_000_000) if found.is_revoked(index)} == revoked


@named("proofs")
def test_a_proof_fits_its_request(case: Case) -> None:
    found = Proof.read(case["text"])
    found.check(case["method"], case["path"], Digest.parse(case["body"]), case["now"])
    assert (found.device, found.nonce) == (case["device"], case["nonce"])


@named("bad-proofs")
def test_a_proof_of_another_request_is_refused(case: Case) -> None:
    with pytest.raises(Unlicensed) as caught:
        Proof.read(case["text"]).check(case["method"], case["path"], Digest.parse(case["body"]), case["now"])
    assert caught.value.code == case["says"]


def test_L05_a_token_is_of_no_use_to_who_copied_it_without_the_key() -> None:
    case = cases("licenses", "tokens")[0]
    token = LicenseToken.read(case["token"], keys_of(case))
    copied_to = Proof.read(prove(key("another device"), "GET", "/x", START))
    with pytest.raises(OtherDevice, match="belongs to another machine"):
        token.check(REGISTRY, copied_to.device, START)


def test_a_set_of_keys_names_each_by_its_thumbprint() -> None:
    # The key and the signature of RFC 7515, appendix A.3; the thumbprint is the one that joserfc computes.
    rfc = Jwk(
        "EC", "P-256", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    )
    assert rfc.thumbprint == "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"
    signed = b"eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    assert es256.is_signed(rfc.public, signed, from_base64url(signature))
    with pytest.raises(BadKey, match="ES256 is P-256"):
        Jwk.of(log_key("a log").public)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[]", "Expected `object`"),
        ('{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA","kid":"a"}]}', "matching regex"),
        ('{"keys":[{"kty":"EC","crv":"P-256","x":"%s","y":"%s","kid":"a"}]}'.replace("%s", "A" * 43), "P-256"),
        (
            json.dumps({"keys": [{**cases("licenses", "tokens")[0]["keys"]["keys"][0], "kid": "mine"}]}),
            "not its thumbprint",
        ),
        (json.dumps({"keys": cases("licenses", "tokens")[0]["keys"]["keys"] * 2}), "twice"),
    ],
)
def test_a_damaged_set_of_keys_is_refused(text: str, reason: str) -> None:
    with pytest.raises(Malformed, match=reason):
        KeySet.parse(text.encode())


def test_L12_files_for_machines_without_network_come_back_as_they_were_made() -> None:
    device, signer = key("device"), key("license key of registry.example")
    request = Request(id="r-1", iss=REGISTRY, iat=START, pack=PACK, label="studio-02")
    assert Request.read(request.sign(device) + "\n") == (request, Jwk.of(device.public))
    receipt = Receipt(iss=REGISTRY, sub="L-1042", jti="A-7", iat=START)
    assert Receipt.read(receipt.sign(device)) == (receipt, Jwk.of(device.public))
    file = LicenseFile(packctl_license=1, token=cases("licenses", "tokens")[0]["token"])
    assert LicenseFile.read(file.encode()) == file
    pool = Pool(
        iss=REGISTRY, sub="L-1042", jti="P-3", iat=START, exp=START + 86_400, aud="inside.example/log",
        slots=(PoolSlot(4, "A-9"), PoolSlot(5, "A-10")), status=StatusRef(ListEntry(1, "license-status/1")),
        lic=Sold(kind="perpetual", pack=PACK, starts=START, max_instances=10),
    )  # fmt: skip
    assert Pool.read(pool.sign(signer), KeySet.of([signer.public])) == pool


FILES: dict[str, Any] = {
    "request": Request.read,
    "receipt": Receipt.read,
    "pool": lambda text: Pool.read(text, keys_of(cases("licenses", "tokens")[0])),
}


@named("files")
def test_L12_a_file_says_what_was_signed_and_by_which_device(case: Case) -> None:
    found = FILES[case["kind"]](case["text"])
    claims, device = found if isinstance(found, tuple) else (found, None)
    assert json.loads(wire.encode(claims)) == case["claims"]
    assert (device.thumbprint if device else None) == case.get("device")


@named("bad-files")
def test_L19_a_file_that_was_changed_or_is_another_is_refused(case: Case) -> None:
    with pytest.raises(Unlicensed) as caught:
        FILES[case["kind"]](case["text"])
    assert caught.value.code == case["says"]


def test_a_file_of_one_kind_is_not_taken_for_another() -> None:
    receipt = Receipt(iss=REGISTRY, sub="L-1042", jti="A-7", iat=START).sign(key("device"))
    with pytest.raises(Unlicensed, match="this is a receipt, not a license request"):
        Request.read(receipt)
    with pytest.raises(MalformedText, match="license file"):
        LicenseFile.read(receipt.encode())


@pytest.mark.parametrize(
    ("now", "is_answered"),
    [(START, True), (START + 30 * 86_400, True), (START + 30 * 86_400 + 1, False), (START - 86_401, False)],
)
def test_a_request_is_answered_for_30_days(now: int, is_answered: bool) -> None:
    request = Request(id="r-1", iss=REGISTRY, iat=START, pack=PACK)
    if is_answered:
        request.check_age(now)
        return
    with pytest.raises(RequestTooOld, match="2027-01-15"):
        request.check_age(now)


def test_L19_no_refusal_quotes_the_text_it_is_about() -> None:
    for case in cases("licenses", "bad-tokens")[1:]:
        with pytest.raises(Unlicensed) as caught:
            LicenseToken.read(case["token"], keys_of(case)).check(case["registry"], case["device"], case["now"])
        assert case["token"] not in f"{caught.value} {caught.value.facts()} {caught.value.fix()}"


def test_a_longer_text_than_any_is_not_even_taken_apart() -> None:
    with pytest.raises(MalformedText, match="longer than 65536 characters"):
        Proof.read("a." * 40_000)


def test_a_device_has_one_name() -> None:
    assert device_name(key("device").public) == cases("licenses", "tokens")[0]["device"]
    assert len(device_name(key("device").public)) == 43


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ({"alg": "ES256", "typ": "packctl-proof+jwt", "x" * 40_000: 1}, "licensing.malformed"),
        ({"alg": "ES256", "typ": "packctl-proof+jwt", "jwk": {"kty": "x" * 40_000}}, "licensing.malformed"),
        ({"alg": "x" * 40_000}, "licensing.wrong-algorithm"),
        ({"alg": ["ES256"]}, "licensing.wrong-algorithm"),
        ({"alg": "ES256", "typ": "x" * 40_000}, "licensing.wrong-type"),
        ({"alg": "ES256", "typ": {"typ": "packctl-proof+jwt"}}, "licensing.wrong-type"),
    ],
)
def test_a_refusal_quotes_little_of_a_long_header(header: dict[str, Any], code: str) -> None:
    text = f"{to_base64url(json.dumps(header).encode())}.e30.AA"
    with pytest.raises(Unlicensed) as caught:
        Proof.read(text)
    assert caught.value.code == code
    assert len(wire.encode(problem_of(caught.value))) < 1_000


def test_L12_a_token_whose_end_and_grace_lie_behind_the_calendar_is_read() -> None:
    sold = Sold(kind="trial", pack=PACK, starts=START, ends=253_402_300_799, grace_s=2**31 - 1, max_instances=1)
    assert day(sold.facts().usable_until or 0) == "9999-12-31"
