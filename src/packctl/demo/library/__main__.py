"""`python -m packctl.demo.library DIR`: writes every release of the launch library as a folder, ready for `packctl publish`."""

import sys
from pathlib import Path

from packctl.demo.library import releases
from packctl.demo.writing import write_release


def main(target: Path) -> None:
    """Draws and writes."""
    for release in releases():
        write_release(release, target / release.folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
