"""What the registries of install tests offer: five small releases, two of which cannot go together; and facts that come later."""

from packspec.digests import Digest
from packspec.index import PackIndex
from packspec.log.leaf import LoggedPack
from packspec.names import PackName
from packspec.versions import Version
from registry_server.actor import TERMINAL
from registry_server.call import call_of
from registry_server.index import actions
from registry_server.log import actions as log
from tests.support.registry import Registry

COW, HEN = b"# Cow\nmoo\n" * 30, b"# Hen\ncluck\n" * 9


def stock(registry: Registry) -> None:
    """acme/icons 1.0.0, 1.2.0 and 2.0.0; zed/lamp 1.0.0, which needs icons ^1; zed/desk 1.0.0, which needs icons ^2."""
    registry.publish("acme/icons", "1.0.0", files={"cow.md": COW})
    registry.publish("acme/icons", "1.2.0", files={"cow.md": COW, "hen.md": HEN})
    registry.publish("acme/icons", "2.0.0", files={"cow.md": COW, "barn/door.md": b"# Door\n"})
    registry.publish("zed/lamp", "1.0.0", files={"lamp.md": b"# On\n"}, tables={"dependencies": {"acme/icons": "^1.0"}})
    registry.publish("zed/desk", "1.0.0", files={"desk.md": b"# Desk\n"}, tables={"dependencies": {"acme/icons": "^2"}})


def sell(registry: Registry) -> None:
    """acme/pro 1.0.0 and 2.0.0, for two machines; acme/extra 1.0.0, with plans for a month and for a class; acme/tune of another
    category; acme/sneak 1.0.0, in early access for a year; zed/lamp 1.0.0 is free."""
    price = {"price": {"amount": "12.00", "currency": "EUR", "machines": 2}}
    money = {"amount": "3.00", "currency": "EUR"}
    plans = [
        {"id": "monthly", "kind": "subscription", "duration": "30d", "machines": 1, **money},
        {"id": "class", "kind": "perpetual", "unit": "seat", "machines": 1, "transferable": True, **money},
    ]
    registry.publish("acme/pro", "1.0.0", files={"cow.md": COW}, manifest=price)
    registry.publish("acme/pro", "2.0.0", files={"cow.md": COW, "hen.md": HEN}, manifest=price)
    registry.publish("acme/extra", "1.0.0", files={"hen.md": HEN}, tables={"plans": plans})
    registry.publish("acme/tune", "1.0.0", files={"hen.md": HEN}, manifest={**price, "category": "sounds"})
    registry.publish("acme/sneak", "1.0.0", files={"cow.md": COW}, manifest={**price, "early-access": "52w"})
    registry.publish("zed/lamp", "1.0.0", files={"lamp.md": b"# On\n"})


def say(registry: Registry, kind: type, pack: str, version: str, **fields: object) -> None:
    """Adds a leaf of `kind` (YankLeaf, RecallLeaf ...) about a release, signed by nobody, as its rules allow."""
    said = {"reason": "unsafe-content", "note": "the barn is painfully loud", **fields}
    leaf = kind(
        v=1,
        at=registry.clock(),
        pack=LoggedPack(pack),
        version=Version.parse(version),
        statement=_statement(registry, pack, version),
        **said,
    )
    with call_of(registry.world, TERMINAL).writing() as call:
        log.append(call, log.take_place(call), leaf, [])
    actions.publish_pending(registry.world)


def _statement(registry: Registry, pack: str, version: str) -> Digest:
    """The digest of a release's statement, from any index that lists it."""
    folder, _, name = f"tuf/targets/index/{pack}".rpartition("/")
    for path in registry.world.public.paths(f"{folder}/"):
        data = registry.world.public.read(path) if path.endswith(f".{name}.json") else None
        found = PackIndex.parse(data, PackName(pack)).find(Version.parse(version)) if data else None
        if found is not None:
            return found.statement
    raise AssertionError(f"{pack} {version} was never published")
