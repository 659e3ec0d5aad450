"""TOML files of people, read safely: text to plain values, plain values to Structs, every fault at once with its path and line.

Used for pack.toml, pack.lock, listings and configuration. Refuses to write TOML and knows no format: the Structs say what a format allows.
"""

from packspec.toml.convert import NOTHING, Table, convert
from packspec.toml.faults import Fault, Faults, Path, path_text
from packspec.toml.lines import Lines
from packspec.toml.text import TomlText, Unreadable, read_text

__all__ = [
    "NOTHING", "Fault", "Faults", "Lines", "Path", "Table", "TomlText", "Unreadable", "convert", "path_text", "read_text",
]  # fmt: skip
