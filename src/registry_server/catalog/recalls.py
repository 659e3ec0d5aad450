"""Recalls: calling a release back, lifting that, and telling beforehand whom it would hit (docs/spec/recalls.md).

Tightening needs only the right to do it, loosening the reviewers' signatures. So a recall may be said again with other words or become
stronger, and never weaker; and what the registry itself recalled, its publisher cannot say anew in milder words.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from packspec.errors import Conflict
from packspec.log.leaf import LoggedPack, RecallLeaf, parse_leaf
from packspec.names import PackName
from packspec.reasons import REASONS
from packspec.signing.dsse import Envelope
from packspec.signing.restore import judge_recall_restore
from packspec.trustfiles import Reviewers
from packspec.versions import Version
from registry_server.call import Call
from registry_server.catalog import actions, marks, needs, rules, store
from registry_server.catalog.actions import Act, Lift, Told
from registry_server.catalog.needs import Dependent
from registry_server.catalog.rules import Mark, Pack, Release, State
from registry_server.log import actions as log
from registry_server.publishers import actions as publishers

OPEN = (State.PUBLISHED, State.DEPRECATED)
"""States in which a release may be chosen anew."""


class RecallStands(Conflict):
    """A recall was to be made weaker by who may only make it stronger."""

    release: str
    stands: str
    """The action that stands."""
    by_registry: bool

    code = "catalog.recall-stands"

    def what(self) -> str:
        return f"the recall of {self.release} cannot be changed into this"

    def facts(self) -> dict[str, str]:
        return {"recalled": f"{self.stands}, by {'the registry' if self.by_registry else 'its publisher'}"}

    def why(self) -> str:
        if self.by_registry:
            return "the registry itself recalled it, and what its publisher says does not replace that"
        return "a recall becomes stronger at once, and weaker only with the reviewers' signatures"

    def fix(self) -> list[str]:
        return [f"ask the registry: packctl admin recall {self.release.replace(' ', '@')} --undo"]


class NoReplacement(Conflict):
    """The release to take instead cannot be taken itself."""

    replacement: str
    state: str

    code = "catalog.no-replacement"

    def what(self) -> str:
        return f"{self.replacement} cannot be taken instead: it is {self.state}"

    def why(self) -> str:
        return "every client will propose this version, so it must be one that may be chosen"

    def fix(self) -> list[str]:
        return [
            "name another version with --replacement, or leave it out",
            f"packctl show {self.replacement.partition(' ')[0]} --versions",
        ]


@dataclass(frozen=True)
class Recall:
    """What somebody wants to say. `action` is `warn` or `stop`; `replacement` a version of the same pack."""

    action: str
    reason: str
    note: str = ""
    replacement: Version | None = None
    by_registry: bool = False

    def mark(self, log_number: int) -> Mark:
        """As it is kept."""
        replacement = str(self.replacement or "")
        return Mark(
            kind="recall", reason=self.reason, note=self.note, use="", log_number=log_number,
            action=self.action, replacement=replacement, by_registry=self.by_registry,
        )  # fmt: skip


def recall(call: Call, name: PackName, version: Version, wanted: Recall) -> Act:
    """Calls a release back. Saying the same again adds no entry, so that a lost answer may be asked for once more.

    Raises NoSuchPack, NoSuchRelease, BadReason, NoReplacement, RecallStands; and as `publishers.acting_for`, unless the registry asks.
    """
    of, found = _asked(call, name, version, wanted)
    before = found.marked("recall")
    if before is not None:
        if wanted.mark(before.log_number) == before:
            return Act(found, before.log_number, is_new=False)
        check_stronger(str(found), before, wanted)
    place = log.take_place(call)
    leaf = RecallLeaf(
        v=1,
        at=place.at,
        pack=LoggedPack(name),
        version=found.version,
        statement=found.statement,
        reason=wanted.reason,
        action=wanted.action,  # type: ignore[arg-type]  # the protocol takes no other word
        note=wanted.note or None,
        replacement=wanted.replacement,
    )
    log.append(call, place, leaf)
    marks.keep(call.db, of, found.version, wanted.mark(place.index))
    return actions.tell(call, of, found, Told("release.recall", place, wanted.reason, {"action": wanted.action}))


def lift(call: Call, name: PackName, version: Version, document: Envelope, reviewers: Reviewers) -> Act:
    """Lifts every recall of a release, with the signatures of the reviewers in force.

    Of what is not recalled nothing is lifted and no document is looked at. Raises NoSuchPack, NoSuchRelease, RestoreUsed, and as
    `judge_recall_restore`.
    """
    of = actions.get(call, name)
    found = actions.get_release(call, of, version)
    recalled = found.marked("recall")
    if recalled is None:
        return actions.not_lifted(found)
    place = log.take_place(call)
    in_force = reviewers.in_force(place.index)
    assert in_force is not None  # nothing is published before there are reviewers
    (entry,) = log.entries(call, recalled.log_number, recalled.log_number + 1)
    keys = publishers.chain(call, name.publisher).keys
    judge_recall_restore(document, found.statement, in_force, keys, parse_leaf(entry).at)
    return actions.lifted(call, of, found, Lift("recall", "release.recall.lift", place, document))


@dataclass(frozen=True)
class Hit:
    """A release that a recall would hit: it needs what is recalled. `is_stuck`: its range allows nothing else that may be chosen."""

    dependent: Dependent
    is_stuck: bool


@dataclass(frozen=True)
class Rehearsal:
    """What a recall would do. `newest` is what would be chosen instead from then on; `hits` name each pack once, by its highest release."""

    release: Release
    newest: Version | None
    hits: tuple[Hit, ...]


def rehearse(call: Call, name: PackName, version: Version, wanted: Recall) -> Rehearsal:
    """What `recall` would do, without doing it. Raises as it does."""
    of, found = _asked(call, name, version, wanted)
    if (before := found.marked("recall")) and wanted.mark(before.log_number) != before:
        check_stronger(str(found), before, wanted)
    states = {one.version: one.state for one in store.releases(call.db, of)}
    states[found.version] = State.RECALLED
    others = [one for one, state in states.items() if state in OPEN]
    return Rehearsal(found, rules.latest_of(states), hits_of(found.version, others, needs.dependents(call.db, name)))


def hits_of(recalled: Version, others: list[Version], dependents: Iterable[Dependent]) -> tuple[Hit, ...]:
    """The packs that a recall hits, by name: of each its highest release that may use what is recalled."""
    highest: dict[PackName, Dependent] = {}
    for one in dependents:
        if one.wanted.allows(recalled) and (one.pack not in highest or highest[one.pack].version < one.version):
            highest[one.pack] = one
    return tuple(Hit(one, not any(map(one.wanted.allows, others))) for _, one in sorted(highest.items()))


def check_stronger(release: str, before: Mark, wanted: Recall) -> None:
    """Raises RecallStands where the new recall would be weaker than the one that stands."""
    is_weaker = before.action == "stop" and wanted.action == "warn"
    if is_weaker or (before.by_registry and not wanted.by_registry):
        raise RecallStands(release, before.action, before.by_registry)


def _asked(call: Call, name: PackName, version: Version, wanted: Recall) -> tuple[Pack, Release]:
    actions.check_reason(wanted.reason, REASONS)
    if wanted.by_registry:
        of = actions.get(call, name)
        found = actions.get_release(call, of, version)
    else:
        of, found = actions.of_mine(call, name, version)
    if wanted.replacement is not None:
        instead = actions.get_release(call, of, wanted.replacement)
        state = "the recalled release itself" if instead.version == found.version else instead.state.value
        if instead.state not in OPEN or instead.version == found.version:
            raise NoReplacement(str(instead), state)
    return of, found
