"""Who may publish: registering, accepting, and the first root in the log."""

import pytest

from packspec import site
from packspec.digests import Digest
from packspec.names import PackName, PublisherName
from packspec.problems import Relayed
from packspec.protocol.publishers import (
    ACCEPT,
    KEYS,
    LIST,
    REGISTER,
    SHOW,
    AcceptPublisher,
    AskPublisher,
    ListPublishers,
    RegisterPublisher,
)
from packspec.protocol.publishing import OPEN, OpenSubmission
from packspec.signing import dsse
from packspec.signing.publisher import PAYLOAD_TYPE
from packspec.versions import Version
from registry_server.index.repository import Repository
from tests.support.signing import PublisherHistory, key, log_key, role


def first_root(publisher="acme", owner="owner-1", release="release-1", signer=None, version=1):
    history = PublisherHistory(PublisherName(publisher))
    previous = None if version == 1 else Digest.of(b"before")
    root = history.root(role([release]), role([owner]), version=version, previous=previous)
    return dsse.sign(root.encode(), PAYLOAD_TYPE, [key(signer or owner)])


def register(registry, token, name="acme", envelope=None):
    envelope = envelope or first_root(name)
    return registry.call(REGISTER, RegisterPublisher(name=PublisherName(name), root=envelope.encode().decode()), token)


def refusal(call):
    with pytest.raises(Relayed) as caught:
        call()
    return caught.value.code


def test_a_publisher_waits_until_an_admin_accepts_its_root_and_is_then_in_the_log(registry):
    mia, admin = registry.account("mia"), registry.account("root", ["admin"])
    waiting = register(registry, mia)
    assert (waiting.state, waiting.root_version, waiting.release_threshold) == ("pending", 1, 1)
    assert [row.role for row in waiting.keys] == ["owner", "release"]

    accepted = registry.call(ACCEPT, AcceptPublisher(publisher=PublisherName("acme"), root=waiting.root), admin)

    assert accepted.state == "active"
    assert registry.world.public.read("publishers/acme/1.root.json") == first_root().encode()
    names = Repository.load(registry.world.public).bins_of(["index/acme.json"])
    (bin_name,) = names
    assert "index/acme.json" in Repository.load(registry.world.public).role(bin_name).targets
    assert registry.client.get(f"/{site.publisher_root(PublisherName('acme'), 1)}").content == first_root().encode()


def test_a_root_with_a_key_of_another_kind_is_refused_and_the_registry_goes_on(registry):
    mia = registry.account("mia")
    good = first_root()
    other = b'"key":"%b"' % log_key("release-1").public.base64.encode()
    payload = good.payload.replace(b'"key":"%b"' % key("release-1").public.base64.encode(), other)
    assert (
        refusal(lambda: register(registry, mia, envelope=dsse.sign(payload, PAYLOAD_TYPE, [key("owner-1")])))
        == "trust.bad-key"
    )
    assert register(registry, mia).state == "pending"


def test_anybody_sees_a_publisher_and_its_keys(registry):
    register(registry, registry.account("mia"))
    shown = registry.call(SHOW, AskPublisher(publisher=PublisherName("acme")))
    assert shown.name == "acme"
    assert registry.call(KEYS, AskPublisher(publisher=PublisherName("acme"))) == shown.keys
    assert (
        refusal(lambda: registry.call(SHOW, AskPublisher(publisher=PublisherName("none"))))
        == "publishers.no-such-publisher"
    )


def test_accepting_names_the_very_root_that_was_looked_at(registry):
    mia, admin = registry.account("mia"), registry.account("root", ["admin"])
    seen = register(registry, mia)
    register(registry, mia, envelope=first_root(release="release-2"))

    accept = AcceptPublisher(publisher=PublisherName("acme"), root=seen.root)
    assert refusal(lambda: registry.call(ACCEPT, accept, admin)) == "publishers.other-root"
    assert Repository.load(registry.world.public).checkpoint.size == 6


def test_only_an_admin_accepts_and_lists(registry):
    mia = registry.account("mia")
    waiting = register(registry, mia)
    accept = AcceptPublisher(publisher=PublisherName("acme"), root=waiting.root)
    assert refusal(lambda: registry.call(ACCEPT, accept, mia)) == "access.scope-missing"
    assert refusal(lambda: registry.call(ACCEPT, accept)) == "access.not-logged-in"
    assert refusal(lambda: registry.call(LIST, ListPublishers(), mia)) == "access.scope-missing"


def test_R21_an_accepted_publisher_is_accepted_once_however_often_somebody_asks(registry):
    mia, admin = registry.account("mia"), registry.account("root", ["admin"])
    accept = AcceptPublisher(publisher=PublisherName("acme"), root=register(registry, mia).root)
    accepted = registry.call(ACCEPT, accept, admin)
    size = Repository.load(registry.world.public).checkpoint.size
    assert registry.call(ACCEPT, accept, admin) == accepted
    assert Repository.load(registry.world.public).checkpoint.size == size
    other = AcceptPublisher(publisher=PublisherName("acme"), root=Digest("0" * 64))
    assert refusal(lambda: registry.call(ACCEPT, other, admin)) == "publishers.not-pending"


def test_M15_a_name_is_taken_by_the_first_who_asks(registry):
    register(registry, registry.account("mia"))
    assert refusal(lambda: register(registry, registry.account("eve"))) == "publishers.name-taken"


def test_M14_reserved_names_are_refused(registry):
    assert refusal(lambda: register(registry, registry.account("mia"), "admin")) == "publishers.name-reserved"
    assert refusal(lambda: register(registry, registry.account("mia"), "con")) == "publishers.name-reserved"


def test_M13_a_name_that_looks_like_another_is_marked_for_the_admin(registry):
    register(registry, registry.account("mia"), "birdsong")
    waiting = register(registry, registry.account("eve"), "b1rdsong")
    assert waiting.looks_like == "birdsong"


@pytest.mark.parametrize(
    ("envelope", "code"),
    [
        (first_root("birdsong"), "trust.publisher-changed"),
        (first_root(signer="somebody else"), "trust.not-authentic"),
        (first_root(version=2), "trust.publisher-changed"),
    ],
    ids=["of another publisher", "signed by a stranger", "not the first"],
)
def test_a_root_that_is_no_first_root_of_the_publisher_is_refused(registry, envelope, code):
    mia = registry.account("mia")
    assert refusal(lambda: register(registry, mia, envelope=envelope)) == code
    assert (
        refusal(lambda: registry.call(SHOW, AskPublisher(publisher=PublisherName("acme"))))
        == "publishers.no-such-publisher"
    )


def test_a_publisher_that_waits_publishes_nothing(registry):
    token = registry.account("mia")
    register(registry, token)
    asked = OpenSubmission(pack=PackName("acme/icons"), version=Version.parse("1.0.0"), archive=Digest.of(b""), size=1)
    assert refusal(lambda: registry.call(OPEN, asked, token)) == "publishers.not-active"


def test_the_digest_of_a_root_is_that_of_its_payload(registry):
    waiting = register(registry, registry.account("mia"))
    assert waiting.root == Digest.of(first_root().payload)
