"""What a log asks of a witness, against vectors (docs/spec/witness.md)."""

from typing import Any

import pytest

from packspec.log.note import BadNote
from packspec.log.witnessing import AddCheckpoint
from tests.support.vectors import cases, text_of

Case = dict[str, Any]


@pytest.mark.parametrize("case", cases("witness", "good"), ids=lambda case: case["name"])
def test_a_body_is_read_and_written_again_alike(case: Case) -> None:
    data = text_of(case["body"]).encode()
    found = AddCheckpoint.parse(data)
    assert (found.old, [one.hex() for one in found.proof]) == (case["old"], case["proof"])
    assert len(found.note.signatures) == case["signatures"]
    assert found.encode() == data


@pytest.mark.parametrize("case", cases("witness", "bad"), ids=lambda case: case["name"])
def test_what_is_no_body_is_refused(case: Case) -> None:
    with pytest.raises(BadNote) as caught:
        AddCheckpoint.parse(text_of(case["body"]).encode())
    assert len(str(caught.value.facts())) < 400
