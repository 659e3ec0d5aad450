"""Where things live, also where there is no home."""

import sys
from pathlib import Path

import pytest

from packctl.places import NoHome, Places, find_up

linux = pytest.mark.skipif(sys.platform != "linux", reason="the folders of Linux")


@linux
def test_the_platforms_folders_are_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_DIRS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/home/mia")
    places = Places({})
    assert places.config_file == Path("/home/mia/.config/packctl/config.toml")
    assert places.system_config_file == Path("/etc/xdg/packctl/config.toml")
    assert places.data == Path("/home/mia/.local/share/packctl")
    assert places.cache == Path("/home/mia/.cache/packctl")
    assert places.keys == Path("/home/mia/.local/share/packctl/keys")


def test_variables_replace_the_platforms_folders() -> None:
    places = Places({"PACKCTL_CONFIG": "/a/b.toml", "PACKCTL_DATA_DIR": "/data", "PACKCTL_CACHE_DIR": "/cache"})
    assert (places.config_file, places.data, places.cache) == (Path("/a/b.toml"), Path("/data"), Path("/cache"))
    assert places.store == Path("/data/store")


def test_the_option_is_stronger_than_the_variable() -> None:
    assert Places({"PACKCTL_CONFIG": "/a.toml"}, "/b.toml").config_file == Path("/b.toml")


@linux
def test_C05_without_a_home_only_the_folder_that_is_needed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.path.expanduser", lambda path: path)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    places = Places({"PACKCTL_CONFIG": "/a.toml"})
    assert places.config_file == Path("/a.toml")
    with pytest.raises(NoHome) as caught:
        _ = places.data
    assert caught.value.fix() == ["set PACKCTL_DATA_DIR, or HOME"]


def test_the_nearest_file_above_is_found(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "pack.toml").write_text("")
    assert find_up(tmp_path / "a" / "b", "pack.toml") == tmp_path / "pack.toml"
    (tmp_path / "a" / "pack.toml").write_text("")
    assert find_up(tmp_path / "a" / "b", "pack.toml") == tmp_path / "a" / "pack.toml"
    (tmp_path / "a" / "b" / "pack.toml").mkdir()
    assert find_up(tmp_path / "a" / "b", "pack.toml") == tmp_path / "a" / "pack.toml"
