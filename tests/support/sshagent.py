"""An ssh agent of the tests' own: speaks the protocol over a socket, and can be told to misbehave. The real one is started where it is."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from packspec.signing.keys import PrivateKey
from packspec.signing.ssh import KEY_TYPE, Reader, key_blob, string

FAILURE = b"\x05"
ED25519 = string(b"ssh-ed25519") + string(bytes(32))
HAS_REAL = all(map(shutil.which, ("ssh-agent", "ssh-add", "ssh-keygen")))


def mpint(number: int) -> bytes:
    """A positive number of SSH."""
    return string(number.to_bytes(number.bit_length() // 8 + 1, "big"))


@dataclass
class SmallAgent:
    """Its keys by comment, others as they lie on the wire, and what it does instead of answering, if it is to misbehave."""

    address: Path
    keys: dict[str, PrivateKey] = field(default_factory=dict)
    others: dict[str, bytes] = field(default_factory=dict)
    is_locked: bool = False
    refuses: bool = False
    instead: Callable[[bytes], bytes] | None = None
    drips: float = 0.0
    """Seconds between two bytes of an answer."""
    asked: list[int] = field(default_factory=list)

    def answer(self, message: bytes) -> bytes:
        """The answer to one message."""
        self.asked.append(message[0])
        if self.instead is not None:
            return self.instead(message)
        return string(self._listed() if message[0] == 11 else self._signed(message[1:]))

    def _listed(self) -> bytes:
        if self.is_locked:
            return b"\x0c" + (0).to_bytes(4, "big")
        rows = [*((key_blob(key.public), name) for name, key in self.keys.items())]
        rows += [(blob, name) for name, blob in self.others.items()]
        return (
            b"\x0c"
            + len(rows).to_bytes(4, "big")
            + b"".join(string(blob) + string(name.encode()) for blob, name in rows)
        )

    def _signed(self, rest: bytes) -> bytes:
        reader = Reader(rest, "request")
        blob, data = reader.string(), reader.string()
        key = next((key for key in self.keys.values() if key_blob(key.public) == blob), None)
        if key is None or self.is_locked or self.refuses:
            return FAILURE
        r, s = decode_dss_signature(key.sign(data))
        return b"\x0e" + string(string(KEY_TYPE.encode()) + string(mpint(r) + mpint(s)))

    def serve(self, door: socket.socket) -> None:
        """Answers one question for each connection, until the door is shut."""
        with contextlib.suppress(OSError):
            while True:
                line, _ = door.accept()
                with line, contextlib.suppress(OSError):
                    length = int.from_bytes(line.recv(4), "big")
                    message = line.recv(length, socket.MSG_WAITALL)
                    answer = self.answer(message) if message else b""  # nothing was asked: the client left
                    for at in range(len(answer) if self.drips else 0):
                        line.sendall(answer[at : at + 1])
                        time.sleep(self.drips)
                    if not self.drips:
                        line.sendall(answer)


@contextmanager
def small_agent() -> Iterator[SmallAgent]:
    """Runs one. Its socket's path is short: systems allow about a hundred characters."""
    with tempfile.TemporaryDirectory(prefix="agent") as folder, socket.socket(socket.AF_UNIX) as door:
        agent = SmallAgent(Path(folder) / "s")
        door.bind(str(agent.address))
        door.listen()
        serving = threading.Thread(target=agent.serve, args=(door,), daemon=True)
        serving.start()
        try:
            yield agent
        finally:
            with contextlib.suppress(OSError):
                door.shutdown(socket.SHUT_RDWR)
            serving.join(5)


@dataclass(frozen=True)
class RealAgent:
    """OpenSSH's agent, and a folder for its keys."""

    folder: Path
    address: Path

    def runs(self, *words: str, typed: str = "") -> str:
        """Runs one of its tools with a passphrase that is typed blindly."""
        asking = {"SSH_ASKPASS": str(self._asks(typed)), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": "none"}
        environ = {**os.environ, **asking, "SSH_AUTH_SOCK": str(self.address), "HOME": str(self.folder)}
        done = subprocess.run(words, cwd=self.folder, env=environ, check=True, capture_output=True, text=True)
        return done.stdout

    def add(self, name: str, *kind: str) -> None:
        """Makes a key and gives it to the agent."""
        self.runs("ssh-keygen", "-q", *(kind or ("-t", "ecdsa", "-b", "256")), "-N", "", "-C", name, "-f", name)
        self.runs("ssh-add", "-q", name)

    def _asks(self, typed: str) -> Path:
        script = self.folder / "ask"
        script.write_text(f"#!/bin/sh\necho '{typed}'\n")
        script.chmod(0o700)
        return script


@contextmanager
def real_agent() -> Iterator[RealAgent]:
    """Runs OpenSSH's agent, and ends it by its id."""
    with tempfile.TemporaryDirectory(prefix="agent") as folder:
        address = Path(folder) / "s"
        running = subprocess.Popen(["ssh-agent", "-D", "-a", str(address)], stdout=subprocess.PIPE)
        try:
            assert running.stdout is not None
            running.stdout.readline()  # it prints its address once it listens
            yield RealAgent(Path(folder), address)
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(10)
            assert running.stdout is not None
            running.stdout.close()
