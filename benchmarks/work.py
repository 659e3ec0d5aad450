"""The work: packs as files in memory, made from a seed, so that every tool in every run gets the same bytes.

Bytes are random, as those of pictures and sounds are to a compressor. The real pack is a package of Debian, where one can be had.
"""

import random
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

Files = Mapping[str, bytes]
DEBIAN_PACKAGE = "tuxpaint-stamps-default"
FETCH_SECONDS = 120


@dataclass(frozen=True)
class Work:
    """One kind of work: what it is, and its packs by short name. `packs` is called once, because some are large."""

    name: str
    title: str
    packs: Callable[[], Mapping[str, Files]]
    rounds: int
    is_long: bool = False
    """Takes many minutes, so that it runs when it is named, or with --long."""


def works(cache: Path) -> tuple[Work, ...]:
    """Every work, from the usual to the extreme. `cache` keeps what is fetched from Debian."""
    return (
        Work("many", "50 packs of 40 files of 20 kB", lambda: _packs(50, 40, 20_000), 7),
        Work("large", "one pack of 200 MB in 10 files", lambda: _packs(1, 10, 20_000_000), 5),
        Work("tiny", "one pack of 100,000 files of 100 bytes", lambda: _packs(1, 99_990, 100), 3, is_long=True),
        Work("real", f"Debian's {DEBIAN_PACKAGE}", lambda: _debian(cache), 3, is_long=True),
    )


def _packs(packs: int, files: int, size: int) -> dict[str, Files]:
    source = random.Random(2026)
    return {
        f"pack-{number:02}": {f"assets/{file // 100:03}/{file:05}.bin": source.randbytes(size) for file in range(files)}
        for number in range(1, packs + 1)
    }


def _debian(cache: Path) -> dict[str, Files]:
    """The stamps, if Debian's tools are here and a mirror answers; no packs otherwise."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return {}
    folder = cache / "debian"
    folder.mkdir(parents=True, exist_ok=True)
    if not list(folder.glob("*.deb")):
        fetch = ["apt-get", "download", DEBIAN_PACKAGE]
        try:
            subprocess.run(fetch, cwd=folder, check=True, capture_output=True, timeout=FETCH_SECONDS)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            return {}
    unpacked = folder / "unpacked"
    if not unpacked.is_dir():
        subprocess.run(["dpkg-deb", "-x", str(next(folder.glob("*.deb"))), str(unpacked)], check=True)
    stamps = unpacked / "usr/share/tuxpaint/stamps"
    files = {
        f"assets/{path.relative_to(stamps).as_posix()}": path.read_bytes()
        for path in sorted(stamps.rglob("*"))
        if path.is_file() and not path.is_symlink()
    }
    return {"stamps": files} if files else {}
