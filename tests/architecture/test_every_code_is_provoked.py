"""Every refusal really happens: each code of the error tree is provoked by a test, a vector or a transcript.

Samples (tests/support/error_samples.py) and goldens (tests/golden/errors) show how a refusal reads, not that anything raises it. So here a
code counts only where a test names it, or imports its class, or where it stands in a vector or a transcript.
"""

import ast
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tests.architecture.test_errors import ERRORS, ROOMS
from tests.support.transcript import SCENARIOS, Step, read

TESTS = Path(__file__).parents[1]
SHOWS_ONLY = {
    TESTS / "support" / "error_samples.py",
    TESTS / "support" / "reliability.py",
    TESTS / "packctl" / "ui" / "test_error_texts.py",
}
"""Python that renders or lists, and provokes nothing; of tests/architecture neither."""
HELP = SCENARIOS / "help"
PACKAGES = ("packspec", "packctl", "registry_server")


def named_in_python(path: Path) -> Iterator[str]:
    """Words of every string but docstrings, and names of ours that are imported or reached through a module."""
    docstrings: set[ast.expr] = set()
    for node in ast.walk(ast.parse(path.read_bytes())):  # what holds a node comes before it
        match node:
            case ast.Expr(value=ast.Constant() as text):
                docstrings.add(text)
            case ast.Constant(value=str() as text) if node not in docstrings:
                yield from words(text)
            case ast.Constant(value=bytes() as data):
                yield from words(data.decode("latin-1"))
            case ast.ImportFrom(module=str() as module, names=names) if module.startswith(PACKAGES):
                yield from (f"class {alias.name}" for alias in names)
            case ast.Attribute(attr=name):
                yield f"class {name}"


def named_in_vector(path: Path) -> Iterator[str]:
    """Every text of a JSON document that may be a code."""
    waiting: list[Any] = [json.loads(path.read_bytes())]
    while waiting:
        match waiting.pop():
            case dict() as found:
                waiting += found.values()
            case list() as found:
                waiting += found
            case str() as text if len(text) < 200:
                yield from words(text)


def named_in_transcript(path: Path) -> Iterator[str]:
    """What commands said, but for the codes that `packctl explain` lists and tells of."""
    for part in read(path).parts:
        if isinstance(part, Step):
            told = [] if part.command.startswith("packctl explain") else part.out
            yield from words("\n".join([*told, *part.err]))


def words(text: str) -> Iterator[str]:
    """Whatever reads like a code."""
    for word in text.replace("[", " ").replace("]", " ").replace('"', " ").split():
        plain = word.strip(".,:;()'`\\")
        if plain.partition(".")[0] in ROOMS:
            yield plain


def provoked() -> set[str]:
    """Codes as they are, and classes as `class NAME`."""
    sources: list[tuple[Iterable[Path], Any]] = [
        ((path for path in TESTS.rglob("*.py") if path not in SHOWS_ONLY and "architecture" not in path.parts), named_in_python),
        ((TESTS / "vectors").rglob("*.json"), named_in_vector),
        ((path for path in SCENARIOS.rglob("*.txt") if path.parent != HELP), named_in_transcript),
    ]  # fmt: skip
    return {name for paths, names in sources for path in paths for name in names(path)}


def test_every_code_is_provoked_by_a_test_a_vector_or_a_transcript() -> None:
    classes = defaultdict(list)
    for error in ERRORS:
        classes[error.code].append(error)
    there = provoked()
    missing = [
        f"{code}: {' or '.join(f'{error.__module__}.{error.__name__}' for error in found)}"
        for code, found in sorted(classes.items())
        if code not in there and not any(f"class {error.__name__}" in there for error in found)
    ]
    assert missing == [], (
        "nothing provokes these codes. Write a test that meets the refusal the way a person or a program would (a command, the server over "
        "a socket) and names the code or the class; or, where nothing can raise it any more, remove the class, its text in "
        "src/packspec/codes and its golden:\n  " + "\n  ".join(missing)
    )
