"""The one tree of errors: every code is unique, has its texts, its kind, and a long explanation."""

import ast
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import packctl
import packspec
import registry_server
from packspec.codes import explanations
from packspec.errors import Kind, PackError
from packspec.problems import Relayed

SRC = Path(__file__).parents[2] / "src"
ROOMS = {
    "cli", "project", "resolve", "trust", "archive", "install", "publish", "registry", "access", "catalog", "publishers", "publishing",
    "log", "licensing", "policy", "carry", "ceremony", "delivery", "witness", "agent", "identity",
}  # fmt: skip


def every_error():
    """Every class of error that has a code, after importing all of the source."""
    for package in (packspec, packctl, registry_server):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__") and ".migrations." not in module.name:
                importlib.import_module(module.name)
    seen, waiting = [], [PackError]
    while waiting:
        for one in waiting.pop().__subclasses__():
            if one not in seen and not issubclass(one, Relayed):
                seen.append(one)
                waiting.append(one)
    ours = ("packspec.", "packctl.", "registry_server.")  # tests have classes of their own
    return [one for one in seen if one.code and "code" in vars(one) and one.__module__.startswith(ours)]


def every_notice():
    """The codes of warnings that are no errors: the first argument of each `Notice(...)` where it is written out."""
    texts = [path.read_text() for path in sorted(SRC.rglob("*.py"))]
    for text in (text for text in texts if "Notice(" in text):
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Call(func=ast.Name(id="Notice"), args=[ast.Constant(value=str() as code), *_]):
                    yield code


ERRORS = every_error()
FINDINGS = {"publish."}
"""Rooms whose codes may be those of findings, which are no errors of their own."""


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: f"{error.code}:{error.__name__}")
def test_every_error_has_a_code_of_its_room_a_kind_and_its_texts(error):
    room, _, fact = error.code.partition(".")
    assert room in ROOMS
    assert re.fullmatch(r"[a-z][a-z0-9-]*", fact)
    assert isinstance(error.kind, Kind)
    assert error.what is not PackError.what, "no `what`"
    if error.kind is not Kind.BUG:
        assert error.fix is not PackError.fix or error.why is not PackError.why, "neither `why` nor `fix`"


def test_one_code_means_one_fact():
    """Two classes share a code only where one is a kind of the other or both are written for one fact on the two sides."""
    by_code = {}
    for error in ERRORS:
        by_code.setdefault(error.code, []).append(error)
    for code, classes in by_code.items():
        kinds = {one.kind for one in classes}
        assert len(kinds) == 1, f"{code} has several kinds: {kinds}"


def test_every_code_is_explained_and_every_explanation_has_a_code():
    codes = {error.code for error in ERRORS} | set(every_notice())
    explained = set(explanations())
    assert codes - explained == set(), "not explained"
    unused = {code for code in explained - codes if not any(code.startswith(room) for room in FINDINGS)}
    assert unused == set(), "explained, but nothing raises them"
