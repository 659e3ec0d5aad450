"""The list of reviewers: who may approve releases, signed by the offline keys. The row in force at its entry judges a release for ever.

The role `reviewer` in the database only opens the queue; this list is what clients believe.
"""

from pathlib import Path

from packspec import site
from packspec.errors import AgainstPolicy, Conflict, NotFound
from packspec.names import PublisherName
from packspec.signing.dsse import Envelope
from packspec.signing.keys import PublicKey
from packspec.signing.publisher import PublisherRoot
from packspec.trustfiles import ReviewerKey, ReviewerRow, Reviewers
from registry_server.actor import TERMINAL
from registry_server.call import Call, call_of
from registry_server.index.actions import check_clock, current_trust, publish_pending
from registry_server.index.ceremony import OfflineKeys, change_trust_file
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


def reviewers(world: World) -> ReviewerRow | None:
    """Who may approve now, and how many must; None as long as nobody may."""
    rows = current_trust(world).reviewers.sets
    return rows[-1] if rows else None


def add_reviewer(
    world: World, offline_folder: Path, name: str, key: PublicKey, threshold: int | None = None
) -> ReviewerRow:
    """Puts a reviewer on the list, from the next log entry on. `threshold` absent: as before. Raises ReviewerListed,
    PublishersKey, TooFewReviewers, OfflineKeysMissing."""
    before = reviewers(world)
    keys = before.keys if before else ()
    if any(one.name == name or one.key == key for one in keys):
        raise ReviewerListed(name, key.fingerprint)
    wanted = threshold or (before.threshold if before else 1)
    return _write(world, offline_folder, (*keys, ReviewerKey(key=key, name=name)), wanted, name)


def remove_reviewer(world: World, offline_folder: Path, name: str) -> ReviewerRow:
    """Takes a reviewer off the list, from the next log entry on; what they approved before stays approved. Raises NoSuchReviewer,
    TooFewReviewers."""
    before = reviewers(world)
    keys = before.keys if before else ()
    left = tuple(one for one in keys if one.name != name)
    if before is None or len(left) == len(keys):
        raise NoSuchReviewer(name)
    return _write(world, offline_folder, left, min(before.threshold, max(len(left), 1)))


def _write(
    world: World, offline_folder: Path, keys: tuple[ReviewerKey, ...], threshold: int, new: str = ""
) -> ReviewerRow:
    if len(keys) < threshold:
        raise TooFewReviewers(threshold, len(keys))
    check_clock(world)  # before the log has an entry that could not be shown
    offline = OfflineKeys.read(offline_folder)
    written: list[ReviewerRow] = []

    def content(index: int) -> bytes:
        file = current_trust(world).reviewers
        row = ReviewerRow(start=index, threshold=threshold, keys=tuple(sorted(keys, key=lambda one: one.name)))
        written.append(row)
        return Reviewers(v=1, sets=(*file.sets, row), compromised=file.compromised).encode()

    with call_of(world, TERMINAL).writing() as call:
        for entry in keys:
            if entry.name == new:
                _check_no_publisher(call, entry)
        change_trust_file(call, offline, site.REVIEWERS_TARGET, content)
    publish_pending(world)
    return written[-1]


def _check_no_publisher(call: Call, reviewer: ReviewerKey) -> None:
    """Refuses a key that stands in any root of any publisher, in force, former or waiting. Raises PublishersKey.

    Here and not at the approval: a root may come long after, and would undo what was approved before.
    """
    for name in map(PublisherName, publishers.names(call.db)):
        for kept in publishers.roots(call.db, name):
            if reviewer.key in PublisherRoot.parse(Envelope.parse(kept.envelope).payload).keys:
                raise PublishersKey(reviewer.name, name, reviewer.key.fingerprint)
