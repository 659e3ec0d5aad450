"""Upload of bytes by their digest, in as many pieces as the connection lets through; the other end is `packspec.protocol.uploads`."""

from collections.abc import Callable, Iterator

from packctl.registry.client import RegistryClient
from packctl.registry.failures import TooSlow, Unreachable
from packctl.registry.network import TRIES, Pace, pause_seconds
from packspec.archive import ByteSource
from packspec.digests import Digest
from packspec.errors import Conflict
from packspec.protocol.uploads import APPEND, FINISH, START, STATUS, AppendBytes, AskUpload, StartUpload, UploadState

PIECE_BYTES = 8 * 1024 * 1024
"""Bytes of one request: lost at most when a proxy on the way takes a body whole before it passes it on."""
BLOCK_BYTES = 256 * 1024
FINISH_SECONDS = 600.0
"""The registry hashes and checks up to 2 GiB before it answers."""


def upload(
    client: RegistryClient,
    source: ByteSource,
    digest: Digest,
    pace: Pace,
    on_bytes: Callable[[int], None] = lambda count: None,
) -> UploadState:
    """Sends `source`, whose digest is `digest`, from where an earlier try ended. Already there: nothing is sent.

    `on_bytes` hears how many bytes the registry has in all. Raises what `RegistryClient.call` raises.
    """
    state = client.call(START, StartUpload(digest=digest, size=source.size))
    failures = 0
    while not state.complete and state.received < source.size:
        on_bytes(state.received)
        before = state.received
        try:
            state = _append(client, source, digest, before)
        except (Unreachable, TooSlow, Conflict):
            # A piece was cut off, or another process sends the same bytes: the registry knows how far they got.
            state = client.call(STATUS, AskUpload(digest=digest))
            failures = 1 if state.received > before else failures + 1
            if failures == TRIES:
                raise
            pace.sleep(pause_seconds(failures, pace.random()))
    if not state.complete:
        state = client.call(FINISH, AskUpload(digest=digest), timeout_seconds=FINISH_SECONDS)
    on_bytes(state.received)
    return state


def _append(client: RegistryClient, source: ByteSource, digest: Digest, offset: int) -> UploadState:
    length = min(PIECE_BYTES, source.size - offset)

    def blocks() -> Iterator[bytes]:
        for start in range(offset, offset + length, BLOCK_BYTES):
            yield source.read_at(start, min(BLOCK_BYTES, offset + length - start))

    return client.send_bytes(APPEND, AppendBytes(digest=digest, offset=offset), blocks, length)
