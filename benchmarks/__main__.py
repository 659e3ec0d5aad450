"""`./run bench`: packctl beside uv, pip and npm on the same files, in one run. Prints a table and writes benchmarks/latest.json.

Only ratios of one run mean something: machines differ, and share their time. Every tool reads from a static server of the same kind on
loopback; rounds take turns, so that noise meets everybody.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import own
from benchmarks.install import Installs, compare
from benchmarks.peers import Packctl, peers
from benchmarks.table import lines
from benchmarks.targets import judge
from benchmarks.work import works

HERE = Path(__file__).parent
LATEST = HERE / "latest.json"


def main() -> int:
    """Runs what was asked for."""
    options = _options()
    cache = Path(options.cache)
    cache.mkdir(parents=True, exist_ok=True)
    usual = [work.name for work in works(cache) if options.long or not work.is_long]
    asked = [work for work in works(cache) if work.name in (options.only or usual)]
    tools, missing = peers(cache) if asked else ([Packctl()], [])
    for word in missing:
        _say(word)
    installs: list[Installs] = []
    with tempfile.TemporaryDirectory(prefix="packctl-bench-", dir=options.folder) as folder:
        for work in asked:
            installs += compare(work, tools, Path(folder) / work.name, options.rounds or work.rounds, _say)
        figures = own.measure(Path(folder) / "own", options.only, options.rounds, _say)
    result = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()},
        "tools": {tool.name: tool.version() for tool in tools},
        "installs": [one.document() for one in installs],
        "figures": [figure.document() for figure in figures],
        "targets": [target.document() for target in judge(installs, figures)],
    }
    print("\n".join(lines(installs, figures, judge(installs, figures))))
    if not options.only:
        LATEST.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        print(f"\nwritten: {LATEST.relative_to(HERE.parent)}")
    return 0


def _options() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="./run bench", description="packctl beside uv, pip and npm")
    asked.add_argument(
        "only",
        nargs="*",
        help="many, large, tiny, real, start, verify, transfer, resolver, licensing, trust; nothing: all, and latest.json",
    )
    asked.add_argument("--long", action="store_true", help="also tiny and real, which take many minutes")
    asked.add_argument("--rounds", type=int, help="rounds of each command; by default 3 to 7")
    asked.add_argument("--folder", help="where to work; by default the temporary folder of the machine")
    asked.add_argument("--cache", default=str(HERE / ".cache"), help="what is fetched once is kept here")
    return asked.parse_args()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
