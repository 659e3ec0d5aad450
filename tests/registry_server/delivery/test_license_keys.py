"""Other keys for licenses: the new one signs once the offline keys said so, and the old one counts until they say that it does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from packspec import wire
from packspec.licenses.status_list import StatusList
from packspec.problems import Problem
from registry_server.app import settle
from registry_server.index.ceremony import OfflineKeys
from registry_server.index.offline.ends import look
from registry_server.index.offline.entering import enter
from registry_server.index.offline.preparing import Changes, NoSuchKey, prepare
from registry_server.index.offline.signing import sentences, sign
from registry_server.index.readable import readable
from registry_server.licensing.signing import Signing, signing
from tests.support import selling
from tests.support.registry import Registry, registry_at
from tests.support.selling import Machine

ICONS = "acme/icons 1.0.0"
DESK = Machine("desk")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with registry_at(tmp_path, prepare=sells) as opened:
        yield opened


def sells(registry: Registry) -> None:
    registry.publish("acme/icons", "1.0.0", manifest=selling.PRICE)


def ceremony(registry: Registry, changes: Changes) -> list[str]:
    """Prepared here, signed elsewhere, put in force here. Gives what the document says of license keys."""
    document = prepare(registry.world, changes)
    keys = OfflineKeys.read(registry.offline_keys).keys
    assert enter(registry.world, sign(document, list(keys), "a medium")) != []
    settle(registry.world)
    return [line for line in sentences(document) if line.startswith("license")]


def opens(registry: Registry, token: str) -> str:
    answer = selling.download(registry, DESK, ICONS, token)
    return "yes" if answer.status_code == 302 else wire.decode(answer.content, Problem).code


def test_a_new_key_signs_once_it_is_trusted_and_the_old_tokens_run_on(registry: Registry) -> None:
    world = registry.world
    registry.account("mia")
    placed = selling.take(world, selling.issue(world, "mia", "acme/icons"), DESK)
    settle(world)
    before, old = selling.token_of(world, placed), signing(world).keys.signing.public
    assert opens(registry, before) == "yes"

    document = prepare(world, Changes(online=("license",)))
    assert signing(world).keys.signing.public == old, "nothing has changed yet"
    assert ceremony(registry, Changes(online=("license",))) == [
        line for line in sentences(document) if line.startswith("license")
    ]
    new = signing(world).keys.signing.public
    assert [key.public for key in readable(world).license_keys.keys] == [old, new]
    after = selling.token_of(world, placed)
    assert (opens(registry, before), opens(registry, after)) == ("yes", "yes")
    listed = world.public.read("license-status/0")
    assert listed is not None
    StatusList.read(listed.decode(), type(readable(world).license_keys).of([new]))

    assert ceremony(registry, Changes(withdraw_license_keys=(str(old.key_id)[:16],))) == [
        f"license key {new.fingerprint}"
    ]
    assert (opens(registry, before), opens(registry, after)) == ("licensing.unknown-key", "yes")
    assert not [one for one in look(world) if one.name == "license key"]


def test_who_withdraws_the_key_that_signs_gets_another_one_at_once(registry: Registry) -> None:
    world = registry.world
    stolen = signing(world).keys.signing.public
    ceremony(registry, Changes(withdraw_license_keys=(str(stolen.key_id),)))
    now = signing(world).keys.signing.public
    assert [key.public for key in readable(world).license_keys.keys] == [now]
    assert now != stolen


def test_a_registry_of_before_there_were_licenses_is_told_what_to_do(registry: Registry) -> None:
    world = registry.world
    (world.folder.keys / "license.key").unlink()
    world.memory.take(Signing)
    [told] = [one for one in look(world) if one.name == "license key"]
    assert (told.state, told.text.partition(": ")[2]) == ("error", "registry-server keys rotate license")
    ceremony(registry, Changes(online=("license",)))
    assert not [one for one in look(world) if one.name == "license key"]


def test_a_key_that_is_not_listed_cannot_be_withdrawn(registry: Registry) -> None:
    with pytest.raises(NoSuchKey, match="license key"):
        prepare(registry.world, Changes(withdraw_license_keys=("abcdef",)))
