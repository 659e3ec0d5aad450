"""Envelopes that nobody honest sends, to every row that takes one: refused by code, never a fault of ours, and nothing moved."""

import base64
import json

import msgspec
import pytest

from packspec.digests import Digest
from packspec.names import PackName
from packspec.problems import Problem
from packspec.protocol.publishing import (
    APPROVE,
    HAND_IN,
    OPEN,
    REJECT,
    RESTORE,
    SIGN,
    YANK,
    AddSignature,
    Decide,
    HandIn,
    OpenSubmission,
    Reject,
    RestoreRelease,
    YankRelease,
)
from packspec.signing import approval, dsse, restore, statement
from packspec.versions import Version
from tests.support import publishing as do
from tests.support.registry import registry_at
from tests.support.signing import key


def envelope(payload, kind, signer):
    return dsse.sign(payload, kind, [signer]).encode().decode()


def unsigned(payload, kind, signatures):
    text = {"payload": base64.b64encode(payload).decode(), "payloadType": kind, "signatures": signatures}
    return json.dumps(text, separators=(",", ":"), sort_keys=True)


def hostile(kind, signer, honest):
    """Texts that are no envelopes, envelopes that are empty inside, and documents that their signer should not have signed."""
    deep = b'{"v":' + b"[" * 200 + b"]" * 200 + b"}"
    return {
        "nothing": "",
        "no object": "[]",
        "no fields": "{}",
        "not JSON": "{",
        "half a surrogate": '{"payload":"\\ud800"}',
        "no signature": unsigned(honest, kind, []),
        "signature of nobody": unsigned(honest, kind, [{"keyid": "", "sig": ""}]),
        "signature that is none": unsigned(honest, kind, [{"keyid": signer.public.key_id, "sig": "AAAA"}]),
        "seventeen signatures": unsigned(honest, kind, [{"keyid": str(n), "sig": "AAAA"} for n in range(17)]),
        "other type": envelope(honest, "application/json", signer),
        "empty payload": envelope(b"", kind, signer),
        "no document": envelope(b"null", kind, signer),
        "a list": envelope(b"[]", kind, signer),
        "no fields inside": envelope(b"{}", kind, signer),
        "deep": envelope(deep, kind, signer),
        "not canonical": envelope(b" " + honest, kind, signer),
        "not UTF-8": envelope(b'{"v":1,"x":"\xff"}', kind, signer),
        "later format": envelope(honest.replace(b'"v":1', b'"v":99'), kind, signer),
        "a field twice": envelope(honest[:-1] + b',"z":1,"z":1}', kind, signer),
    }


NAMES = list(hostile(statement.PAYLOAD_TYPE, key("x"), b'{"v":1}'))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A registry with a draft that waits for a second signature, a submission in review, and a yanked release. Nothing moves here."""
    with registry_at(tmp_path_factory.mktemp("hostile")) as registry:
        acme, two = registry.publisher("acme"), registry.publisher("two", keys=2, threshold=2)
        registry.publish("acme/icons", "1.0.0")
        registry.call(YANK, YankRelease(publisher="acme", name="icons", version="1.0.0", reason="broken"), acme.token)
        in_review = registry.submit("acme/icons", "2.0.0")
        do.take(registry, registry.reviewer(), in_review.id)
        draft = do.open_draft(registry, acme.token, registry.build("acme/icons", "3.0.0"))
        built = registry.build("two/icons", "1.0.0")
        waiting = do.open_draft(registry, two.token, built)
        do.hand_in(registry, two.token, waiting.id, do.signed(built.statement, two.releases[:1]))
        registry.ids = (draft.id, waiting.id, in_review.id)
        yield registry


@pytest.mark.parametrize("name", NAMES)
def test_no_envelope_moves_anything_or_is_a_fault(world, name):
    draft, waiting, in_review = world.ids
    acme, two, kim = world.publisher("acme"), world.publisher("two"), world.reviewer()
    seen = do.show(world, kim.token, in_review)
    built = world.build("acme/icons", "3.0.0")
    made = statement.make_statement(built.statement)
    decided = approval.make_approval(do.decision(seen, world.clock()))
    lifted = restore.make_restore(
        restore.Restore(v=1, statement=seen.statement_digest, restores="yank", at=world.clock())
    )
    texts = {
        "statement": hostile(statement.PAYLOAD_TYPE, acme.release, made)[name],
        "two": hostile(statement.PAYLOAD_TYPE, two.releases[1], made)[name],
        "decision": hostile(approval.PAYLOAD_TYPE, kim.key, decided)[name],
        "restore": hostile(restore.PAYLOAD_TYPE, acme.release, lifted)[name],
    }
    asks = [
        (HAND_IN, HandIn(id=draft, statement=texts["statement"]), acme.token),
        (SIGN, AddSignature(id=waiting, statement=texts["two"]), two.token),
        (APPROVE, Decide(id=in_review, approval=texts["decision"]), kim.token),
        (REJECT, Reject(id=in_review, approval=texts["decision"]), kim.token),
        (
            RESTORE,
            RestoreRelease(publisher="acme", name="icons", version="1.0.0", restore=texts["restore"]),
            acme.token,
        ),
    ]
    for row, ask, token in asks:
        answer = world.ask(row, ask, token)
        assert answer.headers["content-type"] == "application/problem+json", row.name
        problem = msgspec.json.decode(answer.content, type=Problem)
        assert problem.code.startswith(("trust.", "publishing.", "policy.client-too-old", "registry.bad-request")), (
            row.name
        )
        assert answer.status_code in (403, 409, 422), (row.name, problem.code)
    for id, state in ((draft, "draft"), (waiting, "draft"), (in_review, "in_review")):
        assert do.show(world, kim.token, id).state == state
    assert '"fault"' not in world.log.getvalue()


@pytest.mark.parametrize(
    "field",
    [
        {"pack": "Acme/Icons"},
        {"pack": "acme"},
        {"version": "1.0"},
        {"version": "1" * 300},
        {"version": "99999999999999999999.0.0"},
        {"archive": "A" * 64},
        {"size": 0},
        {"size": -1},
        {"size": 2**63},
        {"size": True},
        {"size": 1.5},
        {"extra": 1},
    ],
)
def test_R04_a_draft_is_opened_by_its_fields_and_no_others(world, field):
    body = {"pack": "acme/icons", "version": "9.0.0", "archive": "a" * 64, "size": 10} | field
    headers = {"authorization": f"Bearer {world.publisher('acme').token}"}
    answer = world.client.post("/api/v1/submissions", json=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "registry.bad-request")


def test_the_largest_numbers_of_a_version_are_kept_exactly(world):
    largest = f"{2**63 - 1}.0.0"
    ask = OpenSubmission(pack=PackName("acme/icons"), version=Version.parse(largest), archive=Digest.of(b"x"), size=1)
    assert str(world.call(OPEN, ask, world.publisher("acme").token).version) == largest
