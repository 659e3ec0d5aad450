"""Laws of names: one spelling, and a look-alike is one from both sides."""

from hypothesis import given
from hypothesis import strategies as st

from packspec.names import BadName, PackName, PublisherName, ReleaseName, look_alike
from packspec.versions import BadVersion

parts = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,14}[a-z0-9])?", fullmatch=True)
texts = st.text(max_size=30) | st.text("abAB09-/@._ \n\u0430", max_size=20)


@given(parts, parts)
def test_M11_every_name_of_the_grammar_is_kept_as_it_stands(publisher: str, name: str) -> None:
    pack = PackName.parse(f"{publisher}/{name}")
    assert (pack, pack.publisher, pack.name) == (f"{publisher}/{name}", publisher, name)


@given(texts)
def test_M11_any_text_is_a_name_or_refused_by_code(text: str) -> None:
    for kind in (PublisherName, PackName, ReleaseName):
        try:
            assert kind.parse(text) == text
        except (BadName, BadVersion):
            continue
        assert text.isascii() and text == text.lower()


@given(parts, parts)
def test_M13_looking_alike_is_mutual(left: str, right: str) -> None:
    assert (look_alike(left, [right]) is None) == (look_alike(right, [left]) is None)
