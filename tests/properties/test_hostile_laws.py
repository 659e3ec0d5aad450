"""Whatever a stranger writes, a reader answers with a value or with a refusal of few words, and soon.

Good examples are damaged in two ways: as bytes, and as JSON that keeps its form, where it is signed again, so that what stands behind the
signature meets a stranger too.
"""

import copy
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packspec import wire
from packspec.archive import BytesSource
from packspec.carry import CarryFile, parse_header
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.licenses.files import LicenseFile, Receipt, Request
from packspec.licenses.jwk import KeySet
from packspec.licenses.proof import Proof
from packspec.licenses.status_list import StatusList
from packspec.licenses.token import LicenseToken
from packspec.licenses.use import Release, may_use
from packspec.log.witnessing import AddCheckpoint
from packspec.moments import day
from packspec.names import PackName
from packspec.problems import problem_of
from packspec.provenance import predicate_type, provenance_of
from packspec.scanner import NoAnswer, read_answer
from packspec.signing import es256
from packspec.signing.encoding import from_base64url, to_base64url
from packspec.signing.keys import PrivateKey
from packspec.signing.ssh import key_type, read_key, read_signature
from packspec.versions import Version
from tests.packspec.test_carry import zipped
from tests.support.signing import START, key
from tests.support.vectors import cases

EXAMPLES = 150
ARCHIVE = Digest("0eb3e36bfb24dcd9bb1d1bece1531216b59539a8fde17ee80224af0653c92aa3")
PACK = PackName("acme/farm-animals-pro")
REGISTRY, DEVICE = key("license key of registry.example"), key("device")
KEYS = KeySet.of([REGISTRY.public])
CARRY = cases("carry", "good")[0]["json"].encode()

Reader = Callable[[bytes], object]


def token(text: str) -> None:
    """All that is asked of a token before anybody trusts what it says."""
    found = LicenseToken.read(text, KEYS)
    facts = found.lic.facts()
    may_use(found.lic.right, facts, found, Release(pack=PACK, version=Version.parse("1.2.0"), at=START), START)
    day(facts.usable_until or 0)
    found.check("registry.example/log", found.cnf.jkt, START)


def of_text(read: Callable[[str], object]) -> Reader:
    """A reader of texts as one of bytes. What a command reads from a file is text already."""
    return lambda data: read(data.decode("utf-8", "surrogateescape"))


def carried(data: bytes) -> None:
    found = CarryFile.open(BytesSource(data), "farm.carry")
    found.check_sums()
    for path in found.paths():
        found.read(path, 10)


SIGNED: dict[str, tuple[Callable[[str], object], str, PrivateKey]] = {
    "token": (token, cases("licenses", "tokens")[0]["token"], REGISTRY),
    "status list": (
        lambda text: StatusList.read(text, KEYS).is_revoked(3), cases("licenses", "status-lists")[0]["text"], REGISTRY,
    ),
    "proof": (
        lambda text: Proof.read(text).check("GET", "/x", ARCHIVE, START), cases("licenses", "proofs")[0]["text"], DEVICE,
    ),
    "request": (
        lambda text: Request.read(text)[0].check_age(START), Request(id="r-1", iss="r", iat=START, pack=PACK).sign(DEVICE), DEVICE,
    ),
    "receipt": (Receipt.read, Receipt(iss="r", sub="L-1", jti="A-7", iat=START).sign(DEVICE), DEVICE),
}  # fmt: skip
JSON: dict[str, tuple[Reader, bytes]] = {
    "license file": (LicenseFile.read, LicenseFile(packctl_license=1, token=SIGNED["token"][1]).encode()),
    "key set": (KeySet.parse, KEYS.encode()),
    "carry header": (partial(parse_header, name="farm.carry"), CARRY),
    "provenance": (partial(provenance_of, archive=ARCHIVE), cases("provenance", "good")[0]["document"].encode()),
    "bundle": (partial(provenance_of, archive=ARCHIVE), cases("provenance", "good")[2]["document"].encode()),
    "type of a document": (predicate_type, cases("provenance", "types")[2]["document"].encode()),
    "answer of a scanner": (read_answer, cases("scanner", "good")[2]["answer"].encode()),
}
PLAIN: dict[str, tuple[Reader, bytes]] = {
    **{name: (of_text(read), text.encode()) for name, (read, text, _) in SIGNED.items()},
    **JSON,
    "carry file": (carried, zipped([("carry.json", CARRY), ("tuf/1.root.json", b"{}"), ("tuf/timestamp.json", b"[]")])),
    "key of ssh": (lambda data: (key_type(data), read_key(data)), bytes.fromhex(cases("ssh", "keys")[0]["blob"])),
    "signature of ssh": (read_signature, bytes.fromhex(cases("ssh", "signatures")[2]["blob"])),
    "add-checkpoint": (AddCheckpoint.parse, cases("witness", "good")[1]["body"].encode()),
}

HOSTILE = (
    b"null", b"true", b"0", b"-1", b"-0", b"1.0", b"2147483648", b"9007199254740992", b"253402300799", b"253402300800", b"1e999", b"NaN",
    b"1" * 5_000, b'""', b'"\\u0000"', b'"\\ud800"', b'"\xff"', b'"' + b"x" * 40_000 + b'"', '"\u202e\u0131"'.encode(), b"[]", b"{}",
    b"[" * 990 + b"]" * 990, b'{"a":' * 2_000, b'{"a":1,"a":2}', b'"' + b">=1 " * 100 + b'"', b'"../../x"',
)  # fmt: skip
MARK = "\u2603 here"


def places(value: object, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in plain JSON but the whole."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for name, one in inner for place in ((*so_far, name), *places(one, (*so_far, name)))]


@st.composite
def changed_json(draw: st.DrawFn, data: bytes) -> bytes:
    """The same document with something hostile in one place, with one field less, or with a strange one."""
    made: Any = copy.deepcopy(json.loads(data))
    *way, last = draw(st.sampled_from(places(made)))
    at = made
    for step in way:
        at = at[step]
    what = draw(st.sampled_from(("put", "put", "drop", "add")))
    if what == "drop":
        del at[last]
    elif what == "add" and isinstance(at, dict):
        at[draw(st.sampled_from(("x", "crit", "jku", "v", "\u00e9", "x" * 40_000)))] = MARK
    else:
        at[last] = MARK
    text = json.dumps(made, separators=(",", ":"), ensure_ascii=False).encode()
    return text.replace(json.dumps(MARK, ensure_ascii=False).encode(), draw(st.sampled_from(HOSTILE)))


@st.composite
def changed_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    """The same bytes with a part cut out, doubled, or others in its place."""
    start = draw(st.integers(0, len(data)))
    end = draw(st.integers(start, min(len(data), start + 64)))
    return data[:start] + draw(st.one_of(st.binary(max_size=16), st.just(data[start:end] * 2))) + data[end:]


def answers(name: str, read: Callable[[Any], object], given_to_it: bytes | str) -> None:
    """Calls a reader: it gives something, or refuses in few words."""
    said = b""
    try:
        read(given_to_it)
    except PackError as error:
        said = wire.encode(problem_of(error))
    except NoAnswer as error:
        said = str(error).encode()
    assert len(said) < 4_000, name


def signed_by(signer: PrivateKey, header: bytes, payload: bytes) -> str:
    text = f"{to_base64url(header)}.{to_base64url(payload)}"
    return f"{text}.{to_base64url(es256.sign(signer, text.encode()))}"


@pytest.mark.parametrize(
    ("readers", "changed"), [(PLAIN, changed_bytes), (JSON, changed_json)], ids=["bytes", "values of a document"]
)
@settings(max_examples=EXAMPLES)
@given(st.data())
def test_A49_what_was_changed_is_refused_as_what_it_is(readers: Any, changed: Any, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(readers)))
    read, good = readers[name]
    answers(name, read, data.draw(changed(good)))


@settings(max_examples=EXAMPLES)
@given(st.data())
def test_A49_hostile_values_under_a_good_signature_are_refused_as_what_they_are(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SIGNED)))
    read, text, signer = SIGNED[name]
    header, payload = (from_base64url(part) for part in text.split(".")[:2])
    if "kid" in json.loads(header):
        header = json.dumps({**json.loads(header), "kid": KEYS.keys[0].kid}).encode()
    if data.draw(st.booleans()):
        header = data.draw(changed_json(header))
    else:
        payload = data.draw(changed_json(payload))
    answers(name, read, signed_by(signer, header, payload))


def test_what_is_not_damaged_is_read() -> None:
    for name, (read, good) in PLAIN.items():
        if name != "proof":  # it is for the request of its vector
            read(good)
