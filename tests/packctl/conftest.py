"""What scenarios and tests of the client ask for by name. Each fixture offers `variables()` to transcripts."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from packctl.keys import RANDOM_BYTES, Keys
from registry_server.index.reviewers import add_reviewer
from tests.support.registry import Registry, registry_at


@dataclass
class Offered:
    """A registry with people, as transcripts see it."""

    registry: Registry
    words: dict[str, str] = field(default_factory=dict)

    def variables(self) -> Mapping[str, str]:
        """Name to value, for `{name}`."""
        return {"registry": self.registry.url, **self.words}


@pytest.fixture
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Offered]:
    """A registry of today: {registry}, and the tokens {mia} (a person), {tom} (another), {kim} (a reviewer) and {ada} (an admin)."""
    with registry_at(tmp_path_factory.mktemp("registry"), now=int(time.time())) as opened:
        roles: dict[str, list[str]] = {"mia": [], "tom": [], "kim": ["reviewer"], "ada": ["admin"]}
        tokens = {name: opened.account(name, offices) for name, offices in roles.items()}
        yield Offered(opened, tokens)


@pytest.fixture
def reviewed(registry: Offered, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Of that registry: kim is on the list of reviewers; {kim_keys} is a data folder with kim's key, which has no passphrase."""
    folder = tmp_path_factory.mktemp("kim")
    key = Keys(folder / "keys").make("review-kim", bytes(range(RANDOM_BYTES)), None)
    world = registry.registry.world
    add_reviewer(world, Path(world.folder.root).parent / "offline-keys", "kim", key.public)
    return {"kim_keys": str(folder)}
