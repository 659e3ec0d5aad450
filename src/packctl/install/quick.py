"""Is there nothing to do? Answered from three files, without parsing what people wrote and without asking anybody.

The install state holds a digest of everything that the last install was made from, and until when its index may be believed. Whatever else
this machine has learned of recalls since then makes the answer no. Loads neither TLS nor TUF nor cryptography (tests/architecture).
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from packctl.install.order import Order
from packctl.places import PACK_TOML
from packctl.project.state import OWN, STATE, InstallState
from packctl.settings import Layer
from packspec import wire
from packspec.errors import PackError
from packspec.moments import LAST_SECOND

if TYPE_CHECKING:
    from packctl.session import Session

NEVER = LAST_SECOND
"""The end of the calendar: until when an install that asked nobody may be believed."""
SEEN = "seen.json"


class _Seen(msgspec.Struct):
    recalls: str = ""


def inputs_of(session: "Session", manifests: Mapping[str, bytes], lock: bytes) -> str:
    """The digest of all that an install is made from: every pack.toml by its path, pack.lock, configuration and what replaces it."""
    parts = [manifests[PACK_TOML], lock, session.settings.registry.encode(), session.settings.trust_root.encode()]
    parts += [file.data for layer, file in session.config_files if layer is not Layer.PROJECT]
    for path in sorted(manifests.keys() - {PACK_TOML}):
        parts += [path.encode(), manifests[path]]
    hashed = hashlib.sha256()
    for part in parts:
        hashed.update(len(part).to_bytes(8, "big") + part)
    return hashed.hexdigest()


def recalls_known(registries: Path, folder: str) -> str:
    """The digest of the recalls that this machine knows of a registry, by the name of its folder; empty where it knows none."""
    try:
        seen = wire.decode((registries / folder / SEEN).read_bytes(), _Seen)
    except (OSError, msgspec.DecodeError):
        return ""
    return hashlib.sha256(seen.recalls.encode()).hexdigest()


class _Recall(msgspec.Struct):
    statement: str
    action: str
    restored: str = ""


class _Recalls(msgspec.Struct):
    recalls: list[_Recall] = []


def recalled(registries: Path, folders: Iterable[str]) -> dict[str, str]:
    """What this machine has learned of recalls that nobody lifted: `stop` or `warn` by digest of the statement.

    Read without verifying anything, so it is for telling, never for deciding.
    """
    found: dict[str, str] = {}
    for folder in folders:
        try:
            seen = wire.decode((registries / folder / SEEN).read_bytes(), _Seen)
            rows = wire.decode(seen.recalls.encode(), _Recalls).recalls
        except (OSError, msgspec.DecodeError):
            continue
        for row in rows:
            if not row.restored and found.get(row.statement) != "stop":
                found[row.statement] = row.action
    return found


def installed_groups(order: Order, before: tuple[str, ...]) -> tuple[str, ...]:
    """The groups that will be installed besides `[dependencies]`: those that are, those named, without those named with --no-group."""
    wanted = {*(() if order.clean else before), *order.groups} - set(order.no_groups)
    return tuple(sorted(wanted))


def nothing_to_do(session: "Session", order: Order) -> InstallState | None:
    """The state of an install that is as it should be, or None: find out properly."""
    if order.chooses or order.again or order.everything_again or order.dry_run or not order.installs or order.clean:
        return None
    project = session.project_file
    folder = _folder_of_packs(session, order)
    if project is None or folder is None or (folder / OWN / "change").exists() or not (folder / OWN / STATE).exists():
        return None
    state = InstallState.load(folder)
    try:
        manifests, lock = _manifests(session, project), project.with_name("pack.lock").read_bytes()
    except (OSError, PackError):
        return None
    is_current = (
        state.inputs == inputs_of(session, manifests, lock)
        and session.clock() < state.fresh_until
        and installed_groups(order, state.groups) == state.groups
        and all((folder / pack).is_dir() for pack in state.receipts)
        and all(recalls_known(session.places.registries, name) == known for name, known in state.recalls.items())
    )
    return state if is_current else None


def _manifests(session: "Session", project: Path) -> dict[str, bytes]:
    """Every pack.toml by its path: only a workspace has more than one, and only then folders are looked into."""
    found = {PACK_TOML: project.read_bytes()}
    tables = next((file.tables for layer, file in session.config_files if layer is Layer.PROJECT), {})
    if "workspace" not in tables:
        return found
    from packctl.members import member_bytes
    from packspec.project import parse_project

    members = member_bytes(project.parent, parse_project(found[PACK_TOML]))
    return found | {f"{folder}/{PACK_TOML}": data for folder, data in members.items()}


def _folder_of_packs(session: "Session", order: Order) -> Path | None:
    """Where packs lie, told without the checks of a parser: the state there counts only if it was made from this very pack.toml."""
    if order.target:
        return session.folder / order.target
    tables = next((file.tables for layer, file in session.config_files if layer is Layer.PROJECT), {})
    install = tables.get("install", {})
    named = install.get("dir", "packs") if isinstance(install, dict) else None
    return session.project_file.parent / named if session.project_file and isinstance(named, str) else None
