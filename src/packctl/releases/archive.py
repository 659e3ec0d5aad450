"""A release as two files in a folder of a person: its archive and its packproof, verified before either gets its name."""

import os
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from packctl.durable import FileSource, Folder, replacing
from packctl.registry.failures import ArchiveChanged
from packctl.registry.open import open_transfers
from packctl.releases.proven import Documents, Release
from packctl.session import Session
from packctl.usage import check_folder_of
from packspec.archive.read import read_files, read_layout
from packspec.digests import Digest


class Target(Struct, frozen=True):
    """Where the two go."""

    archive: Path
    proof: Path

    @classmethod
    def of(cls, release: Release, folder: Path, output: str) -> "Target":
        """`output` is a file, a folder, or nothing. The proof lies beside the archive. Raises NoFolder."""
        name = f"{release.statement.pack.name}-{release.statement.version}.pack"
        given = (folder / output).absolute() if output else folder / name
        archive = given / name if given.is_dir() or output.endswith(("/", os.sep)) else given
        check_folder_of(archive)
        return cls(archive, archive.with_name(f"{archive.name.removesuffix('.pack')}.packproof"))


def keep_archive(session: Session, release: Release, documents: Documents, target: Target) -> None:
    """Fetches the archive, has the strict reader hold every file of it against the signed tree, and puts both files into place.

    Files that had these names are replaced, and only when both new ones are whole. Raises ArchiveChanged, `archive.*`, DiskFailed, and what
    a transfer raises.
    """
    said = release.statement
    transfers = session.once(open_transfers)
    wanted = release.reachable(release.wanted(said.archive.sha256, str(release), said.archive.size, said.archive.size))
    with session.progress("fetching", past="fetched", total=1, total_bytes=said.archive.size) as progress:
        item = progress.item(str(release), said.archive.size)
        name = transfers.fetch(wanted, item.advance)
        item.done()
    try:
        with transfers.open(wanted) as source:
            read_files(source, read_layout(source), signed=documents.tree)
            _place(release, source, target)
    finally:
        transfers.remove(name)


def _place(release: Release, source: FileSource, target: Target) -> None:
    names = (target.proof.name, target.archive.name)
    with Folder.open(target.archive.parent) as folder, replacing(folder, *names) as (proof, archive):
        _copy(release, source, folder, archive)
        with folder.create(proof) as file:
            file.write(release.packproof)
            file.sync()


def _copy(release: Release, source: FileSource, folder: Folder, name: str) -> None:
    """The bytes that are written are hashed once more: what was read before may have come from another cache than these."""
    hashed = sha256()
    with folder.create(name) as file:
        for block in source.blocks():
            hashed.update(block)
            file.write(block)
        file.sync()
    found = Digest(hashed.hexdigest())
    if not found.same(release.statement.archive.sha256):
        raise ArchiveChanged(
            str(release), "the cache of this machine", release.statement.archive.sha256, found.labelled
        )
