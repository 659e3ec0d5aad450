"""The ssh agent of who runs a ceremony: what one asks it and is answered is in `packspec.signing.agent`, and here are the sockets for it.

For offline keys; packctl has sockets of its own, for people's keys.
"""

import socket
from collections.abc import Callable

from packspec.signing.agent import Agent


def agent_at(address: str, monotonic: Callable[[], float]) -> Agent:
    """The agent that listens at `address`, the path of a socket; empty: there is none."""
    return Agent(address, _line, monotonic)


def _line() -> socket.socket:
    if not hasattr(socket, "AF_UNIX"):
        raise OSError("this system has no sockets with a path")
    return socket.socket(socket.AF_UNIX)
