"""Settings of the server."""

import pytest

from registry_server.settings import Settings, all_settings
from registry_server.variables import BadSettings, Secret


def test_without_variables_every_setting_has_its_default() -> None:
    assert Settings.from_env({"PATH": "/bin", "PACKCTL_TOKEN": "x"}) == Settings()


def test_variables_set_what_they_name() -> None:
    settings = Settings.from_env(
        {"REGISTRY_HTTP_PORT": "0", "REGISTRY_LOG_REQUESTS": "false", "REGISTRY_DATA": "/srv/packs"}
    )
    assert (settings.http.port, settings.server.log_requests, settings.server.data) == (0, False, "/srv/packs")


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(BadSettings) as caught:
        Settings.from_env({"REGISTRY_HTTP_PORT": "65536", "REGISTRY_HTTP_THREADS": "many", "REGISTRY_HTTPS": "1"})
    assert caught.value.problems == [
        "REGISTRY_HTTP_PORT: Expected `int` <= 65535",
        "REGISTRY_HTTP_THREADS: Expected `int`, got `str`",
        "REGISTRY_HTTPS: no such setting",
    ]


def test_settings_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(BadSettings, match="1 setting cannot be used"):
        Settings.from_env({"REGISTRY_TOKEN_DEFAULT_DAYS": "60", "REGISTRY_TOKEN_MAX_DAYS": "30"})


def test_an_issuer_whose_word_must_not_count_is_refused_at_the_start() -> None:
    known = Settings.from_env({"REGISTRY_OIDC_ISSUERS": "github gitlab=https://git.studio.example"})
    assert known.oidc.issuers == "github gitlab=https://git.studio.example"
    for issuers, reason in {
        "github=http://ci.example": "not https: 'http://ci.example'",
        "github;alg=none": "'alg=none' is neither alg=RS256, alg=ES256 nor keys=FILE",
        "travis": "'travis' is none of github, gitlab, other",
    }.items():
        with pytest.raises(BadSettings) as caught:
            Settings.from_env({"REGISTRY_OIDC_ISSUERS": issuers})
        assert caught.value.problems == [f"REGISTRY_OIDC_ISSUERS: {reason}"]


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "sqlite://",
        "mysql://me:hush@db/packs",
        "postgresql://me:hush@db",
        "postgresql://me:hush@db:port/packs",
    ],
)
def test_a_database_that_this_version_cannot_use_is_refused_without_showing_its_address(url: str) -> None:
    with pytest.raises(BadSettings) as caught:
        Settings.from_env({"REGISTRY_DATABASE_URL": url})
    assert caught.value.problems == [
        "REGISTRY_DATABASE_URL: postgresql://USER:PASSWORD@HOST/NAME or sqlite:///PATH is needed, or nothing for registry.sqlite3"
        " in the data folder"
    ]


def test_P23_a_secret_shows_nowhere() -> None:
    settings = Settings.from_env({"REGISTRY_DATABASE_URL": "sqlite:////srv/hush/packs.sqlite3"})
    assert settings.database.url.reveal() == "sqlite:////srv/hush/packs.sqlite3"
    assert "hush" not in f"{settings} {settings!r} {settings.database.url}"
    assert repr(Secret("")) == "Secret(empty)"


def test_every_setting_has_a_text_and_a_variable_of_its_own() -> None:
    known = [setting for _, settings in all_settings() for setting in settings]
    assert all(setting.text.endswith(".") for setting in known)
    assert len({setting.variable for setting in known}) == len(known)
