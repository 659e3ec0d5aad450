"""Which files an archive may hold: order, sizes, ratio, methods, places (docs/spec/archive.md, "Files").

`Admission` takes the files one by one. The directory of an archive, a tree and the writer all pass through it, so that what one of them
accepts none of the others refuses.
"""

import msgspec

from packspec.archive import layout
from packspec.errors import Untrusted
from packspec.limits import ARCHIVE_BYTES, FILE_BYTES, FILES, MANIFEST_BYTES, RATIO, RATIO_FROM_BYTES, UNPACKED_BYTES
from packspec.paths import check_path, shown

_WIDEST = 0xFFFF_FFFE
"""Largest size or offset that 32 bits hold without meaning "look elsewhere"."""

ASK_PUBLISHER = "do not use this pack; ask its publisher for a new release, built with packctl"


class ArchiveLimits(msgspec.Struct, frozen=True):
    """Ceilings for one archive: bytes, bytes unpacked, files, and unpacked to packed size of a file above 1 MiB."""

    archive_bytes: int = ARCHIVE_BYTES
    file_bytes: int = FILE_BYTES
    unpacked_bytes: int = UNPACKED_BYTES
    files: int = FILES
    ratio: int = RATIO

    def __post_init__(self) -> None:
        if not 0 < self.archive_bytes <= _WIDEST or not 0 < self.file_bytes <= _WIDEST:
            raise ValueError("archive_bytes and file_bytes must be below 4 GiB, which 32 bits can say")


class Form(msgspec.Struct, frozen=True):
    """A kind of archive: the file it begins with, how many bytes that may have, and whether all files are STORED."""

    first: str
    first_bytes: int
    stored_only: bool = False


PACK = Form("pack.toml", MANIFEST_BYTES)
"""The archive of a pack."""


class BadOrder(Untrusted):
    """The files do not stand in the one order: the first file, then ascending by the bytes of their paths, each once."""

    path: str
    rule: str

    code = "archive.order"

    def what(self) -> str:
        return f"the files of the archive are not in order: {shown(self.path)} {self.rule}"

    def facts(self) -> dict[str, str]:
        return {"rule": self.rule, "path": shown(self.path)}

    def why(self) -> str:
        return "files have one order, so that the same files make the same archive and no file can hide behind another"

    def fix(self) -> list[str]:
        return [ASK_PUBLISHER]


class BadMethod(Untrusted):
    """A file is not packed in one of the two ways, or in the wrong one."""

    path: str
    rule: str

    code = "archive.method"

    def what(self) -> str:
        return f"{shown(self.path)} is packed in a way that is not allowed: {self.rule}"

    def facts(self) -> dict[str, str]:
        return {"rule": self.rule, "path": shown(self.path)}

    def why(self) -> str:
        return "every reader can read STORED and DEFLATE; other methods give different people different files"

    def fix(self) -> list[str]:
        return [ASK_PUBLISHER]


class TooManyFiles(Untrusted):
    """More files than the limit."""

    limit: int
    found: int

    code = "archive.too-many"

    def what(self) -> str:
        return f"the archive has {self.found} files; at most {self.limit} are allowed"

    def facts(self) -> dict[str, str]:
        return {"limit": str(self.limit), "found": str(self.found)}

    def why(self) -> str:
        return "the limit protects memory and disk of everybody who reads the archive"

    def fix(self) -> list[str]:
        return ["ask the publisher to split the pack, or raise the limit where you run the registry"]


class TooBig(Untrusted):
    """A file, the archive, or all files together are above their limit. `subject` says which, sizes are bytes."""

    subject: str
    limit: int
    found: int

    code = "archive.size"

    def what(self) -> str:
        return f"{self.subject} has {self.found} bytes; at most {self.limit} are allowed"

    def facts(self) -> dict[str, str]:
        return {"subject": self.subject, "limit": f"{self.limit} bytes", "found": f"{self.found} bytes"}

    def why(self) -> str:
        return "the limit protects memory and disk of everybody who reads the archive"

    def fix(self) -> list[str]:
        return ["ask the publisher to split the pack, or raise the limit where you run the registry"]


class ExpandsTooMuch(Untrusted):
    """A large file that is many times larger unpacked than packed: a bomb, not content."""

    path: str
    limit: int
    packed: int
    size: int

    code = "archive.ratio"

    def what(self) -> str:
        return f"{shown(self.path)} unpacks to more than {self.limit} times its packed size"

    def facts(self) -> dict[str, str]:
        return {"limit": f"{self.limit} times", "packed": f"{self.packed} bytes", "unpacked": f"{self.size} bytes"}

    def why(self) -> str:
        return (
            "content never packs so well; archives that do are made to fill disks. packctl stores such files unpacked"
        )

    def fix(self) -> list[str]:
        return [ASK_PUBLISHER]


class Admission:
    """Takes the files of one archive in their order and says where each one's data begins."""

    def __init__(self, limits: ArchiveLimits, form: Form) -> None:
        self._limits = limits
        self._form = form
        self._first = form.first.encode()
        self._previous = b""
        self.count = 0
        """Files so far."""
        self.unpacked = 0
        """Bytes of all files so far, unpacked."""
        self.end = 0
        """Where the data of the last file ends: the offset of the next local header, or of the directory."""

    def admit(self, path: str, raw: bytes, size: int, packed: int) -> int:
        """The offset of the first byte of a file's data. `raw` is the path in UTF-8; sizes are bytes.

        Raises BadPath, BadOrder, TooBig, BadMethod, ExpandsTooMuch, TooManyFiles, in this order. Clashes are for `check_clashes`, once
        all paths are known.
        """
        check_path(path)
        if self.count < 2 or raw <= self._previous or raw == self._first:
            self._check_order(path, raw)
        if self.count == 0 or packed != size or size > self._limits.file_bytes:
            self._check_sizes(path, size, packed)
        self.count += 1
        if self.count > self._limits.files:
            raise TooManyFiles(self._limits.files, self.count)
        self._previous = raw
        self.unpacked += size
        if self.unpacked > self._limits.unpacked_bytes:
            raise TooBig("all files together", self._limits.unpacked_bytes, self.unpacked)
        offset = self.end + layout.LOCAL_BYTES + len(raw)
        self.end = offset + packed
        if self.end > self._limits.archive_bytes:
            raise TooBig("the archive", self._limits.archive_bytes, self.end)
        return offset

    def _check_order(self, path: str, raw: bytes) -> None:
        if self.count == 0:
            if raw != self._first:
                raise BadOrder(path, f"stands first, where {self._form.first} must stand")
        elif raw == self._first or raw == self._previous:
            raise BadOrder(path, "occurs twice")
        elif raw < self._previous and self._previous != self._first:
            raise BadOrder(path, f"stands behind {shown(self._previous.decode())}")

    def _check_sizes(self, path: str, size: int, packed: int) -> None:
        if size > self._limits.file_bytes:
            raise TooBig(shown(path), self._limits.file_bytes, size)
        if self.count == 0 and size > self._form.first_bytes:
            raise TooBig(shown(path), self._form.first_bytes, size)
        if packed == size:
            return
        if packed > size:
            raise BadMethod(path, "packed it is larger than unpacked")
        if self.count == 0 or self._form.stored_only:
            raise BadMethod(path, "it must be STORED")
        if size > RATIO_FROM_BYTES and size > self._limits.ratio * packed:
            raise ExpandsTooMuch(path, self._limits.ratio, packed, size)
