"""Log entries against their vectors."""

from typing import Any

import pytest

from packspec import canonical
from packspec.canonical import ClientTooOld, Malformed
from packspec.digests import Digest
from packspec.errors import PackError
from packspec.log.leaf import (
    AnchorLeaf,
    LoggedPack,
    PublishLeaf,
    YankLeaf,
    encode_leaf,
    leaf_hash,
    parse_leaf,
)
from packspec.versions import Version
from tests.support.vectors import cases

TOKEN = LoggedPack("~" + "0123456789abcdef" * 2)
SOME = Digest("a" * 64)


@pytest.mark.parametrize("case", cases("leaf", "good"), ids=lambda case: case["name"])
def test_a_good_entry_is_read_and_written_alike(case: dict[str, Any]) -> None:
    entry = case["entry"].encode()
    leaf = parse_leaf(entry)
    assert leaf.type_name in case["entry"]
    assert leaf_hash(entry).hex() == case["leaf_hash"]
    if case["name"] != "unknown field":
        assert encode_leaf(leaf) == entry


@pytest.mark.parametrize("case", cases("leaf", "bad"), ids=lambda case: case["name"])
def test_a_bad_entry_is_refused_with_its_code(case: dict[str, Any]) -> None:
    with pytest.raises(PackError) as caught:
        parse_leaf(case["entry"].encode())
    assert caught.value.code == case["code"], case["reason"]


def test_an_entry_of_64_kib_is_refused_before_it_is_read() -> None:
    with pytest.raises(Malformed, match="65536 bytes"):
        parse_leaf(b" " * 65_536)


def test_M06_an_unknown_type_names_the_types_that_are_known() -> None:
    with pytest.raises(ClientTooOld) as caught:
        parse_leaf(b'{"at":1,"type":"merge","v":1}')
    assert caught.value.code == "policy.client-too-old"
    assert caught.value.facts()["found"] == "merge"
    assert "tuf-root" in caught.value.facts()["known"]
    assert caught.value.kind.exit_code == 10


def test_no_entry_is_written_that_no_reader_accepts() -> None:
    with pytest.raises(Malformed):
        encode_leaf(AnchorLeaf(v=1, at=-1, sha256=SOME))


def test_an_entry_that_contradicts_itself_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="token and digests alone"):
        PublishLeaf(v=1, at=1, pack=TOKEN, statement=SOME, approvals=(SOME,), version=Version.parse("1.0.0"))
    with pytest.raises(ValueError, match="never for a private pack"):
        YankLeaf(v=1, at=1, pack=TOKEN, statement=SOME, reason="broken", version=Version.parse("1.0.0"))


def test_a_pack_is_logged_by_name_or_by_token() -> None:
    assert LoggedPack.parse("acme/farm").token == ""
    assert LoggedPack.parse(TOKEN).token == "0123456789abcdef" * 2
    assert LoggedPack.parse(TOKEN).is_private
    for text in ("~", "~acme/farm", "~" + "0" * 33, "acme", "~" + "G" * 32, ""):
        with pytest.raises(ValueError, match="not"):
            LoggedPack.parse(text)


def test_an_entry_is_small() -> None:
    longest = max(cases("leaf", "good"), key=lambda case: len(case["entry"]))
    assert len(longest["entry"].encode()) < 2_000
    assert canonical.encode(parse_leaf(longest["entry"].encode())) == longest["entry"].encode()
