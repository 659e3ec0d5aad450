"""What `packctl explain CODE` and the page /errors/CODE say: one long text for every error code, in a module per room.

The error classes stand beside the rules that raise them and carry the short texts; a test demands that classes and this table name the
same codes.
"""

import importlib
import pkgutil


def explanations() -> dict[str, str]:
    """Code to long text, of every room, sorted by code."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(__path__):
        found |= importlib.import_module(f"{__name__}.{module.name}").CODES
    return dict(sorted(found.items()))
