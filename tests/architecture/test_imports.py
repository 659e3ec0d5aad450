"""Who may know whom: the contracts of .importlinter, and what they cannot say about the rooms of the server."""

import ast
import functools
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVER = ROOT / "src" / "registry_server"
PRIVATE = ("store", "tables")


@functools.cache
def imports_of(path):
    """Every module that a file imports, inside functions too."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found += [*(f"{node.module}.{alias.name}" for alias in node.names), node.module]
        elif isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
    return found


def test_the_contracts_of_the_import_linter_hold():
    linter = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    done = subprocess.run(linter, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr


def rooms():
    return sorted(
        folder.name
        for folder in SERVER.iterdir()
        if (folder / "__init__.py").is_file() and (folder / "rules.py").is_file()
    )


@pytest.mark.parametrize("room", rooms())
def test_a_rooms_rules_are_pure(room):
    foreign = [
        name
        for name in imports_of(SERVER / room / "rules.py")
        if name.split(".")[0] in ("sqlalchemy", "litestar", "os", "time", "random", "secrets", "pathlib")
        or (name.startswith("registry_server.") and name.split(".")[1] not in ("actor", *rooms()))
    ]
    assert not foreign


def test_routes_are_gathered_by_app_alone():
    found = {
        (str(path.relative_to(SERVER)), name)
        for path in SERVER.rglob("*.py")
        for name in imports_of(path)
        if name.startswith("registry_server.") and name.endswith(".routes") and path.name != "app.py"
    }
    assert not found


@pytest.mark.parametrize("room", rooms())
def test_a_rooms_tables_are_its_own(room):
    """Only the room itself, and the place that gathers all tables for migrations, imports `tables`."""
    strangers = [
        str(path.relative_to(SERVER))
        for path in SERVER.rglob("*.py")
        if path.parent.name != room and path.parent.name != "db"
        for name in imports_of(path)
        if name.startswith(f"registry_server.{room}.tables")
    ]
    assert not strangers
