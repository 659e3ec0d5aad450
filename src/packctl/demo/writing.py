"""Releases of the demo as folders on disk."""

from pathlib import Path

from packctl.demo.pack import Release


def write_release(release: Release, folder: Path) -> Path:
    """Writes the files of a release into `folder`, which must not hold another one. Gives the folder."""
    for path, data in release.files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
    return folder
