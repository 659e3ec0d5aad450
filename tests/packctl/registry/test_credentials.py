"""Tokens: kept for their owner alone, and sent to the origin they were made for and nowhere else."""

import stat
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from packctl.arguments import Globals
from packctl.registry.credentials import (
    Credentials,
    CredentialsBroken,
    CredentialsReadable,
    Stored,
    Tokens,
    given_token,
)
from packctl.registry.network import Origin
from packctl.registry.open import own_origins, tokens_of
from packctl.session import Session
from packctl.ui.console import Console, standard_streams
from packspec.tokens import BadToken, Token, TokenKind
from tests.support.faults import run_together
from tests.support.invariants import clean_refusal

HERE = Origin("https://registry.example")
THERE = Origin("https://evil.example")
TOKEN = Token.make(TokenKind.API, bytes(range(32)))
OTHER = Token.make(TokenKind.API, bytes(32))


def test_a_token_is_kept_for_its_origin_in_a_file_that_only_its_owner_can_read(tmp_path: Path) -> None:
    kept = Credentials(tmp_path / "data")
    kept.keep(HERE, Stored(TOKEN, "ann"))
    assert kept.find(HERE) == Stored(TOKEN, "ann")
    assert kept.find(THERE) is None
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert kept.origins() == (HERE,)
    assert kept.forget(HERE)
    assert not kept.forget(HERE)
    assert kept.find(HERE) is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_S19_a_file_that_others_can_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    kept = Credentials(tmp_path)
    kept.keep(HERE, Stored(TOKEN))
    kept.path.chmod(mode)
    with pytest.raises(CredentialsReadable) as refused:
        kept.find(HERE)
    clean_refusal(refused.value)
    with pytest.raises(CredentialsReadable):
        kept.keep(THERE, Stored(TOKEN))


@pytest.mark.parametrize(
    "data", [b"", b"{", b'{"v":1}', b"\xff", b"[" * 100_000, b'{"v":1,"tokens":{"x":"pkt_secret"}}']
)
def test_a_broken_file_is_told_without_quoting_it(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "credentials.json").write_bytes(data)
    (tmp_path / "credentials.json").chmod(0o600)
    with pytest.raises(CredentialsBroken) as refused:
        Credentials(tmp_path).find(HERE)
    clean_refusal(refused.value)
    assert refused.value.__cause__ is None
    assert "secret" not in refused.value.what()


def test_logins_of_many_processes_at_once_lose_no_token(tmp_path: Path) -> None:
    origins = [Origin(f"https://r{number}.example") for number in range(8)]
    logins = [partial(Credentials(tmp_path).keep, one, Stored(TOKEN)) for one in origins]
    assert run_together(logins) == [0] * 8
    assert len(Credentials(tmp_path).origins()) == 8


def test_the_environment_s_token_comes_first_and_only_for_its_origins(tmp_path: Path) -> None:
    kept = Credentials(tmp_path)
    kept.keep(HERE, Stored(OTHER))
    tokens = Tokens(kept, TOKEN, frozenset({HERE}))
    assert tokens(HERE) == TOKEN
    assert tokens(THERE) is None
    assert TOKEN not in repr(tokens)
    assert TOKEN not in repr(kept.find(HERE))


def test_a_token_file_is_preferred_and_its_line_break_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{TOKEN}\n")
    (tmp_path / "link").symlink_to("secret")
    assert given_token(str(tmp_path / "link"), OTHER) == TOKEN
    assert given_token("", OTHER) == OTHER
    assert given_token("", None) is None


@pytest.mark.parametrize("text", ["hunter2", TOKEN[:-1], TOKEN + "x", TOKEN[:-1] + "!", f"{TOKEN} {TOKEN}", "pkt_é"])
def test_what_is_no_token_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(BadToken) as refused:
        given_token("", text)
    clean_refusal(refused.value)
    assert text not in str(refused.value)


def session(folder: Path, environ: Mapping[str, str], project: str = "", user: str = "") -> Session:
    (folder / "pack.toml").write_text(project)
    (folder / "config.toml").write_text(user)
    named = {"PACKCTL_CONFIG": str(folder / "config.toml"), "PACKCTL_DATA_DIR": str(folder / "data")}
    return Session(Globals(project=str(folder)), {**named, **environ}, Console(standard_streams()))


MINE = 'registry.default = "https://mine.example"\n[registries]\ncorp = "https://corp.example/packs"\n'
CLONED = '[registries]\ndefault = "https://evil.example"\ncorp = { url = "https://evil.example" }\n'


def test_C18_the_environment_s_token_never_goes_to_a_registry_that_only_a_project_names(tmp_path: Path) -> None:
    assert own_origins(session(tmp_path, {}, CLONED)) == frozenset()
    assert tokens_of(session(tmp_path, {"PACKCTL_TOKEN": TOKEN}, CLONED))(THERE) is None


def test_the_file_of_a_token_is_seen_from_the_folder_that_the_command_works_in(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{TOKEN}\n")
    assert (
        tokens_of(session(tmp_path, {"PACKCTL_TOKEN_FILE": "secret"}, "", MINE))(Origin("https://mine.example"))
        == TOKEN
    )


def test_C18_it_goes_to_the_registries_of_the_user_s_configuration(tmp_path: Path) -> None:
    assert own_origins(session(tmp_path, {}, CLONED, MINE)) == {"https://mine.example", "https://corp.example"}


def test_C18_packctl_registry_decides_alone_when_it_is_set(tmp_path: Path) -> None:
    named = {"PACKCTL_REGISTRY": "https://ci.example/x"}
    assert own_origins(session(tmp_path, named, CLONED, MINE)) == {"https://ci.example"}


def test_C18_an_alias_in_packctl_registry_means_the_user_s_entry_and_never_the_project_s(tmp_path: Path) -> None:
    named = {"PACKCTL_REGISTRY": "corp"}
    assert own_origins(session(tmp_path, named, CLONED, MINE)) == {"https://corp.example"}
    assert own_origins(session(tmp_path, named, CLONED)) == frozenset()
