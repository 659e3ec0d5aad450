"""Opening and handing in: what is compared, what is checked, and what each refusal says."""

import msgspec
import pytest

from packspec.archive.write import SourceFile, write_archive
from packspec.checkreport import CheckReport
from packspec.digests import Digest
from packspec.names import PackName
from packspec.problems import Relayed
from packspec.protocol.publishing import OPEN, OpenSubmission
from packspec.signing import dsse
from packspec.signing.documents import BlobRef
from packspec.signing.statement import PAYLOAD_TYPE, Attached
from packspec.versions import Version
from registry_server.publishing.checks import MOST_FINDINGS
from registry_server.settings import PublishLimits, Settings
from tests.support import publishing as do
from tests.support.invariants import clean_refusal
from tests.support.registry import registry_at
from tests.support.signing import key


def refused(call):
    with pytest.raises(Relayed) as caught:
        call()
    clean_refusal(caught.value)
    return caught.value


def opening(pack, version="1.0.0", archive=b"archive", size=7):
    return OpenSubmission(
        pack=PackName.parse(pack), version=Version.parse(version), archive=Digest.of(archive), size=size
    )


def findings(error):
    return {label.partition(" ")[2]: text for label, text in error.facts().items()}


# Opening


def test_only_who_acts_for_the_publisher_opens_a_draft(registry):
    registry.publisher("acme")
    other = registry.publisher("other")
    error = refused(lambda: registry.call(OPEN, opening("acme/icons"), other.token))
    assert error.code == "publishers.not-yours"
    error = refused(lambda: registry.call(OPEN, opening("nobody/icons"), other.token))
    assert error.code == "publishers.no-such-publisher"
    assert refused(lambda: registry.call(OPEN, opening("acme/icons"))).code == "access.not-logged-in"


def test_a_pack_that_windows_could_not_unpack_is_refused_by_its_name(registry):
    acme = registry.publisher("acme")
    assert refused(lambda: registry.call(OPEN, opening("acme/aux"), acme.token)).code == "publishing.name-reserved"


def test_an_archive_above_the_ceiling_is_refused_before_it_is_sent(tmp_path):
    settings = msgspec.structs.replace(
        Settings.for_testing(str(tmp_path / "registry")), publish=PublishLimits(archive_bytes=2000)
    )
    with registry_at(tmp_path, settings=settings) as registry:
        acme = registry.publisher("acme")
        error = refused(lambda: registry.call(OPEN, opening("acme/icons", size=2001), acme.token))
        assert error.code == "publishing.upload-too-large"
        assert error.facts() == {"at most": "2000 bytes", "found": "2001 bytes"}


def test_drafts_of_one_version_live_beside_each_other_until_one_is_handed_in(registry):
    acme = registry.publisher("acme")
    first = do.open_draft(registry, acme.token, registry.build("acme/icons", "1.0.0"))
    built = registry.build("acme/icons", "1.0.0", files={"icons/other.svg": do.SVG})
    second = do.open_draft(registry, acme.token, built)
    assert first.id != second.id
    do.hand_in(registry, acme.token, second.id, do.signed(built.statement, acme.releases))

    envelope = do.signed(registry.build("acme/icons", "1.0.0").statement, acme.releases)
    error = refused(lambda: do.hand_in(registry, acme.token, first.id, envelope))

    assert error.code == "publishing.version-exists"
    assert error.facts() == {"there": second.archive.labelled, "yours": first.archive.labelled}


def test_a_draft_that_came_back_from_review_takes_the_new_archive(registry):
    id = registry.submit("acme/icons", "1.0.0").id
    do.take(registry, registry.reviewer(), id)
    do.reject(registry, registry.reviewer(), id, "metadata", to_draft=True)

    again = registry.submit("acme/icons", "1.0.0", files={"icons/better.svg": do.SVG})

    assert (again.id, again.state) == (id, "pending_review")
    assert [move.to_state for move in again.moves] == ["pending_review", "in_review", "draft", "pending_review"]


# Bytes


def test_nobody_gets_at_bytes_that_they_did_not_send(registry):
    acme, other = registry.publisher("acme"), registry.publisher("other")
    built = registry.build("acme/icons", "1.0.0")
    do.upload(registry, acme.token, built.data)
    stolen = registry.call(
        OPEN,
        OpenSubmission(pack="other/icons", version="1.0.0", archive=built.digest, size=len(built.data)),
        other.token,
    )
    made = msgspec.structs.replace(
        built.statement, pack=PackName("other/icons"), publisher=other.name, anchor=other.anchor
    )
    error = refused(lambda: do.hand_in(registry, other.token, stolen.id, do.signed(made, other.releases)))
    assert error.code == "publishing.no-upload"


def raw(registry, data, **changes):
    """Hands in any bytes under a statement that fits them as far as it can."""
    acme = registry.publisher("acme")
    built = registry.build("acme/icons", "1.0.0")
    archive = BlobRef(sha256=Digest.of(data), size=len(data))
    made = msgspec.structs.replace(built.statement, archive=archive, **changes)
    draft = do.open_draft(registry, acme.token, do.Built(data, built.archive, made))
    return do.hand_in(registry, acme.token, draft.id, do.signed(made, acme.releases))


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        (lambda data: b"no archive at all, but long enough to be one " * 3, "archive.not-a-pack"),
        (lambda data: data + b"\0", "archive.end-record"),
        (lambda data: data.replace(b"width", b"widht", 1), "archive.crc"),
    ],
)
def test_an_archive_that_is_none_is_refused_and_the_draft_stays(registry, damage, code):
    built = registry.build("acme/icons", "1.0.0", files={"icons/dot.svg": do.SVG[:60]})
    error = refused(lambda: raw(registry, damage(built.data)))
    assert error.code == code
    listed = do.show(registry, registry.publisher("acme").token, "S-1")
    assert (listed.state, listed.statement, listed.moves) == ("draft", "", [])


def test_a_pack_toml_with_faults_is_refused_with_all_of_them(registry):
    data = bytearray()
    text = b'[pack]\nname = "acme/icons"\nversion = "1.0"\nlicense = "CC-BY-4.0"\ncategory = "icons"\n'
    write_archive([SourceFile.of("pack.toml", text)], data.extend)
    error = refused(lambda: raw(registry, bytes(data)))
    assert error.code == "project.manifest"
    assert list(error.facts()) == ["line 1", "line 3"]


# The statement


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tree", BlobRef(sha256=Digest.of(b"x"), size=4)),
        ("content", Digest.of(b"x")),
        ("manifest", Digest.of(b"x")),
        ("files", 7),
        ("unpacked", 7),
        ("license", "MIT"),
        ("paid", True),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_M22_a_statement_that_claims_something_else_than_the_archive_is_refused(registry, field, value):
    acme = registry.publisher("acme")
    built = registry.build("acme/icons", "1.0.0")
    draft = do.open_draft(registry, acme.token, built)
    lie = msgspec.structs.replace(built.statement, **{field: value})
    error = refused(lambda: do.hand_in(registry, acme.token, draft.id, do.signed(lie, acme.releases)))
    assert (error.code, error.what()) == ("trust.statement-mismatch", f"the statement speaks of another {field}")


@pytest.mark.parametrize("field", ["pack", "version", "anchor", "archive"])
def test_a_statement_about_something_else_than_the_submission_is_refused(registry, field):
    acme = registry.publisher("acme")
    built = registry.build("acme/icons", "1.0.0")
    draft = do.open_draft(registry, acme.token, built)
    other = {
        "pack": PackName("acme/other"),
        "version": Version.parse("2.0.0"),
        "anchor": Digest.of(b"x"),
        "archive": BlobRef(sha256=Digest.of(b"x"), size=1),
    }
    lie = msgspec.structs.replace(built.statement, **{field: other[field]})
    error = refused(lambda: do.hand_in(registry, acme.token, draft.id, do.signed(lie, acme.releases)))
    assert error.code == "trust.statement-mismatch"


def test_S24_a_statement_that_nobody_who_counts_signed_is_not_even_decoded(registry):
    acme = registry.publisher("acme")
    draft = do.open_draft(registry, acme.token, registry.build("acme/icons", "1.0.0"))
    nonsense = dsse.sign(b"{not json", PAYLOAD_TYPE, [key("stranger")])
    assert refused(lambda: do.hand_in(registry, acme.token, draft.id, nonsense)).code == "trust.not-authentic"
    other_type = dsse.sign(b"{}", "application/json", acme.releases)
    assert refused(lambda: do.hand_in(registry, acme.token, draft.id, other_type)).code == "trust.wrong-type"


def test_a_pack_stays_of_the_kind_of_its_first_release(registry):
    registry.publish("acme/icons", "1.0.0")
    error = refused(lambda: registry.submit("acme/icons", "2.0.0", {"code.py": b"pass\n"}, {"kind": "module"}))
    assert error.code == "publishing.kind-changed"
    assert error.facts() == {"expected": "content", "found": "module"}


def test_of_two_first_releases_of_other_kinds_the_second_to_be_published_is_refused(registry):
    first = registry.submit("acme/icons", "1.0.0")
    second = registry.submit("acme/icons", "2.0.0", {"code.py": b"pass\n"}, {"kind": "module"})
    for view in (first, second):
        do.take(registry, registry.reviewer(), view.id)
    do.approve(registry, registry.reviewer(), first.id)
    assert refused(lambda: do.approve(registry, registry.reviewer(), second.id)).code == "publishing.kind-changed"
    assert do.show(registry, registry.reviewer().token, second.id).state == "in_review"


# Checks: each with what it refuses, and what it lets pass


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def wide(pixels):
    return PNG + pixels.to_bytes(4, "big") * 2 + b"\x08\x06\0\0\0"


BAD = {
    "a program in a pack of pictures": ({"run.exe": b"MZ"}, {}, "publish.file-type"),
    "code in a pack of pictures": ({"run.py": b"pass\n"}, {}, "publish.file-type"),
    "another format behind the name": ({"a.png": b"GIF89a"}, {}, "publish.file-content"),
    "a script in a picture": ({"a.svg": b"<svg xmlns='x'><script>1</script></svg>"}, {}, "publish.svg-active"),
    "a private key": ({"notes.md": b"x\n-----BEGIN PRIVATE KEY-----\n"}, {}, "publish.secret"),
    "an unknown key of pack.toml": ({"a.svg": do.SVG}, {"colour": "red"}, "project.manifest"),
    "a readme that is not there": ({"a.svg": do.SVG}, {"readme": "README.md"}, "project.manifest"),
    "a listing with a fault": ({"a.svg": do.SVG, "listing.de.toml": b"titel = 'x'\n"}, {}, "project.manifest"),
}
GOOD = {
    "a picture in three formats": {"a.svg": do.SVG, "b.png": wide(512), "c.txt": b"text\n"},
    "a listing": {"a.svg": do.SVG, "listing.de.toml": b"title = 'Bilder'\n"},
    "words about keys": {"a.md": b"Keep your private key to yourself; a token is pkt_ and letters.\n"},
}


@pytest.mark.parametrize("name", BAD)
def test_checks_keep_out(registry, name):
    files, manifest, code = BAD[name]
    error = refused(lambda: registry.submit("acme/icons", "1.0.0", files, manifest))
    assert (error.code, list(findings(error))) == ("publishing.checks-failed", [code])


@pytest.mark.parametrize("name", GOOD)
def test_checks_let_pass(registry, name):
    view = registry.submit("acme/icons", "1.0.0", GOOD[name])
    assert (view.state, view.findings) == ("pending_review", [])


def test_checks_tell_everything_at_once_and_never_the_secret_itself(registry):
    secret = b"AKIAABCDEFGHIJKLMNOP"
    files = {"a.txt": b"one\ntwo " + secret, "b.png": b"GIF89a", "run.exe": b"MZ"}
    error = refused(lambda: registry.submit("acme/icons", "1.0.0", files))
    assert error.what() == "3 things must be changed"
    assert list(findings(error)) == ["publish.secret", "publish.file-content", "publish.file-type"]
    assert secret.decode() not in str(error.facts())
    shown = do.show(registry, registry.publisher("acme").token, "S-1")
    assert (shown.state, shown.findings) == ("draft", [])


def test_findings_are_counted_where_they_are_too_many(registry):
    files = {f"{number:04}.exe": b"MZ" for number in range(MOST_FINDINGS + 50)}
    error = refused(lambda: registry.submit("acme/icons", "1.0.0", files))
    assert error.facts()["more"] == "180"


def test_a_large_picture_is_a_warning_that_the_approval_answers_for(registry):
    view = registry.submit("acme/icons", "1.0.0", {"wide.png": wide(5000)})
    (found,) = view.findings
    assert (found.code, found.level, found.path) == ("publish.image-large", "warning", "wide.png")
    report = CheckReport(v=1, archive=view.archive, findings=tuple(view.findings))
    assert report.digest == view.checks


def test_M13_a_new_name_like_anothers_waits_for_a_person_with_the_reason(registry):
    registry.publish("acme/farm-animals", "1.0.0")
    for publisher, name, alike in (
        ("meadow", "farm-anima1s", "acme/farm-animals"),
        ("oldbarn", "animals-farm", "acme/farm-animals"),
        ("other", "farm-animals", "acme/farm-animals"),
    ):
        view = registry.submit(f"{publisher}/{name}", "1.0.0")
        (found,) = view.findings
        assert (found.code, found.level) == ("publish.name-alike", "warning")
        assert found.text == f"the new name {publisher}/{name} could be taken for {alike}"
    assert registry.submit("acme/farm-animal", "1.0.0").findings == []
    assert registry.submit("acme/farm-animals", "1.1.0").findings == []


def test_a_dependency_that_cannot_be_had_is_a_warning(registry):
    registry.publish("acme/base", "1.2.0")
    needs = {"acme/base": "^1", "acme/other": "^1"}
    view = registry.submit("acme/icons", "1.0.0", tables={"dependencies": needs})
    assert [(found.code, found.text) for found in view.findings] == [
        ("publish.dependency", "it needs acme/other, which is not published here")
    ]
    view = registry.submit("acme/icons", "1.0.1", tables={"dependencies": {"acme/base": "^2"}})
    assert [found.text for found in view.findings] == [
        "it needs acme/base ^2, and no such version is published here; the newest is 1.2.0"
    ]


def test_what_is_attached_must_be_uploaded_and_is_public_afterwards(registry):
    acme, kim = registry.publisher("acme"), registry.reviewer()
    provenance = b'{"builder":"acme"}'
    built = registry.build("acme/icons", "1.0.0")
    attached = Attached(type="https://slsa.dev/provenance/v1", sha256=Digest.of(provenance), size=len(provenance))
    made = msgspec.structs.replace(built.statement, attached=(attached,))
    draft = do.open_draft(registry, acme.token, built)
    error = refused(lambda: do.hand_in(registry, acme.token, draft.id, do.signed(made, acme.releases)))
    assert list(findings(error)) == ["publish.attachment-missing"]

    do.upload(registry, acme.token, provenance)
    longer = msgspec.structs.replace(made, attached=(msgspec.structs.replace(attached, size=19),))
    error = refused(lambda: do.hand_in(registry, acme.token, draft.id, do.signed(longer, acme.releases)))
    assert list(findings(error).values()) == [
        f"the attached https://slsa.dev/provenance/v1 {attached.sha256.short} has 18 bytes; the statement says 19"
    ]
    error = refused(lambda: do.hand_in(registry, acme.token, draft.id, do.signed(made, acme.releases)))
    assert list(findings(error)) == ["publish.provenance"]
    attached = msgspec.structs.replace(attached, type="application/json")
    made = msgspec.structs.replace(made, attached=(attached,))
    do.hand_in(registry, acme.token, draft.id, do.signed(made, acme.releases))
    do.take(registry, kim, draft.id)
    do.approve(registry, kim, draft.id)

    assert registry.client.get(f"/blobs/sha256/{attached.sha256[:2]}/{attached.sha256}").content == provenance
