"""What a process remembers of trust files is what every other process would read now."""

import io

from registry_server.actor import SYSTEM
from registry_server.call import call_of
from registry_server.index import reviewers
from registry_server.index.actions import trust_for_next
from registry_server.log import actions as log
from registry_server.world import World
from tests.support.registry import disk_world, registry_on_disk


def judging(world: World) -> list[str]:
    """Who would judge what `world` logs next."""
    with call_of(world, SYSTEM).reading() as call:
        return sorted(trust_for_next(call).reviewers.names_at(log.size(call)).values())


def test_another_process_knows_a_reviewer_at_once_also_one_whom_readers_do_not_see_yet(tmp_path, monkeypatch):
    with registry_on_disk(tmp_path) as registry:
        other = disk_world(tmp_path, registry.clock, io.StringIO())
        assert judging(other) == []
        registry.reviewer("kim")
        assert judging(other) == ["kim"]
        monkeypatch.setattr(reviewers, "publish_pending", lambda world: 0)
        registry.reviewer("ana")
        assert judging(other) == judging(registry.world) == ["ana", "kim"]
        other.close()
