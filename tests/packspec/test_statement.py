import pytest

from packspec.digests import Digest
from packspec.names import PackName
from packspec.signing.statement import StatementMismatch, check_statement, make_statement, read_statement
from packspec.versions import Version
from tests.support.signing import ANCHOR, PACK, a_statement


def test_the_frame_names_release_and_archive_as_in_toto_does() -> None:
    payload = make_statement(a_statement())
    assert payload.startswith(
        b'{"_type":"https://in-toto.io/Statement/v1","predicate":{"anchor":"'
    ) and payload.endswith(
        b'"predicateType":"urn:packctl:release:v1","subject":[{"digest":{"sha256":'
        b'"0eb3e36bfb24dcd9bb1d1bece1531216b59539a8fde17ee80224af0653c92aa3"},"name":"acme/farm-animals@1.2.0"}]}'
    ), payload


def test_R6_a_statement_about_what_was_asked_passes_whatever_the_build_metadata() -> None:
    statement = read_statement(make_statement(a_statement()))
    check_statement(statement, PACK, Version.parse("1.2.0"), ANCHOR)
    check_statement(statement, PACK, Version.parse("1.2.0+build.7"), ANCHOR)


@pytest.mark.parametrize(
    ("pack", "version", "anchor", "field"),
    [
        ("acme/farm-animals-pro", "1.2.0", ANCHOR, "pack"),
        ("birdsong/farm-animals", "1.2.0", ANCHOR, "pack"),
        ("acme/farm-animals", "1.2.1", ANCHOR, "version"),
        ("acme/farm-animals", "1.2.0-rc.1", ANCHOR, "version"),
        ("acme/farm-animals", "1.2.0", Digest.of(b"another first root"), "publisher's first root"),
    ],
)
def test_R6_a_real_statement_in_a_wrong_place_is_refused(pack: str, version: str, anchor: Digest, field: str) -> None:
    statement = read_statement(make_statement(a_statement()))
    with pytest.raises(StatementMismatch) as caught:
        check_statement(statement, PackName.parse(pack), Version.parse(version), anchor)
    assert (caught.value.code, caught.value.field) == ("trust.statement-mismatch", field)
