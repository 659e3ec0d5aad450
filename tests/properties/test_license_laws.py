"""Random histories of licenses against a model: what the registry keeps is what a person with paper and calendar would have.

The machine calls the registry's own actions on a real database, in one transaction that is thrown away at the end; a refused action is
undone as the door would. The model is written the other way round: a plain record and if-clauses, no table and no constraint.
"""

import functools
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from packspec.errors import PackError
from packspec.licenses.events import Event
from packspec.licenses.plans import Plan
from packspec.names import PackName
from registry_server.accounts import store as accounts
from registry_server.actor import SYSTEM
from registry_server.audit.actions import verify_chain
from registry_server.call import call_of
from registry_server.licensing import actions, activating, places, store
from registry_server.licensing.actions import Order
from registry_server.licensing.activating import Wish
from registry_server.world import World
from tests.support.registry import registry_at

DAY = 86_400
PACK = PackName("acme/pro")
PLANS = {
    "ever": Plan(id="ever", kind="perpetual", pack=PACK, max_instances=2, unit="seat", transferable=True),
    "year": Plan(id="year", kind="subscription", pack=PACK, max_instances=1, duration_s=365 * DAY),
    "trial": Plan(id="trial", kind="trial", pack=PACK, max_instances=3, duration_s=14 * DAY, grace_s=0),
}
WAITS = (1, 3600, DAY, 6 * DAY, 14 * DAY, 30 * DAY, 351 * DAY, 365 * DAY)
STOPPING = ("refund", "chargeback_lost", "fraud", "revoke")


@functools.cache
def world() -> World:
    opened = registry_at(Path(tempfile.mkdtemp(prefix="license-laws-")))
    return opened.__enter__().world  # lives as long as this process; nothing is ever committed into it


@dataclass
class Paper:
    """What a person would note down of one license."""

    plan: str
    begins: int
    ends: int | None
    pieces: int
    number: int = 0
    on_trial: bool = False
    cancelled: bool = False
    unpaid: bool = False
    stopped: bool = False
    gone: str = ""
    changes: int = 1
    machines: dict[str, int] = field(default_factory=dict)
    """Each machine, and when its lease ends."""

    def says(self, now: int) -> str:
        if self.gone:
            return "revoked"
        if self.stopped:
            return "suspended"
        if self.ends is None or now < self.ends:
            return "trialing" if self.on_trial else "past_due" if self.unpaid else "active"
        if self.cancelled:
            return "cancelled"
        return "grace" if not self.on_trial and now < self.ends + 7 * DAY else "expired"

    def most(self) -> int:
        return 2 * self.pieces if self.plan == "ever" else {"year": 1, "trial": 3}[self.plan]

    def lease(self, now: int) -> int:
        if self.ends is None:
            return now + 30 * DAY
        last = self.ends if self.cancelled or self.on_trial else self.ends + 7 * DAY
        return max(now, min(now + 30 * DAY, last))


class LicenseMachine(RuleBasedStateMachine):
    """One holder, one pack, five machines, and all that can happen."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_790_000_000
        self.paper: Paper | None = None
        self.had_trial = False
        self.opened = world().database.writing()
        self.db = self.opened.__enter__()
        self.member = accounts.add_person(self.db, "holder", self.now)
        found = accounts.find_member(self.db, self.member)
        assert found is not None
        self.account = found.account_id

    def teardown(self) -> None:
        verify_chain(self.db)
        with suppress(_ThrownAway):
            self.opened.__exit__(_ThrownAway, _ThrownAway(), None)

    def act(self, what: Any) -> Any:
        """Runs an action; a refusal leaves nothing behind and gives its code."""
        call = replace(call_of(world(), SYSTEM), transaction=self.db, now=self.now)
        part = self.db.begin_nested()
        try:
            done = what(call)
        except PackError as error:
            part.rollback()
            return error.code
        part.commit()
        return done

    @property
    def live(self) -> Paper | None:
        return self.paper if self.paper is not None and not self.paper.gone else None

    @rule(plan=st.sampled_from(sorted(PLANS)), pieces=st.integers(1, 2))
    def issue(self, plan: str, pieces: int) -> None:
        order = Order(self.account, PLANS[plan], pieces)
        done = self.act(lambda call: actions.issue(call, order))
        outcome = done if isinstance(done, str) else done.outcome
        assert outcome == self._expected(plan), (outcome, self.paper)
        if outcome.startswith("licensing."):
            return
        duration = PLANS[plan].duration_s
        paper = self.paper
        if outcome in ("issued", "superseded"):
            ends = None if duration is None else self.now + duration
            self.paper = Paper(plan, self.now, ends, pieces, done.license.id, on_trial=plan == "trial")
            self.had_trial |= plan == "trial"
            return
        assert paper is not None
        paper.plan, paper.pieces, paper.changes = plan, pieces, paper.changes + 1
        if outcome == "converted":
            paper.on_trial, paper.cancelled, paper.begins = False, False, self.now
            paper.ends = None if duration is None else self.now + duration
        else:
            self._more_time(paper)

    def _expected(self, plan: str) -> str:
        if self.live is None:
            return "licensing.trial-taken" if plan == "trial" and self.had_trial else "issued"
        status = self.live.says(self.now)
        if plan == "trial":
            return "licensing.has-license"
        if status == "trialing":
            return "converted"
        if self.live.plan != plan:
            return "superseded"
        return "renewed" if status in ("grace", "expired", "cancelled") else "licensing.has-license"

    def _more_time(self, paper: Paper) -> None:
        duration = PLANS[paper.plan].duration_s
        assert paper.ends is not None
        assert duration is not None
        paper.ends = paper.ends + duration if paper.ends + duration > self.now else self.now + duration
        paper.cancelled = paper.unpaid = False

    @precondition(lambda self: self.paper is not None)
    @rule(
        event=st.sampled_from([event for event in Event if event not in (Event.ISSUE, Event.SUPERSEDE, Event.RESIZE)])
    )
    def happen(self, event: Event) -> None:
        paper = self.paper
        assert paper is not None
        possible = self._possible(paper, event.value)
        plan = PLANS["ever"] if event is Event.CONVERT else None
        done = self.act(lambda call: actions.change(call, actions.get_locked(call, paper.number), event, plan=plan))
        assert (done != "licensing.illegal-event") == possible, (event, paper)
        if not possible:
            return
        before = (paper.ends, paper.cancelled, paper.unpaid, paper.stopped, paper.gone, paper.plan)
        match event.value:
            case "convert":
                paper.plan, paper.ends, paper.on_trial = "ever", None, False
                paper.begins, paper.cancelled = self.now, False
            case "renew":
                self._more_time(paper)
            case "payment_failed" | "payment_recovered":
                paper.unpaid = event is Event.PAYMENT_FAILED
            case "cancel_at_period_end" | "resume":
                paper.cancelled = event is Event.CANCEL
            case "suspend" | "unsuspend":
                paper.stopped = event is Event.SUSPEND
            case "transfer":
                return  # to the same holder: nothing changes
            case stopping:
                assert stopping in STOPPING
                paper.gone, paper.machines = stopping, {}
        after = (paper.ends, paper.cancelled, paper.unpaid, paper.stopped, paper.gone, paper.plan)
        paper.changes += before != after

    def _possible(self, paper: Paper, event: str) -> bool:
        status = paper.says(self.now)
        if status == "revoked" or event in ("pay", "allow", "claim", "start_trial"):
            return False
        if event in (*STOPPING, "suspend", "unsuspend"):
            return True
        if event == "renew":
            return paper.ends is not None
        if event == "convert":
            return status == "trialing"
        if event in ("payment_failed", "payment_recovered"):
            return status in ("active", "past_due")
        if event == "cancel_at_period_end":
            return status in ("trialing", "active", "past_due") and paper.ends is not None
        if event == "resume":
            return status in ("trialing", "active", "past_due")
        return event == "transfer" and status == "active" and paper.plan == "ever"

    @precondition(lambda self: self.live is not None)
    @rule(pieces=st.integers(1, 3))
    def resize(self, pieces: int) -> None:
        paper = self.live
        assert paper is not None
        self.act(
            lambda call: actions.change(call, actions.get_locked(call, paper.number), Event.RESIZE, quantity=pieces)
        )
        paper.changes += paper.pieces != pieces
        paper.pieces = pieces

    @precondition(lambda self: self.paper is not None)
    @rule(machine=st.sampled_from("ABCDE"))
    def activate(self, machine: str) -> None:
        paper = self.paper
        assert paper is not None
        wish = Wish(machine, "machine", label=machine, member=self.member, is_holder=True)
        done = self.act(lambda call: activating.take(call, actions.get_locked(call, paper.number), wish))
        self._sweep(paper)
        status = paper.says(self.now)
        if machine in paper.machines:
            expected = "again" if status in ("trialing", "past_due", "active", "grace") else f"licensing.{status}"
        elif status not in ("trialing", "active"):
            expected = {"past_due": "licensing.past-due", "grace": "licensing.expired"}.get(
                status, f"licensing.{status}"
            )
        else:
            expected = "new" if len(paper.machines) < paper.most() else "licensing.no-machine-left"
        found = done if isinstance(done, str) else "new" if done.is_new else "again"
        assert found == expected, (machine, paper)
        if found in ("new", "again"):
            paper.machines[machine] = max(paper.machines.get(machine, 0), paper.lease(self.now))

    @precondition(lambda self: self.paper is not None and self.paper.machines)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        paper = self.paper
        assert paper is not None
        self._sweep(paper)
        if not paper.machines:
            return
        machine = data.draw(st.sampled_from(sorted(paper.machines)))

        def end(call: Any) -> None:
            license = actions.get_locked(call, paper.number)
            held = places.live_instance(call.db, license.id, machine)
            assert held is not None
            activating.end(call, license, held, "given-back")

        self.act(end)
        del paper.machines[machine]

    @rule(seconds=st.sampled_from(WAITS))
    def wait(self, seconds: int) -> None:
        self.now += seconds

    def _sweep(self, paper: Paper) -> None:
        paper.machines = {machine: end for machine, end in paper.machines.items() if end > self.now}

    @invariant()
    def the_registry_has_what_the_paper_says(self) -> None:
        if self.paper is None:
            return
        kept = store.find(self.db, self.paper.number)
        assert kept is not None
        assert kept.status(self.now) == self.paper.says(self.now)
        assert (kept.facts.starts_at, kept.facts.ends_at, kept.quantity, kept.plan.id) == (
            self.paper.begins,
            self.paper.ends,
            self.paper.pieces,
            self.paper.plan,
        )
        live = [one for one in places.live(self.db, kept.id, "machine") if one.expires_at > self.now]
        expected = {machine: end for machine, end in self.paper.machines.items() if end > self.now}
        assert {one.instance_id: one.expires_at for one in live} == expected
        assert len({one.slot for one in live}) == len(live)

    @invariant()
    def every_change_has_its_number(self) -> None:
        if self.paper is not None:
            numbers = [event.seq for event in store.events(self.db, self.paper.number, 1000)]
            assert numbers == list(range(self.paper.changes, 0, -1))


class _ThrownAway(Exception):
    """Ends the transaction of one history."""


TestLicenses = LicenseMachine.TestCase
TestLicenses.settings = settings(
    max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
