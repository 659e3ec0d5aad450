"""`packctl serve` starts the server as another process, follows it, and takes it along when it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.support.transcript import clean_environment

COMMAND = [sys.executable, "-m", "packctl", "serve", "--port", "0", "--data", "registry"]


def begun(process: "subprocess.Popen[str]") -> str:
    """The address that the server listens on."""
    assert process.stderr is not None
    for line in process.stderr:
        if "listening on " in line:
            return line.partition("listening on ")[2].strip()
    raise AssertionError("the server never listened")


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_stopped_serve_leaves_no_server_behind(tmp_path: Path) -> None:
    environ = clean_environment(tmp_path)
    with subprocess.Popen(COMMAND, stderr=subprocess.PIPE, text=True, cwd=tmp_path, env=environ) as process:
        address = begun(process)
        with urllib.request.urlopen(f"{address}/tuf/1.root.json", timeout=10) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 143
    port = int(address.rpartition(":")[2])
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return
        time.sleep(0.1)
    raise AssertionError("the server still listens")


def test_the_server_s_own_refusal_and_status_are_passed_on(tmp_path: Path) -> None:
    environ = clean_environment(tmp_path) | {"REGISTRY_PUBLISH_FILES": "many"}
    ended = subprocess.run(COMMAND, capture_output=True, text=True, cwd=tmp_path, env=environ, timeout=60, check=False)
    assert "error[" in ended.stderr
    assert ended.returncode == 2


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    program = (
        "import sys, importlib.util\n"
        "real = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, package=None: None if name == 'litestar' else real(name, package)\n"
        "sys.argv = ['packctl', 'serve']\n"
        "import packctl.__main__\n"
        "sys.exit(packctl.__main__.main())\n"
    )
    environ = clean_environment(tmp_path)
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=environ,
        timeout=60,
        check=False,
    )
    assert "error[cli.needs-server]" in ended.stderr
    assert "pip install 'packctl[server]'" in ended.stderr
    assert ended.returncode == 1
    assert not os.path.exists(tmp_path / "registry-data")


def test_registry_server_itself_says_what_to_install_where_only_the_client_is(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "sys.modules['sqlalchemy'] = None\n"
        "sys.argv = ['registry-server', 'init']\n"
        "import registry_server.__main__\n"
        "registry_server.__main__.main()\n"
    )
    words = [sys.executable, "-c", program]
    ended = subprocess.run(
        words, capture_output=True, text=True, env=clean_environment(tmp_path), timeout=60, check=False
    )
    assert ended.stderr.splitlines() == [
        "error[cli.needs-server]: the registry's server is not installed",
        "  missing   sqlalchemy",
        "  why       packctl installs without it, because most people only use registries",
        "  fix       pip install 'packctl[server]'",
        f"{'More: packctl explain cli.needs-server':>80}",
    ]
    assert (ended.stdout, ended.returncode) == ("", 1)
