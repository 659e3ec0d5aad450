"""`storage.limit`: what packs may take on this device. An install that would need more is refused before it downloads anything.

What counts is the store, where the files of all packs of all projects lie, each content once.
"""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from packctl.install.housekeeping import size_of
from packctl.install.store import Store
from packctl.project.known import KnownFolders
from packctl.ui.progress import apart, megabytes
from packspec.errors import AgainstPolicy

if TYPE_CHECKING:
    from packctl.install.fetch import Supply
    from packctl.install.usage import Held, Usage
    from packctl.session import Session

SHOWN = 5
"""Most packs that are named as what could go."""


class OverLimit(AgainstPolicy):
    """An install would take more room than packs may have on this device. `largest` are packs, each with its size and where it is."""

    used_bytes: int
    added_bytes: int
    allowed_bytes: int
    unused_bytes: int
    largest: tuple[str, ...]
    makes_room: tuple[str, ...]

    code = "install.over-limit"

    def what(self) -> str:
        needed, allowed = apart(self.used_bytes + self.added_bytes, self.allowed_bytes)
        return f"packs would take {needed} on this device, and may take {allowed}"

    def facts(self) -> dict[str, str]:
        facts = {"store": megabytes(self.used_bytes), "would add": megabytes(self.added_bytes)}
        if self.unused_bytes:
            facts["unused"] = f"{megabytes(self.unused_bytes)}, by any project"
        if self.largest:
            facts["largest"] = "; ".join(self.largest)
        return facts

    def why(self) -> str:
        return "the setting storage.limit keeps packs from filling this device; nothing was downloaded"

    def fix(self) -> list[str]:
        return list(self.makes_room)


def refusal(usage: "Usage", added_bytes: int, limit: int, here: Path) -> OverLimit:
    """The refusal of an install in the folder of packs `here`, with what could go: first what nobody uses, then the largest packs."""
    over = usage.bytes + added_bytes - limit
    commands: list[str] = []
    freed = usage.unused
    for one in usage.held:
        if freed < over and one.alone and len(commands) < SHOWN:
            commands += [_removal(one, folder, here) for folder in one.folders]
            freed += one.alone
    if freed:
        commands.append("packctl cache clean")
    room = -(-(usage.bytes + added_bytes) // 100_000_000) / 10
    commands.append(f'packctl config set storage.limit "{room:g} GB"')
    largest = (
        f"{one.pack} {one.version} {megabytes(one.bytes)} in {', '.join(map(str, one.folders))}"
        for one in usage.held[:SHOWN]
    )
    return OverLimit(usage.bytes, added_bytes, limit, usage.unused, tuple(largest), tuple(commands))


def _removal(one: "Held", folder: Path, here: Path) -> str:
    where = "" if folder == here else f" -C {shlex.quote(str(folder.parent))}"
    return f"packctl remove {one.pack}{where}"


def check_limit(session: "Session", store: Store, supply: "Supply", here: Path) -> None:
    """Raises OverLimit if what `supply` lacks does not fit."""
    needed = sum(need.disk_bytes for need in supply.lacking.values())
    limit = session.settings.storage_limit
    if needed and size_of(store).bytes + needed > limit:
        from packctl.install.usage import usage_of  # late, because it is rare

        raise refusal(usage_of(store.folder, KnownFolders(session.places.projects)), needed, limit, here)
