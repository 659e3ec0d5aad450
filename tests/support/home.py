"""Whose home this process is in: the library that knows the platform's folders reads the process's own environment."""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

_LOCK = threading.Lock()
_INSIDE: list[str] = []
"""The home of each thread that is in one: all are in the same."""
_OUTSIDE = ExitStack()
"""The way back to the environment as it was."""


@contextmanager
def at_home(home: str) -> Iterator[None]:
    """While in the `with`, HOME of this process is `home`. Several threads may be there at once, as commands of one person are."""
    with _LOCK:
        assert set(_INSIDE) <= {home}, "somebody else is at home here"
        if not _INSIDE:
            _OUTSIDE.enter_context(mock.patch.dict(os.environ, {"HOME": home, "USERPROFILE": home}))
        _INSIDE.append(home)
    try:
        yield
    finally:
        with _LOCK:
            _INSIDE.pop()
            if not _INSIDE:
                _OUTSIDE.close()
