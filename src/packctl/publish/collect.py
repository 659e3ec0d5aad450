"""Which files of a folder go into the pack, and why the others do not (docs/spec/manifest.md, "Files").

No link is followed and nothing but plain files goes in. What cannot go in although it was meant to is a finding, told with all others
before anything is written.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from msgspec import Struct, field

from packctl.durable import Folder, What
from packspec import limits
from packspec.archive.write import SourceFile
from packspec.checks import Finding, Level
from packspec.manifest import Manifest, describing_files, is_hidden, reason_against
from packspec.paths import fold, path_clash, path_fault, shown

BLOCK_BYTES = 256 * 1024
_MOST_FINDINGS = 100


class LeftOut(Struct, frozen=True):
    """A file or folder that stays behind, and the rule that says so."""

    path: str
    why: str


class Collected(Struct, frozen=True):
    """The files that go in, by path, and what was noticed on the way."""

    folder: Path
    files: tuple[SourceFile, ...]
    left_out: tuple[LeftOut, ...]
    findings: tuple[Finding, ...]

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the files."""
        return tuple(file.path for file in self.files)

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in self.files)


def collect(folder: Path, manifest: Manifest, install_folder: str) -> Collected:
    """Looks through `folder`, whose pack.toml is `manifest`. `install_folder` is where packs of others are installed.

    Raises DiskFailed for a folder that cannot be read.
    """
    choice = _Choice(manifest, install_folder)
    walk = _Walk(choice, folder)
    with Folder.open(folder) as top:
        walk.through(top, "")
    files = sorted(walk.files, key=lambda file: file.path.encode("utf-8", "surrogatepass"))
    return Collected(
        folder, tuple(files), tuple(walk.left_out), tuple([*walk.findings, *_clashes(files)][:_MOST_FINDINGS])
    )


class _Choice(Struct, frozen=True):
    """The rules about one pack. They speak of paths alone."""

    manifest: Manifest
    install_folder: str

    def reason_against(self, path: str) -> str:
        """Why the file at `path` stays out; empty if it goes in."""
        return reason_against(path, self.manifest, self.install_folder)

    def reason_to_skip(self, folder: str) -> str:
        """Why nothing below `folder` can go in, so that nobody walks through `.git`; empty if something might."""
        pack = self.manifest.pack
        named = (*describing_files(self.manifest), *pack.preview)
        if any(path.startswith(f"{folder}/") for path in named):
            return ""
        if folder == self.install_folder:
            return "installed packs"
        if is_hidden(folder) and not any(is_hidden(pattern) for pattern in pack.include or ()):
            return "a name begins with a dot"
        return ""


class _Walk(Struct):
    choice: _Choice
    root: Path
    files: list[SourceFile] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def through(self, folder: Folder, prefix: str) -> None:
        """Everything below `folder`, whose path is `prefix`."""
        for name, what in folder.entries():
            path = prefix + name
            if what is What.FOLDER:
                self._enter(folder, name, path)
            elif reason := self._reason(path, what):
                self.left_out.append(LeftOut(path, reason))
            elif what is What.OTHER:
                self._refuse("publish.not-a-file", path, "a link, or no plain file; a pack holds files alone")
            else:
                self._take(folder, name, path)

    def _reason(self, path: str, what: What) -> str:
        reason = self.choice.reason_against(path)
        if what is What.OTHER and reason == "not in include" and not self.choice.reason_against(f"{path}/x"):
            return ""  # a link to a folder whose files were meant
        return reason

    def _enter(self, folder: Folder, name: str, path: str) -> None:
        if reason := self.choice.reason_to_skip(path):
            self.left_out.append(LeftOut(path + "/", reason))
            return
        with folder.folder(name) as inside:
            self.through(inside, path + "/")

    def _take(self, folder: Folder, name: str, path: str) -> None:
        if fault := path_fault(path):
            self._refuse("archive.path", path, fault)
            return
        there = folder.stat(name)
        size = there.st_size if there else 0
        if size > limits.FILE_BYTES:
            self._refuse("publish.too-large", path, f"it has {size} bytes; a file may have {limits.FILE_BYTES}")
            return
        self.files.append(SourceFile(path, size, partial(_read, self.root, path)))

    def _refuse(self, code: str, path: str, text: str) -> None:
        self.findings.append(Finding(code=code, level=Level.ERROR, text=text, path=shown(path)))


def _read(root: Path, path: str) -> Iterator[bytes]:
    """The bytes of one file, opened part by part, so that a link that was put in its place meanwhile is not followed."""
    *parts, name = path.split("/")
    with Folder.open(root) as top, top.descend(parts) as folder, folder.reading(name) as file:
        while data := file.read(BLOCK_BYTES):
            yield data


def _clashes(files: Sequence[SourceFile]) -> Iterator[Finding]:
    """Every pair of files that would be one file on some system. The later one of a pair is named."""
    paths = [file.path for file in files]
    while (clash := path_clash(paths)) is not None:
        other, path = clash
        equal = fold(other) == fold(path)
        text = f"it and {shown(other)} are " + (
            "one name where capitals do not count" if equal else "a file and a folder of one name"
        )
        yield Finding(code="archive.path-clash", level=Level.ERROR, text=text, path=shown(path))
        paths.remove(path)
