"""The guide on witnesses does what it says."""

from pathlib import Path

import pytest

from packspec.log.note import NoteKey
from tests.support import guide
from tests.support.person import Person
from tests.support.watching import listening, witness_at

GUIDE = Path(__file__).parents[3] / "docs" / "how-to" / "witness.md"


def test_the_guide_on_witnesses_leads_to_a_log_that_is_witnessed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = Person(tmp_path, tmp_path, {"REGISTRY_DATA": str(tmp_path / "data")})
    begun = guide.operate(operator, ["init", "--name", "registry.example", "--offline-keys", "media"])
    assert begun.code == 0, begun.err
    log = NoteKey.parse(guide.operate(operator, ["keys", "log"]).out.strip())
    witness = witness_at(tmp_path / "witness", log)
    page = tmp_path / "page.md"
    page.write_text(GUIDE.read_text("utf-8").replace("<witness>", str(witness.public)), "utf-8")
    with listening(witness) as url:
        monkeypatch.setenv("REGISTRY_TRUST_WITNESSES", url)
        guide.run(page, {"": operator}, "https://nobody.example")
