"""An air gap: a project on a machine with a network, and the same project on machines without one, that get carry files."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from packspec.archive import BytesSource
from packspec.archive.write import SourceFile
from packspec.carry import Carry, CarryFile, write_carry
from tests.support.hostile import Client, HostileRegistry, Ran
from tests.support.machine import Ended, Machine
from tests.support.registry import Registry

WANTS = '[dependencies]\n"zed/lamp" = "^1"\n'


@dataclass
class Gap:
    """`here` is the machine with a network; `there` gives closed ones, each with its own name."""

    folder: Path
    registry: Registry
    here: Machine

    @classmethod
    def at(cls, folder: Path, registry: Registry, wants: str = WANTS) -> "Gap":
        """A locked project here."""
        here = Machine.at(folder / "here", registry)
        here.wants(wants)
        ended = here.packctl("lock")
        assert ended.code == 0, ended.err
        return cls(folder, registry, here)

    def there(self, name: str = "there") -> Machine:
        """A closed machine with a copy of the project as it is now: pack.toml and pack.lock. It knows the registry's root."""
        machine = Machine.at(self.folder / name, self.registry, PACKCTL_OFFLINE="1")
        for file in ("pack.toml", "pack.lock"):
            shutil.copy(self.here.project / file, machine.project / file)
        return machine

    def export(self, file: str = "farm.carry", *more: str) -> Path:
        """Makes a carry file here. Its path."""
        ended = self.here.packctl("carry", "export", "-o", file, *more)
        assert ended.code == 0, ended.err
        return self.here.project / file


def takes_in(machine: Machine, file: Path) -> Ended:
    """`machine` takes in a file, and it works."""
    ended = machine.packctl("carry", "import", str(file))
    assert ended.code == 0, ended.err
    return ended


def kept(machine: Machine) -> dict[str, bytes]:
    """Every file that packctl keeps there, by path."""
    folders = {"data": machine.data, "cache": machine.cache}
    return {
        f"{name}/{path.relative_to(folder).as_posix()}": path.read_bytes()
        for name, folder in folders.items()
        for path in folder.rglob("*")
        if path.is_file()
    }


def write(path: Path, carry: Carry, files: Mapping[str, bytes]) -> Path:
    """A carry file of any files, with right checksums, as anybody can make one."""
    written = bytearray()
    write_carry(carry, [SourceFile.of(name, data) for name, data in files.items()], written.extend)
    path.write_bytes(written)
    return path


def opened(path: Path) -> tuple[Carry, dict[str, bytes]]:
    """Header and files of a carry file."""
    file = CarryFile.open(BytesSource(path.read_bytes()), path.name)
    return file.carry, {name: file.read(name, 1 << 30) or b"" for name in file.paths()}


def rewritten(path: Path, changes: Mapping[str, bytes | None], **header: object) -> Path:
    """The same file with other bytes under some paths (None: without them), and other fields of the header."""
    carry, files = opened(path)
    kept_files = {name: data for name, data in {**files, **changes}.items() if data is not None}
    return write(path.with_name(f"re-{path.name}"), structs.replace(carry, **header), kept_files)


@dataclass
class Closed:
    """A machine without network, for a hostile registry: it takes files in and installs from them."""

    client: Client

    def run(self, line: str) -> Ran:
        """A command, without network."""
        return self.client.run(*line.split(), PACKCTL_OFFLINE="1")

    def takes(self, file: Path, *more: str) -> Ran:
        """Takes a file in, or is refused."""
        return self.client.run("carry", "import", str(file), *more, PACKCTL_OFFLINE="1")


def project_of(registry: HostileRegistry, folder: Path, wants: str = '"acme/icons" = "^1"') -> Client:
    """A locked project on a machine that may ask a hostile registry."""
    client = Client(folder, registry.url, registry.root)
    folder.mkdir()
    (folder / "pack.toml").write_text(f"[dependencies]\n{wants}\n")
    ended = client.run("lock")
    assert ended.code == 0, ended.err
    return client


def export_of(client: Client, file: str = "farm.carry", *more: str) -> Path:
    """Makes a carry file of that project."""
    ended = client.run("carry", "export", "-o", file, *more)
    assert ended.code == 0, ended.err
    return client.folder / file


def closed_copy(client: Client, folder: Path) -> Closed:
    """A machine without network, with the project as it is now."""
    folder.mkdir()
    for name in ("pack.toml", "pack.lock"):
        shutil.copy(client.folder / name, folder / name)
    return Closed(Client(folder, client.address, client.root))
