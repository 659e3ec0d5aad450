"""The ssh agent of a person: what one asks it and is answered is in `packspec.signing.agent`, and here are the sockets for it.

For people's keys; the server's commands have sockets of their own, for offline keys.
"""

import socket
import time
from collections.abc import Callable

from packspec.signing.agent import Agent


def agent_at(address: str, monotonic: Callable[[], float] = time.monotonic) -> Agent:
    """The agent that listens at `address`, the path of a socket; empty: there is none."""
    return Agent(address, _line, monotonic)


def _line() -> socket.socket:
    if not hasattr(socket, "AF_UNIX"):
        raise OSError("this system has no sockets with a path")
    return socket.socket(socket.AF_UNIX)
