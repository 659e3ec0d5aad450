"""The archive of a pack: written beside its target, read again by the strict reader, then put in its place.

The same folder gives the same bytes on one build of zlib, whatever the clock, the order of the disk or the modes of files say. What a
killed process leaves is a hidden file, which the next build removes.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from packctl.durable import Folder, named_file, open_named, replacing
from packctl.publish.collect import Collected
from packctl.usage import check_folder_of
from packspec.archive.read import Archive, read_archive
from packspec.archive.write import write_archive
from packspec.digests import Digest
from packspec.manifest import Manifest


class Built(Struct, frozen=True):
    """An archive on disk that passed the strict reader."""

    path: Path
    sha256: Digest
    size: int
    archive: Archive

    @property
    def manifest(self) -> Manifest:
        """Its pack.toml as every reader will read it."""
        return self.archive.manifest


def archive_name(manifest: Manifest) -> str:
    """What an archive is called by default: `farm-animals-2.1.0.pack`."""
    return f"{manifest.pack.name.name}-{manifest.pack.version}.pack"


def build(collected: Collected, target: Path, on_bytes: Callable[[int], None] = lambda count: None) -> Built:
    """Writes the archive of the collected files to `target`, replacing one that is there. `on_bytes` hears how many were written.

    Raises what `write_archive` and `read_archive` raise, NoFolder, and DiskFailed; then the target is as it was.
    """
    check_folder_of(target)
    with Folder.open(target.parent) as folder:
        with replacing(folder, target.name) as (fresh,):
            digest = _write(folder, fresh, collected, on_bytes)
            with open_named(folder.path / fresh) as source:
                archive, size = read_archive(source), source.size
        return Built(folder.path / target.name, digest, size, archive)


def _write(folder: Folder, name: str, collected: Collected, on_bytes: Callable[[int], None]) -> Digest:
    hashed = hashlib.sha256()
    with folder.create(name) as file:

        def write(data: bytes) -> None:
            file.write(data)
            hashed.update(data)
            on_bytes(len(data))

        write_archive(collected.files, write)
        file.sync()
    return Digest(hashed.hexdigest())


def read_built(path: Path) -> Built:
    """An archive that is there already, read strictly. Raises NoSuchFile, DiskFailed and what `read_archive` raises."""
    path = named_file(path)
    with open_named(path) as source:
        sha256 = source.digest()
        return Built(path, sha256, source.size, read_archive(source))
