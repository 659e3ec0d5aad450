"""A license key stands in the one answer that shows it and in the requests that bring it, and nowhere else."""

import re
from pathlib import Path

import pytest

from packspec.errors import redact
from packspec.licenses.keys import LicenseKey
from packspec.licenses.plans import Plan
from packspec.names import PackName
from packspec.protocol.activations import ACTIVATE, Activate
from packspec.protocol.licenses import SHOW, TRANSFER, VALIDATE, AskLicense, TransferLicense, ValidateLicense
from packspec.protocol.seats import USE, AskUse
from tests.registry_server.licensing.conftest import PACK, Shop
from tests.support.devices import Device
from tests.support.registry import Registry, registry_at

LOOKS_LIKE_A_KEY = re.compile(rb"(?:[0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{5}")


@pytest.fixture
def used(tmp_path: Path) -> tuple[Registry, list[str], list[bytes]]:
    """A registry in which keys were shown, used, mistyped and replaced; the keys, and every answer but those that show them."""
    with registry_at(tmp_path) as registry:
        shop = Shop(registry)
        name, token = shop.customer()
        other, _ = shop.customer()
        sold = shop.issue(name, Plan(id="gift", kind="perpetual", pack=PACK, transferable=True))
        device, keys = Device(registry), [sold.key]
        mistyped = sold.key[:-1] + ("0" if sold.key[-1] != "0" else "1")
        answers = []
        for key in (sold.key, sold.key.lower(), mistyped, "000G4-0R40M-30E20-9185G-R38E1-8QWQC"):
            for pack in (PACK, PackName("acme/other")):
                ask = ValidateLicense(key=key, pack=pack)
                answers.append(registry.ask(VALIDATE, ask).content)
            ask_place = Activate(id=sold.license.id, device=device.jwk, key=key)
            answers.append(registry.ask(ACTIVATE, ask_place).content)
            answers.append(registry.ask(ACTIVATE, ask_place, token).content)
        given = registry.call(TRANSFER, TransferLicense(id=sold.license.id, to=other), token)
        keys.append(given.key)
        theirs = registry.account(other)
        for row, ask_one in ((SHOW, AskLicense(id=sold.license.id)), (USE, AskUse(id=sold.license.id))):
            answers.append(registry.ask(row, ask_one, theirs).content)
        answers.append(registry.client.get(f"/api/v1/licenses/{sold.key}").content)
        answers.append(registry.client.get(f"/api/v1/licenses?key={sold.key}").content)
        registry.world.database.close()
        return registry, keys, answers


def test_L16_R05_no_license_key_stands_in_an_answer_a_log_an_error_or_the_database(
    used: tuple[Registry, list[str], list[bytes]],
) -> None:
    registry, keys, answers = used
    kept = {path: path.read_bytes() for path in registry.world.folder.root.rglob("*") if path.is_file()}
    assert any(b"activation" in data for data in kept.values()), "the database is among them"
    places = {**{str(path): data for path, data in kept.items()}, "log": registry.log.getvalue().encode()}
    places |= {f"answer {number}": answer for number, answer in enumerate(answers)}
    bare = [key.replace("-", "") for key in keys]
    for where, data in places.items():
        upper = data.upper()
        for key in [*keys, *bare, *(key[:-6] for key in keys)]:
            assert key.encode() not in upper, where
        assert LOOKS_LIKE_A_KEY.search(data) is None, where


def test_a_key_that_slips_into_a_text_is_taken_out_before_it_is_told() -> None:
    key = LicenseKey.make(bytes(range(16)))
    assert redact(f"nothing at '/licenses/{key}'") == "nothing at '/licenses/[removed]'"
    assert redact(f"nothing at '/licenses/{key.lower()}'") == "nothing at '/licenses/[removed]'"


def test_an_identity_that_slips_into_a_text_is_taken_out_before_it_is_told() -> None:
    identity = f"{'eyJ' + 'a' * 40}.{'eyJ' + 'b' * 300}.{'c' * 342}"
    assert redact(f"cannot read {identity}, sorry") == "cannot read [removed], sorry"
    assert redact(identity.rpartition(".")[0]) == "[removed]"
    assert redact("eyJust a word. eyJ.") == "eyJust a word. eyJ."
