"""`python -m packctl.demo.library [--newest] DIR`: writes the releases of the launch library as folders, ready for `packctl publish`.

The names of the folders go to a file `order.txt`, a line each as soon as the folder is whole, in the order in which they can be published.
"""

import sys
from pathlib import Path

from packctl.demo.library import releases
from packctl.demo.writing import write_release


def main(target: Path, *, newest: bool) -> None:
    """Draws and writes."""
    target.mkdir(parents=True, exist_ok=True)
    with (target / "order.txt").open("w", encoding="utf-8") as order:
        for release in releases(newest=newest):
            write_release(release, target / release.folder)
            order.write(f"{release.folder}\n")
            order.flush()


if __name__ == "__main__":
    main(Path(sys.argv[-1]), newest="--newest" in sys.argv[1:-1])
