"""Trust resets: new owners for a publisher whose owners lost all their keys (docs/spec/publisher-root.md, Reset).

The offline keys list the reset in trust/resets.json, its `reset` entry tells everybody, and after the delay the announced root comes into
force by itself. Until then any root that the old owners sign takes its place, and the reset is over. A server alone can do none of it that
clients would believe: they want the row that the offline keys signed, and who knows the old keys must accept the new ones by name.
"""

from packspec.digests import Digest
from packspec.errors import Conflict
from packspec.log.leaf import ResetLeaf, RootName
from packspec.names import PublisherName
from packspec.signing.dsse import Envelope
from packspec.signing.publisher import Chain, LoggedRoot, PublisherRoot, Reset, follow
from packspec.trustfiles import ResetRow
from registry_server.actor import SYSTEM, TERMINAL
from registry_server.audit import actions as audit
from registry_server.call import Call, call_of
from registry_server.index import actions as index
from registry_server.index.offline.preparing import Changes
from registry_server.log import actions as log
from registry_server.owners import actions as owners
from registry_server.publishers import actions as publishers
from registry_server.publishers import store
from registry_server.world import World


class ResetSuperseded(Conflict):
    """The publisher's newest root is not the one that a reset was made after."""

    publisher: PublisherName
    expected: Digest
    found: Digest

    code = "publishers.reset-superseded"

    def what(self) -> str:
        return f"the keys of {self.publisher} are not those that this reset follows"

    def facts(self) -> dict[str, str]:
        return {"made after": self.expected.labelled, "in force": self.found.labelled}

    def why(self) -> str:
        return "the owners signed another root meanwhile, so their keys are not lost"

    def fix(self) -> list[str]:
        return [f"packctl publisher show {self.publisher}"]


def plan_reset(world: World, name: PublisherName, envelope: Envelope, reason: str) -> Changes:
    """What the offline keys are to sign, so that the root in `envelope` may follow without the owners before it.

    Raises NoSuchPublisher, ResetSuperseded, ReviewersKey, PublisherChanged for a root that could not follow, and what reading it raises.
    """
    root = PublisherRoot.parse(envelope.payload)
    with call_of(world, TERMINAL).reading() as call:
        publishers.get(call, name)
        newest = publishers.chain(call, name).newest
        row = ResetRow(
            publisher=name,
            old=RootName(version=newest.root.version, sha256=newest.digest),
            new=RootName(version=root.version, sha256=envelope.digest),
            reason=reason,
        )
        _check(call, row, envelope, index.trust_for_next(call).policy.reset_delay)
    return Changes(resets=(row,), roots=(envelope,))


def announce(call: Call, row: ResetRow, envelope: Envelope) -> None:
    """Tells everybody of a reset that the offline keys list, in the transaction that logs their list. Raises as `plan_reset`."""
    delay = index.trust_for_next(call).policy.reset_delay
    _check(call, row, envelope, delay)
    place = log.take_place(call)
    leaf = ResetLeaf(v=1, at=place.at, publisher=row.publisher, old=row.old, new=row.new)
    log.append(call, place, leaf, [envelope])
    store.announce(call.db, _reset(row, place.index, place.at, delay))
    facts = {"root": str(row.new.sha256), "log": str(place.index)}
    audit.record(call, "publisher.reset", f"publisher:{row.publisher}", facts, reason=row.reason)


def pending(call: Call, chain: Chain) -> Reset | None:
    """The reset of a publisher that waits for its delay; None if there is none, or the owners have signed another root since."""
    if not chain.roots:
        return None
    found = [one for one in store.resets(call.db, chain.publisher) if one.old_digest == chain.newest.digest]
    return found[-1] if found else None


def finish_resets(world: World) -> int:
    """Lets every announced root into the log whose delay is over; how many. Called every minute, and free when nothing waits."""
    entered = 0
    with call_of(world, SYSTEM).reading() as reading:
        due = [one for one in store.resets(reading.db) if reading.now >= one.at + one.delay_seconds]
        waiting = [one.publisher for one in due if pending(reading, publishers.chain(reading, one.publisher)) == one]
    for name in waiting:
        with call_of(world, SYSTEM).writing() as call:
            chain = publishers.chain(call, name)
            reset, place = pending(call, chain), log.take_place(call)
            if reset is None or place.at < reset.at + reset.delay_seconds:
                continue
            envelope = log.envelopes(call, [reset.new_digest])[reset.new_digest]
            logged = LoggedRoot(envelope, envelope.digest, place.index, place.at)
            owners.check_no_reviewer(call, follow(chain, [logged], [reset]).newest.root)
            owners.enter_root(call, place, PublisherRoot.parse(envelope.payload), envelope)
            entered += 1
    return entered


def _check(call: Call, row: ResetRow, envelope: Envelope, delay_seconds: int) -> None:
    """The root would follow if its delay were over now: place, its own owners' signatures, no key of a reviewer."""
    chain = publishers.chain(call, row.publisher)
    if not chain.newest.digest.same(row.old.sha256):
        raise ResetSuperseded(row.publisher, row.old.sha256, chain.newest.digest)
    size, later = log.size(call), max(call.now, chain.newest.at) + delay_seconds
    reset = _reset(row, size, later - delay_seconds, delay_seconds)
    follow(chain, [LoggedRoot(envelope, envelope.digest, size + 1, later)], [reset])
    owners.check_no_reviewer(call, PublisherRoot.parse(envelope.payload))


def _reset(row: ResetRow, number: int, at: int, delay_seconds: int) -> Reset:
    return Reset(
        publisher=row.publisher,
        old_version=row.old.version,
        old_digest=row.old.sha256,
        new_version=row.new.version,
        new_digest=row.new.sha256,
        index=number,
        at=at,
        delay_seconds=delay_seconds,
    )
