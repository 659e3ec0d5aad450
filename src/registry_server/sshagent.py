"""The line to an ssh agent: a connection to its socket for each question. What one asks and is answered: `packspec.signing.agent`.

For offline keys; packctl has a line of its own, for people's keys.
"""

import socket
from collections.abc import Callable

from packspec.signing.agent import Agent, talk
from packspec.signing.agentfaults import AgentUnreachable


def agent_at(address: str, monotonic: Callable[[], float]) -> Agent:
    """The agent that listens at `address`, the path of a socket; empty: there is none."""

    def ask(message: bytes, seconds: float) -> bytes:
        if not address:
            raise AgentUnreachable("", "no address")
        if not hasattr(socket, "AF_UNIX"):
            raise AgentUnreachable(address, "this system has no sockets with a path")
        ends = monotonic() + seconds
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(seconds)
                line.connect(address)
                return talk(line, message, lambda: ends - monotonic())
        except TimeoutError as error:
            raise AgentUnreachable(address, f"no answer in {seconds:.0f} s") from error
        except OSError as error:
            raise AgentUnreachable(address, error.strerror or str(error)) from error

    return Agent(ask)
