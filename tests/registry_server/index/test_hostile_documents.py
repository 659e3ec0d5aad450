"""A ceremony document from a server in wrong hands: whoever holds an offline key signs nothing that its sentences do not tell."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from packspec import site
from packspec.signing.keys import PrivateKey
from packspec.trustfiles import CooldownRow, ReviewerRow, Reviewers
from registry_server.index.ceremony import OfflineKeys
from registry_server.index.metadata import tuf_key
from registry_server.index.offline.checking import check_parts
from registry_server.index.offline.document import BadCeremony, CeremonyDocument
from registry_server.index.offline.preparing import Changes, prepare
from registry_server.index.offline.signing import sentences, sign
from registry_server.index.reviewers import adding, planned
from tests.support.registry import Registry, registry_at
from tests.support.signing import key

THIEF = key("thief").public
Signed = dict[str, Any]


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    with registry_at(tmp_path_factory.mktemp("registry")) as opened:
        yield opened


@pytest.fixture(scope="module")
def renewal(registry: Registry) -> CeremonyDocument:
    """What an honest server asks for once a year."""
    return prepare(registry.world, Changes())


@pytest.fixture(scope="module")
def medium(registry: Registry) -> list[PrivateKey]:
    return list(OfflineKeys.read(registry.offline_keys).keys)[:1]


def changed(document: CeremonyDocument, role: str, change: Callable[[Signed], object], when: str = "after") -> bytes:
    found = json.loads(document.encode())
    text = json.loads(found[when][role])
    change(text["signed"])
    found[when][role] = json.dumps(text)
    return json.dumps(found).encode()


def listed(signed: Signed) -> str:
    """Lists a key of the thief; its id."""
    made = tuf_key(THIEF)
    signed["keys"][made.keyid] = made.to_dict()
    return str(made.keyid)


def evil_delegation(targets: Signed) -> None:
    """Everything is looked up at the thief's role first, which `index` never gets to answer."""
    delegations = targets["delegations"]
    made = {"name": "evil", "keyids": [listed(delegations)], "threshold": 1, "terminating": True, "paths": ["index/*"]}
    delegations["roles"].insert(0, made)


HIDDEN: dict[str, tuple[str, Callable[[Signed], object]]] = {
    "a role of the thief before index": ("targets", evil_delegation),
    "a lower threshold of targets": ("root", lambda root: root["roles"]["targets"].update(threshold=1)),
    "a lower threshold of index": (
        "targets",
        lambda targets: targets["delegations"]["roles"][0].update(threshold=1),
    ),
    "a key of the thief for targets": ("root", lambda root: root["roles"]["targets"]["keyids"].append(listed(root))),
    "a second snapshot key": ("root", lambda root: root["roles"]["snapshot"]["keyids"].append(listed(root))),
    "no snapshot key": ("root", lambda root: root["roles"]["snapshot"].update(keyids=[])),
    "a key that is no key": ("root", lambda root: [one["keyval"].update(public="x") for one in root["keys"].values()]),
    "keys of another kind": ("root", lambda root: [one.update(keytype="rsa") for one in root["keys"].values()]),
    "no consistent snapshots": ("root", lambda root: root.update(consistent_snapshot=False)),
    "index answers for more": (
        "targets",
        lambda targets: targets["delegations"]["roles"][0].update(paths=["*", "*/*", "*/*/*"]),
    ),
    "a target of the thief": (
        "targets",
        lambda targets: targets["targets"].update({"index/a.json": {"length": 1, "hashes": {"sha256": "0" * 64}}}),
    ),
    "a trust file with a second digest": (
        "targets",
        lambda targets: targets["targets"][site.LOG_TARGET]["hashes"].update(sha512="0" * 128),
    ),
    "nothing delegated": ("targets", lambda targets: targets.pop("delegations")),
    "no bins": ("index", lambda index: index.pop("delegations")),
    "more bins than fit into memory": (
        "index",
        lambda index: index["delegations"]["succinct_roles"].update(bit_length=32),
    ),
    "bins of another number than their name": (
        "index",
        lambda index: index["delegations"]["succinct_roles"].update(bit_length=8),
    ),
    "a target beside the bins": (
        "index",
        lambda index: index["targets"].update({"index/a.json": {"length": 1, "hashes": {"sha256": "0" * 64}}}),
    ),
    "a field that nobody knows": ("root", lambda root: root.update({"x-packctl-more": 1})),
    "the same version": ("root", lambda root: root.update(version=1)),
    "a version far ahead": ("root", lambda root: root.update(version=10**12)),
}


@pytest.mark.parametrize("what", list(HIDDEN))
def test_what_the_sentences_would_not_tell_is_signed_by_nobody(
    what: str, renewal: CeremonyDocument, medium: list[PrivateKey]
) -> None:
    role, change = HIDDEN[what]
    with pytest.raises(BadCeremony):
        sign(CeremonyDocument.parse(changed(renewal, role, change), "document.json"), medium, "a medium")


@pytest.mark.parametrize("what", ["nothing delegated", "no bins", "more bins than fit into memory", "no snapshot key"])
def test_a_state_before_that_cannot_be_is_refused_as_well(what: str, renewal: CeremonyDocument) -> None:
    role, change = HIDDEN[what]
    with pytest.raises(BadCeremony):
        check_parts(CeremonyDocument.parse(changed(renewal, role, change, "before"), "document.json"), "document.json")


def test_an_honest_document_passes_and_says_what_it_changes(renewal: CeremonyDocument) -> None:
    check_parts(renewal, "document.json")
    assert [line.partition(" ends ")[0] for line in sentences(renewal)] == ["root 2", "targets 2", "index 2"]


def test_a_list_of_reviewers_that_begins_in_a_far_future_shows_the_one_that_would_be_in_force(
    registry: Registry,
) -> None:
    honest = planned(registry.world, adding("kim", key("review-kim").public))
    future = ReviewerRow(start=10**9, threshold=1, keys=honest.sets[-1].keys)
    thief = planned(registry.world, adding("eve", THIEF))
    hidden = Reviewers(v=1, sets=(*thief.sets, future), compromised=())
    told = sentences(prepare(registry.world, Changes(reviewers=hidden)))
    assert f"earlier, from log entry 6 on, 1 of 1 reviewers: eve {THIEF.fingerprint}" in told


def test_a_policy_is_told_in_words(registry: Registry, renewal: CeremonyDocument) -> None:
    from registry_server.index.actions import current_trust

    policy = current_trust(registry.world).policy
    weaker = msgspec.structs.replace(policy, cooldowns=(*policy.cooldowns, CooldownRow(start=9, seconds=0)))
    document = msgspec.structs.replace(renewal, trust={site.POLICY_TARGET: weaker.encode().decode()})
    told = sentences(document)
    assert "new keys of publishers wait 0 seconds, from log entry 9 on" in told
    assert "a reset of a publisher's keys waits 604800 seconds, and an index may be 2592000 seconds old" in told
