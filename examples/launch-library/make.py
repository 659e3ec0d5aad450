"""Writes the launch library: `python make.py DIR` makes a folder for every release of the 25 packs, and DIR/order.txt."""

import sys
from pathlib import Path

from packctl.demo.library import __main__ as library

if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    target = Path(sys.argv[1])
    library.main(target, newest=False)
    print(f"{len((target / 'order.txt').read_text().split())} releases in {target}")
