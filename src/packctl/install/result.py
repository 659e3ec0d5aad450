"""`Installed`: what an install, an update or a lock came to, as every command of this kind gives it back and `--json` writes it."""

import msgspec

from packspec.names import PackName
from packspec.versions import Version


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One pack that came in, changed or went out. `before` is the version that was there, empty for a new one."""

    name: PackName
    version: Version
    before: str = ""
    registry: str
    archive: str
    """`sha256:...` of the archive."""
    license: str = ""
    bytes: int = 0
    """Bytes of its files, unpacked."""
    bytes_fetched: int = 0
    bytes_archive: int = 0
    """Bytes of its whole archive."""
    bytes_new: int = 0
    """Bytes of files, unpacked, that no pack on this machine had: what more the disk needs."""
    files: int = 0
    files_added: int = 0
    files_changed: int = 0
    files_removed: int = 0


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """An optional dependency that could not be had. `by` asks for it: a pack, or pack.toml."""

    name: PackName
    range: str
    by: str
    why: str


class HeldBack(msgspec.Struct, frozen=True, kw_only=True):
    """A dependency of the project of which there is a newer release outside of its range."""

    name: PackName
    version: Version
    newest: Version


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One conclusion of the proof that no versions fit: `because` has ids of steps before it and facts in words."""

    id: int
    because: list[int | str]
    so: str


class WayOut(msgspec.Struct, frozen=True, kw_only=True):
    """A command that gives a solution, and the versions that it gives; tried before it is told."""

    command: str
    gives: str


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """What changed. With `dry_run` it is what would change.

    `unchanged` counts packs; `lock` and `manifest` say `unchanged` or `written` of pack.lock and pack.toml; `releases` counts the packs of
    the lock, `verified` those whose signatures, approvals and place in the log were checked just now; `as_of` is the time of the
    registry's newest index, RFC 3339 UTC, empty where nobody was asked; `kept` are files of a person that were moved out of the way;
    `bytes_total` are the bytes of whole archives, `bytes_fetched` those that came; `bytes_new` what more the disk needs.
    Where no versions fit, nothing changed, and `derivation` and `ways_out` alone say something.
    """

    added: list[Change] = []
    changed: list[Change] = []
    removed: list[Change] = []
    unchanged: int = 0
    left_out: list[LeftOut] = []
    held_back: list[HeldBack] = []
    lock: str = "unchanged"
    manifest: str = "unchanged"
    releases: int = 0
    verified: int = 0
    as_of: str = ""
    folder: str = ""
    kept: list[str] = []
    bytes_fetched: int = 0
    bytes_total: int = 0
    bytes_new: int = 0
    dry_run: bool = False
    seconds: float = 0.0
    derivation: list[Step] = []
    ways_out: list[WayOut] = []
