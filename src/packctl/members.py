"""Which folders are members of a workspace, and what their pack.toml say (docs/spec/workspace.md). Looks, never writes.

To which workspace a folder belongs is told by `places.project_root`.

No link is followed and nothing that begins with a dot is entered, so a pattern finds the same folders on every machine.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from packctl.config_file import UnreadableConfig
from packctl.places import PACK_TOML
from packspec import limits
from packspec.errors import Invalid, Where
from packspec.globs import Pattern
from packspec.project import Project

FOLDERS = 10_000
"""Most folders that are looked into for members: a workspace at the top of a disk is a slip."""


class NoMember(Invalid):
    """A member that is named without signs has no pack.toml."""

    folder: str
    line: int

    code = "project.no-member"

    def what(self) -> str:
        return f"{self.folder} is named as a member and has no pack.toml"

    def facts(self) -> dict[str, str]:
        return {"from": f"{PACK_TOML} line {self.line}"}

    def why(self) -> str:
        return "a member of a workspace is a folder with a pack.toml; only a pattern such as apps/* may also fit folders without one"

    def fix(self) -> list[str]:
        from shlex import quote

        return [f"packctl init {quote(self.folder)}", "or take it out of [workspace] members"]

    def where(self) -> Where:
        return Where(PACK_TOML, self.line)


class MemberName(Invalid):
    """A pattern leads to a member whose name is no text, so pack.lock could not be told of it."""

    folder: str
    line: int

    code = "project.member-name"

    def what(self) -> str:
        return f"the name of the member {self.folder!a} is not UTF-8"

    def facts(self) -> dict[str, str]:
        return {"from": f"{PACK_TOML} line {self.line}"}

    def why(self) -> str:
        return "pack.lock is made from the files of all members by their names, and must be the same on every machine"

    def fix(self) -> list[str]:
        return ["rename the folder", "or name the members of [workspace] more closely"]

    def where(self) -> Where:
        return Where(PACK_TOML, self.line)


class TooManyFolders(Invalid):
    """A pattern leads through more folders than are looked into."""

    pattern: str
    line: int

    code = "project.too-many-folders"

    def what(self) -> str:
        return f"the members {self.pattern!r} lead through more than {FOLDERS:,} folders"

    def facts(self) -> dict[str, str]:
        return {"from": f"{PACK_TOML} line {self.line}"}

    def why(self) -> str:
        return "every command would look through all of them"

    def fix(self) -> list[str]:
        return ["name the folders more closely, such as apps/* in place of **"]

    def where(self) -> Where:
        return Where(PACK_TOML, self.line)


def member_bytes(root: Path, project: Project) -> dict[str, bytes]:
    """The bytes of the pack.toml of each member of the workspace in `root`, by folder; empty for a project that is none.

    At most one byte more than the limit is read: the parser says that it is too large. Raises NoMember, MemberName, TooManyFolders,
    UnreadableConfig.
    """
    if not project.workspace.members:
        return {}
    line = project.lines.of(("workspace", "members"))
    folders = member_folders(root, project.workspace.members, str(project.install.dir), line)
    return {folder: _read(root / folder / PACK_TOML) for folder in folders}


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(limits.MANIFEST_BYTES + 1)
    except OSError as error:
        raise UnreadableConfig(str(path), error.strerror or type(error).__name__) from error


def member_folders(root: Path, patterns: Sequence[Pattern], packs: str, line: int = 0) -> list[str]:
    """The folders of the members, relative to `root` and with slashes, ascending. `packs` is the install folder, which holds none.

    `line` is where `[workspace] members` stands. Raises NoMember, MemberName, TooManyFolders.
    """
    found = set()
    for pattern in patterns:
        if pattern.is_path:
            if not (root / pattern / PACK_TOML).is_file():
                raise NoMember(str(pattern), line)
            found.add(str(pattern))
            continue
        for number, folder in enumerate(_folders(root, "", pattern.split("/"), packs)):
            if number == FOLDERS:
                raise TooManyFolders(str(pattern), line)
            if pattern.matches(folder) and (root / folder / PACK_TOML).is_file():
                if folder != folder.encode("utf-8", "ignore").decode():
                    raise MemberName(folder, line)
                found.add(folder)
    return sorted(found)


def _folders(root: Path, at: str, parts: Sequence[str], packs: str) -> Iterator[str]:
    """Every folder that a pattern of these parts could still fit, or lead through."""
    if not parts:
        return
    part, *rest = parts
    try:
        entries = sorted(entry.name for entry in os.scandir(root / at) if entry.is_dir(follow_symlinks=False))
    except OSError:  # what cannot be read holds no member that could be used
        return
    for name in entries:
        folder = f"{at}/{name}" if at else name
        if name.startswith(".") or folder == packs:
            continue
        if part == "**":
            yield folder
            yield from _folders(root, folder, parts, packs)
        elif Pattern(part).matches(name):
            yield folder
            yield from _folders(root, folder, rest, packs)
