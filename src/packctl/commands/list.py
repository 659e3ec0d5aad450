"""`packctl list`: what is installed here, and what needs what."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer
from msgspec import Struct
from msgspec.structs import replace

from packctl.outcome import Outcome
from packctl.session import Session
from packctl.ui.console import Console
from packctl.ui.escape import safe
from packctl.ui.table import Column, write_table

if TYPE_CHECKING:
    from packctl.project.state import InstallState
    from packspec.lockfile import Lock
    from packspec.names import PackName

EXAMPLES = ("packctl list", "packctl list --tree --depth 2", "packctl list --group lessons", "packctl list --plain")


class ListedPack(msgspec.Struct, frozen=True):
    """An installed pack.

    `direct`: pack.toml names it. `needs` are packs, ascending. `files` and `bytes` are those that were installed. `offline`: all of them
    are there with their right sizes, so that the pack can be used without network; told in JSON only, null elsewhere.
    `features` (null: all) and `essential` say which part of the pack was installed.
    """

    name: str
    version: str
    registry: str
    license: str
    direct: bool
    groups: list[str]
    needs: list[str]
    files: int
    bytes: int
    offline: bool | None = None
    features: list[str] | None = None
    essential: bool = False
    recalled: str = ""
    """`stop` or `warn`, if this machine has learned that the release was recalled."""

    @property
    def part(self) -> str:
        """Which part is installed, for people; empty for all of it."""
        return ", ".join([*(self.features or ()), *(["essential"] if self.essential else [])])


class Listing(msgspec.Struct, frozen=True):
    """The installed packs by name, and the folder that they lie in."""

    folder: str
    packs: list[ListedPack]


class View(Struct, frozen=True):
    """What matters to the text alone: the options, and how many packs the lock has. `depth` None: to the end."""

    tree: bool
    depth: int | None
    locked: int


def run(
    session: Session,
    tree: Annotated[bool, typer.Option("--tree", help="Show what needs what, from pack.toml on")] = False,
    depth: Annotated[
        int | None, typer.Option("--depth", metavar="N", min=1, help="The tree, no more than N levels of it")
    ] = None,
    group: Annotated[
        str | None, typer.Option("--group", metavar="GROUP", help="Only what this group of dependencies leads to")
    ] = None,
) -> Outcome[Listing]:
    """Show the installed packs.

    Asks nobody and changes nothing. Whether the files are still what was signed is what `packctl verify` tells.
    """
    from packctl.install.begin import NoSuchGroup
    from packctl.install.quick import recalled
    from packctl.install.recovery import recovered
    from packctl.project.find import find_project
    from packctl.project.state import InstallState

    place = find_project(session.folder)
    project = place.read_project()
    if group is not None and group not in project.group_names:
        raise NoSuchGroup(group, tuple(map(str, project.group_names)))
    folder = str(project.install.dir)
    recovered(session, place.folder, folder)
    state = InstallState.load(place.folder / folder)
    lock = place.read_lock()
    groups: dict[str, list[str]] = {}
    for wish in project.wishes():
        groups.setdefault(wish.pack, []).extend([wish.group] if wish.group else [])
    known = recalled(session.places.registries, state.recalls)
    here = _reached([wish.pack for wish in project.wishes([group]) if wish.group == group], lock) if group else None
    packs = [
        replace(
            _listed(state, lock, pack, groups.get(pack), with_files=session.console.json),
            recalled=known.get(state.receipts[pack].statement, ""),
        )
        for pack in sorted(state.receipts)
        if here is None or pack in here
    ]
    return Outcome(
        Listing(f"{folder}/", packs), view=View(tree or depth is not None, depth, len(lock.packs) if lock else 0)
    )


def _reached(wishes: "list[PackName]", lock: "Lock | None") -> "set[PackName]":
    found: set[PackName] = set()
    todo = list(wishes)
    while todo:
        pack = todo.pop()
        locked = lock.find(pack) if lock and pack not in found else None
        if locked is not None:
            found.add(pack)
            todo += [need.pack for need in locked.needs]
    return found


def _listed(
    state: "InstallState", lock: "Lock | None", pack: "PackName", groups: list[str] | None, *, with_files: bool
) -> ListedPack:
    receipt = state.receipts[pack]
    locked = lock.find(pack) if lock else None
    same = locked if locked is not None and locked.version == receipt.version else None
    return ListedPack(
        name=pack,
        version=str(receipt.version),
        registry=receipt.registry,
        license=str(same.license) if same else "",
        direct=groups is not None,
        groups=sorted(groups or []),
        needs=sorted(need.pack for need in same.needs) if same else [],
        files=receipt.files,
        bytes=receipt.bytes,
        offline=_is_whole(state, pack) if with_files else None,
        features=None if receipt.features is None else list(receipt.features),
        essential=receipt.essential,
    )


def _is_whole(state: "InstallState", pack: "PackName") -> bool:
    """Whether as many files of the release are there, with their sizes, as were installed. Their bytes are not read."""
    tree, receipt = state.tree(pack), state.receipts[pack]
    if tree is None:
        return False
    folder, found = state.folder.parent / pack, 0
    for file in tree.files:
        try:
            found += (folder / file.path).stat().st_size == file.size
        except OSError:
            continue
    return found >= receipt.files


def text(result: Listing, console: Console, view: View) -> None:
    """Aligned columns, or the tree."""
    if not result.packs:
        console.say(f"No packs are installed here{_next(view.locked)}")
    elif view.tree:
        _write_tree(result, console, view.depth)
    else:
        columns = [
            Column("NAME", whole=True),
            Column("VERSION", whole=True),
            Column("TERMS"),
            Column("SIZE", right=True, whole=True),
        ]
        rows: list[tuple[str, ...]] = [(one.name, one.version, one.license, _size(one.bytes)) for one in result.packs]
        if any(one.part for one in result.packs):
            columns.append(Column("ONLY"))
            rows = [(*row, one.part) for row, one in zip(rows, result.packs, strict=True)]
        if any(one.recalled for one in result.packs):
            columns.append(Column("NOTE"))
            rows = [(*row, _note(one)) for row, one in zip(rows, result.packs, strict=True)]
        write_table(columns, rows, console)


def _next(locked: int) -> str:
    return f"; pack.lock names {locked}: packctl install" if locked else ": packctl add publisher/name"


def _note(one: ListedPack) -> str:
    return {"stop": "recalled", "warn": "recalled, with a warning"}.get(one.recalled, "")


def _size(count: int) -> str:
    from packctl.ui.progress import megabytes

    return megabytes(count)


def _write_tree(result: Listing, console: Console, depth: int | None) -> None:
    known = {one.name: one for one in result.packs}
    needed = {need for one in result.packs for need in one.needs}
    tops = [one for one in result.packs if one.direct or one.name not in needed]
    shown: set[str] = set()
    for one in tops:
        console.line(_label(one, shown))
        for line in _branches(one, known, console, depth, shown, ""):
            console.line(line)


def _branches(
    one: ListedPack, known: Mapping[str, ListedPack], console: Console, depth: int | None, shown: set[str], indent: str
) -> Iterator[str]:
    """The lines below a pack. What was shown before with its needs is not unfolded again, which also ends a circle."""
    if one.name in shown or depth == 1:
        return
    shown.add(one.name)
    for number, name in enumerate(one.needs, 1):
        is_last = number == len(one.needs)
        branch = console.sign("└── " if is_last else "├── ")
        need = known.get(name)
        if need is None:
            yield f"{indent}{branch}{safe(name)} (not installed)"
            continue
        yield f"{indent}{branch}{_label(need, shown)}"
        below = indent + ("    " if is_last else console.sign("│   "))
        yield from _branches(need, known, console, None if depth is None else depth - 1, shown, below)


def _label(one: ListedPack, shown: set[str]) -> str:
    again = " (needs shown above)" if one.name in shown and one.needs else ""
    groups = f" [{', '.join(one.groups)}]" if one.groups else ""
    note = f" ({_note(one)})" if one.recalled else ""
    return f"{safe(one.name)} {one.version}{safe(groups)}{note}{again}"


def plain(result: Listing) -> Iterator[tuple[str, ...]]:
    """Name, version, registry, terms, bytes."""
    for one in result.packs:
        yield one.name, one.version, one.registry, one.license, str(one.bytes)
