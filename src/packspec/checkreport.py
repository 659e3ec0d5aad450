"""The check report: what a registry's checks noticed about an archive that was handed in (docs/spec/checkreport.md).

An approval names its digest, so that nobody can say later that a reviewer saw something else. A submission shows the findings; whoever
has them and the archive's digest can make the report again, and compare.
"""

from typing import Self

from packspec import canonical
from packspec.checks import Finding
from packspec.digests import Digest
from packspec.signing.documents import Format
from packspec.wire import SignedDocument


class CheckReport(SignedDocument, frozen=True, kw_only=True):
    """All findings about one archive, in the order of the checks."""

    v: Format
    archive: Digest
    findings: tuple[Finding, ...]

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """Reads a report whose digest was compared. Raises Malformed, NotCanonical, ClientTooOld."""
        return canonical.decode(data, cls, "check report")

    def encode(self) -> bytes:
        """The bytes that are kept and hashed."""
        return canonical.encode(self)

    @property
    def digest(self) -> Digest:
        """What an approval names."""
        return Digest.of(self.encode())
