"""uv and pip: the same wheels behind the same simple index."""

import base64
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.peer import Peer, found
from benchmarks.place import Place
from benchmarks.work import Files


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
        return [found("uv")]

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
