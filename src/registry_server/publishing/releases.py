"""Answers about what publishers and the registry say of releases afterwards: each an entry of the log."""

from packspec import limits
from packspec.names import PackName
from packspec.protocol.archiving import ARCHIVE, REVIVE, ArchivePack, PackActed, RevivePack
from packspec.protocol.publishing import (
    DEPRECATE,
    RESTORE,
    YANK,
    DeprecateRelease,
    LoggedAct,
    RestoreRelease,
    YankRelease,
)
from packspec.protocol.recalls import (
    LIFT,
    RECALL,
    REHEARSE,
    REHEARSE_STOP,
    STOP,
    HitPack,
    LiftRecall,
    RecallRehearsal,
    RecallRelease,
)
from packspec.signing.dsse import Envelope
from registry_server.call import Call
from registry_server.catalog import actions as catalog
from registry_server.catalog import archiving, recalls
from registry_server.catalog.actions import Act, Said
from registry_server.catalog.archiving import Archived
from registry_server.catalog.recalls import Recall, Rehearsal
from registry_server.http.bind import bind
from registry_server.index import actions as index


def yank(call: Call, ask: YankRelease) -> LoggedAct:
    """Takes a release back."""
    return _act(catalog.yank(call, ask.pack, ask.version, Said(ask.reason, ask.note)))


def restore(call: Call, ask: RestoreRelease) -> LoggedAct:
    """Lifts a yank."""
    cooldowns = index.trust_for_next(call).policy.waits
    return _act(catalog.restore(call, ask.pack, ask.version, Envelope.parse(ask.restore.encode()), cooldowns))


def deprecate(call: Call, ask: DeprecateRelease) -> LoggedAct:
    """Marks a release as superseded, or lifts that."""
    return _act(catalog.deprecate(call, ask.pack, ask.version, Said(ask.reason, ask.note, ask.use)))


def recall(call: Call, ask: RecallRelease) -> LoggedAct:
    """A publisher calls a release back."""
    return _act(recalls.recall(call, ask.pack, ask.version, _wanted(ask)))


def stop(call: Call, ask: RecallRelease) -> LoggedAct:
    """The registry itself calls a release back."""
    return _act(recalls.recall(call, ask.pack, ask.version, _wanted(ask, by_registry=True)))


def rehearse(call: Call, ask: RecallRelease) -> RecallRehearsal:
    """Whom a publisher's recall would hit."""
    return _rehearsal(recalls.rehearse(call, ask.pack, ask.version, _wanted(ask)))


def rehearse_stop(call: Call, ask: RecallRelease) -> RecallRehearsal:
    """Whom the registry's recall would hit."""
    return _rehearsal(recalls.rehearse(call, ask.pack, ask.version, _wanted(ask, by_registry=True)))


def lift_recall(call: Call, ask: LiftRecall) -> LoggedAct:
    """Lifts a recall, with the reviewers' signatures."""
    reviewers = index.trust_for_next(call).reviewers
    return _act(recalls.lift(call, ask.pack, ask.version, Envelope.parse(ask.restore.encode()), reviewers))


def archive(call: Call, ask: ArchivePack) -> PackActed:
    """Yanks all releases of a pack."""
    return _acted(ask.pack, archiving.archive(call, ask.pack, ask.note))


def revive(call: Call, ask: RevivePack) -> PackActed:
    """Lifts the yanks that archived a pack."""
    documents = [Envelope.parse(one.encode()) for one in ask.restores]
    return _acted(ask.pack, archiving.revive(call, ask.pack, documents, index.trust_for_next(call).policy.waits))


def _acted(name: PackName, done: Archived) -> PackActed:
    return PackActed(pack=name, versions=list(done.versions), log_index=done.log_number)


def _wanted(ask: RecallRelease, *, by_registry: bool = False) -> Recall:
    return Recall(ask.action, ask.reason, ask.note, ask.replacement, by_registry)


def _rehearsal(found: Rehearsal) -> RecallRehearsal:
    hits = [
        HitPack(
            pack=hit.dependent.pack,
            version=hit.dependent.version,
            range=str(hit.dependent.wanted),
            is_stuck=hit.is_stuck,
        )
        for hit in found.hits
    ]
    return RecallRehearsal(
        pack=found.release.pack,
        version=found.release.version,
        state=found.release.state.value,
        newest=found.newest,
        hits=hits[: limits.PAGE_ROWS],
        total=len(hits),
    )


def _act(done: Act) -> LoggedAct:
    one = done.release
    return LoggedAct(
        pack=one.pack, version=one.version, state=one.state.value, log_index=done.log_number, is_new=done.is_new
    )


BINDINGS = (
    bind(YANK, yank),
    bind(RESTORE, restore),
    bind(DEPRECATE, deprecate),
    bind(RECALL, recall),
    bind(REHEARSE, rehearse),
    bind(STOP, stop),
    bind(REHEARSE_STOP, rehearse_stop),
    bind(LIFT, lift_recall),
    bind(ARCHIVE, archive),
    bind(REVIVE, revive),
)
"""What this room answers about releases."""
