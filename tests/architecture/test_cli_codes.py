"""Every error of the frame has an explanation, and every explanation of the room cli an error."""

import importlib
import pkgutil

import packctl
from packspec.codes import explanations
from packspec.codes.cli import CODES
from packspec.errors import PackError

WARNINGS = {"cli.unknown-variable"}
"""Codes that are only ever warnings, so no class has them."""


def classes(base: type[PackError] = PackError) -> set[type[PackError]]:
    return {found for child in base.__subclasses__() for found in (child, *classes(child))}


def test_classes_and_explanations_name_the_same_codes_of_the_frame() -> None:
    for module in pkgutil.walk_packages(packctl.__path__, "packctl."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    ours = [
        kind
        for kind in classes()
        if kind.code.startswith("cli.") and kind.__module__.startswith(("packctl.", "packspec."))
    ]
    codes = {kind.code for kind in ours}
    assert codes == set(CODES) - WARNINGS
    assert len(ours) == len(codes)


def test_explanations_are_prose_without_markup() -> None:
    for code, text in explanations().items():
        assert text.strip() == text and len(text) > 40, code
        assert "  " not in text, code
