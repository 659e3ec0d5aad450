"""What never goes into the repository, and what must always work in it."""

import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout, so nothing is tracked")
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_lock_files_name_no_address_and_pin_every_file_by_hash():
    for name in ("requirements.lock", "requirements-test.lock"):
        text = (ROOT / name).read_text()
        assert "://" not in text
        assert "--find-links" not in text
        assert "--index" not in text
        pins = re.findall(r"^[a-z][^\s;]*==", text, re.MULTILINE)
        assert len(pins) > 30
        for entry in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]:
            assert "--hash=sha256:" in entry, entry[:60]


def test_both_lock_files_name_the_same_versions():
    def versions(name):
        return dict(re.findall(r"^([a-z][a-z0-9._-]*)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))

    run, test = versions("requirements.lock"), versions("requirements-test.lock")
    assert set(run) <= set(test)
    assert {name: test[name] for name in run} == run


def test_no_tracked_file_holds_a_path_of_this_machine_or_an_index_host():
    listed = subprocess.run([sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True).stdout
    hosts = set(re.findall(r"https?://(?:[^/@\s']*@)?([^/:\s']+)", listed)) - {"pypi.org"}
    forbidden = [str(ROOT), *sorted(hosts)]
    found = [
        f"{path.relative_to(ROOT)}: {text}"
        for path in tracked()
        for text in forbidden
        if text.encode() in path.read_bytes()
    ]
    assert not found


def test_files_that_hold_addresses_are_not_tracked():
    names = {path.name for path in tracked()}
    assert names.isdisjoint({"uv.lock", "pylock.toml", ".DS_Store"})


def test_no_package_runs_code_at_the_start_of_python():
    site = Path(sysconfig.get_paths()["purelib"])
    running = [
        f"{path.name}: {line}"
        for path in site.glob("*.pth")
        for line in path.read_text().splitlines()
        if line.startswith("import")
    ]
    assert not running


def test_the_wheel_holds_all_three_packages_and_imports_them(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        tops = {name.split("/")[0] for name in archive.namelist()}
        assert {"packspec", "packctl", "registry_server"} <= tops
        archive.extractall(tmp_path / "site")
    code = "import packspec, packctl, registry_server; print(packspec.__file__)"
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); {code}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert str(tmp_path) in ran.stdout
