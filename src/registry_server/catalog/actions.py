"""Adding releases, and saying something about them: each an entry of the log, inside the caller's transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from packspec.catalog import Listing
from packspec.index.missing import NoSuchPack, NoSuchRelease
from packspec.log.leaf import DeprecateLeaf, LoggedPack, RestoreLeaf, YankLeaf, parse_leaf
from packspec.names import PackName
from packspec.reasons import DEPRECATION_REASONS, REASONS
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import Cooldown, keys_that_count
from packspec.signing.restore import judge_yank_restore
from packspec.versions import Version
from registry_server.audit import actions as audit
from registry_server.call import Call
from registry_server.catalog import marks, rules, store
from registry_server.catalog.rules import Mark, NewRelease, Pack, Release
from registry_server.log import actions as log
from registry_server.log.rules import Place
from registry_server.publishers import actions as publishers


def find(call: Call, name: PackName) -> Pack | None:
    """The pack called `name`."""
    return store.find_pack(call.db, name)


def get(call: Call, name: PackName) -> Pack:
    """The pack called `name`. Raises NoSuchPack."""
    found = store.find_pack(call.db, name)
    if found is None:
        raise NoSuchPack(name)
    return found


def releases(call: Call, name: PackName) -> list[Release]:
    """All releases of a pack, highest version first; empty for one that is not there."""
    found = store.find_pack(call.db, name)
    return [] if found is None else store.releases(call.db, found)


def listing(call: Call, of: Pack) -> Listing:
    """What the release that is shown first tells of the pack; of one that was all yanked, its highest release."""
    shown = of.latest or store.releases(call.db, of)[0].version
    return store.texts(call.db, of, shown).listing


def get_release(call: Call, of: Pack, version: Version) -> Release:
    """One release. Raises NoSuchRelease."""
    wanted = version.without_build()
    found = next((one for one in store.releases(call.db, of) if one.version == wanted), None)
    if found is None:
        raise NoSuchRelease(of.name, str(wanted), str(of.latest or ""))
    return found


def published_at(call: Call, name: PackName, version: Version) -> int | None:
    """When a release was logged, seconds since the epoch, UTC; None for one that is not there."""
    return store.published_at(call.db, name, version)


def versions_to_choose(call: Call, name: PackName) -> list[Version]:
    """The versions of a pack that may be chosen anew, highest first; empty for one that is not there."""
    return store.versions(call.db, name)


def newest_before(call: Call, name: PackName, log_number: int | None) -> Version | None:
    """The release of a pack that was logged last before `log_number`; None means now."""
    return store.newest_before(call.db, name, log_number)


def foreign_names(call: Call, name: PackName) -> list[PackName]:
    """The names of all packs of other publishers."""
    return store.foreign_names(call.db, name.publisher)


def add_release(call: Call, new: NewRelease) -> None:
    """Adds a release that `publishing` has just logged, and its pack with the first one. Its version must be new."""
    statement = new.statement
    of = store.find_pack(call.db, statement.pack) or store.add_pack(
        call.db, statement.pack, statement.facts.kind, new.at
    )
    store.add_release(call.db, of, new)
    _show_latest(call, of)


@dataclass(frozen=True)
class Said:
    """What somebody says about a release, in the log for ever."""

    reason: str
    note: str = ""
    use: PackName | None = None


@dataclass(frozen=True)
class Act:
    """What came of it: the release as it is now, and the index of the entry that says so.

    `is_new` false: it was so before, and no entry was added.
    """

    release: Release
    log_number: int
    is_new: bool = True


def yank(call: Call, name: PackName, version: Version, said: Said) -> Act:
    """Keeps a release from being chosen anew. Saying the same again adds no entry, so that a lost answer may be asked for once more.

    Raises NoSuchPack, NoSuchRelease, BadReason, and as `publishers.acting_for`.
    """
    check_reason(said.reason, REASONS)
    of, found = of_mine(call, name, version)
    if (before := found.marked("yank")) and (before.reason, before.note) == (said.reason, said.note):
        return Act(found, before.log_number, is_new=False)
    place = log.take_place(call)
    leaf = YankLeaf(
        v=1,
        at=place.at,
        pack=LoggedPack(name),
        version=found.version,
        statement=found.statement,
        reason=said.reason,
        note=said.note or None,
    )
    log.append(call, place, leaf)
    marks.keep(call.db, of, found.version, _mark("yank", said, place))
    return tell(call, of, found, Told("release.yank", place, said.reason))


def deprecate(call: Call, name: PackName, version: Version, said: Said) -> Act:
    """Says that a release is superseded, or with reason `none` that it is not.

    Raises as `yank`, and UsesItself; NoSuchPack too for a pack to use instead that is not here.
    """
    check_reason(said.reason, DEPRECATION_REASONS)
    if said.use == name:
        raise rules.UsesItself(name)
    if said.use is not None:
        get(call, said.use)
    of, found = of_mine(call, name, version)
    before = found.marked("deprecation")
    if before and (before.reason, before.note, before.use) == (said.reason, said.note, str(said.use or "")):
        return Act(found, before.log_number, is_new=False)
    if before is None and said.reason == "none":
        return Act(found, found.log_number, is_new=False)
    place = log.take_place(call)
    leaf = DeprecateLeaf(
        v=1,
        at=place.at,
        pack=LoggedPack(name),
        version=found.version,
        statement=found.statement,
        reason=said.reason,
        note=said.note or None,
        use=said.use,
    )
    log.append(call, place, leaf)
    if said.reason == "none":
        marks.drop(call.db, of, found.version, "deprecation")
    else:
        marks.keep(call.db, of, found.version, _mark("deprecation", said, place))
    return tell(call, of, found, Told("release.deprecate", place, said.reason))


def restore(call: Call, name: PackName, version: Version, document: Envelope, cooldowns: Sequence[Cooldown]) -> Act:
    """Lifts a yank: with signatures, because it loosens. `cooldowns` are those of the trust files in force.

    Of what is not yanked nothing is lifted and no document is looked at. Raises NoSuchPack, NoSuchRelease, RestoreUsed, as
    `publishers.acting_for`, and as `judge_yank_restore`.
    """
    of, found = of_mine(call, name, version)
    yanked = found.marked("yank")
    if yanked is None:
        return not_lifted(found)
    place = log.take_place(call)
    counting = keys_that_count(publishers.chain(call, name.publisher), place.index, place.at, name, cooldowns)
    (entry,) = log.entries(call, yanked.log_number, yanked.log_number + 1)
    judge_yank_restore(document, found.statement, counting, parse_leaf(entry).at)
    return lifted(call, of, found, Lift("yank", "release.restore", place, document))


@dataclass(frozen=True)
class Lift:
    """What a document lifts, which was judged for this place, and how the trail calls that."""

    restores: Literal["yank", "recall"]
    action: str
    place: Place
    document: Envelope


def lifted(call: Call, of: Pack, before: Release, lift: Lift) -> Act:
    """Enters that a yank or recall is lifted. A document lifts once: raises RestoreUsed."""
    if log.envelopes(call, [lift.document.digest]):
        raise rules.RestoreUsed(str(before), lift.document.digest, lift.restores)
    leaf = RestoreLeaf(
        v=1,
        at=lift.place.at,
        pack=LoggedPack(of.name),
        version=before.version,
        statement=before.statement,
        restores=lift.restores,
        document=lift.document.digest,
    )
    log.append(call, lift.place, leaf, [lift.document])
    marks.drop(call.db, of, before.version, lift.restores)
    return tell(call, of, before, Told(lift.action, lift.place, facts={"document": str(lift.document.digest)}))


def not_lifted(found: Release) -> Act:
    """The answer where nothing was to be lifted: the last word there is."""
    return Act(found, found.mark.log_number if found.mark else found.log_number, is_new=False)


def of_mine(call: Call, name: PackName, version: Version) -> tuple[Pack, Release]:
    """A release that the asker may publish for. Raises NoSuchPack, NoSuchRelease, and as `publishers.acting_for`."""
    publishers.acting_for(call, name.publisher, name)
    of = get(call, name)
    return of, get_release(call, of, version)


def check_reason(reason: str, reasons: tuple[str, ...]) -> None:
    """Raises BadReason for a word that is not on the list."""
    if reason not in reasons:
        raise rules.BadReason(reason, reasons)


def _mark(kind: rules.MarkKind, said: Said, place: Place) -> Mark:
    return Mark(kind=kind, reason=said.reason, note=said.note, use=str(said.use or ""), log_number=place.index)


@dataclass(frozen=True)
class Told:
    """What the trail keeps of an entry about a release."""

    action: str
    place: Place
    reason: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


def tell(call: Call, of: Pack, before: Release, told: Told) -> Act:
    """Brings state, latest and trail up to date after an entry about a release."""
    marked = get_release(call, of, before.version)
    store.set_state(call.db, of, marked.version, rules.state_of(marked.marks))
    _show_latest(call, of)
    facts = {"version": str(marked.version), "log": str(told.place.index), **told.facts}
    audit.record(call, told.action, f"pack:{of.name}", facts, reason=told.reason)
    return Act(get_release(call, of, before.version), told.place.index)


def _show_latest(call: Call, of: Pack) -> None:
    latest = rules.latest_of(store.states(call.db, of))
    if latest is None:
        store.hide(call.db, of)
    else:
        store.show_latest(call.db, of, latest, publishers.get(call, of.name.publisher).display_name)
