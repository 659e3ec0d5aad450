"""Answers about submissions."""

from packspec.protocol.endpoint import FileBytes
from packspec.protocol.publishing import (
    APPROVE,
    ARCHIVE,
    ATTEST,
    HAND_IN,
    LIST,
    OPEN,
    PUBLISH,
    REJECT,
    SHOW,
    SIGN,
    TAKE,
    WITHDRAW,
    AddSignature,
    AskSubmission,
    Attest,
    Decide,
    HandIn,
    ListSubmissions,
    OpenSubmission,
    Reject,
    SubmissionList,
    SubmissionView,
    Withdrawn,
)
from packspec.submissions import WAITING, State
from registry_server.call import Call
from registry_server.http.bind import bind
from registry_server.publishers import actions as publishers
from registry_server.publishing import actions, attesting, drafts, moves, review, store
from registry_server.publishing.refusals import NotHandedIn
from registry_server.publishing.rules import Submission
from registry_server.publishing.views import Views


def open_draft(call: Call, ask: OpenSubmission) -> SubmissionView:
    """A draft for an archive."""
    return Views(call).one(drafts.open_draft(call, ask))


def hand_in(call: Call, ask: HandIn) -> SubmissionView:
    """The statement; the archive is read and checked."""
    return _now(call, drafts.hand_in(call, ask))


def sign(call: Call, ask: AddSignature) -> SubmissionView:
    """One more signature."""
    return _now(call, drafts.sign(call, ask))


def attest(call: Call, ask: Attest) -> SubmissionView:
    """What the publisher attests."""
    return Views(call).one(attesting.attest(call, ask))


def withdraw(call: Call, ask: Withdrawn) -> SubmissionView:
    """Back to draft."""
    return Views(call).one(drafts.withdraw(call, ask))


def list_submissions(call: Call, ask: ListSubmissions) -> SubmissionList:
    """Submissions that the asker may see."""
    states: tuple[State, ...] = WAITING if ask.state == "waiting" else (State(ask.state),) if ask.state else ()
    wanted = store.Wanted(
        states=states,
        publishers=None if moves.sees_all(call) else tuple(publishers.publishers_of(call)),
        publisher=ask.publisher,
        pack=ask.pack,
        kind=ask.kind,
        newest_first=ask.sort == "newest",
    )
    found, total = store.listed(call.db, wanted, ask.page, ask.limit)
    return SubmissionList(submissions=Views(call).of(found), total=total, page=ask.page, pages=-(-total // ask.limit))


def show(call: Call, ask: AskSubmission) -> SubmissionView:
    """One submission."""
    return Views(call).one(moves.seen(call, ask.id))


def archive(call: Call, ask: AskSubmission) -> FileBytes:
    """The bytes that were handed in. Those of a draft that nobody handed in yet are not there."""
    found = moves.seen(call, ask.id)
    if found.report is None:
        raise NotHandedIn(str(found))
    return FileBytes(digest=found.archive)


def take(call: Call, ask: AskSubmission) -> SubmissionView:
    """Takes it from the queue."""
    return Views(call).one(review.take(call, ask))


def approve(call: Call, ask: Decide) -> SubmissionView:
    """A signed approval. Nobody is told of a decision before it is published, be it another's, in the same commit or just behind."""
    one = review.approve(call, ask)
    shown = _now(call, one)
    if shown.state == State.APPROVED.value and shown.log_index is not None:
        actions.finish(call, one.number)
        shown = _now(call, one)
    return shown


def reject(call: Call, ask: Reject) -> SubmissionView:
    """A signed rejection."""
    return Views(call).one(review.reject(call, ask))


def publish(call: Call, ask: AskSubmission) -> SubmissionView:
    """Lets go what was held back."""
    return _now(call, review.let_go(call, ask))


def _now(call: Call, one: Submission) -> SubmissionView:
    """The submission as it is after everything that the call did."""
    with call.reading() as reading:
        return Views(reading).one(store.find(reading.db, one.number) or one)


BINDINGS = (
    bind(OPEN, open_draft),
    bind(HAND_IN, hand_in),
    bind(SIGN, sign),
    bind(ATTEST, attest),
    bind(WITHDRAW, withdraw),
    bind(LIST, list_submissions),
    bind(SHOW, show),
    bind(ARCHIVE, archive),
    bind(TAKE, take),
    bind(APPROVE, approve),
    bind(REJECT, reject),
    bind(PUBLISH, publish),
)
"""What this room answers."""
