"""A refresh that is killed anywhere: nothing that was accepted before is lost, and the next refresh goes through."""

import sys

import pytest

from tests.support.faults import KILLED, die, run_in_child
from tests.support.hostile import Client

CHANGES = {"os.rename", "os.remove", "os.symlink", "os.mkdir", "packctl.durable"}


def refresh_and_die(client: Client, step: int) -> int:
    """A refresh in a child that is killed ahead of change number `step` of the disk, counted from 0, by TUF's library or by us."""

    def work() -> None:
        left, armed = step, False

        def hook(event: str, given: tuple[object, ...]) -> None:
            nonlocal left
            writes = event == "open" and isinstance(given[1], str) and set(given[1]) & set("wxa+")
            if armed and (event in CHANGES or writes):
                if left == 0:
                    die()
                left -= 1

        sys.addaudithook(hook)
        with client.registry() as trusted:
            armed = True
            trusted.refresh()
            armed = False

    return run_in_child(work)


@pytest.mark.parametrize("begun", [False, True], ids=["first", "later"])
def test_C01_a_refresh_may_die_before_every_single_change_of_the_disk(registry, tmp_path, begun):
    codes = []
    for step in range(200):
        client = Client(tmp_path / str(step), registry.url, registry.root)
        seen = 0
        if begun:
            with client.registry() as trusted:
                trusted.refresh()
                seen = trusted.log.checkpoint.size
            registry.publication.publish("acme/icons", f"2.{step}.0")
        codes.append(refresh_and_die(client, step))
        assert codes[-1] in (0, KILLED)
        with client.registry() as trusted:
            assert (trusted._memory.seen().checkpoint.size if trusted._memory.seen().note else 0) >= seen
            trusted.refresh()
            assert trusted.log.checkpoint.size > seen
        if codes[-1] == 0:
            break
    assert codes[-1] == 0
    assert codes.count(KILLED) >= 35
