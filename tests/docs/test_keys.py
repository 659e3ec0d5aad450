"""The guides on keys: what they show is what happens, days later too."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from packspec.log.leaf import PublishLeaf, parse_leaf
from packspec.names import PublisherName
from packspec.signing.dsse import Envelope
from registry_server.actor import SYSTEM
from registry_server.app import settle
from registry_server.call import call_of
from registry_server.index.ceremony import OfflineKeys
from registry_server.index.offline.entering import enter
from registry_server.index.offline.preparing import prepare
from registry_server.index.offline.signing import sign
from registry_server.log import actions as log
from registry_server.owners.resets import announce, plan_reset
from tests.support import guide
from tests.support.person import Person
from tests.support.registry import registry_at
from tests.support.town import Town, live_by

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    with registry_at(tmp_path / "registry") as registry:
        live_by(registry.clock, monkeypatch)
        yield Town(registry, tmp_path)


def parts(page: str) -> Iterator[tuple[str, str]]:
    """The chapters of a guide, by heading."""
    for chapter in (GUIDES / page).read_text("utf-8").split("\n## ")[1:]:
        yield chapter.partition("\n")[0], chapter


def follow(town: Town, people: Mapping[str, Person], chapter: str) -> None:
    page = town.folder / "page.md"
    page.write_text(chapter, "utf-8")
    guide.run(page, people, town.registry.url)


def test_the_guide_on_changing_keys_leads_to_two_people_for_everything(town: Town) -> None:
    mia = town.acme()
    people = {"": mia, "tom": replace(town.person("tom"), here=mia.here)}  # what one exports, the other finds
    Path(town.pack("acme/farm", "1.0.0")).rename(mia.here / "farm")
    waits = ("Three days later", "From then on")
    for heading, chapter in parts("rotate-a-key.md"):
        if heading in waits:
            town.later(hours=72)
        follow(town, people, chapter)


def test_the_guide_on_lost_and_stolen_keys_ends_with_a_thief_who_has_nothing(town: Town) -> None:
    mia, lee = town.acme(), town.person("lee")
    town.kim()
    assert lee.runs("init").code == 0
    town.keys("mia", "lost-release")
    assert mia.runs("key", "add", "acme", "lost-release", "-y").code == 0
    for version in ("1.0.0", "1.0.1"):
        assert town.approve(town.publish(mia, "acme/farm", version)).code == 0
    with call_of(town.registry.world, SYSTEM).reading() as call:
        entries = [parse_leaf(entry) for entry in log.entries(call, 0, log.size(call))]
    forged = max(index for index, leaf in enumerate(entries) if isinstance(leaf, PublishLeaf))
    for heading, chapter in parts("lose-a-key.md"):
        if not heading.startswith(RESET):
            people = {"": mia, "lee": lee, "ada": town.person("ada")}
            follow(town, people, chapter.replace("<forged>", str(forged)))


RESET = ("All owner keys", "While a reset", "After seven")


@pytest.mark.parametrize("ends", ["in other owners", "by an owner who is there"])
def test_the_guide_on_lost_owner_keys_ends(town: Town, ends: str) -> None:
    mia, lee = town.acme(), town.person("lee")
    town.kim()
    chapters = [
        chapter.replace("root 5, after root 4", "root 2, after root 1").replace("root 5", "root 2")
        for heading, chapter in parts("lose-a-key.md")
        if heading.startswith(RESET)
    ]
    lost, waits, after = chapters
    showing, _, objecting = waits.partition("If you are the owner")
    assert town.approve(town.publish(mia, "acme/farm", "1.0.0")).code == 0
    assert lee.runs("init").code == 0
    assert lee.runs("add", "acme/farm").code == 0

    follow(town, {"": mia}, lost)
    root = reset(town, mia.here / "acme.root.json")
    follow(town, {"": lee}, showing)
    if ends != "in other owners":
        follow(town, {"objector": mia}, objecting)
    town.later(days=7)
    settle(town.registry.world)
    assert town.approve(town.publish(mia, "acme/farm", "1.0.1")).code == 0
    shown = mia.runs("publisher", "show", "acme").out
    assert "root 2 " in shown
    assert (root in shown) == (ends == "in other owners")
    if ends == "in other owners":
        follow(town, {"lee": lee}, after.replace("<root>", root))
    assert lee.runs("update").code == 0
    assert lee.runs("verify").code == 0


def reset(town: Town, file: Path) -> str:
    """What the operator does with the file. The digest of the root."""
    world, envelope = town.registry.world, Envelope.parse(file.read_bytes())
    changes = plan_reset(world, PublisherName("acme"), envelope, "the safe burned")
    keys = OfflineKeys.read(town.registry.offline_keys).keys
    enter(world, sign(prepare(world, changes), keys, "media"), "document", announce)
    return envelope.digest.labelled
