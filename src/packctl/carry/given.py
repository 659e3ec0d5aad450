"""Opens a carry file that a person named: a plain file, or what comes through a pipe, which is kept in a file of our own meanwhile."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from packctl.durable import PRIVATE, Asked, FileSource, Folder, NewFile, is_pipe, open_named
from packctl.registry.open import DOWNLOADS
from packctl.session import Session
from packctl.usage import BadValue
from packspec import limits
from packspec.carry import LIMITS, CarryBroken, CarryFile

STDIN = "-"


@contextmanager
def given_file(session: Session, named: str) -> Iterator[CarryFile]:
    """The carry file `named`, `-` for standard input. Raises NoSuchFile, BadValue, DiskFailed, CarryBroken, ClientTooOld."""
    path = session.folder / named
    if path.is_dir() or (named == STDIN and session.console.streams.stdin_terminal):
        raise BadValue("FILE", named, "a file that packctl carry export made, or - with its bytes piped in")
    if named == STDIN or is_pipe(path):
        with _spooled(session, named, path) as source:
            yield CarryFile.open(source, "the file from the pipe" if named == STDIN else path.name)
        return
    with open_named(path) as source:
        yield CarryFile.open(source, path.name)


@contextmanager
def _spooled(session: Session, named: str, path: Path) -> Iterator[FileSource]:
    """The bytes of a pipe in a file without a name: nothing of it is left, however this ends, not even of a process that is killed."""
    name = f"carry-{session.random_bytes(8).hex()}"
    with Folder.open(session.places.cache / DOWNLOADS, create=True, mode=0o700) as folder:
        with folder.create(name, PRIVATE) as file:
            descriptor = folder.open_file(name)
            try:
                folder.remove(name)
                _copy(session, named, path, file)
            except BaseException:
                os.close(descriptor)
                raise
        with FileSource(descriptor, folder.at(name)) as source:
            yield source


def _copy(session: Session, named: str, path: Path, file: NewFile) -> None:
    with Asked("read", named), ExitStack() as closing:
        pipe = session.console.streams.stdin.buffer if named == STDIN else closing.enter_context(path.open("rb"))
        while block := pipe.read(limits.MIB):
            file.write(block)
            if file.size > LIMITS.archive_bytes:
                raise CarryBroken(named, f"it has more than {LIMITS.archive_bytes} bytes")
