"""Mirrors, from end to end: an install whose registry is away, mirrors that lie, lag and lack; and what they never hear."""

import re

import pytest

from packspec.digests import Digest
from tests.support.liar import Asked, Liar, answer
from tests.support.machine import Machine
from tests.support.registry import Registry

AWAY = "http://127.0.0.1:9"


def mirrored(shop: Registry, machine: Machine, *mirrors: str, url: str = AWAY) -> Machine:
    """A project whose registry is at `url`, with mirrors; nothing else names one."""
    root = shop.world.public.read("tuf/1.root.json")
    assert root is not None
    listed = ", ".join(f'"{one}"' for one in mirrors)
    machine.wants(
        f'[dependencies]\n"zed/lamp" = "^1"\n\n[registries]\n'
        f'default = {{ url = "{url}", root = "{Digest.of(root).labelled}", mirrors = [{listed}] }}\n'
    )
    for name in ("PACKCTL_REGISTRY", "PACKCTL_TRUST_ROOT"):
        machine.environ.pop(name, None)
    return machine


def copy_of(shop: Registry, asked: Asked) -> bytes:
    data = shop.world.public.read(asked.target.lstrip("/"))
    return answer(404) if data is None else answer(200, data)


def test_an_install_goes_on_while_its_registry_is_away(shop: Registry, machine: Machine) -> None:
    """V05: the mirror is the registry's own static side at another address."""
    done = mirrored(shop, machine, shop.url).packctl("install", "-vv")
    assert (done.code, done.out) == (0, "+ acme/icons 1.2.0\n+ zed/lamp 1.0.0\n"), done.err
    assert len(re.findall(rf"{AWAY}/", done.err)) <= 4  # it is waited for once, not for every file
    assert machine.packctl("verify").code == 0
    assert "127.0.0.1" not in machine.read("pack.lock").decode()


def test_a_mirror_that_lies_or_lacks_is_passed_over(shop: Registry, machine: Machine) -> None:
    def lies(asked: Asked) -> list[bytes]:
        if asked.target.startswith("/blobs/"):
            return [answer(200, b"something else")]
        return [answer(404)] if "/targets/" in asked.target else [copy_of(shop, asked)]

    with Liar(lies) as liar:
        done = mirrored(shop, machine, liar.url, shop.url).packctl("install")
        assert (done.code, done.out) == (0, "+ acme/icons 1.2.0\n+ zed/lamp 1.0.0\n"), done.err
        assert any(one.target.startswith("/blobs/") for one in liar.asked)
    assert machine.packctl("verify").code == 0


def test_nothing_that_mirrors_say_is_believed(shop: Registry, machine: Machine) -> None:
    with Liar(lambda asked: [answer(200, b"{}")]) as liar:
        refused = mirrored(shop, machine, liar.url).packctl("install")
    assert refused.code in (6, 8)
    assert machine.files() == [] and not (machine.project / "pack.lock").exists()


def test_M18_a_mirror_hears_nothing_of_publishers_that_come_from_elsewhere(shop: Registry, machine: Machine) -> None:
    with Liar(lambda asked: [copy_of(shop, asked)]) as mirror:
        mirrored(shop, machine, mirror.url)
        manifest = machine.read("pack.toml").decode()
        machine.wants(manifest + 'corp = { url = "http://localhost:9", publishers = ["corp"] }\n')
        refused = machine.packctl("add", "corp/secret-plans")
        assert refused.code in (6, 8)
        machine.wants(manifest)
        assert machine.packctl("install").code == 0
        asked = list(mirror.asked)
    assert asked and not [one.target for one in asked if "corp" in one.target]
    assert not [one for one in asked if "authorization" in one.headers or one.method != "GET"]


@pytest.mark.parametrize("command", [("search", "lamp"), ("show", "zed/lamp"), ("whoami",)])
def test_calls_never_go_to_a_mirror(shop: Registry, machine: Machine, command: tuple[str, ...]) -> None:
    with Liar(lambda asked: [copy_of(shop, asked)]) as mirror:
        refused = mirrored(shop, machine, mirror.url).packctl(*command, environ={"PACKCTL_TOKEN": "pk_" + "a" * 40})
        assert refused.code != 0
        assert mirror.asked == []
