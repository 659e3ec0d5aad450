"""Identities of runs, as vectors have them: what counts, what does not and why, and which run a token tells of."""

import json
from typing import Any

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from packspec.errors import PackError
from packspec.identities.faults import UnknownIssuer, UnknownIssuerKey
from packspec.identities.issuers import PUBLIC, Issuer, parse_issuers
from packspec.identities.keyset import IssuerKeys
from packspec.identities.runs import Run
from packspec.identities.tokens import IdentityToken
from tests.support.vectors import FOLDER, cases

Case = dict[str, Any]


def keys(group: str) -> bytes:
    """The key set of a group of vectors."""
    return json.dumps(json.loads((FOLDER / "identities" / f"{group}.json").read_text())["keys"]).encode()


def run_of(case: Case, group: str) -> Run:
    """As a registry does it."""
    issuer = Issuer.parse(case["issuer"])
    token = IdentityToken.read(case["token"])
    if token.issuer != issuer.address:
        raise UnknownIssuer(token.issuer, issuer.address)
    token.check(issuer, case["audience"], case["now"])
    key = IssuerKeys.parse(keys(group)).find(token.key, issuer.algorithm)
    if key is None:
        raise UnknownIssuerKey(issuer.address, token.key)
    token.check_signed(issuer, key)
    return Run.of(issuer, token.claims)


@pytest.mark.parametrize("case", cases("identities", "good"), ids=lambda case: case["name"])
def test_an_identity_tells_of_its_run_and_another_library_reads_the_same(case: Case) -> None:
    assert msgspec.structs.asdict(run_of(case, "good")) == case["run"]
    usable = [row for row in json.loads(keys("good"))["keys"] if row["kid"] in ("rsa-1", "ec-1")]
    known = KeySet.import_key_set({"keys": usable})
    theirs = jwt.decode(case["token"], known, algorithms=["RS256", "ES256"])
    assert theirs.claims == IdentityToken.read(case["token"]).claims


@pytest.mark.parametrize("case", cases("identities", "bad"), ids=lambda case: case["name"])
def test_S08_what_is_no_identity_for_this_registry_now_is_refused_with_its_code(case: Case) -> None:
    with pytest.raises(PackError) as caught:
        run_of(case, "bad")
    assert caught.value.code == case["says"]


def test_issuers_are_words_with_pinned_algorithms_and_addresses_that_keys_may_come_from() -> None:
    assert parse_issuers("github  gitlab=https://git.studio.example:8443/sub\nother=http://127.0.0.1:9;alg=ES256;keys=/k.json") == (
        Issuer("github", PUBLIC["github"]),
        Issuer("gitlab", "https://git.studio.example:8443/sub"),
        Issuer("other", "http://127.0.0.1:9", "ES256", "/k.json"),
    )  # fmt: skip
    wrong = (
        "bitbucket", "github=", "other", "other=ci.example", "other=http://ci.example", "other=ftp://ci.example",
        "other=https://", "other=https://a:b@ci.example", "other=https://ci.example?x=1", "other=https://ci.example#x",
        "github;alg=HS256", "github;alg=none", "github;keys=", "github;jwks=https://x.example", "github github",
        "other=https://ci.example:port", "other=https://cí.example", f"other=https://{'a' * 200}.example",
        " ".join(f"other=https://ci{number}.example" for number in range(33)),
    )  # fmt: skip
    for text in wrong:
        with pytest.raises(ValueError, match=r"\S"):
            parse_issuers(text)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"[]", b'{"keys": {}}', b'{"keys": []}', b'{"keys": ["a", 1, null]}', b"[" * 100_000, b"\xff", b" " * 262_145,
        b'{"keys": [{"kty": "RSA", "kid": "a", "n": "AQAB", "e": "AQAB"}]}', b'{"keys": [' + b"{}," * 100 + b"{}]}",
        b'{"keys": [{"kty": "EC", "crv": "P-256", "kid": "a", "x": "AAAA", "y": 1}]}',
    ],
)  # fmt: skip
def test_a_key_set_without_a_usable_key_is_none(data: bytes) -> None:
    with pytest.raises(ValueError, match="key set"):
        IssuerKeys.parse(data)
