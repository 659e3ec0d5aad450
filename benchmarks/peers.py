"""The tools that are compared: how each is given the same files, and its commands for the same work.

packctl gets a signed registry, uv and pip wheels behind a simple index, npm tarballs behind its registry's documents. Each installs from a
lock file with digests, because that is what packctl does.
"""

import base64
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.peer import Peer, found
from benchmarks.place import Place
from benchmarks.registry import PUBLISHER, make_registry
from benchmarks.wheels import Pip, Uv
from benchmarks.work import Files


class Packctl(Peer):
    """Ours."""

    name = "packctl"

    def __init__(self) -> None:
        self._root = ""

    def program(self) -> list[str]:
        return [str(Path(sys.executable).parent / "packctl")]

    def publish(self, site: Path, packs: Mapping[str, Files]) -> None:
        self._root = make_registry(site, packs)

    def prepare(self, place: Place, url: str, names: list[str]) -> None:
        wishes = "".join(f'"{PUBLISHER}/{name}" = "^1"\n' for name in names)
        text = f'[dependencies]\n{wishes}\n[registries]\ndefault = {{ url = "{url}", root = "{self._root}" }}\n'
        (place.project / "pack.toml").write_text(text, encoding="utf-8")
        self.set_up(place, url, "config", "set", "storage.limit", "9 GB")
        self.set_up(place, url, "lock")

    def reset(self, place: Place) -> None:
        shutil.rmtree(place.project / "packs", ignore_errors=True)

    def command(self, state: str) -> list[str]:
        return [*self.program(), "install"]

    def environment(self, place: Place, url: str) -> dict[str, str]:
        folders = {"PACKCTL_DATA_DIR": str(place.home / "data"), "PACKCTL_CACHE_DIR": str(place.home / "cache")}
        return place.environment(**folders, PACKCTL_CONFIG=str(place.folder / "config.toml"))


class Npm(Peer):
    """npm, with a package-lock.json."""

    name = "npm"

    def program(self) -> list[str]:
        return [found("npm")]

    def publish(self, site: Path, packs: Mapping[str, Files]) -> None:
        (site / "tarballs").mkdir(parents=True)
        for name, files in packs.items():
            data = _tarball(name, files)
            (site / "tarballs" / f"{name}-1.0.0.tgz").write_bytes(data)
            integrity = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
            (site / f"{name}.integrity").write_text(integrity, encoding="ascii")

    def prepare(self, place: Place, url: str, names: list[str]) -> None:
        site = place.folder / "site"
        for name in names:
            integrity = (site / f"{name}.integrity").read_text(encoding="ascii")
            dist = {"tarball": f"{url}/tarballs/{name}-1.0.0.tgz", "integrity": integrity}
            document = {
                "name": name,
                "dist-tags": {"latest": "1.0.0"},
                "versions": {"1.0.0": {"name": name, "version": "1.0.0", "dist": dist}},
            }
            (site / name).write_text(json.dumps(document), encoding="utf-8")
        wishes = dict.fromkeys(names, "1.0.0")
        package = {"name": "bench", "version": "1.0.0", "private": True, "dependencies": wishes}
        (place.project / "package.json").write_text(json.dumps(package), encoding="utf-8")
        self.set_up(place, url, "install", "--package-lock-only")

    def reset(self, place: Place) -> None:
        shutil.rmtree(place.project / "node_modules", ignore_errors=True)

    def command(self, state: str) -> list[str]:
        return [*self.program(), "install" if state == "noop" else "ci"]

    def environment(self, place: Place, url: str) -> dict[str, str]:
        quiet = dict.fromkeys(("npm_config_audit", "npm_config_fund", "npm_config_update_notifier"), "false")
        cache = str(place.home / "cache")
        return place.environment(**quiet, npm_config_registry=url, npm_config_cache=cache, npm_config_loglevel="error")


def peers(cache: Path) -> tuple[list[Peer], list[str]]:
    """The tools that are here, ours first, and a word on each that is not."""
    here: list[Peer] = [Packctl()]
    missing = []
    for name, make in (("uv", Uv), ("pip", lambda: Pip(cache)), ("npm", Npm)):
        try:
            peer = make()
            peer.version()
            here.append(peer)
        except (OSError, subprocess.CalledProcessError, LookupError) as error:
            missing.append(f"{name} is left out: {error}")
    return here, missing


def _tarball(name: str, files: Files) -> bytes:
    inside = {"package.json": json.dumps({"name": name, "version": "1.0.0"}).encode(), **files}
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz", compresslevel=6) as archive:
        for path, data in inside.items():
            member = tarfile.TarInfo(f"package/{path}")
            member.size, member.mode = len(data), 0o644
            archive.addfile(member, io.BytesIO(data))
    return written.getvalue()
