"""What checks look at: the manifest, and the files that were collected."""

from msgspec import Struct

from packctl.publish.collect import Collected
from packspec.checks import Finding, Level
from packspec.manifest import Fault, Manifest

MANIFEST = "pack.toml"


class Subject(Struct, frozen=True):
    """A pack in its folder, before it is built."""

    manifest: Manifest
    collected: Collected


def finding_of(fault: Fault, file: str = MANIFEST, code: str = "project.manifest") -> Finding:
    """A fault of a file that people write, as an error with its line."""
    text = f"{fault.path} {fault.text}".strip()
    return Finding(code=code, level=Level.ERROR, text=text[:1_000], path=file, line=fault.line)
