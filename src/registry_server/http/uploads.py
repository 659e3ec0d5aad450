"""Answers about uploads: bytes into private staging, by digest, resumable. Rows: packspec/protocol/uploads.py."""

from packspec.protocol.uploads import (
    APPEND,
    FINISH,
    START,
    STATUS,
    AppendBytes,
    AskUpload,
    StartUpload,
    UploadState,
)
from registry_server.call import Call
from registry_server.http.bind import Sink, bind
from registry_server.staging import Staged


def start(call: Call, ask: StartUpload) -> UploadState:
    """Announces bytes, or gives the upload there is."""
    world = call.world
    return _view(call, world.staging.start(_member(call), ask.digest, ask.size, world.folder.free_bytes()))


def status(call: Call, ask: AskUpload) -> UploadState:
    """How far it is."""
    return _view(call, call.world.staging.state(_member(call), ask.digest))


def open_sink(call: Call, ask: AppendBytes, length: int) -> Sink:
    """Where the body of APPEND goes."""
    return call.world.staging.open_sink(_member(call), ask.digest, ask.offset, length)


def append(call: Call, ask: AppendBytes) -> UploadState:
    """The body is staged by now."""
    return _view(call, call.world.staging.state(_member(call), ask.digest))


def finish(call: Call, ask: AskUpload) -> UploadState:
    """Has the bytes checked and kept."""
    return _view(call, call.world.staging.finish(_member(call), ask.digest))


def _member(call: Call) -> int:
    assert call.actor.member is not None, "the row has a scope, so the door let only members pass"
    return call.actor.member


def _view(call: Call, staged: Staged) -> UploadState:
    return UploadState(
        digest=staged.digest,
        size=staged.size,
        received=staged.received,
        complete=staged.is_complete,
        expires_at=call.world.staging.expires_at(staged),
    )


BINDINGS = (
    bind(START, start),
    bind(STATUS, status),
    bind(APPEND, append, sink=open_sink),
    bind(FINISH, finish),
)
