"""The guides do what they say."""

from collections.abc import Mapping
from pathlib import Path

from packspec.signing.keys import PublicKey
from registry_server.index.reviewers import add_reviewer
from tests.packctl.conftest import Offered
from tests.support import guide
from tests.support.person import Person, person_of

GUIDES = Path(__file__).parents[2] / "docs" / "how-to"


def beginner(registry: Offered, here: Path, name: str) -> Person:
    """Somebody with nothing but a token in a file."""
    here.mkdir()
    (here / "token.txt").write_text(registry.words[name] + "\n")
    return Person(here, here / "data", {})


def test_the_guide_on_publishing_leads_from_nothing_to_the_queue(registry: Offered, tmp_path: Path) -> None:
    words = registry.variables()
    people = {
        "": beginner(registry, tmp_path / "mia", "mia"),
        "ada": person_of(words, tmp_path / "ada", tmp_path / "ada" / "data", "ada"),
    }
    guide.run(GUIDES / "publish.md", people, words["registry"])


def test_the_guide_on_reviewing_leads_from_a_key_to_a_release(
    registry: Offered, acme: Mapping[str, str], tmp_path: Path
) -> None:
    words = registry.variables()
    mia = person_of(words, tmp_path / "mia", acme["acme_keys"], "mia")
    assert mia.runs("new", "acme/farm-animals").code == 0
    assert mia.runs("publish", "farm-animals", "--yes").code == 0
    kim = beginner(registry, tmp_path / "kim", "kim")
    kim = Person(kim.here, kim.data, {"PACKCTL_REGISTRY": words["registry"]})

    page = tmp_path / "review.md"
    text = (GUIDES / "review.md").read_text("utf-8").replace("sha256:9d41...e6", words["pin"])
    first, second = text.split("## Decide")
    page.write_text(first, "utf-8")
    guide.run(page, {"": kim}, words["registry"])
    key = PublicKey.parse((kim.here / "kim.pub").read_text().strip())
    world = registry.registry.world
    add_reviewer(world, Path(world.folder.root).parent / "offline-keys", "kim", key)
    page.write_text(second, "utf-8")
    guide.run(page, {"": kim}, words["registry"])
