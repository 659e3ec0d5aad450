"""A closed network: places reserved outside, taken in by the registry inside, handed out there, and given back outside."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from packspec.errors import Invalid, PackError, Unlicensed
from packspec.licenses.files import Pool
from packspec.licenses.keys import LicenseKey
from packspec.licenses.plans import Plan
from packspec.licenses.token import LicenseToken
from packspec.protocol.activations import DEACTIVATE, MAKE_POOL, Deactivate, MakePool, PoolFile
from packspec.protocol.licenses import SHOW, AskLicense, Issued
from registry_server import cli, steps
from registry_server.actor import TERMINAL
from registry_server.index.readable import readable
from registry_server.licensing import places
from registry_server.people import add_person
from registry_server.settings import Settings
from registry_server.steps import Beginning, open_registry
from registry_server.world import Surroundings, World, open_world
from tests.registry_server.licensing.conftest import DAY, Shop
from tests.support import selling
from tests.support.selling import Machine

T = TypeVar("T")


def reserve(shop: Shop, sold: Issued, token: str, machines: int, days: int = 90) -> PoolFile:
    until = shop.registry.clock() + days * DAY
    return shop.registry.call(
        MAKE_POOL, MakePool(id=sold.license.id, machines=machines, until=until, label="school"), token
    )


def test_a_pool_reserves_all_its_places_or_none_and_asking_again_is_the_same_pool(shop: Shop) -> None:
    name, token = shop.customer()
    sold = shop.issue(name)
    made = reserve(shop, sold, token, 2)
    pool = Pool.read(made.file, readable(shop.registry.world).license_keys)
    assert [(one.label, one.slot) for one in made.places] == [("school 1", 1), ("school 2", 2)]
    assert (pool.iss, pool.sub, len(pool.slots)) == ("registry.test/log", sold.license.id, 2)
    assert pool.exp == shop.registry.clock() + 90 * DAY
    assert [one.id for one in reserve(shop, sold, token, 2).places] == [one.id for one in made.places]
    with pytest.raises(Unlicensed) as caught:
        reserve(shop, sold, token, 3)
    assert caught.value.code == "licensing.no-machine-left"
    used = shop.registry.call(SHOW, AskLicense(id=sold.license.id), token)
    assert used.license.machines_used == 2
    with pytest.raises(Invalid):
        reserve(shop, sold, token, 1, days=0)
    shop.registry.call(DEACTIVATE, Deactivate(id=made.places[0].id), token)
    assert shop.device().activate(sold.license.id, sold.key).activation.slot == 1


def test_a_pool_of_many_machines_is_made_at_once_and_can_be_read_inside(
    shop: Shop, terms: Callable[..., Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    name, token = shop.customer()
    sold = shop.issue(name, terms(max_instances=1_500, domains=("*.school.test",)))
    looked: list[int] = []
    monkeypatch.setattr(places, "free_slots", noted(places.free_slots, looked))
    made = reserve(shop, sold, token, 1_500)
    assert len(looked) == 1, "what is taken is looked up once, not for each machine"
    assert len(made.file) > 64 * 1024
    pool = Pool.read(made.file, readable(shop.registry.world).license_keys)
    assert [one.slot for one in pool.slots] == list(range(1_500))
    assert {one.domain for one in made.places} == {""}


def noted(look: Callable[..., T], calls: list[int]) -> Callable[..., T]:
    def looking(*words: Any) -> T:
        calls.append(1)
        return look(*words)

    return looking


def inside_at(folder: Path, shop: Shop) -> World:
    settings = Settings.for_testing(str(folder / "inside"))
    world = open_world(settings, Surroundings(shop.registry.clock, os.urandom, io.StringIO()))
    steps.begin(world, Beginning("inside.test", folder / "offline-keys"))
    open_registry(world)
    return world


def test_the_registry_inside_hands_out_what_was_reserved(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name, token = shop.customer()
    made = reserve(shop, shop.issue(name), token, 2)
    (tmp_path / "school.pool").write_text(made.file)
    (tmp_path / "keys.json").write_bytes(readable(shop.registry.world).license_keys.encode())
    world = inside_at(tmp_path, shop)
    add_person(world, TERMINAL, "school", [])
    add_person(world, TERMINAL, "other", [])
    monkeypatch.setattr("time.time", lambda: shop.registry.clock.now)

    def take_in(file: str = "school.pool", holder: str = "school", keys: str = "keys.json") -> tuple[int, str, str]:
        words = ["license", "import", str(tmp_path / file), "--holder", holder, "--keys", str(tmp_path / keys)]
        status = cli.main([*words, "--data", str(tmp_path / "inside")])
        told = capsys.readouterr()
        return status, told.out, told.err

    status, key, said = take_in()
    assert (status, LicenseKey.parse(key.strip())) == (0, key.strip()), said
    assert "L-1 covers 2 machines of school." in said
    status, nothing, said = take_in()
    assert (status, nothing) == (0, "")
    assert said.strip() == "nothing to do: this pool is L-1, a license of school"
    assert "error[licensing.pool-taken]" in take_in(holder="other")[2]
    assert "error[licensing.no-such-holder]" in take_in(holder="nobody")[2]
    assert "error[ceremony.no-such-file]" in take_in(file="no.pool")[2]
    (tmp_path / "keys.json").write_bytes(readable(world).license_keys.encode())
    assert "error[licensing.unknown-key]" in take_in()[2]

    from registry_server.call import call_of
    from registry_server.licensing import store

    with call_of(world, TERMINAL).reading() as call:
        license = store.find(call.db, 1)
    assert license is not None
    placed = [selling.take(world, license, Machine(f"pc-{number}")) for number in (1, 2)]
    with pytest.raises(PackError) as caught:
        selling.take(world, license, Machine("pc-3"))
    assert caught.value.code == "licensing.no-machine-left"
    inside = LicenseToken.read(selling.token_of(world, placed[0]), readable(world).license_keys)
    assert (inside.iss, inside.aud, str(inside.lic.pack)) == ("inside.test/log", "inside.test/log", "acme/pro")
    assert inside.lic.ends == shop.registry.clock() + 90 * DAY
    shop.registry.clock.advance(days=91)
    (tmp_path / "keys.json").write_bytes(readable(shop.registry.world).license_keys.encode())
    assert "error[licensing.pool-over]" in take_in()[2]
    world.close()
