"""The daily anchor: the trail of yesterday stands in the public log, and who changes it is found out."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from packspec.log.leaf import AnchorLeaf, parse_leaf
from registry_server.actor import SYSTEM
from registry_server.app import _anchor as run_timer
from registry_server.audit.actions import entries, record
from registry_server.call import call_of
from registry_server.log import actions as log
from registry_server.log.anchoring import Anchored, TrailDiffers, check
from tests.support.registry import Registry


def tell(registry: Registry, *abouts: str, stream: str = "account/7") -> None:
    with call_of(registry.world, SYSTEM).writing() as call:
        for about in abouts:
            record(call, "pack.rename", about, stream=stream)


def checked(registry: Registry) -> Anchored:
    with call_of(registry.world, SYSTEM).reading() as call:
        return check(call)


def anchors(registry: Registry) -> list[int]:
    with call_of(registry.world, SYSTEM).reading() as call:
        found = [parse_leaf(entry) for entry in log.entries(call, 0, log.size(call))]
    return [index for index, leaf in enumerate(found) if isinstance(leaf, AnchorLeaf)]


def day(registry: Registry) -> None:
    registry.clock.advance(days=1)
    run_timer(registry.world)


@pytest.fixture
def anchored(registry: Registry) -> Registry:
    """A registry with two days of trail in its log, and what came after them."""
    tell(registry, "a", "b")
    day(registry)
    tell(registry, "c")
    day(registry)
    tell(registry, "d")
    return registry


def test_once_a_day_and_only_after_something_happened_the_trail_goes_into_the_log(registry: Registry) -> None:
    run_timer(registry.world)
    assert anchors(registry) == []  # nothing to tell of a day that is not over
    day(registry)
    run_timer(registry.world)
    (first,) = anchors(registry)
    signed = log.signed_checkpoint(registry.world)
    assert signed is not None
    assert signed[1].size == first + 1  # everybody can see it
    day(registry)
    day(registry)
    assert anchors(registry) == [first]  # a registry where nothing happens adds nothing
    tell(registry, "a")
    run_timer(registry.world)
    assert len(anchors(registry)) == 2
    assert checked(registry).anchors == 2


def test_a_trail_that_nobody_touched_holds(anchored: Registry) -> None:
    with call_of(anchored.world, SYSTEM).reading() as call:
        written = len(entries(call.db, limit=1000))
    assert checked(anchored) == Anchored(written, 2, anchored.clock())


def rewrite(db: Connection) -> None:
    """Takes the newest entry of the first day away, with all after it of its stream, and makes the chain hold again."""
    db.exec_driver_sql("DELETE FROM audit_entry WHERE stream = 'account/7' AND number > 1")
    db.exec_driver_sql(
        "UPDATE audit_stream SET length = 1, head = (SELECT digest FROM audit_entry WHERE stream = 'account/7')"
        " WHERE name = 'account/7'"
    )


def forget_stream(db: Connection) -> None:
    db.exec_driver_sql("DELETE FROM audit_entry WHERE stream = 'account/7'")
    db.exec_driver_sql("DELETE FROM audit_stream WHERE name = 'account/7'")


def forget_all_since(db: Connection) -> None:
    """Of the first day on nothing is left, neither in the trail nor in the log's own table."""
    db.exec_driver_sql("DROP TRIGGER log_entry_no_delete")
    db.exec_driver_sql("DELETE FROM log_entry WHERE entry LIKE '%anchor%'")
    since = "(SELECT min(id) FROM audit_entry WHERE action = 'trail.anchor')"
    db.exec_driver_sql(f"DELETE FROM audit_entry WHERE id >= {since}")
    db.exec_driver_sql(
        "UPDATE audit_stream SET (length, head) = (SELECT number, digest FROM audit_entry"
        " WHERE stream = name ORDER BY number DESC LIMIT 1)"
    )


@pytest.mark.parametrize("tamper", [rewrite, forget_stream, forget_all_since])
def test_R41_who_rewrites_yesterday_is_found_out_by_the_public_log(
    anchored: Registry, tamper: Callable[[Connection], None]
) -> None:
    with anchored.world.database.writing() as db:
        if db.dialect.name == "postgresql":
            pytest.skip("triggers have other names there")
        for verb in ("update", "delete"):
            db.exec_driver_sql(f"DROP TRIGGER audit_entry_no_{verb}")
        tamper(db)
    with pytest.raises(TrailDiffers) as caught:
        checked(anchored)
    assert caught.value.code == "log.trail-differs"
