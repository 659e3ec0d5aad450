import pytest

from packspec.terms import Terms


@pytest.mark.parametrize(
    ("terms", "allowed", "permitted"),
    [
        ("MIT", ["MIT"], True),
        ("MIT", ["CC0-1.0"], False),
        ("MIT", [], False),
        ("LicenseRef-acme", ["LicenseRef-acme"], True),
        ("MIT OR Apache-2.0", ["Apache-2.0"], True),
        ("MIT AND CC-BY-4.0", ["MIT"], False),
        ("MIT AND CC-BY-4.0", ["MIT", "CC-BY-4.0"], True),
        ("MIT OR Apache-2.0 AND CC-BY-4.0", ["MIT"], True),
        ("(MIT OR Apache-2.0) AND CC-BY-4.0", ["MIT"], False),
        ("(MIT OR Apache-2.0) AND CC-BY-4.0", ["Apache-2.0", "CC-BY-4.0"], True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", ["GPL-2.0-only"], True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", ["GPL-2.0-only WITH Classpath-exception-2.0"], True),
        ("(" * 120 + "MIT" + ")" * 120, ["MIT"], True),
        ("GPL-2.0-only", ["GPL-2.0-only WITH Classpath-exception-2.0"], False),
    ],
)
def test_terms_are_permitted_if_one_side_of_or_and_both_of_and_are(
    terms: str, allowed: list[str], permitted: bool
) -> None:
    assert Terms.parse(terms).permitted_by(allowed) is permitted


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not an SPDX"),
        ("free", "not an SPDX"),
        ("MIT OR", "not an SPDX"),
        ("(MIT", "not an SPDX"),
        ("MIT/Apache-2.0", "not an SPDX"),
        ("mit", "write MIT instead of 'mit'"),
        ("MIT or Apache-2.0", "write MIT OR Apache-2.0"),
        ("MIT" + " OR MIT" * 60, "longer than 255"),
        ("__import__('os')", "not an SPDX"),
    ],
)
def test_terms_are_an_spdx_expression_in_one_spelling(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Terms.parse(text)


def test_own_terms_are_named() -> None:
    assert Terms.parse("LicenseRef-acme OR (MIT AND LicenseRef-b.1)").own == ("LicenseRef-acme", "LicenseRef-b.1")
