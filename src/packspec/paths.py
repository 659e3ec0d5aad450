"""Which file paths are legal on every system, and which two may not stand in one pack (docs/spec/paths.md).

One spelling per path, and the same verdict on every platform and every Python: a path that Windows could not write is refused on Linux too.
Nothing is repaired; a path that breaks a rule is refused. The same rules judge archives, trees and the files of a source folder.
"""

import re
import unicodedata
from collections.abc import Iterable

from packspec.errors import Untrusted
from packspec.limits import PATH_BYTES, PATH_PARTS
from packspec.patterns import pattern
from packspec.unicode14 import is_allowed

_FORBIDDEN = frozenset('\\:*?"<>|')
_DEVICE = pattern(
    r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9]|lpt[0-9]) *(?:\..*)?", re.IGNORECASE | re.ASCII | re.DOTALL
)
_RESERVED = ".packctl"

# Paths as most packs have them: words of ASCII letters and digits with a few marks between, no part that could be a device. It only saves
# time: what it does not match is judged rule by rule.
_WORD = "[a-zA-Z0-9_-]++"
_NO_DEVICE = "(?!(?:[cC][oO][nNmM]|[pP][rR][nN]|[aA][uU][xX]|[nN][uU][lL]|[lL][pP][tT]))"
_PLAIN_PART = rf"{_NO_DEVICE}{_WORD}(?:[., ()@+=~]++{_WORD})*+"
_PLAIN = pattern(rf"(?:{_PLAIN_PART}/){{0,{PATH_PARTS - 1}}}+{_PLAIN_PART}")

SHOWN_CHARACTERS = 80


class BadPath(Untrusted, ValueError):
    """A path that some system could not write, or would write somewhere else."""

    path: str
    rule: str

    code = "archive.path"

    def what(self) -> str:
        return f"illegal path {shown(self.path)}"

    def facts(self) -> dict[str, str]:
        return {"rule": self.rule, "path": shown(self.path)}

    def why(self) -> str:
        return "a pack has the same files on every system; this path could not be written everywhere, or would land somewhere else"

    def fix(self) -> list[str]:
        return ["do not use this pack; its publisher must rename the file and release a new version"]


class PathClash(Untrusted, ValueError):
    """Two paths that are one on a system without upper case, or a file that is the folder of another."""

    path: str
    other: str

    code = "archive.path-clash"

    def what(self) -> str:
        return f"the paths {shown(self.other)} and {shown(self.path)} clash"

    def facts(self) -> dict[str, str]:
        return {"rule": self.rule, "path": shown(self.path), "other": shown(self.other)}

    @property
    def rule(self) -> str:
        """Which of the two rules it breaks."""
        same = fold(self.path) == fold(self.other)
        return "two paths are equal after folding" if same else "a file is the folder of another"

    def why(self) -> str:
        return "on some systems the second would overwrite the first, so that not all of the pack would be installed"

    def fix(self) -> list[str]:
        return ["do not use this pack; its publisher must rename one of the files and release a new version"]


def check_path(path: str) -> None:
    """Raises BadPath if `path` breaks a rule."""
    if (fault := path_fault(path)) is not None:
        raise BadPath(path, fault)


def check_paths(paths: Iterable[str]) -> None:
    """Raises BadPath for the first illegal path; after that PathClash, if two of them clash."""
    checked = list(paths)
    for path in checked:
        check_path(path)
    check_clashes(checked)


def check_clashes(paths: Iterable[str]) -> None:
    """Raises PathClash if two of `paths`, each legal by itself, clash."""
    if (clash := path_clash(paths)) is not None:
        raise PathClash(path=clash[1], other=clash[0])


def path_fault(path: str) -> str | None:
    """The first rule that `path` breaks, as a short text for people; None if it is legal."""
    if _PLAIN.fullmatch(path) and len(path) <= PATH_BYTES:
        return None
    if fault := _fault(path):
        return fault
    if path.isascii():
        return None
    # A09: "․․/" and "COM¹" look harmless until a file system or a tool folds them.
    if not unicodedata.is_normalized("NFC", path):
        return "not in Unicode normalization form NFC"
    folded = unicodedata.normalize("NFKC", path)
    if folded != path and (fault := _fault(folded)):
        return f"{fault}, in its NFKC form"
    return None


def _fault(path: str) -> str | None:
    """The rules that hold for a path and for its NFKC form alike."""
    if not path:
        return "empty"
    for character in path:
        if character in _FORBIDDEN or not is_allowed(character):
            return f"contains the forbidden character U+{ord(character):04X}"
    if len(path.encode()) > PATH_BYTES:
        return f"longer than {PATH_BYTES} bytes"
    parts = path.split("/")
    if len(parts) > PATH_PARTS:
        return f"more than {PATH_PARTS} parts"
    for part in parts:
        if fault := _part_fault(part):
            return fault
    if parts[0].casefold().startswith(_RESERVED):
        return f"begins with {_RESERVED}, which packctl keeps for itself"
    return None


def _part_fault(part: str) -> str | None:
    if not part:
        return "an empty part: a slash at the beginning or end, or two in a row"
    if part in (".", ".."):
        return "a part is . or .."
    if part.startswith(" ") or part.endswith(" "):
        return "a part begins or ends with a blank"
    if part.endswith("."):
        return "a part ends with a dot"
    if _DEVICE.fullmatch(part):
        return "a part is the name of a Windows device"
    return None


def fold(path: str) -> str:
    """What remains of a path where neither case nor compatibility characters count: NFKC, casefold, NFKC.

    The second NFKC is for paths such as U+0390 and U+03AA U+0301, whose casefolded forms are equal only after composing.
    Unicode keeps the result stable over its versions for the characters that `check_path` allows.
    """
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


def path_clash(paths: Iterable[str]) -> tuple[str, str] | None:
    """The first two of `paths` that clash, the earlier one first; None if none do.

    Two clash if they are equal after `fold`, or if one is then a folder of the other. Folders that differ in case alone do not clash:
    where case does not count they are one folder with the files of both.
    """
    files: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        folded = fold(path)
        other = files.get(folded) or folders.get(folded)
        if other is not None:
            return other, path
        files[folded] = path
        end = folded.rfind("/")
        while end > 0 and (folder := folded[:end]) not in folders:
            if (other := files.get(folder)) is not None:
                return other, path
            folders[folder] = path
            end = folded.rfind("/", 0, end)
    return None


def shown(path: str) -> str:
    """`path` for a message: what could deceive a reader or a terminal is escaped, and a long path is cut."""
    if not path:
        return "(empty)"
    cut = path[:SHOWN_CHARACTERS]
    text = "".join(c if is_allowed(c) and c != "\\" else f"\\u{{{ord(c):x}}}" for c in cut)
    return text if cut == path else f"{text}..."
