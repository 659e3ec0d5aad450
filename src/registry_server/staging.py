"""Uploads under way: private files by member and digest, resumable, gone when they expire.

`staging/MEMBER/DIGEST.SIZE.part` holds what arrived; its length is the offset of the next piece. One writer at a time. When all bytes are
there and have the digest, they move into the blob store, and an empty `DIGEST.SIZE.done` says that this member sent them: nobody learns
from an upload what others have sent.
"""

import threading
from dataclasses import dataclass
from pathlib import Path

from packspec.digests import Digest
from registry_server.blobs import BlobDiffers, Blobs
from registry_server.durable import Disk, NoSpace
from registry_server.settings import PublishLimits
from registry_server.staging_refusals import (
    NoUpload,
    OffsetConflict,
    TooManyUploads,
    UploadBusy,
    UploadDiffers,
    UploadShort,
    UploadTooLarge,
)

SPARE_BYTES = 256 << 20
"""Left free on the disk, so that the database can always write."""


@dataclass(frozen=True)
class Upload:
    """The body of a row whose body is bytes: staged at `path`, `received` bytes so far in all."""

    path: Path
    received: int


@dataclass(frozen=True)
class Staged:
    """How far an upload is."""

    member: int
    digest: Digest
    size: int
    received: int
    is_complete: bool
    touched_at: int


class Staging:
    """Uploads under way below one folder."""

    def __init__(self, folder: Path, disk: Disk, blobs: Blobs, limits: PublishLimits) -> None:
        self._folder = folder
        self._disk = disk
        self._blobs = blobs
        self._limits = limits
        self._lock = threading.Lock()
        self._claimed: set[tuple[int, Digest]] = set()

    def start(self, member: int, digest: Digest, size: int, free_bytes: int) -> Staged:
        """Begins an upload, or gives the one there is. Raises UploadTooLarge, TooManyUploads, NoSpace."""
        if size > self._limits.archive_bytes:
            raise UploadTooLarge(size, self._limits.archive_bytes)
        with self._lock:
            found = self._find(member, digest)
            if found is not None and found.size == size:
                return found
            if found is not None:
                if (member, digest) in self._claimed:
                    raise UploadBusy(digest)
                self._forget(found)
            if len(list((self._folder / str(member)).glob("*.part"))) >= self._limits.uploads_per_member:
                raise TooManyUploads(self._limits.uploads_per_member)
            if free_bytes < size + SPARE_BYTES:
                raise NoSpace("staging", "its disk has not enough room for this upload")
            self._disk.write(self._path(member, digest, size, "part"), [])
        return self.state(member, digest)

    def state(self, member: int, digest: Digest) -> Staged:
        """How far an upload is. Raises NoUpload."""
        found = self._find(member, digest)
        if found is None:
            raise NoUpload(digest)
        return found

    def is_complete(self, member: int, digest: Digest) -> bool:
        """Whether this member sent all bytes of `digest`, and the blob store has them."""
        found = self._find(member, digest)
        return found is not None and found.is_complete

    def open_sink(self, member: int, digest: Digest, offset: int, length: int) -> "StagingSink":
        """Where the next `length` bytes go. Raises NoUpload, OffsetConflict, UploadBusy or UploadTooLarge."""
        with self._lock:
            found = self.state(member, digest)
            if (member, digest) in self._claimed:
                raise UploadBusy(digest)
            if offset != found.received:
                raise OffsetConflict(found.received, offset)
            if offset + length > found.size:
                raise UploadTooLarge(offset + length, found.size)
            self._claimed.add((member, digest))
        return StagingSink(self, found, self._path(member, digest, found.size, "part"), self._disk)

    def finish(self, member: int, digest: Digest) -> Staged:
        """Has all bytes hashed and moves them into the blob store.

        Raises NoUpload, UploadBusy, UploadShort, or UploadDiffers, after which the bytes are gone.
        """
        with self._lock:
            found = self.state(member, digest)
            if found.is_complete:
                return found
            if found.received < found.size:
                raise UploadShort(found.size, found.received)
            if (member, digest) in self._claimed:
                raise UploadBusy(digest)
            self._claimed.add((member, digest))
        try:
            self._keep(found)
        finally:
            self.release(member, digest)
        return self.state(member, digest)

    def expire(self, now: int) -> int:
        """Removes uploads without progress for too long, and gives how many."""
        removed = 0
        for path in list(self._folder.glob("*/*.*.*")):
            with self._lock:
                member, digest = int(path.parent.name), Digest(path.name[:64])
                if (member, digest) in self._claimed or not path.exists():
                    continue
                if int(path.stat().st_mtime) + self._limits.upload_hours * 3600 <= now:
                    self._disk.remove(path)
                    removed += 1
        return removed

    def expires_at(self, staged: Staged) -> int:
        """When an upload without further progress is removed; 0 for a complete one."""
        return 0 if staged.is_complete else staged.touched_at + self._limits.upload_hours * 3600

    def release(self, member: int, digest: Digest) -> None:
        """Lets the next writer in."""
        with self._lock:
            self._claimed.discard((member, digest))

    def _keep(self, found: Staged) -> None:
        part = self._path(found.member, found.digest, found.size, "part")
        done = self._path(found.member, found.digest, found.size, "done")
        try:
            # The mark comes once the bytes are known to be right: before, it would say that whoever sent anything of this size has
            # the blob that somebody else sent. And it comes before the move, so that the bytes are never without an owner.
            self._blobs.take(part, found.digest, claim=lambda: self._disk.write(done, []))
        except BlobDiffers as error:
            self._disk.remove(part)
            raise UploadDiffers(found.digest, error.found) from error

    def _find(self, member: int, digest: Digest) -> Staged | None:
        found = None
        for path in sorted((self._folder / str(member)).glob(f"{digest}.*.*")):
            _, size, state = path.name.split(".")
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            done = state == "done" and self._blobs.has(digest)
            if done or state == "part":
                received = int(size) if done else status.st_size
                found = Staged(member, digest, int(size), received, done, int(status.st_mtime))
            if done:
                break
        return found

    def _forget(self, found: Staged) -> None:
        for state in ("part", "done"):
            self._disk.remove(self._path(found.member, found.digest, found.size, state))

    def _path(self, member: int, digest: Digest, size: int, state: str) -> Path:
        return self._folder / str(member) / f"{digest}.{size}.{state}"


class StagingSink:
    """The one writer of an upload. What arrived stays, however it ends."""

    def __init__(self, staging: Staging, found: Staged, path: Path, disk: Disk) -> None:
        self._staging = staging
        self._found = found
        self._path = path
        self._disk = disk
        self._offset = found.received

    def write(self, chunk: bytes) -> None:
        """Appends a piece."""
        self._disk.append(self._path, self._offset, chunk)
        self._offset += len(chunk)

    def close(self) -> Upload:
        """Forces what arrived to the disk and lets the next writer in."""
        try:
            self._disk.sync(self._path)
        finally:
            self._staging.release(self._found.member, self._found.digest)
        return Upload(self._path, self._offset)
