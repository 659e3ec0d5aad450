"""Fault: one thing that is wrong in a TOML file, with its path and line; Faults: the list that a reader fills."""

from msgspec import Struct, field

from packspec.patterns import pattern
from packspec.toml.lines import Lines

Path = tuple[str | int, ...]
"""Keys and list positions from the top of the file: `("dependencies", "acme/a", "version")`, `("assets", 3, "type")`."""

FAULTS = 200
"""Most faults that are told of one file."""

_BARE = pattern(r"[A-Za-z0-9_-]+")


def path_text(path: Path) -> str:
    """The path as a person reads it: `assets[3].type`, `dependencies."acme/a".version`. Positions count from 0."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += ("." if text else "") + (part if _BARE.fullmatch(part) else f'"{part}"')
    return text


class Fault(Struct, frozen=True):
    """What is wrong at one place. `path` is empty for the file as a whole; `line` counts from 1, 0 if there is none to name."""

    path: str
    text: str
    line: int = 0


class Faults(Struct):
    """Collects faults while a file is read. Of several faults at one path the first stays: later ones follow from it."""

    found: dict[Path, str] = field(default_factory=dict)
    more: int = 0
    """How many were left out: nobody reads thousands, and an upload must not make a registry write them."""

    @property
    def is_full(self) -> bool:
        """Whether further faults are only counted."""
        return len(self.found) >= FAULTS

    def add(self, path: Path, text: str) -> None:
        """Notes a fault at `path`, the first `FAULTS` of them."""
        if self.is_full:
            self.more += path not in self.found
        else:
            self.found.setdefault(path, text)

    def at(self, path: Path) -> bool:
        """Whether something at, below or above `path` is wrong already, so that a check of it would only repeat that."""
        return any(path[: len(known)] == known or known[: len(path)] == path for known in self.found)

    def __bool__(self) -> bool:
        return bool(self.found)

    def listed(self, lines: Lines) -> tuple[Fault, ...]:
        """The faults with their lines, in the order of lines and then of discovery; last, how many more there are."""
        made = [Fault(path_text(path), text, lines.of(path)) for path, text in self.found.items()]
        rest = (Fault("", f"and {self.more} more faults"),) if self.more else ()
        return (*sorted(made, key=lambda fault: fault.line), *rest)
