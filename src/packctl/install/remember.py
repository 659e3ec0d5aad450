"""Writing down what an install with nothing to do looked at, for `packctl.again` to tell the next one so without looking.

It is a shortcut, so it is left out wherever it would need care: in a workspace, with a folder of packs by another name, while a debug log
is written, after a warning. Losing it costs a tenth of a second.
"""

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from packctl import __version__, again
from packctl.arguments import Globals
from packctl.durable import Folder
from packctl.install.order import Order
from packctl.install.quick import SEEN, nothing_to_do
from packctl.places import PACK_TOML
from packctl.project.state import OWN, STATE, InstallState
from packctl.settings import Layer
from packspec.errors import PackError

if TYPE_CHECKING:
    from pathlib import Path

    from packctl.session import Session


def remember(session: "Session") -> None:
    """Writes the record if a plain `packctl install` would find nothing to do now. Never fails."""
    with suppress(OSError, PackError):
        record = _record(session)
        if record is not None:
            _write(session, record)


def _record(session: "Session") -> bytes | None:
    console, project = session.console, session.project_file
    is_plain = replace(session.globals, project=None) == Globals() and console.log is None and not console.warnings
    if project is None or not is_plain or console.progress not in ("plain", "live") or session.folder != project.parent:
        return None
    own = project.parent / "packs" / OWN
    fixed = [project, project.with_name("pack.lock"), own / STATE, own / "change"]
    fixed += [session.places.config_file, session.places.system_config_file]
    fixed += [
        above / PACK_TOML for above in project.parent.parents
    ]  # one could make this project a member of a workspace
    before = {path: _read(path) for path in fixed}
    state = nothing_to_do(session, Order())
    if state is None or state.fresh_until <= session.clock() or _is_elsewhere(session):
        return None
    for name in state.recalls:
        before[session.places.registries / name / SEEN] = _read(session.places.registries / name / SEEN)
    if any(_read(path) != data for path, data in before.items()):
        return None  # somebody changes it right now
    return _encoded(session, state, before)


def _is_elsewhere(session: "Session") -> bool:
    tables = next((file.tables for layer, file in session.config_files if layer is Layer.PROJECT), {})
    install = tables.get("install", {})
    return "workspace" in tables or not isinstance(install, dict) or install.get("dir", "packs") != "packs"


def _read(path: "Path") -> bytes | None:
    return again.bytes_of(str(path), again.MOST_BYTES) if os.path.lexists(path) else None


def _encoded(session: "Session", state: InstallState, files: "dict[Path, bytes | None]") -> bytes | None:
    packs = session.folder / "packs"
    lines = [f"{again.HEAD} {__version__}", str(int(state.fresh_until)), _around(session)]
    lines += [f"file {-1 if data is None else len(data)} {path}" for path, data in files.items()]
    lines += [f"folder {packs / pack}" for pack in state.receipts]
    lines.append(f"{'log' if session.console.progress == 'plain' else 'people'} {len(state.receipts)}")
    if any("\n" in line for line in lines):
        return None
    return (
        "\n".join(lines).encode("utf-8", "surrogateescape")
        + b"\n\n"
        + b"".join(data for data in files.values() if data)
    )


def _around(session: "Session") -> str:
    streams = session.console.streams
    terminals = [streams.stdin_terminal, streams.stdout_terminal, streams.stderr_terminal]
    return again.surroundings(dict(session.environ), terminals)


def _write(session: "Session", record: bytes) -> None:
    path = session.folder / again.RECORD
    with suppress(OSError):
        if again.bytes_of(str(path), again.MOST_BYTES) == record:
            return
    with Folder.open(path.parent) as own:
        fresh = f"{path.name}.new"
        own.remove(fresh)
        own.write(fresh, record)  # not synced: a torn record is like none
        own.rename(fresh, own, path.name)
