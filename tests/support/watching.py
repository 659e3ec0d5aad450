"""Witnesses in tests: one that listens in this process, and logs that grow, or fork, in memory."""

import asyncio
import hashlib
import io
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from packspec.log.checkpoint import LOG, Checkpoint, NoteKey, SignedNote, sign_checkpoint
from packspec.log.proofs import EMPTY_ROOT, Node, consistency_proof, leaf_hash, node_hash, tree_hash
from packspec.log.witnessing import AddCheckpoint
from packspec.signing.keys import PrivateKey
from registry_server.durable import Disk, Watch, unwatched
from registry_server.http.frame import Frame
from registry_server.http.server import Listener
from registry_server.logs import Log
from registry_server.settings import HttpSettings
from registry_server.witness.service import Service
from registry_server.witness.store import Witness
from tests.support.signing import log_key

ORIGIN = "registry.example/log"
AT = 1_790_000_000
SIGNER = log_key("log")


@dataclass(frozen=True)
class Grown:
    """A log in memory. Two of them with other entries are two histories."""

    entries: Sequence[bytes]
    signer: PrivateKey = SIGNER
    origin: str = ORIGIN

    @property
    def key(self) -> NoteKey:
        """What witnesses trust."""
        return NoteKey.of(self.origin, LOG, self.signer.public)

    def note(self, size: int) -> SignedNote:
        """The checkpoint of the first entries."""
        root = tree_hash(size, self._read) if size else EMPTY_ROOT
        return sign_checkpoint(Checkpoint(self.origin, size, root), self.signer)

    def ask(self, old: int, size: int) -> AddCheckpoint:
        """What an honest log asks of a witness that knows `old` entries."""
        proof = consistency_proof(old, size, self._read) if 0 < old < size else ()
        return AddCheckpoint(old, tuple(proof), self.note(size))

    def _read(self, nodes: Sequence[Node]) -> list[bytes]:
        return [self._root(node.level, node.number) for node in nodes]

    def _root(self, level: int, number: int) -> bytes:
        if not level:
            return leaf_hash(self.entries[number])
        return node_hash(self._root(level - 1, 2 * number), self._root(level - 1, 2 * number + 1))


HONEST = Grown([b"entry %d" % number for number in range(20)])
FORK = Grown([*HONEST.entries[:5], *(b"other %d" % number for number in range(15))])
"""The same first five entries, and another history from there."""


def witness_at(folder: Path, *logs: NoteKey, name: str = "w1.example", watch: Watch = unwatched) -> Witness:
    """A witness that trusts these logs."""

    def chance(length: int) -> bytes:
        return hashlib.shake_256(name.encode()).digest(length)

    return Witness.open(folder, Disk(watch), chance, name, map(str, logs or (HONEST.key,)))


@contextmanager
def listening(witness: Witness) -> Iterator[str]:
    """Its address, as long as it listens."""
    service = Service(witness, lambda: AT, Log(io.StringIO(), lambda: AT))
    listener = Listener(cast(Frame, service), HttpSettings(port=0, stop_seconds=1))
    thread = threading.Thread(target=lambda: asyncio.run(listener.serve()), name="witness", daemon=True)
    thread.start()
    assert listener.listening.wait(10)
    try:
        yield listener.url
    finally:
        listener.stop()
        thread.join(10)
