"""What was published stands on the static side alone, and passes every client's check."""

import pytest

from packspec import site
from packspec.archive import BytesSource
from packspec.archive.read import read_archive
from packspec.digests import Digest
from packspec.names import PackName
from packspec.verdict import Answer, check_release
from packspec.versions import Version
from tests.support import publishing as do
from tests.support.evidence import Site
from tests.support.registry import Registry

ICONS = PackName.parse("acme/icons")


def static(registry: Registry) -> Site:
    """The static side over HTTP, as a client fetches it."""

    def read(path: str) -> bytes | None:
        response = registry.client.get(f"/{path}")
        return response.content if response.status_code == 200 else None

    return Site(read)


def answers(verdict):
    return [finding.answer for finding in (verdict.authentic, verdict.approved, verdict.current, verdict.logged)]


def test_a_published_release_is_authentic_approved_current_and_logged_by_static_files_alone(registry):
    registry.publish("acme/icons", "1.2.0")
    registry.publish("acme/icons", "1.3.0-beta.1", manifest={"kind": "content"})
    site_ = static(registry)
    for version in ("1.2.0", "1.3.0-beta.1"):
        verdict = check_release(site_.evidence("acme/icons", version))
        assert verdict.faults == ()
        assert answers(verdict) == [Answer.YES] * 4


def test_with_two_keys_and_two_reviewers_it_holds_as_well(registry):
    registry.publisher("acme", keys=3, threshold=2)
    registry.reviewer("kim")
    registry.reviewer("ana", threshold=2)
    id = registry.submit("acme/icons", "1.2.0").id
    do.take(registry, registry.reviewer("kim"), id)
    do.approve(registry, registry.reviewer("kim"), id, safety="certified")
    do.approve(registry, registry.reviewer("ana"), id, safety="pending")

    verdict = check_release(static(registry).evidence("acme/icons", "1.2.0"))

    assert answers(verdict) == [Answer.YES] * 4
    assert verdict.approved_by is not None
    assert (len(verdict.approved_by.signers), verdict.approved_by.safety) == (2, "pending")
    listed = static(registry).listed(ICONS, Version.parse("1.2.0"))
    assert listed is not None
    assert listed.safety == "pending"


def test_archive_tree_and_manifest_are_public_blobs_and_the_archive_reads_back(registry):
    registry.publish("acme/icons", "1.2.0", files={"icons/dot.svg": do.SVG, "icons/two.svg": do.SVG})
    site_ = static(registry)
    listed = site_.listed(ICONS, Version.parse("1.2.0"))
    assert listed is not None
    archive = read_archive(BytesSource(site_.get(site.blob(listed.archive.sha256))))
    assert [file.path for file in archive.tree.files] == ["pack.toml", "icons/dot.svg", "icons/two.svg"]
    assert site_.get(site.blob(archive.tree.digest)) == archive.tree.encode()
    assert site_.get(site.blob(Digest.of(archive.manifest_bytes))) == archive.manifest_bytes


def test_nothing_of_a_submission_is_public_before_it_is_published(registry):
    view = registry.submit("acme/icons", "1.2.0")
    before = registry.world.public.paths()
    do.take(registry, registry.reviewer(), view.id)
    after = set(registry.world.public.paths()) - set(before)
    assert [path for path in after if path.startswith(("blobs/", "proofs/", "documents/"))] == []
    assert registry.client.get(f"/{site.blob(view.archive)}").status_code == 404


def test_the_archive_of_a_paid_release_is_not_public_and_its_manifest_is(registry):
    price = {"amount": "12.00", "currency": "EUR"}
    registry.publish("acme/icons", "1.2.0", manifest={"price": price})
    site_ = static(registry)
    listed = site_.listed(ICONS, Version.parse("1.2.0"))
    assert listed is not None
    assert listed.paid
    assert registry.client.get(f"/{site.blob(listed.archive.sha256)}").status_code == 404
    assert len([path for path in registry.world.public.paths() if path.startswith("blobs/")]) == 1
    assert answers(check_release(site_.evidence("acme/icons", "1.2.0"))) == [Answer.YES] * 4


def test_M10_versions_that_differ_in_build_metadata_are_one_release(registry):
    registry.publish("acme/icons", "1.0.0+a")
    with pytest.raises(Exception, match=r"acme/icons 1\.0\.0 exists already: it is published"):
        registry.submit("acme/icons", "1.0.0+b")


def test_a_reviewer_reads_the_very_bytes_that_were_handed_in(registry):
    view = registry.submit("acme/icons", "1.2.0")
    kim = registry.reviewer()

    def fetch(**headers):
        token = {"authorization": f"Bearer {kim.token}"}
        return registry.client.get(f"/api/v1/submissions/{view.id}/archive", headers={**token, **headers})

    whole = fetch()
    assert Digest.of(whole.content) == view.archive
    assert whole.headers["etag"] == f'"{view.archive}"'
    assert whole.headers["cache-control"].startswith("private")
    assert whole.headers["content-type"] == "application/octet-stream"
    part = fetch(range="bytes=0-3")
    assert (part.status_code, part.content) == (206, b"PK\x03\x04")
    assert fetch(**{"if-none-match": f'"{view.archive}"'}).status_code == 304
    assert fetch(range="bytes=999999-").status_code == 416


def test_a_draft_that_was_not_handed_in_has_no_bytes_to_show(registry):
    acme = registry.publisher("acme")
    draft = do.open_draft(registry, acme.token, registry.build("acme/icons", "1.2.0"))
    headers = {"authorization": f"Bearer {acme.token}"}
    answer = registry.client.get(f"/api/v1/submissions/{draft.id}/archive", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (409, "publishing.not-handed-in")


def test_the_previous_release_is_the_one_logged_before(registry):
    assert registry.publish("acme/icons", "2.0.0").previous is None
    assert str(registry.publish("acme/icons", "1.9.0").previous) == "2.0.0"
    assert str(registry.submit("acme/icons", "2.1.0").previous) == "1.9.0"
