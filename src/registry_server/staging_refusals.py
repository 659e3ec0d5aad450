"""Why the registry does not take an upload, or not yet."""

from typing import ClassVar

from packspec.digests import Digest
from packspec.errors import Conflict, Invalid, NotFound


class UploadTooLarge(Invalid):
    """More bytes than the registry takes, or than were announced."""

    size: int
    ceiling_bytes: int

    http_status: ClassVar[int] = 413
    code = "publishing.upload-too-large"

    def what(self) -> str:
        return f"{self.size} bytes are more than may come here"

    def facts(self) -> dict[str, str]:
        return {"at most": f"{self.ceiling_bytes} bytes", "found": f"{self.size} bytes"}

    def fix(self) -> list[str]:
        return ["make the pack smaller, or split it", "packctl build"]


class UploadShort(Invalid):
    """An upload was called finished before all of it was there."""

    size: int
    received: int

    code = "publishing.upload-short"

    def what(self) -> str:
        return f"{self.size - self.received} bytes of the upload are missing"

    def facts(self) -> dict[str, str]:
        return {"announced": f"{self.size} bytes", "received": f"{self.received} bytes"}

    def fix(self) -> list[str]:
        return ["run the same command again: it sends what is missing"]


class UploadDiffers(Invalid):
    """All bytes arrived and have another digest than announced. They were removed."""

    expected: Digest
    found: Digest

    code = "publishing.upload-digest"

    def what(self) -> str:
        return "the uploaded bytes have another digest than announced"

    def facts(self) -> dict[str, str]:
        return {"announced": self.expected.labelled, "found": self.found.labelled}

    def why(self) -> str:
        return "the file changed while it was sent, or something on the way changed it"

    def fix(self) -> list[str]:
        return ["run the same command again"]


class OffsetConflict(Conflict):
    """A piece does not begin where the last one ended."""

    expected: int
    found: int

    code = "publishing.upload-offset"

    def what(self) -> str:
        return f"the upload goes on at byte {self.expected}"

    def facts(self) -> dict[str, str]:
        return {"expected": str(self.expected), "found": str(self.found)}

    def fix(self) -> list[str]:
        return ["run the same command again: it asks where to go on"]


class UploadBusy(Conflict):
    """Somebody with the same account sends the same bytes right now."""

    digest: Digest

    code = "publishing.upload-busy"

    def what(self) -> str:
        return f"{self.digest.short} is being uploaded right now"

    def fix(self) -> list[str]:
        return ["wait for the other upload, or stop it"]


class NoUpload(NotFound):
    """The asker has no such upload."""

    digest: Digest

    code = "publishing.no-upload"

    def what(self) -> str:
        return f"you have no upload of {self.digest.short}"

    def why(self) -> str:
        return "it was never started, or had no progress for too long"

    def fix(self) -> list[str]:
        return ["run the same command again"]


class TooManyUploads(Conflict):
    """A member has as many unfinished uploads as the registry keeps."""

    most: int

    code = "publishing.too-many-uploads"

    def what(self) -> str:
        return f"you have {self.most} unfinished uploads, and more are not kept"

    def fix(self) -> list[str]:
        return ["finish some of them, or wait until they expire"]
