"""Build provenance: given along, checked against the archive on both sides, shown, and readable by software of others."""

import base64
import copy
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from securesystemslib.dsse import Envelope as OtherEnvelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import SSlibKey

from packspec.digests import Digest
from packspec.protocol.publishing import SHOW, AskSubmission
from packspec.provenance import SLSA, BadProvenance, predicate_type, provenance_of
from packspec.signing import dsse
from packspec.signing.keys import PrivateKey, PublicKey
from tests.packctl.conftest import Offered
from tests.support.person import person_of

ARCHIVE = Digest.of(b"archive")
BUILDER = "https://github.com/acme/farm/.github/workflows/release.yml@refs/tags/v1"
BUILD = "https://actions.github.io/buildtypes/workflow/v1"


def statement(archive: Digest = ARCHIVE) -> dict[str, Any]:
    """As a builder writes it, with more than we read."""
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "other", "digest": {"sha512": "00"}}, {"name": "farm.pack", "digest": {"sha256": str(archive)}}],
        "predicateType": SLSA,
        "predicate": {
            "buildDefinition": {"buildType": BUILD, "externalParameters": {"workflow": {"ref": "v1"}}, "internalParameters": {}},
            "runDetails": {"builder": {"id": BUILDER}, "metadata": {"invocationId": "1"}},
        },
    }  # fmt: skip


def envelope(inner: Mapping[str, Any]) -> dict[str, Any]:
    payload = base64.b64encode(json.dumps(inner, indent=2).encode()).decode()
    return {
        "payloadType": "application/vnd.in-toto+json",
        "payload": payload,
        "signatures": [{"sig": "MEUC", "keyid": ""}],
    }


def wrapped(inner: Mapping[str, Any]) -> list[bytes]:
    bundle = {"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "dsseEnvelope": envelope(inner)}
    return [json.dumps(one, indent=1).encode() for one in (inner, envelope(inner), bundle)]


def test_provenance_is_read_plain_in_an_envelope_and_in_a_bundle() -> None:
    for data, is_signed in zip(wrapped(statement()), (False, True, True), strict=True):
        found = provenance_of(data, ARCHIVE)
        assert (found.builder, found.build_type, found.is_signed) == (BUILDER, BUILD, is_signed)
        assert predicate_type(data) == SLSA


def without(*path: str) -> bytes:
    made: Any = copy.deepcopy(statement())
    at = made
    for word in path[:-1]:
        at = at[word]
    del at[path[-1]]
    return json.dumps(made).encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 100_000,
        json.dumps({**statement(), "predicateType": "https://slsa.dev/provenance/v0.2"}).encode(),
        json.dumps({**statement(), "_type": "https://in-toto.io/Statement/v0.1"}).encode(),
        json.dumps({**statement(), "subject": []}).encode(),
        json.dumps({**envelope(statement()), "payload": "?"}).encode(),
        without("predicate"),
        without("predicate", "runDetails", "builder", "id"),
        without("predicate", "buildDefinition", "buildType"),
        *wrapped(statement(Digest.of(b"another archive"))),
    ],
)
def test_what_is_no_provenance_of_this_archive_is_refused(data: bytes) -> None:
    with pytest.raises(BadProvenance):
        provenance_of(data, ARCHIVE)


def test_it_is_published_with_the_release_and_shown_and_others_read_our_statements(
    registry: Offered, acme: Mapping[str, str], reviewed: Mapping[str, str], tmp_path: Path
) -> None:
    mia = person_of(registry.variables(), tmp_path / "mia", acme["acme_keys"], "mia")
    mia = replace(
        mia, environ={**mia.environ, "PACKCTL_CACHE_DIR": str(tmp_path / "cache")}
    )  # others live in that home too
    kim = person_of(registry.variables(), tmp_path / "kim", reviewed["kim_keys"], "kim")
    assert mia.runs("new", "acme/farm").code == 0
    assert mia.runs("build", "farm", "-o", "farm.pack").code == 0
    archive = Digest.of((mia.here / "farm.pack").read_bytes())
    file = mia.here / "provenance.json"
    file.write_bytes(wrapped(statement())[1])
    publish = ("publish", "farm.pack", "--attach", "provenance.json", "-y")
    for words in (publish, (*publish, "--dry-run")):
        refused = mia.runs(*words)
        assert (refused.code, "error[publish.provenance]" in refused.err) == (2, True), refused.err
    for named, code in (("none.json", "cli.no-such-file"), (".", "cli.not-a-file")):
        refused = mia.runs("publish", "farm.pack", "--attach", named, "--dry-run")
        assert f"error[{code}]" in refused.err, refused.err
    file.write_bytes(wrapped(statement(archive))[2])
    ended = mia.runs(*publish)
    assert ended.code == 0, ended.err
    view = registry.registry.call(SHOW, AskSubmission(id="S-1"), registry.words["kim"])
    assert kim.runs("approve", "S-1", "-y", "--digest", archive.labelled).code == 0
    shown = mia.runs("show", "acme/farm", "--trust")
    assert f"  attached  {SLSA} {Digest.of(file.read_bytes()).labelled}\n" in shown.out, shown.err
    assert f"            built by {BUILDER}, {BUILD}\n" in shown.out
    kept = list((tmp_path / "cache").rglob("1.root.json"))
    kept = [path for path in kept if "publishers" in path.parts]
    for path in kept:
        path.write_bytes(path.read_bytes()[:-9])
    owners = mia.runs("owner", "list", "acme")  # C12: what is kept and damaged is fetched again
    assert (len(kept), owners.code) == (1, 0), owners.err
    _read_by_others(view.statement.encode(), archive)


def _read_by_others(data: bytes, archive: Digest) -> None:
    """By another implementation of DSSE: ours is canonical JSON, whose signature is over the PAE, by a plain P-256 key."""
    ours = dsse.Envelope.parse(data)
    theirs = OtherEnvelope.from_dict(json.loads(data))
    assert theirs.pae() == dsse.pae(ours.payload_type, ours.payload)
    inner = json.loads(theirs.payload)
    assert (inner["_type"], theirs.payload_type) == ("https://in-toto.io/Statement/v1", "application/vnd.in-toto+json")
    assert inner["subject"] == [{"name": "acme/farm@1.0.0", "digest": {"sha256": str(archive)}}]
    assert inner["predicate"]["attached"][0]["type"] == SLSA


def test_a_generic_verifier_accepts_our_envelope_and_refuses_another_key() -> None:
    mine, other = (PrivateKey.from_seed("p256", bytes([number]) * 48) for number in (1, 2))
    data = dsse.sign(json.dumps(statement()).encode(), "application/vnd.in-toto+json", [mine]).encode()

    def key(public: PublicKey) -> SSlibKey:
        lines = base64.encodebytes(public.der).decode()
        pem = f"-----BEGIN PUBLIC KEY-----\n{lines}-----END PUBLIC KEY-----\n"
        return SSlibKey(mine.public.key_id, "ecdsa", "ecdsa-sha2-nistp256", {"public": pem})

    OtherEnvelope.from_dict(json.loads(data)).verify([key(mine.public)], 1)
    with pytest.raises(VerificationError):
        OtherEnvelope.from_dict(json.loads(data)).verify([key(other.public)], 1)
