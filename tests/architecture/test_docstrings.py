"""Every module says what it is for; in packspec, which others implement from, everything public does."""

import ast
from pathlib import Path

SRC = Path(__file__).parents[2] / "src"
MODULES = sorted(path for path in SRC.rglob("*.py"))
LONGEST_LINES = 450
"""Far above what a module should have; past it, it has certainly more than one idea."""


def name(path):
    return str(path.relative_to(SRC))


def test_every_module_has_a_docstring():
    silent = [name(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text()))]
    assert not silent


def test_no_module_has_grown_out_of_one_idea():
    grown = [name(path) for path in MODULES if len(path.read_text().splitlines()) > LONGEST_LINES]
    assert not grown


_TEXTS_OF_ERRORS = {"what", "facts", "why", "fix", "where", "because", "story"}
"""Methods of PackError, described there once."""


def undocumented(tree):
    """Public functions, classes and methods without a docstring."""
    for node in tree.body:
        match node:
            case ast.FunctionDef() if not node.name.startswith("_") and not ast.get_docstring(node):
                yield node.name
            case ast.ClassDef() if not node.name.startswith("_"):
                if not ast.get_docstring(node):
                    yield node.name
                for inner in node.body:
                    if (
                        not isinstance(inner, ast.FunctionDef)
                        or inner.name.startswith("_")
                        or inner.name in _TEXTS_OF_ERRORS
                    ):
                        continue
                    is_protocol = any(getattr(base, "id", "") == "Protocol" for base in node.bases)
                    if not ast.get_docstring(inner) and not is_protocol:
                        yield f"{node.name}.{inner.name}"


def test_everything_public_in_packspec_has_a_docstring():
    silent = [
        f"{name(path)}: {one}"
        for path in MODULES
        if "packspec" in path.parts
        for one in undocumented(ast.parse(path.read_text()))
    ]
    assert not silent
