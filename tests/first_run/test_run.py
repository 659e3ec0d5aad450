"""What a person does with a fresh clone. Every test here is a real set-up in a clone of its own, never in this checkout's `.venv`."""

import json
import os
import re
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.checkout import NOTHING, OWN_SCRIPTS, Clone, Ended, Environ, host_environment

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(os.name == "nt", reason="these tests place shell scripts on PATH"),
]

UNREACHABLE: dict[str, str | None] = {
    **{name: None for name in os.environ if name.startswith(("PIP_", "UV_"))},
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_INDEX_URL": "http://mia:s3cret@127.0.0.1:9/simple",
    "PIP_RETRIES": "0",
}
"""A machine whose only index refuses connections."""


def in_path(folder: Path | str) -> str:
    """PATH with `folder` first."""
    return f"{folder}{os.pathsep}{host_environment()['PATH']}"


def fake_uv(folder: Path, script: str) -> str:
    """PATH with a `uv` first that is this shell script."""
    folder.mkdir()
    program = folder / "uv"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return in_path(folder)


def wait_for(path: Path) -> None:
    while not path.exists():
        time.sleep(0.02)


def below(folder: Path, but: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if but not in path.parents}


@pytest.fixture
def quick(clone: Clone) -> Clone:
    """A clone on a machine that has a working uv."""
    assert Path(OWN_SCRIPTS, "uv").is_file()
    return Clone(clone.folder, {**clone.changes, "PATH": in_path(OWN_SCRIPTS)})


def test_a_fresh_clone_sets_itself_up_once_and_writes_nowhere_else(clone: Clone, tmp_path: Path) -> None:
    home, temporary, here = tmp_path / "home", tmp_path / "temporary", tmp_path / "where I stand"
    for folder in (home, temporary, here):
        folder.mkdir()
    (here / "msgspec.py").write_text("raise SystemExit('a module of the person was imported')")
    before, inside = below(tmp_path, clone.folder), set(os.listdir(clone.folder))

    # pip asks rustc for its version, and where a rustup answers to that name, it writes its own settings.
    rustup = os.environ.get("RUSTUP_HOME", str(Path("~/.rustup").expanduser()))
    environ = {"HOME": str(home), "TMPDIR": str(temporary), "RUSTUP_HOME": rustup}

    def call() -> Ended:
        return clone.run("packctl", "--version", cwd=here, environ=environ)

    first, second = call(), call()

    assert first.code == 0, first.err
    assert first.err.splitlines()[0] == "run: setting up .venv from requirements.lock"
    assert (second.code, second.out, second.err) == (0, "packctl 0.1.0\n", "")
    assert set(os.listdir(clone.folder)) - inside == {".venv", ".run.lock"}
    assert below(tmp_path, clone.folder) == before


@pytest.mark.parametrize("home", ["", "/nonexistent"])  # it is missing in all other tests here
def test_home_may_be_empty_or_wrong(quick: Clone, home: str) -> None:
    ended = quick.run("packctl", "--version", environ={"HOME": home})
    assert (ended.code, ended.out) == (0, "packctl 0.1.0\n"), ended.err


def test_the_tests_come_on_top_of_the_rest_and_the_rest_stays_set_up(quick: Clone) -> None:
    assert quick.run("packctl", "--version").code == 0
    (quick.venv / "mark").touch()
    tests = quick.run("test", "--version")
    assert tests.code == 0, tests.err
    assert tests.err.splitlines()[0] == "run: setting up .venv from requirements-test.lock"
    assert (quick.venv / "mark").exists()
    assert not quick.run("packctl", "--version").set_up
    assert not quick.run("test", "--version").set_up


def test_a_moved_clone_sets_up_again(quick: Clone) -> None:
    assert quick.run("packctl", "--version").set_up
    moved = Clone(quick.folder.rename(quick.folder.with_name("moved clone")), quick.changes)
    ended = moved.run("packctl", "--version")
    assert (ended.code, ended.set_up) == (0, True), ended.err


def test_two_at_once_set_up_one_environment_and_both_succeed(quick: Clone) -> None:
    started = [quick.start("packctl", "--version") for _ in range(2)]
    ended = [process.communicate() for process in started]
    assert [process.returncode for process in started] == [0, 0], ended
    assert [out for out, _ in ended] == ["packctl 0.1.0\n"] * 2
    assert sum("run: setting up" in err for _, err in ended) == 1, ended


def test_without_index_and_cache_it_ends_with_one_line_and_leaves_no_environment(clone: Clone, tmp_path: Path) -> None:
    empty = {"UV_CACHE_DIR": str(tmp_path / "uv"), "PIP_CACHE_DIR": str(tmp_path / "pip")}
    ended = clone.run("packctl", "--version", environ={**UNREACHABLE, **empty})
    *told, last = ended.err.splitlines()
    assert ended.code == 1
    assert last.startswith("run: pip failed: ERROR: ")
    assert all(line.startswith("run: ") for line in told)
    assert not clone.venv.exists()
    assert "s3cret" not in ended.out + ended.err
    assert "127.0.0.1" not in ended.out + ended.err


def test_a_file_that_does_not_have_the_hash_of_the_lock_file_is_refused(quick: Clone) -> None:
    lock = quick.folder / "requirements.lock"
    entry, others = re.split(r"\n(?=[a-z])", lock.read_text(), maxsplit=1)
    lock.write_text(re.sub(r"sha256:[0-9a-f]{64}", "sha256:" + "0" * 64, entry) + "\n" + others)
    ended = quick.run("packctl", "--version")
    assert ended.code == 1
    assert "HASHES" in ended.err.splitlines()[-1]
    assert not quick.venv.exists()


def test_settings_of_pip_reach_uv_by_its_environment_alone_and_are_not_shown(clone: Clone, tmp_path: Path) -> None:
    asked, config = tmp_path / "asked", tmp_path / "pip.conf"
    config.write_text(
        "[global]\nindex-url = http://mia:s3cret@127.0.0.1:9/main\ntimeout = 5\n"
        "[install]\nextra-index-url =\n    http://127.0.0.1:9/one\n    http://127.0.0.1:9/two\n"
        "trusted-host = 127.0.0.1\n"
    )
    path = fake_uv(
        tmp_path / "bin", f"env > '{asked}'; echo \"$@\" >> '{asked}'; echo 'error: at http://127.0.0.1:9/'; exit 2"
    )
    given = {**UNREACHABLE, "PIP_INDEX_URL": None, "PIP_CONFIG_FILE": str(config), "PIP_FIND_LINKS": "/nowhere /no"}
    ended = clone.run("packctl", "--version", environ={**given, "PATH": path})
    settings = dict(line.split("=", 1) for line in asked.read_text().splitlines() if "=" in line)
    assert ended.code == 1
    assert {name: settings.get(name) for name in settings if name.startswith("UV_") and "CACHE" not in name} == {
        "UV_DEFAULT_INDEX": "http://mia:s3cret@127.0.0.1:9/main",
        "UV_FIND_LINKS": "/nowhere,/no",
        "UV_INDEX": "http://127.0.0.1:9/one http://127.0.0.1:9/two",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_INSECURE_HOST": "127.0.0.1",
        "UV_NO_PROGRESS": "1",
    }
    assert "://" not in asked.read_text().splitlines()[-1]
    assert "run: uv failed: error: at <address>; once more with plain pip" in ended.err
    assert "127.0.0.1" not in ended.out + ended.err


def test_ctrl_c_during_the_set_up_ends_it_and_leaves_no_environment(clone: Clone, tmp_path: Path) -> None:
    path = fake_uv(tmp_path / "bin", f"touch '{tmp_path}/began'; exec sleep 60")
    process = clone.start("packctl", "--version", environ={"PATH": path})
    wait_for(tmp_path / "began")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert err == "run: setting up .venv from requirements.lock\n"
    assert not clone.venv.exists()


def test_after_a_kill_the_next_waits_for_the_step_that_goes_on_and_starts_from_nothing(
    quick: Clone, tmp_path: Path
) -> None:
    late = quick.venv / "late"
    path = fake_uv(tmp_path / "bin", f"touch '{tmp_path}/began'; sleep 2; touch '{late}'")
    process = quick.start("packctl", "--version", environ={"PATH": path})
    wait_for(tmp_path / "began")
    process.kill()
    process.wait()
    assert not quick.stamps()
    ended = quick.run("packctl", "--version")
    assert (ended.code, ended.out) == (0, "packctl 0.1.0\n"), ended.err
    assert ended.err.splitlines()[0] == "run: another ./run is setting up; waiting for it"
    assert quick.stamps() == {".stamp-run"}
    assert not late.exists()


@pytest.mark.long
def test_a_uv_that_always_fails_is_replaced_by_plain_pip(clone: Clone, tmp_path: Path) -> None:
    path = fake_uv(tmp_path / "bin", "echo 'error: broken'; exit 2")
    ended = clone.run("packctl", "--version", environ={"PATH": path})
    assert (ended.code, ended.out) == (0, "packctl 0.1.0\n"), ended.err
    assert "run: uv failed: error: broken; once more with plain pip, which takes longer" in ended.err.splitlines()
    assert not clone.run("packctl", "--version", environ={"PATH": path}).set_up


@pytest.mark.long
def test_an_account_without_a_folder_keeps_its_caches_in_the_environment(clone: Clone, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file, so nothing can be made below it")
    without = dict.fromkeys(["UV_CACHE_DIR", "PIP_CACHE_DIR", "XDG_CACHE_HOME"])
    before = below(tmp_path, clone.folder)
    ended = clone.run("packctl", "--version", environ={**without, "HOME": str(home)})
    assert (ended.code, ended.out) == (0, "packctl 0.1.0\n"), ended.err
    assert (clone.venv / "cache" / "uv").is_dir()
    assert below(tmp_path, clone.folder) == before


@pytest.mark.long
def test_the_demo_of_a_fresh_clone_goes_well_twice_and_the_second_time_sets_nothing_up(clone: Clone) -> None:
    first, second = clone.run("demo"), clone.run("demo")
    assert (first.code, first.set_up) == (0, True), first.err
    assert (second.code, second.set_up) == (0, False), second.err


@pytest.mark.long
def test_two_demos_of_a_fresh_clone_at_once_both_go_well(clone: Clone) -> None:
    started = [clone.start("demo", "--fast") for _ in range(2)]
    with ThreadPoolExecutor() as threads:
        ended = list(threads.map(lambda process: process.communicate(), started))
    assert [process.returncode for process in started] == [0, 0], ended
    assert sum("run: setting up" in err for _, err in ended) == 1, ended


@pytest.mark.long
def test_the_first_run_holds_its_figures(clone: Clone, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On a machine that does nothing else, with warm caches: the figures are without the time for downloads."""
    uv_fails = fake_uv(tmp_path / "bin", "exit 2")

    def timed(*arguments: str, environ: Environ = NOTHING) -> float:
        ended = clone.run(*arguments, environ=environ)
        assert ended.code == 0, ended.err
        return round(ended.seconds, 2)

    timed("test", "--version")  # fills the caches
    shutil.rmtree(clone.venv)
    times = {"set-up": timed("packctl", "--version"), "start": timed("packctl", "--version")}
    times["tests on top"] = timed("test", "--version")
    shutil.rmtree(clone.venv)
    times["plain pip"] = timed("packctl", "--version", environ={"PATH": uv_fails})
    with capsys.disabled():
        print(f"\nfirst run, seconds: {json.dumps(times)}")
    hold: dict[str, float] = {"set-up": 10, "start": 0.3, "tests on top": 20, "plain pip": 30}
    assert {name: seconds for name, seconds in times.items() if seconds > hold[name]} == {}
