"""The bytes of a pack.lock to a Lock, or the line that keeps it from being read."""

import re

from packspec import limits
from packspec.lockfile.entries import FORMAT, Lock, LockFile
from packspec.lockfile.faults import LockBroken, LockTooNew
from packspec.patterns import pattern
from packspec.toml import Faults, TomlText, Unreadable, convert, read_text

LOCK_BYTES = 16 * limits.MIB
"""Largest pack.lock: 20,000 releases."""

_MARKER = pattern(rb"^(<{7}|={7}|>{7}|\|{7})(?:[ \r\n]|$)", re.MULTILINE)


def parse_lock(data: bytes) -> Lock:
    """Reads a pack.lock. Raises LockTooNew for a higher number or an unknown key, LockBroken for all else, with the line.

    Order, blanks, comments and line ends are free; what the entries say must be whole: no pack twice, no registry and no needed release
    that is not there.
    """
    if marker := _MARKER.search(data):
        line = data.count(b"\n", 0, marker.start()) + 1
        raise LockBroken("it holds the marks of a merge conflict", line)
    try:
        text = read_text(data, LOCK_BYTES)
    except Unreadable as error:
        raise LockBroken(error.reason, error.line) from error
    _check_number(text)
    faults = Faults()
    file = convert(text.values, LockFile, faults, strict=False)
    if not faults:
        _check_whole(file, faults)
    if faults:
        first = faults.listed(text.lines)[0]
        raise LockBroken(f"{first.path} {first.text}", first.line)
    unknown = Faults()
    convert(text.values, LockFile, unknown, strict=True)
    if unknown:
        first = unknown.listed(text.lines)[0]
        raise LockTooNew(f"the key {first.path} is unknown", first.line)
    return Lock(lock=file.lock, inputs=file.inputs, registries=file.registries, packs=file.packs, lines=text.lines)


def _check_number(text: TomlText) -> None:
    number = text.values.get("lock")
    if type(number) is int and number > FORMAT:
        raise LockTooNew(f"format {number}, this one knows {FORMAT}", text.lines.of(("lock",)))
    if type(number) is int and number < 1:
        raise LockBroken(f"format {number} does not exist", text.lines.of(("lock",)))


def _check_whole(file: LockFile, faults: Faults) -> None:
    aliases: set[str] = set()
    for place, registry in enumerate(file.registries):
        if registry.name in aliases:
            faults.add(("registry", place, "name"), f"{registry.name} stands twice")
        aliases.add(registry.name)
    there = {pack.release for pack in file.packs}
    names: set[str] = set()
    for place, pack in enumerate(file.packs):
        here = ("pack", place)
        if pack.name in names:
            faults.add((*here, "name"), f"{pack.name} stands twice")
        names.add(pack.name)
        if pack.version.build:
            faults.add((*here, "version"), f"{pack.version} has build metadata, which names no release")
        if pack.registry not in aliases:
            faults.add((*here, "registry"), f"{pack.registry} is not among the registries of the lock")
        for position, need in enumerate(pack.needs):
            if need not in there:
                faults.add((*here, "needs", position), f"{need.written} is not in the lock")


def conflict_sides(data: bytes) -> tuple[bytes, bytes] | None:
    """Both sides of a pack.lock with the marks of a merge, ours and theirs; None if it has no marks, or marks out of order.

    `packctl lock` reads each side that is whole and keeps the larger checkpoint, so nobody has to edit the file.
    """
    if not _MARKER.search(data):
        return None
    ours, theirs, side = bytearray(), bytearray(), b""
    order = {b"": b"<", b"<": b"|=", b"|": b"=", b"=": b">"}
    for line in data.splitlines(keepends=True):
        if _MARKER.match(line):
            sign = line[:1]
            if sign not in order[side]:
                return None
            side = b"" if sign == b">" else sign
            continue
        if side in (b"", b"<"):
            ours += line
        if side in (b"", b"="):
            theirs += line
    return None if side else (bytes(ours), bytes(theirs))
