"""`registry-server` as a person runs it: processes of their own."""

import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from registry_server import telling
from registry_server.cli import main
from registry_server.variables import BadSettings


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "REGISTRY_DATA": str(tmp_path / "data")}


@dataclass
class Ended:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


def run(environment: dict[str, str], *arguments: str) -> Ended:
    """A command in this process, which starts faster; the servers below are processes of their own."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        for name in [name for name in os.environ if name.startswith("REGISTRY_")]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        status = main(list(arguments))
    return Ended(status, out.getvalue(), err.getvalue())


@contextmanager
def serving(environment: dict[str, str], *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "registry_server", "serve", "--port", "0", *arguments]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        for line in server.stdout:
            if found := re.fullmatch(r"registry-server: listening on (http://127\.0\.0\.1:\d+)\n", line):
                yield server, found[1]
                break
        else:
            raise AssertionError(server.communicate()[1])
    finally:
        server.kill()
        server.communicate()


def test_a_first_start_makes_everything_and_answers_at_the_address_it_prints(environment: dict[str, str]) -> None:
    with serving(environment) as (server, url):
        assert httpx.get(f"{url}/readyz", trust_env=False).json() == {"status": "ok"}
        assert server.stdout is not None
        assert [server.stdout.readline().split(" NAME")[0] for _ in range(3)] == [
            "Next, beside it:\n",
            "  registry-server account add",
            "  registry-server reviewer add",
        ]
        added = run(environment, "account", "add", "mia", "--role", "admin")
        assert re.fullmatch(r"pkt_a[0-9A-Za-z]{49}\n", added.stdout), added.stderr
        headers = {"authorization": f"Bearer {added.stdout.strip()}"}
        me = httpx.get(f"{url}/api/v1/whoami", headers=headers, trust_env=False).json()
        assert (me["account"], me["roles"]) == ("mia", ["admin"])
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_V15_it_stops_cleanly_on_a_signal(environment: dict[str, str], sign: signal.Signals) -> None:
    with serving(environment) as (server, url):
        httpx.get(f"{url}/healthz", trust_env=False)
        server.send_signal(sign)
        assert server.wait(10) == 0
        assert server.stderr is not None
        assert '"event": "stopped"' in server.stderr.read()


def test_V15_a_request_under_way_gets_its_answer_and_no_new_one_begins(environment: dict[str, str]) -> None:
    with serving(environment) as (server, url):
        token = run(environment, "account", "add", "mia").stdout.strip()
        body = b'{"scopes": ["read"]}'
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=10) as connection:
            connection.sendall(
                b"POST /api/v1/tokens HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
                b"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n" % (token.encode(), len(body))
            )
            assert connection.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"  # so it is under way
            server.send_signal(signal.SIGTERM)
            ends = time.monotonic() + 20
            while (late := httpx.get(f"{url}/healthz", trust_env=False, timeout=20)).status_code == 200:
                assert time.monotonic() < ends
                time.sleep(0.01)
            assert (late.status_code, late.headers["retry-after"]) == (503, "5")
            assert late.json()["code"] == "registry.stopping"
            connection.sendall(body)
            assert connection.recv(65536).startswith(b"HTTP/1.1 201 ")
        assert server.wait(10) == 0


def test_C08_a_second_process_on_the_folder_is_refused_and_a_dead_one_holds_nothing(
    environment: dict[str, str],
) -> None:
    with serving(environment) as (server, _):
        second = run(environment, "serve", "--port", "0")
        assert second.returncode == 5
        assert second.stderr.startswith("error[registry.data-in-use]: another registry-server uses ")
        assert run(environment, "migrate").returncode == 5
        server.kill()
        server.wait()
    with serving(environment) as (_, url):
        assert httpx.get(f"{url}/readyz", trust_env=False).status_code == 200


def test_a_port_that_is_taken_is_told(environment: dict[str, str], tmp_path: Path) -> None:
    with serving(environment) as (_, url):
        other = {**environment, "REGISTRY_DATA": str(tmp_path / "other")}
        taken = run(other, "serve", "--port", url.rpartition(":")[2])
    assert taken.returncode == 5
    assert "error[registry.address-in-use]: cannot listen on 127.0.0.1:" in taken.stderr


def test_all_bad_settings_are_told_at_once(environment: dict[str, str]) -> None:
    bad = run({**environment, "REGISTRY_HTTP_PORT": "x", "REGISTRY_HTTP_TREADS": "9"}, "check-settings")
    assert bad.returncode == 2
    assert bad.stderr == (
        "error[registry.settings]: 2 settings cannot be used\n"
        "  1         REGISTRY_HTTP_PORT: Expected `int`, got `str`\n"
        "  2         REGISTRY_HTTP_TREADS: no such setting\n"
        "  fix       correct the variables, then: registry-server check-settings\n"
        "                                         More: packctl explain registry.settings\n"
    )


def test_check_settings_shows_values_and_hides_secrets(environment: dict[str, str]) -> None:
    good = run({**environment, "REGISTRY_DATABASE_URL": "sqlite:////hush/x"}, "check-settings")
    assert good.returncode == 0
    assert "REGISTRY_HTTP_PORT=8787\n" in good.stdout
    assert "REGISTRY_DATABASE_URL=(set, not shown)\n" in good.stdout
    assert "REGISTRY_LOG_REQUESTS=true\n" in good.stdout
    assert "hush" not in good.stdout + good.stderr


def test_an_account_needs_a_registry_and_a_proper_name(environment: dict[str, str]) -> None:
    missing = run(environment, "account", "add", "mia")
    assert (missing.returncode, missing.stderr.split(":")[0]) == (3, "error[registry.not-begun]")
    assert not Path(environment["REGISTRY_DATA"]).exists()
    run(environment, "init")
    for name in ("Mia", "mia smith", "-x", "é"):
        assert run(environment, "account", "add", "--", name).returncode == 2
    assert run(environment, "account", "add", "mia", "--role", "owner").returncode == 2


@pytest.mark.parametrize("name", ["", " ", "kim\nlee", "kim\x1b[2J", "kim ", "k" * 101])
def test_a_reviewer_has_a_name_that_can_stand_in_a_line(environment: dict[str, str], name: str) -> None:
    run(environment, "init")
    refused = run(environment, "reviewer", "add", name, "KEY", "--keys", f"{environment['REGISTRY_DATA']}-offline-keys")
    assert (refused.returncode, refused.stderr.split(":")[0]) == (2, "error[cli.bad-value]")
    assert "\x1b" not in refused.stderr


def test_init_and_migrate_may_be_repeated(environment: dict[str, str]) -> None:
    assert run(environment, "init").returncode == 0
    assert run(environment, "migrate").stdout.startswith("nothing to do: the schema is ")


def test_the_trail_of_a_new_registry_holds_and_has_no_anchor_yet(environment: dict[str, str]) -> None:
    assert run(environment, "init").returncode == 0
    ended = run(environment, "check-trail")
    assert (ended.returncode, ended.stdout) == (0, "the trail holds: 1 entry\nborne out by 0 anchors in the log\n")


def test_no_other_command_makes_a_registry(environment: dict[str, str]) -> None:
    for command in (["migrate"], ["account", "add", "mia"], ["reviewer", "list"]):
        assert run(environment, *command).stderr.startswith("error[registry.not-begun]: there is no registry in ")
    assert not Path(environment["REGISTRY_DATA"]).exists()


def test_our_own_fault_is_one_line_and_a_report(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> None:
        raise RuntimeError("pkt_a9dOVqTs1YG2QrJKnHiBqB7MmSu2rtnVZCtKKCpS3hyM2QSgyx")

    monkeypatch.setattr("registry_server.commands.beginning.settings_from", fail)
    failed = run(environment, "init")
    assert failed.returncode == 70
    assert failed.stderr.startswith(
        "error[cli.bug]: registry-server failed through a fault of its own (RuntimeError)\n"
    )
    report = Path(re.search(r"report +(\S+)", failed.stderr)[1])  # type: ignore[index]
    assert "RuntimeError" in report.read_text()
    assert "pkt_a9dO" not in report.read_text()
    report.unlink()


def test_an_error_reads_as_packctl_would_tell_it() -> None:
    from packctl.ui.console import Console, Streams
    from packctl.ui.failure import lines_of

    error = BadSettings(["REGISTRY_HTTP_PORT: Expected `int`, got `str`"])
    console = Console(Streams(io.StringIO(), io.StringIO(), io.StringIO()))
    assert telling.lines_of(error) == lines_of(error, console)


def test_R40_no_account_exists_at_first(environment: dict[str, str]) -> None:
    run(environment, "init")
    import sqlite3

    with sqlite3.connect(Path(environment["REGISTRY_DATA"]) / "registry.sqlite3") as db:
        assert db.execute("SELECT count(*) FROM account").fetchone() == (0,)


def test_V29_what_is_private_is_readable_by_its_owner_alone(environment: dict[str, str]) -> None:
    run(environment, "init")
    data = Path(environment["REGISTRY_DATA"])
    assert data.stat().st_mode & 0o077 == 0
    keys = list((data / "keys").iterdir())
    assert keys
    assert [key.name for key in keys if key.stat().st_mode & 0o177] == []
