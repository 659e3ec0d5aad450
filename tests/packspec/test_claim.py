"""A claim is made from the archive alone, and a claim about anything else is refused."""

import msgspec
import pytest

from packspec.archive import BytesSource
from packspec.archive.read import Archive, read_archive
from packspec.archive.write import SourceFile, write_archive
from packspec.digests import Digest
from packspec.facts import Ages
from packspec.signing.claim import Said, check_claim, claim_of
from packspec.signing.statement import Statement, StatementMismatch, make_statement, read_statement
from packspec.versions import Version

TOML = b"""\
[pack]
name = "acme/farm-animals"
version = "1.2.0+build.7"
summary = "Animals of a farm"
license = "CC-BY-4.0"
category = "characters"
ages = { min = 3, max = 6 }
price = { amount = "12.00", currency = "EUR" }

[dependencies]
"packs/base-shapes" = "^1.2"
"""
ANCHOR = Digest.of(b"root 1 of acme")


def read() -> tuple[Archive, Digest, int]:
    data = bytearray()
    files = [SourceFile.of("pack.toml", TOML), SourceFile.of("a.txt", b"A cow\n"), SourceFile.of("b.txt", b"")]
    write_archive(files, data.extend)
    return read_archive(BytesSource(bytes(data))), Digest.of(bytes(data)), len(data)


def claim() -> Statement:
    return claim_of(*read(), Said(ANCHOR, "2026-11-20T06:00:00Z"))


def test_a_claim_names_the_archive_the_tree_and_the_manifest() -> None:
    made = claim()
    assert str(made.pack) == "acme/farm-animals"
    assert str(made.version) == "1.2.0"
    assert (made.files, made.unpacked) == (3, len(TOML) + 6)
    assert (made.license, made.paid) == ("CC-BY-4.0", True)
    assert made.manifest == Digest.of(TOML)
    assert [str(one.pack) for one in made.facts.dependencies] == ["packs/base-shapes"]
    assert made.anchor == ANCHOR


def test_what_was_claimed_and_written_holds_for_the_archive() -> None:
    check_claim(read_statement(make_statement(claim())), *read())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", Version.parse("1.2.1")),
        ("content", Digest.of(b"another")),
        ("manifest", Digest.of(b"another")),
        ("files", 4),
        ("unpacked", 1),
        ("license", "MIT"),
        ("paid", False),
    ],
)
def test_a_claim_that_differs_in_one_field_is_refused_by_its_name(field: str, value: object) -> None:
    with pytest.raises(StatementMismatch) as refused:
        check_claim(msgspec.structs.replace(claim(), **{field: value}), *read())
    assert refused.value.field == field


def test_other_ages_than_those_of_the_manifest_are_refused() -> None:
    made = claim()
    facts = msgspec.structs.replace(made.facts, ages=Ages(min=0, max=18))
    with pytest.raises(StatementMismatch, match="facts"):
        check_claim(msgspec.structs.replace(made, facts=facts), *read())


def test_an_archive_of_other_bytes_is_refused() -> None:
    archive, _digest, size = read()
    with pytest.raises(StatementMismatch, match="archive"):
        check_claim(claim(), archive, Digest.of(b"other bytes"), size)
