"""Which modules a command may load. Names are stable where milliseconds are not.

Heavy libraries are listed by what a command must not touch; ours by what it may.
"""

import json
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.machine import Machine
from tests.support.registry import registry_at
from tests.support.transcript import clean_environment

HEAVY = {
    "asyncio", "cryptography", "httpcore", "httpx", "importlib.metadata", "joserfc", "litestar", "packaging", "pydantic", "rich",
    "securesystemslib", "sqlalchemy", "ssl", "tomli_w", "tomlkit", "tuf", "typer.rich_utils",
}  # fmt: skip
"""What no light command loads."""

FRAME = {
    "packctl", "packctl.__main__", "packctl.arguments", "packctl.cli", "packctl.config_file", "packctl.forms",
    "packctl.frame", "packctl.outcome", "packctl.parsing", "packctl.places", "packctl.session", "packctl.settings", "packctl.ui",
    "packctl.ui.console", "packctl.ui.escape", "packctl.ui.show", "packspec", "packspec.errors", "packspec.limits",
    "packspec.patterns",
}  # fmt: skip
"""What the frame loads of ours."""
COMMANDS = FRAME | {"packctl.commands"}
"""What every command does."""

LIST = {"packctl.commands.config", "packctl.commands.config.list", "packctl.ui.table"}
TOML = {"packspec.toml", "packspec.toml.convert", "packspec.toml.faults", "packspec.toml.lines", "packspec.toml.text"}


def loaded(folder: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> set[str]:
    """The modules in memory when `packctl ARGUMENTS` ends, started in `folder`."""
    program = (
        "import sys, json, atexit\n"
        f"sys.argv = ['packctl', *{list(arguments)!r}]\n"
        "atexit.register(lambda: sys.stderr.write('LOADED ' + json.dumps(sorted(sys.modules))))\n"
        "import packctl.__main__\n"
        "sys.exit(packctl.__main__.main())\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=dict(environ) if environ is not None else clean_environment(folder),
        cwd=folder,
        timeout=60,
        check=True,
    )
    names: list[str] = json.loads(ended.stderr.partition("LOADED ")[2])
    return set(names)


def ours(names: set[str]) -> set[str]:
    return {name for name in names if name.split(".")[0] in ("packctl", "packspec", "registry_server")}


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_needs_nothing_but_the_package_itself(tmp_path: Path, option: str) -> None:
    names = loaded(tmp_path, option)
    assert ours(names) == {"packctl", "packctl.__main__"}
    assert not names & {"typer", "msgspec", "dataclasses", "inspect"}


@pytest.mark.parametrize("arguments", [(), ("--help",)])
def test_the_list_of_commands_imports_no_command_and_no_parser(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    names = loaded(tmp_path, *arguments)
    assert ours(names) == (FRAME - {"packctl.config_file"} | {"packctl.ui.help", "packctl.config_file"})
    assert not names & (HEAVY | {"typer", "tomllib", "platformdirs"})


def test_explaining_a_code_reads_no_configuration(tmp_path: Path) -> None:
    names = loaded(tmp_path, "explain", "cli.bug")
    known = {name for name in ours(names) if name.startswith("packspec.codes")}
    assert ours(names) - known == COMMANDS | {"packctl.commands.explain"}
    assert not names & (HEAVY | {"tomllib", "platformdirs"})


def test_a_listing_of_settings_reads_toml_only_where_there_is_a_file(tmp_path: Path) -> None:
    names = loaded(tmp_path, "config", "list")
    assert ours(names) == COMMANDS | LIST
    assert not names & (HEAVY | {"tomllib"})


def test_a_configuration_file_costs_a_reader_of_toml_and_no_more(tmp_path: Path) -> None:
    environ = clean_environment(tmp_path)
    file = Path(environ["HOME"]) / ".config" / "packctl" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text("[network]\ntimeout = 5\n")
    names = loaded(tmp_path, "config", "list")
    assert ours(names) == COMMANDS | LIST | TOML
    assert not names & HEAVY


def test_help_on_a_command_imports_that_command_alone(tmp_path: Path) -> None:
    names = ours(loaded(tmp_path, "config", "get", "--help"))
    commands = {name for name in names if name.startswith("packctl.commands.")}
    assert commands == {
        "packctl.commands.config",
        "packctl.commands.config.get",
        "packctl.commands.config.keys",
        "packctl.commands.config.list",
    }


def test_rich_costs_only_who_sees_something_move(tmp_path: Path) -> None:
    program = (
        "import io, sys, time\n"
        "from packctl.arguments import Globals\n"
        "from packctl.ui.console import Streams, make_console\n"
        "from packctl.ui.progress import QUIET_SECONDS, Progress\n"
        "def step(terminal, seconds):\n"
        "    streams = Streams(io.StringIO(), io.StringIO(), io.StringIO(), False, terminal, terminal, 80)\n"
        "    with Progress(make_console(Globals(), {}, streams), time.monotonic, 'fetching') as progress:\n"
        "        item = progress.item('acme/a 1.0.0')\n"
        "        time.sleep(seconds)\n"
        "        item.done()\n"
        "    print('rich' in sys.modules)\n"
        "step(False, QUIET_SECONDS + 0.3)\n"
        "step(True, 0)\n"
        "step(True, QUIET_SECONDS + 0.3)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=clean_environment(tmp_path),
        timeout=60,
        check=True,
    )
    assert ended.stdout.split() == ["False", "False", "True"]


def test_a_client_costs_httpx_only_when_it_calls(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from packctl.arguments import Globals\n"
        "from packctl.registry.failures import Unreachable\n"
        "from packctl.registry.open import open_client\n"
        "from packctl.session import Session\n"
        "from packctl.ui.console import make_console, standard_streams\n"
        "from packspec.protocol.accounts import WHOAMI\n"
        "from packspec.protocol.endpoint import Nothing\n"
        "given = Globals(offline=True)\n"
        "with Session(given, {}, make_console(given, {}, standard_streams())) as session:\n"
        "    client = open_client(session, 'https://registry.example')\n"
        "    print('httpx' in sys.modules)\n"
        "    try:\n"
        "        client.call(WHOAMI, Nothing())\n"
        "    except Unreachable:\n"
        "        print('httpx' in sys.modules)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        env=clean_environment(tmp_path),
        timeout=60,
        check=True,
    )
    assert ended.stdout.split() == ["False", "True"]


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_pack_is_checked_and_built_without_network_keys_or_tuf(tmp_path: Path, command: str) -> None:
    loaded(tmp_path, "new", "acme/farm")
    names = loaded(tmp_path, command, "farm")
    assert not names & (HEAVY - {"packaging", "tomli_w"})  # which are for host versions and pack.lock
    assert not {name for name in ours(names) if name.startswith(("packctl.registry.", "packctl.trust."))}


def test_a_new_pack_and_the_help_of_heavy_commands_load_no_library(tmp_path: Path) -> None:
    assert not loaded(tmp_path, "new", "acme/farm") & HEAVY
    for command in ("publish", "approve", "search", "audit", "outdated", "diff", "fetch"):
        assert not loaded(tmp_path, command, "--help") & HEAVY


def test_an_install_with_nothing_to_do_loads_no_tls_no_tuf_no_cryptography_and_parses_no_file_of_a_person(
    tmp_path: Path,
) -> None:
    with registry_at(tmp_path / "registry", now=int(time.time())) as registry:
        registry.publish("acme/icons", "1.0.0", files={"cow.md": b"# Cow\n"})
        machine = Machine.at(tmp_path / "machine", registry)
        machine.depends(acme__icons="^1")
        names = loaded(machine.project, "install", environ=machine.environ)
        # Bulk goes through http.client; the TUF library's own HTTP is left out, and so is what is for calls and terminals.
        assert not names & {"urllib3", "importlib.metadata", "httpx", "rich", "tomlkit", "litestar", "sqlalchemy"}
        assert not of_licenses(names)
        assert not of_licenses(loaded(machine.project, "why-not", "acme/icons", environ=machine.environ))
    assert not of_licenses(loaded(machine.project, "verify", environ=machine.environ))
    names = loaded(machine.project, "install", environ=machine.environ)
    assert names & HEAVY == set()
    assert not {
        name for name in ours(names) if name.startswith(("packctl.registry", "packctl.trust", "packctl.resolve"))
    }
    assert not ours(names) & {"packspec.project", "packspec.lockfile", "packspec.manifest", "packctl.install.begin"}
    for command in ("list", "terms", "sbom", "why acme/icons", "heal", "cache size", "cache clean --dry-run"):
        names = loaded(machine.project, *command.split(), environ=machine.environ)
        assert not names & (HEAVY - {"packaging", "tomli_w"}), command


def of_licenses(names: set[str]) -> set[str]:
    """What only a project with packs that must be paid needs."""
    return {name for name in names if name.startswith(("packctl.licenses", "packspec.licenses", "joserfc"))}


def test_values_of_client_and_formats_are_Structs() -> None:
    """A dataclass generates code for each class: half a millisecond for every command that loads its module, where a Struct takes 0.02."""
    line = re.compile(r"^from dataclasses import .*\bdataclass\b", re.MULTILINE)
    source = Path(__file__).parents[2] / "src"
    files = [path for package in ("packctl", "packspec") for path in (source / package).rglob("*.py")]
    found = {str(path.relative_to(source)) for path in files if line.search(path.read_text(encoding="utf-8"))}
    # What documents hold as a text must be no Struct, or msgspec would write its fields. Errors are completed when they are raised.
    texts = {"packspec/log/note.py", "packspec/ranges.py", "packspec/signing/keys.py", "packspec/versions.py"}
    assert found == texts | {"packspec/errors.py"}


def test_what_is_outdated_where_nothing_is_locked_is_told_without_trust_and_network(tmp_path: Path) -> None:
    (tmp_path / "pack.toml").write_text("[dependencies]\n")
    names = loaded(tmp_path, "outdated")
    assert not names & (HEAVY - {"packaging", "tomli_w"})
    assert not {
        name for name in ours(names) if name.startswith(("packctl.registry.", "packctl.trust.", "packctl.resolve."))
    }
