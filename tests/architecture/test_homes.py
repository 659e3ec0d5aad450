"""What is allowed in few places only: printing, ending the process, the environment, the clock, chance, `async`, reading into Structs."""

import ast
from pathlib import Path

SRC = Path(__file__).parents[2] / "src"
MODULES = sorted(SRC.rglob("*.py"))

HOMES = {
    "print": {"packctl/__main__.py", "packctl/resolve/__main__.py", "registry_server/__main__.py"},
    "exit": {"packctl/__main__.py", "registry_server/__main__.py", "packctl/resolve/__main__.py"},
    "environment": {
        "packctl/__main__.py",
        "packctl/frame.py",
        "packctl/settings.py",
        "packctl/session.py",
        "registry_server/commands/shell.py",
    },
    "clock": {"packctl/__main__.py", "packctl/session.py", "registry_server/commands/shell.py"},
    "chance": {"packctl/session.py", "registry_server/commands/shell.py"},
    "reading into Structs": {"packspec/wire.py"},
    "async": {
        "registry_server/http/",
        "registry_server/serve.py",
        "registry_server/app.py",
        "registry_server/witness/",
    },
}
"""Where each may stand: a file, or a folder with everything in it."""


def uses(tree):
    """Every use of one of the seven, with its line."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id="print")):
                yield "print", node.lineno
            case (
                ast.Call(func=ast.Attribute(value=ast.Name(id="sys"), attr="exit")) | ast.Call(func=ast.Name(id="exit"))
            ):
                yield "exit", node.lineno
            case ast.Attribute(value=ast.Name(id="os"), attr="environ" | "getenv"):
                yield "environment", node.lineno
            case ast.Attribute(value=ast.Name(id="time"), attr="time" | "time_ns"):
                yield "clock", node.lineno
            case ast.Attribute(attr="now" | "utcnow" | "today", value=ast.Name(id="datetime" | "date")):
                yield "clock", node.lineno
            case ast.Attribute(value=ast.Name(id="os"), attr="urandom") | ast.Attribute(value=ast.Name(id="secrets")):
                yield "chance", node.lineno
            case ast.Import(names=names) if any(alias.name == "random" for alias in names):
                yield "chance", node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Name(id="msgspec"), attr="convert")):
                yield "reading into Structs", node.lineno
            case ast.Call(func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="msgspec")), attr="Decoder")):
                yield "reading into Structs", node.lineno
            case ast.Call(
                func=ast.Attribute(value=ast.Attribute(value=ast.Name(id="msgspec")), attr="decode"), keywords=[_, *_]
            ):
                yield "reading into Structs", node.lineno
            case ast.AsyncFunctionDef():
                yield "async", node.lineno


def test_what_has_a_home_stays_there():
    astray = [
        f"{place}:{line}: {what}"
        for path in MODULES
        for place in [path.relative_to(SRC).as_posix()]
        for what, line in uses(ast.parse(path.read_text()))
        if not any(place == home or (home.endswith("/") and place.startswith(home)) for home in HOMES[what])
    ]
    assert not astray
