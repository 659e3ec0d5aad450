"""`doctor` sees what of a registry's metadata ends, long before anybody is refused for it."""

from pathlib import Path

import pytest

from registry_server.index.ceremony import OfflineKeys
from registry_server.index.offline.entering import enter
from registry_server.index.offline.preparing import Changes, prepare
from registry_server.index.offline.signing import sign
from tests.support.registry import registry_at
from tests.support.town import Town, live_by, said


def test_doctor_warns_60_days_before_what_the_offline_keys_signed_ends_and_calls_it_a_fault_from_14(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with registry_at(tmp_path / "registry") as registry:
        live_by(registry.clock, monkeypatch)
        town = Town(registry, tmp_path)
        mia = town.person("mia")

        def root(code: int = 0) -> tuple[str, str]:
            found = said(mia.runs("doctor", "--json"), code)["findings"]
            return next((one["state"], one["text"]) for one in found if one["name"] == "trust root")

        town.later(days=100)
        assert root()[0] == "ok"
        keys = OfflineKeys.read(registry.offline_keys).keys
        enter(registry.world, sign(prepare(registry.world, Changes(online=("timestamp",))), keys, "media"))
        town.later(days=206)
        state, text = root()
        assert (state, text.partition(";")[0]) == ("warning", "its targets ends 2027-09-21T14:13:20Z")
        town.later(days=46)
        assert root(1)[0] == "fault"
