"""Status lists on the static side: written when a license is revoked, suspended or goes on, and signed anew before they look old.

A list says what the database says now, so it is never signed without it: a server that cannot look must not say that nothing changed.
"""

from packspec import site
from packspec.errors import Unlicensed
from packspec.licenses.jwk import KeySet
from packspec.licenses.status_list import StatusList
from registry_server.actor import SYSTEM
from registry_server.call import call_of
from registry_server.db.engine import STATIC_SIDE
from registry_server.index.actions import only_writer
from registry_server.licensing import actions as licensing
from registry_server.licensing.signing import Signing, signing
from registry_server.world import World

TTL_SECONDS = 3600
"""A client need not ask for a list again within this time."""
RENEW_SECONDS = TTL_SECONDS // 2


def publish(world: World) -> int:
    """Writes each list that says something else now, or is half through its time; how many. Doing it again is harmless."""
    by = signing(world)
    with only_writer(world), world.database.turn(STATIC_SIDE):
        with call_of(world, SYSTEM).reading() as call:
            now = call.now
            barred = [licensing.revoked_places(call, number) for number in range(licensing.status_lists(call))]
        return sum(
            _publish_one(world, by, site.status_list(number), places, now) for number, places in enumerate(barred)
        )


def _publish_one(world: World, by: Signing, path: str, places: list[int], now: int) -> bool:
    shown = _shown(world, by, path)
    # A clock that was put right makes no list older than one that is known.
    at = now if shown is None else max(now, shown.at)
    new = StatusList.of(by.origin, path, at, TTL_SECONDS, places)
    if shown is not None and shown.says_the_same(new) and at - shown.at < RENEW_SECONDS:
        return False
    world.public.replace(path, new.sign(by.keys.signing).encode())
    return True


def _shown(world: World, by: Signing, path: str) -> StatusList | None:
    """The list that is there; None if there is none, or one that another key signed, or that somebody damaged."""
    data = world.public.read(path)
    if data is None:
        return None
    try:
        return StatusList.read(data.decode("ascii", "replace"), KeySet.of([by.keys.signing.public]))
    except Unlicensed:
        return None
