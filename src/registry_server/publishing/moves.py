"""The one function that moves a submission, and who may see one or act in it."""

from collections.abc import Mapping

import msgspec

from packspec.submissions import Event, Role, find_move
from registry_server.accounts import actions as accounts
from registry_server.actor import Role as Office
from registry_server.audit import actions as audit
from registry_server.call import Call
from registry_server.publishers import actions as publishers
from registry_server.publishing import store
from registry_server.publishing.refusals import NoSubmission, VersionExists
from registry_server.publishing.rules import KeptMove, Submission, check_not_own, number_of


def seen(call: Call, id: str) -> Submission:
    """The submission, if the asker may see it: reviewers and admins all, others those of their publishers. Raises NoSubmission."""
    found = store.find(call.db, number_of(id))
    if found is None or not (sees_all(call) or publishers.role_in(call, found.publisher)):
        raise NoSubmission(id)
    return found


def sees_all(call: Call) -> bool:
    """Whether the asker sees every submission."""
    return call.actor.has_role(Office.REVIEWER) or call.actor.has_role(Office.ADMIN)


def of_mine(call: Call, id: str) -> Submission:
    """The submission, if the asker may publish its pack now. Raises NoSubmission, and as `publishers.acting_for`."""
    found = seen(call, id)
    publishers.acting_for(call, found.publisher, found.pack)
    return found


def to_review(call: Call, id: str) -> Submission:
    """The submission, if the asker may decide about it. Raises NoSubmission, OwnSubmission."""
    found = seen(call, id)
    assert call.actor.member is not None  # the row asks for a token
    check_not_own(found, call.actor.member, publishers.role_in(call, found.publisher))
    return found


def check_signer(call: Call, submission: Submission, reviewer: str) -> None:
    """Refuses a decision signed with the key of `reviewer`, whoever hands it in, if its account may not decide. Raises OwnSubmission.

    A name in the list of reviewers is that of an account. One without account has handed in nothing and acts for nobody.
    """
    found = accounts.find_person(call.db, reviewer)
    if found is not None:
        role = publishers.role_of(call, submission.publisher, found.id)
        check_not_own(submission, found.id, role, whose=f"{reviewer}, whose key signed,")


def move(
    call: Call,
    before: Submission,
    event: Event,
    role: Role,
    *,
    reason: str = "",
    note: str = "",
    facts: Mapping[str, str] | None = None,
) -> Submission:
    """Moves `before`, with all that changed in it, and writes history and trail. What the row of the table needs, the caller has checked.

    Raises IllegalMove, NotYourMove, ReasonMissing, VersionExists.
    """
    row = find_move(before.state, event, role, reason=reason, submission=str(before))
    after = msgspec.structs.replace(before, state=row.target)
    keep(call, after)
    step = KeptMove(
        at=call.now,
        member=call.actor.member,
        event=event.value,
        from_state=row.source.value,
        to_state=row.target.value,
        reason=reason,
        note=note,
    )
    store.add_move(call.db, before.number, step)
    told = {"pack": str(before.pack), "version": str(before.version), "to": row.target.value, **(facts or {})}
    audit.record(call, f"submission.{event.value}", f"submission:{before}", told, reason=reason)
    return after


def keep(call: Call, one: Submission) -> None:
    """Keeps what changed. Raises VersionExists where another submission of this version came first."""
    try:
        store.keep(call.db, one)
    except store.Taken as error:
        raise VersionExists(one.pack, one.version, "handed in", one.archive, one.archive) from error


def check_free(call: Call, pack: Submission) -> None:
    """Raises VersionExists if another submission of this version is beyond draft."""
    other = store.live(call.db, pack.pack, pack.version)
    if other is not None and other.number != pack.number:
        raise VersionExists(pack.pack, pack.version, other.state.value, other.archive, pack.archive)
