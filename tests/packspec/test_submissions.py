import pytest

from packspec.errors import PackError
from packspec.submissions import (
    MOVES,
    REJECTION_REASONS,
    Event,
    IllegalMove,
    Need,
    NotYourMove,
    ReasonMissing,
    Role,
    State,
    find_move,
)

TABLE = """
draft          submit       pending_review  publisher           checked-archive signatures
pending_review take         in_review       reviewer
pending_review withdraw     draft           publisher
in_review      take         in_review       reviewer
in_review      withdraw     draft           publisher
in_review      approve      approved        reviewer            approvals checked-archive signatures
in_review      reject       rejected        reviewer            reason signed-rejection
in_review      ask-changes  draft           reviewer            reason signed-rejection
approved       publish      published       publisher,registry  approvals not-held signatures
"""
LEGAL = {tuple(row.split()[:2]): row.split()[2:] for row in TABLE.strip().splitlines()}


def test_the_table_of_moves_is_this_one() -> None:
    told = [[move.source, move.event, move.target, ",".join(sorted(move.roles)), *sorted(move.needs)] for move in MOVES]
    assert told == [row.split() for row in TABLE.strip().splitlines()]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("role", Role)
def test_no_other_move_is_possible_and_nobody_else_makes_it(state: State, event: Event, role: Role) -> None:
    row = LEGAL.get((state, event))
    if row is None:
        with pytest.raises(IllegalMove):
            find_move(state, event, role, reason="quality")
    elif role not in row[1].split(","):
        with pytest.raises(NotYourMove):
            find_move(state, event, role, reason="quality")
    else:
        assert find_move(state, event, role, reason="quality").target == row[0]


def test_who_submits_never_decides() -> None:
    for event in (Event.TAKE, Event.APPROVE, Event.REJECT, Event.ASK_CHANGES):
        assert all(Role.PUBLISHER not in move.roles for move in MOVES if move.event is event)


def test_nothing_becomes_public_without_signatures_and_approvals() -> None:
    ways = [move for move in MOVES if move.target is State.PUBLISHED]
    assert [move.source for move in ways] == [State.APPROVED]
    assert all({Need.SIGNATURES, Need.APPROVALS} <= move.needs for move in ways)


def test_rejected_and_published_are_final() -> None:
    assert [state for state in State if state.is_final] == [State.REJECTED, State.PUBLISHED]


@pytest.mark.parametrize("reason", ["", "because", "Quality"])
@pytest.mark.parametrize("event", [Event.REJECT, Event.ASK_CHANGES])
def test_a_refusal_needs_a_reason_code(event: Event, reason: str) -> None:
    with pytest.raises(ReasonMissing) as caught:
        find_move(State.IN_REVIEW, event, Role.REVIEWER, reason=reason)
    assert caught.value.facts() == {"reasons": "quality, ages, rights, safety, metadata, duplicate, other"}
    assert [find_move(State.IN_REVIEW, event, Role.REVIEWER, reason=code).event for code in REJECTION_REASONS] == [
        event
    ] * 7


@pytest.mark.parametrize(
    ("error", "code", "exit_code", "what"),
    [
        (
            IllegalMove(State.REJECTED, Event.APPROVE, "S-7"),
            "publishing.illegal-move",
            5,
            "approve is not possible: submission S-7 is rejected",
        ),
        (
            NotYourMove(Event.APPROVE, Role.PUBLISHER, frozenset({Role.REVIEWER}), "S-7"),
            "publishing.not-your-move",
            4,
            "approve is not yours to do for submission S-7",
        ),
        (ReasonMissing(Event.REJECT), "publishing.reason-missing", 2, "reject needs a reason"),
    ],
)
def test_a_refused_move_says_what_stands_in_its_way(error: PackError, code: str, exit_code: int, what: str) -> None:
    assert (error.code, error.kind.exit_code, error.what()) == (code, exit_code, what)
    assert error.why() and error.fix()


def test_an_illegal_move_names_the_legal_ones() -> None:
    assert IllegalMove(State.PENDING_REVIEW, Event.PUBLISH).facts() == {"possible": "take, withdraw"}
    assert IllegalMove(State.PUBLISHED, Event.WITHDRAW).facts() == {"possible": "nothing, this state is final"}
