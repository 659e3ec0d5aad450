"""outdated while a registry goes on: releases that are taken back, and a registry that is not asked."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from packspec.log.leaf import RecallLeaf, YankLeaf
from tests.support.locked import held_back, outdated
from tests.support.machine import Machine
from tests.support.registry import registry_at
from tests.support.shop import say, stock


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Machine]:
    """A machine with a registry that the test changes."""
    with registry_at(tmp_path / "registry", now=int(time.time()), prepare=stock) as registry:
        yield held_back(tmp_path / "own", registry)


def test_releases_that_were_taken_back_are_not_offered_and_the_locked_one_is_marked(own: Machine) -> None:
    shop = own.registry
    say(shop, YankLeaf, "acme/icons", "1.2.0")
    say(shop, RecallLeaf, "acme/icons", "2.0.0", action="stop", replacement=None)
    assert outdated(own) == []
    shop.publish("acme/icons", "1.3.0", files={"cow.md": b"# Cow\n"})
    shop.publish("acme/icons", "3.0.0-rc.1", files={"cow.md": b"# Cow\n"})
    say(shop, RecallLeaf, "acme/icons", "1.0.0", action="stop", replacement=None)
    assert outdated(own) == [("acme/icons", "1.0.0", "1.3.0", "1.3.0", "recalled")]


def test_without_the_registry_it_is_told_from_what_this_machine_knows(own: Machine) -> None:
    known = outdated(own)
    own.registry.publish("acme/icons", "1.4.0", files={"cow.md": b"# Cow\n"})
    assert outdated(own, "--offline") == known
    assert outdated(own)[0][2] == "1.4.0"
