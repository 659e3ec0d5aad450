"""Tokens: tried before they are kept, read unseen, and in a file that nobody else can read."""

import stat
import sys
from pathlib import Path

import pytest

from tests.packctl.conftest import Offered
from tests.support.person import Person


@pytest.fixture
def mia(registry: Offered, tmp_path: Path) -> Person:
    return Person(tmp_path, tmp_path / "data", {"PACKCTL_REGISTRY": registry.registry.url})


def test_S19_a_token_typed_at_a_terminal_is_seen_nowhere(mia: Person, registry: Offered) -> None:
    token = registry.words["mia"]
    ended = mia.runs("login", "--with-token", typed="", secrets=[token])
    assert ended.code == 0, ended.err
    assert token not in ended.out + ended.err
    assert mia.runs("whoami").out.startswith("mia on ")


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_S19_the_file_of_tokens_is_the_owners_alone_and_is_refused_when_it_is_not(
    mia: Person, registry: Offered
) -> None:
    assert mia.runs("login", "--with-token", typed=registry.words["mia"] + "\n", attended=False).code == 0
    file = mia.data / "credentials.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o640)
    ended = mia.runs("whoami")
    assert "error[access.credentials-readable]" in ended.err
    assert ended.code == 4


def test_a_token_that_the_registry_does_not_take_replaces_none(mia: Person, registry: Offered) -> None:
    assert mia.runs("login", "--with-token", typed="", secrets=[registry.words["mia"]]).code == 0
    other = registry.words["tom"]
    revoked = Person(mia.here, mia.data, {**mia.environ, "PACKCTL_TOKEN": other})
    assert revoked.runs("token", "revoke", "T-2").code == 0
    ended = mia.runs("login", "--with-token", typed="", secrets=[other])
    assert "error[access.token-rejected]" in ended.err
    assert mia.runs("whoami").out.startswith("mia on ")
