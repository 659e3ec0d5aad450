"""Structs are known to msgspec before threads share them.

msgspec looks at the fields of a Struct when it first reads one, and Python may switch threads in the middle of it: a thread that reads the
same Struct then ends the process (segmentation fault, msgspec 0.22). So one thread has all of them looked at before requests are answered.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from packspec import wire

_OURS = ("packspec.", "registry_server.")


def learn() -> None:
    """Has msgspec look at every Struct of ours that is loaded. Again it costs next to nothing."""
    for kind in _below(msgspec.Struct):
        if kind.__module__.startswith(_OURS):
            try:
                msgspec.json.Decoder(kind, dec_hook=wire.dec_hook)
            except TypeError:  # never read from JSON: it holds what JSON has not
                continue


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for one in type.__subclasses__(kind):
        yield one
        yield from _below(one)
