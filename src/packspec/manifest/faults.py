"""ManifestFaults: everything that is wrong in a pack.toml, listing or configuration file, told at once."""

from dataclasses import field

from packspec.errors import Invalid, Where
from packspec.toml import Fault, TomlText, Unreadable, read_text


class ManifestFaults(Invalid):
    """A file that people write says something that its format does not allow. Holds every fault that could be found."""

    faults: tuple[Fault, ...] = field(default_factory=tuple)
    file: str = "pack.toml"

    code = "project.manifest"

    def what(self) -> str:
        if len(self.faults) == 1:
            return f"{self.file}: {_told(self.faults[0])}"
        return f"{self.file} has {len(self.faults)} faults"

    def facts(self) -> dict[str, str]:
        told: dict[str, str] = {}
        for fault in self.faults:
            label = f"line {fault.line}" if fault.line else "file"
            told[label] = f"{told[label]}; {_told(fault)}" if label in told else _told(fault)
        return told

    def why(self) -> str:
        return "a key or value that its rule does not allow could be read in two ways"

    def fix(self) -> list[str]:
        if self.file.endswith("config.toml"):
            return ["packctl config edit", "packctl help config"]
        return [f"correct {self.file} and run the command again"]

    def where(self) -> Where:
        return Where(self.file, self.faults[0].line if self.faults else 0)


def _told(fault: Fault) -> str:
    return f"{fault.path} {fault.text}" if fault.path else fault.text


def read_toml(data: bytes, file: str) -> TomlText:
    """Reads the TOML of `file`. Raises ManifestFaults with one fault, the one that keeps it from being read."""
    try:
        return read_text(data)
    except Unreadable as error:
        raise ManifestFaults((Fault("", error.reason, error.line),), file) from error
