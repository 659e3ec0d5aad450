"""The list of reviewers: who may approve releases, signed by the offline keys. The row in force at its entry judges a release for ever.

The role `reviewer` in the database only opens the queue; this list is what clients believe.
"""

from collections.abc import Callable
from pathlib import Path

from msgspec.structs import replace

from packspec import site
from packspec.errors import AgainstPolicy, Conflict, NotFound
from packspec.names import PublisherName
from packspec.signing.dsse import Envelope
from packspec.signing.keys import PublicKey
from packspec.signing.publisher import PublisherRoot
from packspec.trustfiles import CompromisedReviewer, ReviewerKey, ReviewerRow, Reviewers
from registry_server.actor import TERMINAL
from registry_server.call import Call, call_of
from registry_server.index.actions import check_clock, current_trust, publish_pending, trust_for_next, visible
from registry_server.index.ceremony import OfflineKeys, change_trust_file
from registry_server.index.offline.preparing import show_waiting_trust, trust_waits
from registry_server.log import actions as log
from registry_server.publishers import store as publishers
from registry_server.world import World


class ReviewerListed(Conflict):
    """The name or the key is in the list already."""

    name: str
    fingerprint: str

    code = "registry.reviewer-listed"

    def what(self) -> str:
        return f"{self.name} with key {self.fingerprint} is on the list of reviewers already"

    def why(self) -> str:
        return "every reviewer has one name and one key, so that an approval says who gave it"

    def fix(self) -> list[str]:
        return ["registry-server reviewer list"]


class NoSuchReviewer(NotFound):
    """Nobody of that name is on the list."""

    name: str

    code = "registry.no-such-reviewer"

    def what(self) -> str:
        return f"no reviewer is called {self.name}"

    def fix(self) -> list[str]:
        return ["registry-server reviewer list"]


class TooFewReviewers(Conflict):
    """The list would hold fewer reviewers than must approve."""

    needed: int
    left: int

    code = "registry.too-few-reviewers"

    def what(self) -> str:
        return f"the list of reviewers would be too short: {self.left} of {self.needed} needed"

    def why(self) -> str:
        return "as many reviewers as must approve have to be on the list, and at least one"

    def fix(self) -> list[str]:
        return ["registry-server reviewer add NAME PUBLIC-KEY --keys DIR"]


class PublishersKey(AgainstPolicy):
    """A key for the list of reviewers stands in a publisher's root."""

    reviewer: str
    publisher: PublisherName
    fingerprint: str

    code = "registry.publishers-key"

    def what(self) -> str:
        return f"{self.reviewer} cannot review with the key {self.fingerprint}: it is a key of {self.publisher}"

    def why(self) -> str:
        return f"clients count no approval of {self.publisher}'s releases that is signed with one of its own keys"

    def fix(self) -> list[str]:
        return ["packctl key generate review-NAME --role reviewer", "and put that key on the list"]


Change = Callable[[Reviewers, int], Reviewers]
"""Gives the next list: of the one before, and of the log entry from which on it holds."""


def reviewers(world: World) -> ReviewerRow | None:
    """Who may approve now, and how many must; None as long as nobody may."""
    rows = current_trust(world).reviewers.sets
    return rows[-1] if rows else None


def adding(name: str, key: PublicKey, threshold: int | None = None) -> Change:
    """One more reviewer. `threshold` absent: as before. The change raises ReviewerListed, TooFewReviewers."""

    def change(before: Reviewers, start: int) -> Reviewers:
        row = before.sets[-1] if before.sets else None
        keys = row.keys if row else ()
        if any(one.name == name or one.key == key for one in keys):
            raise ReviewerListed(name, key.fingerprint)
        wanted = threshold or (row.threshold if row else 1)
        return _next(before, start, (*keys, ReviewerKey(key=key, name=name)), wanted)

    return change


def removing(name: str, stolen_since: int | None = None) -> Change:
    """One less; what they approved before stays approved, but for what their key signed from entry `stolen_since` on.

    The change raises NoSuchReviewer, TooFewReviewers.
    """

    def change(before: Reviewers, start: int) -> Reviewers:
        row = before.sets[-1] if before.sets else None
        gone = [one for one in row.keys if one.name == name] if row else []
        if row is None or not gone:
            raise NoSuchReviewer(name)
        left = tuple(one for one in row.keys if one.name != name)
        after = _next(before, start, left, min(row.threshold, max(len(left), 1)))
        if stolen_since is None:
            return after
        stolen = {one.key: one.since for one in before.compromised} | {gone[0].key.key_id: stolen_since}
        rows = tuple(CompromisedReviewer(key=key, since=since) for key, since in sorted(stolen.items()))
        return replace(after, compromised=rows)

    return change


def _next(before: Reviewers, start: int, keys: tuple[ReviewerKey, ...], threshold: int) -> Reviewers:
    if len(keys) < threshold:
        raise TooFewReviewers(threshold, len(keys))
    row = ReviewerRow(start=start, threshold=threshold, keys=tuple(sorted(keys, key=lambda one: one.name)))
    return replace(before, sets=(*before.sets, row))


def add_reviewer(
    world: World, offline_folder: Path, name: str, key: PublicKey, threshold: int | None = None
) -> ReviewerRow:
    """Puts a reviewer on the list, from the next log entry on. Raises as `adding`, PublishersKey, OfflineKeysMissing."""
    return write(world, OfflineKeys.read(offline_folder), adding(name, key, threshold))


def remove_reviewer(world: World, offline_folder: Path, name: str, stolen_since: int | None = None) -> ReviewerRow:
    """Takes a reviewer off the list, from the next log entry on. Raises as `removing`, OfflineKeysMissing."""
    return write(world, OfflineKeys.read(offline_folder), removing(name, stolen_since))


def planned(world: World, change: Change) -> Reviewers:
    """The list after a change, for the offline keys to sign elsewhere: from the next log entry on. Raises as the change, PublishersKey."""
    with call_of(world, TERMINAL).reading() as call:
        before = trust_for_next(call).reviewers
        after = change(before, log.size(call))
        _check_new(call, before, after)
    return after


def write(world: World, offline: OfflineKeys, change: Change) -> ReviewerRow:
    """Changes the list with the offline keys at hand.

    Raises as the change, PublishersKey, OfflineKeysMissing, ClockBack, and what publishing raises.
    """
    check_clock(world)  # before the log has an entry that could not be shown
    while (row := _written(world, offline, change)) is None:
        show_waiting_trust(world)
    publish_pending(world)
    return row


def _written(world: World, offline: OfflineKeys, change: Change) -> ReviewerRow | None:
    """The row that was added; None if what readers see lacks a change of the offline keys, which this one must follow."""
    written: list[Reviewers] = []
    with call_of(world, TERMINAL).writing() as call:
        if trust_waits(call, visible(world)):
            return None
        before = trust_for_next(call).reviewers
        _check_new(call, before, change(before, log.take_place(call).index))  # said before keys are asked for

        def content(index: int) -> bytes:
            written.append(change(before, index))
            return written[-1].encode()

        change_trust_file(call, offline, site.REVIEWERS_TARGET, content)
    return written[-1].sets[-1]


def _check_new(call: Call, before: Reviewers, after: Reviewers) -> None:
    known = set(before.sets[-1].keys) if before.sets else set()
    for entry in after.sets[-1].keys:
        if entry not in known:
            _check_no_publisher(call, entry)


def _check_no_publisher(call: Call, reviewer: ReviewerKey) -> None:
    """Refuses a key that stands in any root of any publisher, in force, former or waiting. Raises PublishersKey.

    Here and not at the approval: a root may come long after, and would undo what was approved before.
    """
    for name in map(PublisherName, publishers.names(call.db)):
        for kept in publishers.roots(call.db, name):
            if reviewer.key in PublisherRoot.parse(Envelope.parse(kept.envelope).payload).keys:
                raise PublishersKey(reviewer.name, name, reviewer.key.fingerprint)
