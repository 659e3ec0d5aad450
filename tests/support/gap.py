"""An air gap: a project on a machine with a network, and the same project on machines without one, that get carry files."""

import shutil
from dataclasses import dataclass
from pathlib import Path

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
