"""Settings by layers, each value with its origin."""

import tomllib
from pathlib import Path

import pytest

from packctl.config_file import BadConfig, ConfigFile, WritableConfig, parse_config, read_config, read_project
from packctl.rules import rules_in_force
from packctl.settings import (
    ABOUT,
    HONORED,
    PLACE_VARIABLES,
    Layer,
    Origin,
    Settings,
    load_settings,
    unknown_variables,
)
from packctl.usage import BadValue, BadVariable
from packspec.manifest import ManifestFaults
from packspec.policy import LoosensTrust
from packspec.project import parse_project


def config(text: str, path: str = "/home/mia/.config/packctl/config.toml") -> ConfigFile:
    return parse_config(Path(path), text.encode())


PROJECT = config('[registries]\ndefault = "https://project.example"\n', "/shop/pack.toml")
USER = config('[registry]\ndefault = "https://user.example"\n[network]\ntimeout = 20\n[ui]\ncolor = "never"\n')
SYSTEM = config("[network]\ntimeout = 60\nconcurrency = 2\n", "/etc/xdg/packctl/config.toml")
FILES = ((Layer.PROJECT, PROJECT), (Layer.USER, USER), (Layer.SYSTEM, SYSTEM))


def test_the_strongest_layer_gives_the_value_and_is_remembered() -> None:
    found = load_settings({"timeout": "3"}, {"PACKCTL_CONCURRENCY": "4", "PACKCTL_TIMEOUT": "9"}, FILES)
    assert (found.timeout, found.origin("timeout")) == (3.0, Origin(Layer.OPTION, "--timeout"))
    assert (found.concurrency, found.origin("concurrency")) == (4, Origin(Layer.ENVIRONMENT, "PACKCTL_CONCURRENCY"))
    assert (found.registry, found.origin("registry")) == (
        "https://project.example",
        Origin(Layer.PROJECT, "registries.default", "/shop/pack.toml", 2),
    )
    assert (found.color, found.origin("color").layer) == ("never", Layer.USER)
    assert (found.storage_limit, found.origin("storage_limit")) == (1_000_000_000, Origin(Layer.DEFAULT))


def test_a_weaker_file_fills_what_a_stronger_one_leaves_open() -> None:
    found = load_settings({}, {}, FILES)
    assert (found.timeout, found.concurrency) == (20, 2)


def test_a_registry_of_a_project_may_have_the_long_form() -> None:
    project = config('[registries]\ndefault = { url = "https://r.example" }\n', "/shop/pack.toml")
    assert load_settings({}, {}, [(Layer.PROJECT, project)]).registry == "https://r.example"


def test_a_project_cannot_set_what_belongs_to_the_user() -> None:
    project = config("[network]\ntimeout = 1\n[registry]\ndefault = 'x'\n[ui]\ncolor = 'always'\n", "/shop/pack.toml")
    assert load_settings({}, {}, [(Layer.PROJECT, project)]) == Settings()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", True),
        ("true", True),
        ("YES", True),
        ("on", True),
        ("0", False),
        ("false", False),
        ("No", False),
        ("off", False),
        ("", False),
    ],
)
def test_true_and_false_have_four_words_each(text: str, value: bool) -> None:
    assert load_settings({}, {"PACKCTL_OFFLINE": text}).offline is value


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("PACKCTL_OFFLINE", "maybe"),
        ("PACKCTL_TIMEOUT", "soon"),
        ("PACKCTL_TIMEOUT", "0"),
        ("PACKCTL_TIMEOUT", "nan"),
        ("PACKCTL_TIMEOUT", "inf"),
        ("PACKCTL_CONCURRENCY", "65"),
        ("PACKCTL_CONCURRENCY", "1.5"),
        ("PACKCTL_CONCURRENCY", "9" * 5000),
        ("PACKCTL_COLOR", "red"),
        ("PACKCTL_PROGRESS", "live"),
    ],
)
def test_a_variable_that_is_not_understood_is_refused(variable: str, text: str) -> None:
    with pytest.raises(BadVariable) as caught:
        load_settings({}, {variable: text})
    assert caught.value.code == "cli.bad-variable"
    assert caught.value.kind.exit_code == 2


def test_an_option_that_is_not_understood_is_refused() -> None:
    with pytest.raises(BadValue):
        load_settings({"timeout": "soon"}, {})


def test_secrets_are_not_in_any_text_of_the_settings() -> None:
    found = load_settings({}, {"PACKCTL_TOKEN": "pkt_abcdefgh12345678"})
    assert found.token is not None
    assert found.token.reveal() == "pkt_abcdefgh12345678"
    for shown in (repr(found), str(found.token), f"{found.token}", f"{found.token!r}"):
        assert "pkt_" not in shown


@pytest.mark.parametrize(
    ("text", "size"),
    [('"1 GB"', 1_000_000_000), ('"500 MB"', 500_000_000), ('"1.5 GiB"', 1_610_612_736), ('"12"', 12), ("4096", 4096)],
)
def test_sizes_have_units(text: str, size: int) -> None:
    assert load_settings({}, {}, [(Layer.USER, config(f"[storage]\nlimit = {text}"))]).storage_limit == size


@pytest.mark.parametrize(
    ("text", "line", "fault"),
    [
        ("[network]\ntimeot = 5", 2, "nothing reads the key network.timeot"),
        ("[network]\ntimeout = true", 2, "network.timeout cannot be True"),
        ("[network]\nconcurrency = 8.0", 2, "network.concurrency cannot be 8.0"),
        ('\n[storage]\nlimit = "1 XB"', 3, "storage.limit cannot be '1 XB'"),
        ("[storage]\nlimit = 0", 2, "storage.limit cannot be 0"),
        ("token = 'pkt_x'", 1, "nothing reads the key token"),
        ("[ui]\ncolor = ['never']", 2, "ui.color cannot be ['never']"),
    ],
)
def test_C29_a_key_or_value_that_is_not_taken_is_refused_with_its_line(text: str, line: int, fault: str) -> None:
    with pytest.raises(BadConfig) as caught:
        load_settings({}, {}, [(Layer.USER, config(text))])
    assert (caught.value.line, caught.value.what()) == (line, fault)


@pytest.mark.parametrize("data", [b"[ui", b"\xff", b"a=1\na=2", b"x = " + b"[" * 5000, b"\xef\xbb\xbf[ui]"])
def test_C29_what_is_no_toml_is_refused(data: bytes) -> None:
    with pytest.raises(BadConfig) as caught:
        parse_config(Path("config.toml"), data)
    assert "\n" not in caught.value.what()


@pytest.mark.parametrize(
    ("mode", "refused"), [(0o600, False), (0o644, False), (0o646, True), (0o666, True), (0o602, True)]
)
def test_C29_a_file_that_others_can_write_is_refused(tmp_path: Path, mode: int, refused: bool) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[ui]\ncolor = "never"\n')
    path.chmod(mode)
    if refused:
        with pytest.raises(WritableConfig):
            read_config(path)
    else:
        assert read_config(path) is not None


def test_C29_a_file_in_a_folder_that_others_can_write_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "open" / "config.toml"
    path.parent.mkdir()
    path.write_text("")
    path.parent.chmod(0o777)
    with pytest.raises(WritableConfig):
        read_config(path)
    path.parent.chmod(0o1777)
    assert read_config(path) is not None


def test_a_broken_project_is_told_as_every_reader_of_it_does(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text("[registries\n")
    with pytest.raises(ManifestFaults):
        read_project(tmp_path / "pack.toml")


def test_a_misspelled_variable_is_told_of() -> None:
    notices = unknown_variables(
        {"PACKCTL_OFLINE": "1", "PACKCTL_OFFLINE": "1", "PACKCTL_DATA_DIR": "/x", "PATH": "/bin"}
    )
    assert [(notice.code, notice.what, notice.fix) for notice in notices] == [
        ("cli.unknown-variable", "nothing reads PACKCTL_OFLINE", ["did you mean PACKCTL_OFFLINE?"])
    ]


def test_every_variable_and_key_has_one_meaning() -> None:
    variables = [about.variable for about in ABOUT.values() if about.variable] + [*PLACE_VARIABLES, *HONORED]
    keys = [about.key for about in ABOUT.values() if about.key]
    assert len(variables) == len(set(variables))
    assert len(keys) == len(set(keys))


def project(text: str) -> tuple[tuple[Layer, ConfigFile], ...]:
    return ((Layer.PROJECT, config(text, "/shop/pack.toml")),)


def user(text: str) -> tuple[tuple[Layer, ConfigFile], ...]:
    return ((Layer.USER, config(text)),)


def test_policies_of_all_files_hold_together() -> None:
    found = rules_in_force(
        (
            *project('[policy]\nmin-age = "7d"\ndeny = ["evil/*"]'),
            *user('[policy]\nmin-age = "3d"\nmin-safety = "attested"'),
            (Layer.SYSTEM, config('[policy]\nmax-index-age = "1d"')),
        )
    )
    assert str(found.policy.min_age) == "7d"
    assert found.policy.min_safety == "attested"
    assert str(found.policy.max_index_age) == "1d"
    assert found.policy.deny == ("evil/*",)


@pytest.mark.parametrize(
    ("theirs", "ours", "key"),
    [
        ('[policy]\nmin-age = "1d"', '[policy]\nmin-age = "3d"', "policy.min-age"),
        ('[policy]\nmax-index-age = "30d"', '[policy]\nmax-index-age = "7d"', "policy.max-index-age"),
        (
            f'[registries.corp]\nurl = "https://packs.corp.example"\nroot = "sha256:{"a" * 64}"',
            f'[registries.corp]\nurl = "https://packs.corp.example"\nroot = "sha256:{"b" * 64}"',
            "registries.corp.root",
        ),
        ('[install]\ndir = "../outside"', "", "install.dir"),
        ('[install]\ndir = "/etc"', "", "install.dir"),
    ],
)
def test_a_project_that_loosens_is_refused_with_its_line(theirs: str, ours: str, key: str) -> None:
    with pytest.raises(LoosensTrust) as caught:
        rules_in_force((*project(theirs), *user(ours)))
    assert caught.value.key == key
    assert caught.value.line > 0
    assert caught.value.kind.exit_code == 2


def test_a_parsed_project_is_taken_instead_of_its_file() -> None:
    parsed = parse_project(b'[policy]\nmin-age = "9d"')
    assert str(rules_in_force(user('[policy]\nmin-age = "3d"'), parsed).policy.min_age) == "9d"


def test_the_version_is_the_one_in_pyproject() -> None:
    from packctl import __version__

    written = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert written["project"]["version"] == __version__
