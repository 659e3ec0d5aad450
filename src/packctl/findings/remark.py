"""`Remark`: one thing that is wrong or worth knowing; `Case`: one question that was asked, with its answer."""

from typing import Literal, TypeAlias

import msgspec

from packspec.errors import PackError

Level: TypeAlias = Literal["error", "warning", "note"]


class Remark(msgspec.Struct, frozen=True):
    """Something that is wrong (`error`), or worth knowing, with its place: a file of the project and a line (0: the whole file).

    `ignored` is the reason of a person who accepted it for now; empty: nobody did.
    """

    code: str
    level: Level
    what: str
    release: str = ""
    file: str = ""
    line: int = 0
    ignored: str = ""


class Case(msgspec.Struct, frozen=True):
    """One question about `of`, a release or the project: its name, its answer, and for `failed` the code and text of what is wrong."""

    of: str
    name: str
    answer: Literal["passed", "failed", "skipped"]
    code: str = ""
    text: str = ""


def remark_of(error: PackError, level: Level, release: str = "", line: int = 0) -> Remark:
    """The remark that an error makes: at the place that it names, else at `line` of pack.lock."""
    where = error.where()
    if where is not None:
        return Remark(error.code, level, error.what(), release, where.file, where.line)
    file = error.facts().get("file", "") or ("pack.lock" if line else "")
    return Remark(error.code, level, error.what(), release, file, line)
