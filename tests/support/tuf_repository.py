"""A TUF repository whose every role has a key of its own and can be changed at will; the conformance wrapper runs on it in this process."""

import sys
import time
from dataclasses import dataclass, field
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)

from packspec.errors import PackError
from registry_server.index.metadata import at
from tests.support.liar import Asked, answer

CLIENT = Path(__file__).parents[1] / "conformance" / "tuf_client"
TOP = ("root", "timestamp", "snapshot", "targets")
DAY = 86_400
KEYS = [CryptoSigner.generate_ecdsa() for _ in range(8)]


def client() -> Any:
    """The wrapper as a module."""
    loader = SourceFileLoader("tuf_client", str(CLIENT))
    spec = spec_from_loader("tuf_client", loader)
    assert spec is not None
    found = module_from_spec(spec)
    loader.exec_module(found)
    return found


@dataclass
class Repository:
    """What is published: `publish` writes the roles named, each as its next version, and a snapshot and timestamp that fit."""

    folder: Path
    url: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    signers: dict[str, list[CryptoSigner]] = field(default_factory=dict)
    roles: dict[str, Targets] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ends = at(int(time.time()) + DAY)
        self.root = Root(expires=ends)
        self.timestamp, self.snapshot, self.targets = (
            Timestamp(expires=ends),
            Snapshot(expires=ends),
            Targets(expires=ends),
        )
        for signed in (self.timestamp, self.snapshot, self.targets):
            signed.version = 0
        for role, signer in zip(TOP, KEYS, strict=False):
            self.signers[role] = [signer]
            self.root.add_key(signer.public_key, role)
        self.roles["targets"] = self.targets
        self.write("root", self.root)
        self.publish("targets")
        self.client = client()
        (folder := self.folder / "metadata").mkdir()
        (self.folder / "targets").mkdir()
        (self.folder / "root.json").write_bytes(self.files["/m/1.root.json"])
        self.metadata = folder

    def write(self, role: str, signed: Any, name: str = "") -> bytes:
        document = Metadata(signed)
        for signer in self.signers[role]:
            document.sign(signer, append=True)
        data = document.to_bytes()
        self.files[f"/m/{name or f'{signed.version}.{role}'}.json"] = data
        return data

    def publish(self, *roles: str) -> None:
        for role in roles:
            self.roles[role].version += 1
            self.write(role, self.roles[role])
            self.snapshot.meta[f"{role}.json"] = MetaFile(self.roles[role].version)
        self.snapshot.version += 1
        self.write("snapshot", self.snapshot)
        self.stamp(self.snapshot.version)

    def stamp(self, snapshot: int) -> None:
        """The next timestamp, for that snapshot."""
        self.timestamp.version += 1
        self.timestamp.snapshot_meta = MetaFile(snapshot)
        self.write("timestamp", self.timestamp, "timestamp")

    def next_root(self) -> None:
        self.root.version += 1
        self.write("root", self.root)

    def delegate(self, parent: str, name: str, paths: list[str] | None = None, *, terminating: bool = False) -> None:
        holder = self.roles[parent]
        signer = self.signers.setdefault(name, [KEYS[4]])[0]
        if holder.delegations is None:
            holder.delegations = Delegations({}, {})
        assert holder.delegations.roles is not None
        holder.delegations.roles[name] = DelegatedRole(name, [], 1, terminating, paths or ["*"])
        holder.add_key(signer.public_key, name)
        if name not in self.roles:
            self.roles[name] = Targets(expires=at(int(time.time()) + DAY))
            self.roles[name].version = 0

    def add(self, role: str, path: str, body: bytes) -> None:
        file = TargetFile.from_data(path, body, ["sha256"])
        self.roles[role].targets[path] = file
        folder, _, name = path.rpartition("/")
        self.files[f"/t/{folder}{'/' if folder else ''}{file.hashes['sha256']}.{name}"] = body

    def reply(self, asked: Asked) -> list[bytes]:
        path = unquote(asked.target)
        self.asked.append(path)
        return [answer(200, self.files[path]) if path in self.files else answer(404)]

    def run(self, *words: str) -> int:
        """One command; its exit status."""
        self.asked.clear()
        before, sys.argv = sys.argv, ["tuf_client", *words]
        try:
            return int(self.client.main())
        except (PackError, RepositoryError) as error:  # and no slip of this driver
            return self._failed(error)
        except LookupError as error:
            if type(error) is not LookupError:  # which says that no target has that name
                raise
            return self._failed(error)
        finally:
            sys.argv = before

    def _failed(self, error: Exception) -> int:
        self.errors.append(str(getattr(error, "code", type(error).__name__)))
        return 1

    def init(self) -> "Repository":
        assert self.run("--metadata-dir", str(self.metadata), "init", str(self.folder / "root.json")) == 0
        return self

    def refresh(self) -> int:
        return self.run("--metadata-url", f"{self.url}/m", "--metadata-dir", str(self.metadata), "refresh")

    def download(self, *names: str) -> int:
        wanted = [word for name in names for word in ("--target-name", name)]
        places = ["--target-dir", str(self.folder / "targets"), "--target-base-url", f"{self.url}/t/"]
        where = ["--metadata-url", f"{self.url}/m", "--metadata-dir", str(self.metadata)]
        return self.run(*where, *wanted, *places, "download")

    def trusted(self) -> dict[str, int]:
        return {
            path.name.removesuffix(".json"): Metadata[Any].from_file(str(path)).signed.version
            for path in self.metadata.glob("*.json")
        }

    @property
    def visited(self) -> list[str]:
        """Delegated roles in the order in which they were asked for."""
        names = [path.rpartition("/")[2].split(".")[1] for path in self.asked if path.startswith("/m/")]
        return [name for name in names if name not in (*TOP, "json")]
