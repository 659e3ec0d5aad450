"""Opens a carry file that a person named: a plain file, or what comes through a pipe, which is kept in a file of our own meanwhile."""

import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from packctl.durable import Asked, FileSource, Folder, open_named
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
    if named == STDIN or _is_pipe(path):
        with _spooled(session, named, path) as source:
            yield CarryFile.open(source, "the file from the pipe" if named == STDIN else path.name)
        return
    with open_named(path) as source:
        yield CarryFile.open(source, path.name)


def _is_pipe(path: Path) -> bool:
    try:
        mode = path.stat().st_mode
    except OSError:
        return False  # `open_named` says what is wrong
    return stat.S_ISFIFO(mode)


@contextmanager
def _spooled(session: Session, named: str, path: Path) -> Iterator[FileSource]:
    """The bytes of a pipe in a file without a name: nothing of it is left, however this ends."""
    name = f"carry-{session.random_bytes(8).hex()}"
    with Folder.open(session.places.cache / DOWNLOADS, create=True, mode=0o700) as folder:
        try:
            with folder.create(name) as file, Asked("read", named), ExitStack() as closing:
                pipe = (
                    session.console.streams.stdin.buffer if named == STDIN else closing.enter_context(path.open("rb"))
                )
                while block := pipe.read(limits.MIB):
                    file.write(block)
                    if file.size > LIMITS.archive_bytes:
                        raise CarryBroken(named, f"it has more than {LIMITS.archive_bytes} bytes")
            source = FileSource(folder.open_file(name), folder.at(name))
        finally:
            folder.remove(name)
        with source:
            yield source
