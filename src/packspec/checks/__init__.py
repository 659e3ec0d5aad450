"""What publisher and registry look for in every file of a pack, by the same code on both sides (docs/spec/checks.md).

A check sees each file once, as a stream, and gives findings. `error` refuses; `warning` and `note` are for the people who decide.
"""

from packspec.checks.files import FileLook, PackLook
from packspec.checks.findings import Finding, Level

__all__ = ["FileLook", "Finding", "Level", "PackLook"]
