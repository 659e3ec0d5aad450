"""`Places`: where packctl keeps things on this machine. It computes paths and creates nothing.

The platform's folders (XDG on Linux, Library on macOS, AppData on Windows) are the default; `PACKCTL_CONFIG`, `PACKCTL_DATA_DIR` and
`PACKCTL_CACHE_DIR` replace them. A machine without a home folder (HOME empty or unset and no account entry) is refused only by the command
that needs a folder which nothing else names.
"""

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from packspec.errors import Invalid

PACK_TOML = "pack.toml"
MOST_BYTES = 256 * 1024
"""A larger pack.toml is refused by whoever reads it; here it names nothing."""


class NoHome(Invalid):
    """There is no home folder, so a folder has no default place."""

    use: str
    variable: str
    code = "cli.no-home"

    def what(self) -> str:
        return f"there is no home folder for the {self.use}"

    def why(self) -> str:
        return "HOME is empty or unset, and this account has no folder of its own"

    def fix(self) -> list[str]:
        return [f"set {self.variable}, or HOME"]


class Places(Struct, dict=True):
    """The folders and files of one person on this machine. `environ` is the environment as it was read at the door."""

    environ: Mapping[str, str]
    config_option: str | None = None
    no_config: bool = False

    @cached_property
    def config_file(self) -> Path:
        """The user's config.toml, there or not. Raises NoHome."""
        if named := self.config_option or self.environ.get("PACKCTL_CONFIG"):
            return Path(named).absolute()
        return self._platform("user_config_path", "configuration", "PACKCTL_CONFIG") / "config.toml"

    @cached_property
    def system_config_file(self) -> Path:
        """The machine's config.toml, there or not."""
        return self._platform("site_config_path", "configuration", "PACKCTL_CONFIG") / "config.toml"

    @cached_property
    def data(self) -> Path:
        """What must not be lost: the store, pinned roots, seen checkpoints, keys, tokens. Raises NoHome."""
        if named := self.environ.get("PACKCTL_DATA_DIR"):
            return Path(named).absolute()
        return self._platform("user_data_path", "store and the keys", "PACKCTL_DATA_DIR")

    @cached_property
    def cache(self) -> Path:
        """What can be fetched again: downloaded indexes. Raises NoHome."""
        if named := self.environ.get("PACKCTL_CACHE_DIR"):
            return Path(named).absolute()
        return self._platform("user_cache_path", "cache", "PACKCTL_CACHE_DIR")

    @property
    def store(self) -> Path:
        """Files of packs by digest, shared by all projects of a person."""
        return self.data / "store"

    @property
    def projects(self) -> Path:
        """Notes on where packs are installed on this machine."""
        return self.data / "projects"

    @property
    def registries(self) -> Path:
        """What is remembered about each registry: the pinned root, metadata last accepted, checkpoints seen."""
        return self.data / "registries"

    @property
    def keys(self) -> Path:
        """Private keys, mode 0700."""
        return self.data / "keys"

    @property
    def licenses(self) -> Path:
        """The key of this machine and the licenses that are bound to it, mode 0700."""
        return self.data / "licenses"

    @property
    def credentials(self) -> Path:
        """Tokens where no system keyring keeps them, mode 0600."""
        return self.data / "credentials.json"

    @property
    def reports(self) -> Path:
        """Reports of our own faults."""
        return self.data / "reports"

    def _platform(self, property_name: str, use: str, variable: str) -> Path:
        from platformdirs import PlatformDirs

        try:
            found: Path = getattr(PlatformDirs("packctl", appauthor=False), property_name)
        except RuntimeError as error:
            raise NoHome(use, variable) from error
        if not found.is_absolute():  # what older versions of the library give
            raise NoHome(use, variable)
        return found


def find_up(start: Path, name: str) -> Path | None:
    """The nearest file `name` in `start` or a folder above it."""
    for folder in (start, *start.parents):
        candidate = folder / name
        if candidate.is_file():
            return candidate
    return None


def project_root(start: Path) -> Path | None:
    """The pack.toml of the project that `start` lies in: the nearest one, or that of the workspace which names its folder as a member."""
    nearest = find_up(start, PACK_TOML)
    if nearest is None:
        return None
    above = nearest.parent
    while (candidate := find_up(above.parent, PACK_TOML)) is not None and above != above.parent:
        if is_ours(candidate, nearest) and _names(candidate, nearest.parent.relative_to(candidate.parent).as_posix()):
            return candidate
        above = candidate.parent
    return nearest


def is_ours(above: Path, nearest: Path) -> bool:
    """Whether the pack.toml `above` may take in the one that is nearest: it is no stranger's (docs/spec/workspace.md).

    Somebody else's file in /tmp, or above all homes, could otherwise rule every project below it.
    """
    try:
        return _may_take_in(_owner(above), _owner(nearest), os.geteuid())
    except (OSError, AttributeError):  # a system without owners, or a file that went away just now
        return not hasattr(os, "geteuid")


def _may_take_in(above: int, nearest: int, me: int) -> bool:
    return above in (nearest, me, 0)


def _owner(path: Path) -> int:
    return path.lstat().st_uid


def _names(candidate: Path, folder: str) -> bool:
    """Whether a pack.toml names `folder` as a member. One that cannot be read names nothing: whoever works in it will be told."""
    try:
        with candidate.open("rb") as file:
            data = file.read(MOST_BYTES)
    except OSError:
        return False
    if b"workspace" not in data:
        return False
    from packspec.errors import PackError
    from packspec.toml import Unreadable, read_text
    from packspec.workspace import is_member

    try:
        return is_member(folder, read_text(data).values)
    except (PackError, Unreadable):
        return False
