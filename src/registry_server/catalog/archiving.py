"""Archiving a pack: every release yanked with reason `archived`, all in one publication; and the end of that, signed release by release.

There is no state of a pack: the yanks are what holds, in the log and in the index, so a client needs to know nothing new.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from packspec.digests import Digest
from packspec.errors import Invalid
from packspec.names import PackName
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import Cooldown
from packspec.signing.restore import read_restore
from packspec.versions import Version
from registry_server.call import Call
from registry_server.catalog import actions, store
from registry_server.catalog.actions import Said
from registry_server.catalog.rules import Release
from registry_server.publishers import actions as publishers

REASON = "archived"


class NotArchived(Invalid):
    """A restore is about a statement that no archived release of the pack has."""

    pack: PackName
    statement: Digest

    code = "catalog.not-archived"

    def what(self) -> str:
        return f"a restore document is about no archived release of {self.pack}"

    def facts(self) -> dict[str, str]:
        return {"statement": self.statement.labelled}

    def why(self) -> str:
        return "it lifts the yank of one release, which it names by the digest of its statement"

    def fix(self) -> list[str]:
        return [f"packctl archive {self.pack} --undo"]


@dataclass(frozen=True)
class Archived:
    """What came of it: the versions whose state changed, highest first, and the index of the last entry; None where none was added."""

    versions: tuple[Version, ...]
    log_number: int | None


def archive(call: Call, name: PackName, note: str) -> Archived:
    """Yanks every release that is not yanked yet; those that are keep their own reason. Doing it again adds nothing.

    Raises NoSuchPack, and as `publishers.acting_for`.
    """
    publishers.acting_for(call, name.publisher, name)
    open_ = [one for one in store.releases(call.db, actions.get(call, name)) if one.marked("yank") is None]
    done = [actions.yank(call, name, one.version, Said(REASON, note)) for one in reversed(open_)]
    return Archived(tuple(one.version for one in open_), done[-1].log_number if done else None)


def revive(call: Call, name: PackName, documents: Sequence[Envelope], cooldowns: Sequence[Cooldown]) -> Archived:
    """Lifts the yanks that archived a pack, each with its own restore document; other yanks stay.

    Raises NoSuchPack, NotArchived, RestoreUsed, as `publishers.acting_for`, and as `judge_yank_restore`.
    """
    publishers.acting_for(call, name.publisher, name)
    by_statement = {one.statement: one for one in archived(call, name)}
    lifted = []
    for document in documents:
        # Read before its signatures are judged: only to know which release it is about, which the judge then compares.
        statement = read_restore(document.payload).statement
        if statement not in by_statement:
            raise NotArchived(name, statement)
        lifted.append(actions.restore(call, name, by_statement[statement].version, document, cooldowns))
    versions = sorted((one.release.version for one in lifted), reverse=True)
    return Archived(tuple(versions), lifted[-1].log_number if lifted else None)


def archived(call: Call, name: PackName) -> list[Release]:
    """The releases of a pack that are yanked because it is archived, highest first. Raises NoSuchPack."""
    found = store.releases(call.db, actions.get(call, name))
    return [one for one in found if (mark := one.marked("yank")) is not None and mark.reason == REASON]
