"""`pattern`, as `re.compile`, but compiled when it is first used.

Compiling takes 0.1 to 2 ms for each, and of the patterns in the modules that a command loads it uses a third. Type checkers see
`re.compile`, whose objects have the same methods.
"""

import re
from typing import TYPE_CHECKING, Any

__all__ = ["pattern"]

if TYPE_CHECKING:
    from re import compile as pattern
else:

    class pattern:
        """A regular expression. A method that was asked for once is there like any other attribute, at no price."""

        def __init__(self, text: str, flags: int = 0) -> None:
            self._given = (text, flags)
            self.pattern = text

        def __getattr__(self, name: str) -> Any:
            found = getattr(re.compile(*self._given), name)
            setattr(self, name, found)
            return found
