"""How the commands that install show what changed: the list on stdout, the rest on stderr; sentences on a terminal, lines in a log."""

from collections.abc import Iterator

from packctl.again import nothing, nothing_of_log
from packctl.install.result import Change, HeldBack, Installed
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.progress import megabytes
from packctl.ui.table import Column, table_lines


def show_changes(result: Installed, console: Console) -> None:
    """The list of changes, and one line that sums them up. With `-q` nothing."""
    if console.quiet:
        return
    is_log = console.progress == "plain"
    rows = list(_rows(result))
    if rows and not is_log:
        console.say()
    for line in _compact(result, rows) if is_log else _aligned(result, rows, console.width):
        console.line(line)
    if not is_log:
        if rows:
            console.say()
        for line in _held_back(result.held_back):
            console.say(line)
    console.say(_summary_of_log(result) if is_log else _summary(result))
    if not (result.releases or result.removed or result.left_out):
        console.say("pack.toml names no packs yet: packctl add publisher/name")
    if is_log:
        for held in result.held_back:
            console.say(f"held back {safe(held.name)} {held.version}, newest {held.newest}")


def _rows(result: Installed) -> Iterator[tuple[str, Change]]:
    changes = [("+", one) for one in result.added] + [("~", one) for one in result.changed]
    changes += [("-", one) for one in result.removed]
    yield from sorted(changes, key=lambda row: row[1].name)


def _compact(result: Installed, rows: list[tuple[str, Change]]) -> list[str]:
    lines = [f"{sign} {safe(one.name)} {_versions(one)}" for sign, one in rows]
    if not result.dry_run:
        return lines
    told = [_files(sign, one) for sign, one in rows]
    return [f"{line}: {files}" if files else line for line, files in zip(lines, told, strict=True)]


def _versions(one: Change) -> str:
    if one.before == str(one.version):
        return f"{one.version} ({_other_part(one) or 'again'})"
    return f"{one.before} -> {one.version}" if one.before else str(one.version)


def _other_part(one: Change) -> str:
    """How many files more or fewer of the same release are installed now."""
    told = ((one.files_added, "more"), (one.files_removed, "fewer"))
    return ", ".join(f"{number} file{'' if number == 1 else 's'} {word}" for number, word in told if number)


def _aligned(result: Installed, rows: list[tuple[str, Change]], width: int | None) -> list[str]:
    columns = [Column(whole=True), Column(whole=True), Column(right=True, whole=True), Column()]
    cells: list[tuple[str, ...]] = []
    for sign, one in rows:
        details = ("", "") if sign == "-" else (megabytes(one.bytes), one.license)
        cells.append((f"{sign} {one.name}", _versions(one), *details))
        if result.dry_run:
            cells[-1] = (*cells[-1], _files(sign, one))
    if result.dry_run:
        columns.append(Column())
    lines = table_lines(columns, cells, width, indent=2)
    if result.unchanged and lines:
        lines.append(f"  = {_count(result.unchanged)} unchanged")
    return lines


def _files(sign: str, one: Change) -> str:
    """What would happen to files: "44 files", "2 new, 9 changed", and what of it is to be fetched."""
    if sign == "-":
        return ""
    numbers = ((one.files_added, "new"), (one.files_changed, "changed"), (one.files_removed, "gone"))
    told = ", ".join(f"{number} {word}" for number, word in numbers if number)
    files = f"{one.files} file{'' if one.files == 1 else 's'}"
    said = f"{told or 'none changed'} of {files}" if sign == "~" else files
    return f"{said}; fetches {megabytes(one.bytes_fetched)}" if one.bytes_fetched else f"{said}; all here"


def _held_back(held: list[HeldBack]) -> Iterator[str]:
    if not held:
        return
    yield "Held back by pack.toml:"
    columns = [Column(whole=True), Column(whole=True), Column(whole=True)]
    rows = [(one.name, f"{one.version}, newest {one.newest}", f"packctl update {one.name} --major") for one in held]
    yield from table_lines(columns, rows, None, indent=4)
    yield ""


def _summary(result: Installed) -> str:
    files = [name for name, state in (("pack.toml", result.manifest), ("pack.lock", result.lock)) if state == "written"]
    changed = len(result.added) + len(result.changed) + len(result.removed)
    if result.dry_run:
        return f"Nothing was changed (--dry-run); {', '.join(_costs(result)) or 'nothing is to be fetched'}"
    if changed and changed == len(result.removed):
        return f"Removed {_count(changed)} from {safe(result.folder)} in {result.seconds:.1f} s"
    if changed:
        return f"Installed into {safe(result.folder)} in {result.seconds:.1f} s"
    if files:
        return f"Wrote {' and '.join(files)}"
    return nothing(result.unchanged)


def _costs(result: Installed) -> list[str]:
    """What a dry run would fetch, and what more the disk would need."""
    if not result.bytes_fetched:
        return []
    of_all = f" of {megabytes(result.bytes_total)}" if result.bytes_fetched < result.bytes_total else ""
    return [f"{megabytes(result.bytes_fetched)}{of_all} to fetch", f"{megabytes(result.bytes_new)} more on disk"]


def _summary_of_log(result: Installed) -> str:
    words = ("would install", "would change", "would remove") if result.dry_run else ("installed", "changed", "removed")
    numbers = zip(words, (result.added, result.changed, result.removed), strict=True)
    parts = [f"{word} {len(changes)}" for word, changes in numbers if changes]
    files = [name for name, state in (("pack.toml", result.manifest), ("pack.lock", result.lock)) if state == "written"]
    if result.dry_run:
        parts += [f"would write {name}" for name in files]
        return ", ".join(["dry run", *(parts or ["nothing to do"]), *_costs(result)])
    parts += [f"wrote {name}" for name in files]
    if not parts:
        return nothing_of_log(result.unchanged, result.seconds)
    if result.unchanged:
        parts.append(f"unchanged {result.unchanged}")
    return ", ".join([*parts, f"in {result.seconds:.1f} s"])


def _count(number: int) -> str:
    return f"{number} pack{'' if number == 1 else 's'}"
