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
import zipfile
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path

from benchmarks.place import Place
from benchmarks.registry import PUBLISHER, make_registry
from benchmarks.work import Files

STATES = ("cold", "warm", "noop")
"""Nothing there; what was downloaded is there and the project is empty; everything is there."""
SETUP_SECONDS = 600


class Peer(ABC):
    """One tool. `site` is the folder that its static server serves, `url` that server's address."""

    name: str

    @abstractmethod
    def publish(self, site: Path, packs: Mapping[str, Files]) -> None:
        """Writes the packs into `site`, as the tool wants to find them."""

    @abstractmethod
    def prepare(self, place: Place, url: str, names: list[str]) -> None:
        """Makes a project that wants every pack, with its lock file."""

    @abstractmethod
    def reset(self, place: Place) -> None:
        """Takes what is installed out of the project."""

    @abstractmethod
    def command(self, state: str) -> list[str]:
        """The command line, to be run in the project."""

    @abstractmethod
    def environment(self, place: Place, url: str) -> dict[str, str]:
        """The variables of that command."""

    def version(self) -> str:
        """What the tool calls itself."""
        done = subprocess.run([*self.program(), "--version"], capture_output=True, text=True, check=True)
        return done.stdout.split("\n")[0].strip()

    @abstractmethod
    def program(self) -> list[str]:
        """The tool itself."""

    def set_up(self, place: Place, url: str, *words: str) -> None:
        """Runs the tool while making a project, untimed."""
        environ = self.environment(place, url)
        done = subprocess.run(
            [*self.program(), *words],
            cwd=place.project,
            env=environ,
            capture_output=True,
            text=True,
            timeout=SETUP_SECONDS,
        )
        if done.returncode:
            raise RuntimeError(f"{self.name} {' '.join(words)}: {done.stderr or done.stdout}")


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


class _OfWheels(Peer):
    """uv and pip: the same wheels and the same simple index."""

    def publish(self, site: Path, packs: Mapping[str, Files]) -> None:
        (site / "wheels").mkdir(parents=True)
        for name, files in packs.items():
            data, metadata = _wheel(name, files)
            file = f"{name.replace('-', '_')}-1.0.0-py3-none-any.whl"
            (site / "wheels" / file).write_bytes(data)
            (site / "wheels" / f"{file}.metadata").write_bytes(metadata)
            page = site / "simple" / name
            page.mkdir(parents=True)
            digest = hashlib.sha256(data).hexdigest()
            core = f'data-core-metadata="sha256={hashlib.sha256(metadata).hexdigest()}"'
            link = f'<!DOCTYPE html><a href="../../wheels/{file}#sha256={digest}" {core}>{file}</a>\n'
            (page / "index.html").write_text(link, encoding="utf-8")

    def venv(self, place: Place) -> Path:
        """The environment that is installed into."""
        return place.project / ".venv"


class Uv(_OfWheels):
    """uv, with a project and its uv.lock."""

    name = "uv"

    def program(self) -> list[str]:
        return [_found("uv")]

    def prepare(self, place: Place, url: str, names: list[str]) -> None:
        wishes = json.dumps([f"{name}==1.0.0" for name in names])
        text = f'[project]\nname = "bench"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = {wishes}\n'
        (place.project / "pyproject.toml").write_text(text, encoding="utf-8")
        self.set_up(place, url, "lock")

    def reset(self, place: Place) -> None:
        command = [
            *self.program(),
            "venv",
            "--quiet",
            "--clear",
            "--no-config",
            "--python",
            sys.executable,
            str(self.venv(place)),
        ]
        subprocess.run(command, check=True, env=place.environment(), capture_output=True)

    def command(self, state: str) -> list[str]:
        return [*self.program(), "sync", "--locked", "--quiet"]

    def environment(self, place: Place, url: str) -> dict[str, str]:
        return place.environment(
            UV_DEFAULT_INDEX=f"{url}/simple",
            UV_CACHE_DIR=str(place.home / "cache"),
            UV_NO_CONFIG="1",
            UV_PYTHON_DOWNLOADS="never",
            UV_PYTHON=sys.executable,
        )


class Pip(_OfWheels):
    """pip, from an environment of its own, with a requirements file that has digests."""

    name = "pip"

    def __init__(self, cache: Path) -> None:
        self._home = cache / "pip"
        if not (self._home / "bin/pip").exists():
            subprocess.run([sys.executable, "-m", "venv", str(self._home)], check=True, capture_output=True)
            subprocess.run(
                [*self.program(), "install", "--quiet", "--upgrade", "pip"], capture_output=True, check=False
            )

    def program(self) -> list[str]:
        return [str(self._home / "bin/python"), "-m", "pip"]

    def prepare(self, place: Place, url: str, names: list[str]) -> None:
        site = Path(place.folder / "site")
        lines = []
        for name in names:
            (link,) = [
                file for file in (site / "wheels").glob("*.whl") if file.name.startswith(f"{name.replace('-', '_')}-")
            ]
            lines.append(f"{name}==1.0.0 --hash=sha256:{hashlib.sha256(link.read_bytes()).hexdigest()}\n")
        (place.project / "requirements.txt").write_text("".join(lines), encoding="utf-8")

    def reset(self, place: Place) -> None:
        shutil.rmtree(self.venv(place), ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(self.venv(place))], check=True)

    def command(self, state: str) -> list[str]:
        options = [
            "--quiet",
            "--no-compile",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            "requirements.txt",
        ]
        return [*self.program(), "--python", ".venv/bin/python", "install", *options]

    def environment(self, place: Place, url: str) -> dict[str, str]:
        return place.environment(
            PIP_INDEX_URL=f"{url}/simple", PIP_CONFIG_FILE="/dev/null", PIP_CACHE_DIR=str(place.home / "cache")
        )


class Npm(Peer):
    """npm, with a package-lock.json."""

    name = "npm"

    def program(self) -> list[str]:
        return [_found("npm")]

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
    found: list[Peer] = [Packctl()]
    missing = []
    for name, make in (("uv", Uv), ("pip", lambda: Pip(cache)), ("npm", Npm)):
        try:
            peer = make()
            peer.version()
            found.append(peer)
        except (OSError, subprocess.CalledProcessError, LookupError) as error:
            missing.append(f"{name} is left out: {error}")
    return found, missing


def _found(program: str) -> str:
    beside = Path(sys.executable).parent / program
    found = str(beside) if beside.exists() else shutil.which(program)
    if found is None:
        raise LookupError(f"no {program} on PATH")
    return found


def _wheel(name: str, files: Files) -> tuple[bytes, bytes]:
    """A wheel as a builder makes it, deflated, and its METADATA."""
    package = name.replace("-", "_")
    info = f"{package}-1.0.0.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0.0\n".encode()
    tags = b"Wheel-Version: 1.0\nGenerator: benchmark\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    inside = {f"{package}/{path}": data for path, data in files.items()}
    inside |= {f"{info}/METADATA": metadata, f"{info}/WHEEL": tags}
    record = io.StringIO()
    for path, data in inside.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record.write(f"{path},sha256={digest},{len(data)}\n")
    record.write(f"{info}/RECORD,,\n")
    inside[f"{info}/RECORD"] = record.getvalue().encode()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in inside.items():
            archive.writestr(path, data)
    return written.getvalue(), metadata


def _tarball(name: str, files: Files) -> bytes:
    inside = {"package.json": json.dumps({"name": name, "version": "1.0.0"}).encode(), **files}
    written = io.BytesIO()
    with tarfile.open(fileobj=written, mode="w:gz", compresslevel=6) as archive:
        for path, data in inside.items():
            member = tarfile.TarInfo(f"package/{path}")
            member.size, member.mode = len(data), 0o644
            archive.addfile(member, io.BytesIO(data))
    return written.getvalue()
