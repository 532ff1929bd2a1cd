"""Any order of asking, clicking, waiting, breaking, crashing and restarting: two people, one decision, one effect.

The judge is a count of effects outside the store, and the timeline itself, read row by row.
"""

import asyncio
import os
import shutil
import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from bot.approvals.objection import Act, Click, Objection
from bot.approvals.policy import RiskClass
from bot.approvals.requests import Requests, Settled
from bot.clockwork.timers import Timers
from bot.operations.engine import Engine
from store.audit import verify
from store.errors import TooLate
from tests.approvals.breaking import PROJECT, STEPS, Breaking, BrokeOff, Outside
from tests.running import KEY, remembering
from tests.store.harness import crash

DECISIONS = {"approval.granted", "approval.denied", "approval.withdrawn", "approval.expired", "approval.superseded"}
users = st.sampled_from(["UANA", "UBEN", "UCAROL"])
things = st.sampled_from(["function/a", "function/b", "function/back"])  # the last is a way back: it passes a freeze
moods = st.sampled_from(["well", "well", "refuses", "before", "after", "hangs before", "hangs after"])


class Changes(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.runner = asyncio.Runner()
        self.clock = Breaking()
        self.outside = Outside()
        self.requested: dict[str, tuple[str, int, RiskClass]] = {}  # by whom, on which commit, how bad
        self.open()

    def open(self) -> None:
        self.store = remembering(self.folder / "aikeys.db")
        procedures = dict.fromkeys(("deploy", "rollback"), self.outside.procedure())
        self.timers = Timers(self.store, self.clock)
        self.engine = Engine(self.store, self.clock, procedures, lambda _: None)
        self.requests = Requests(
            self.store, self.clock, self.timers, self.engine, procedures, lambda _: None, project=PROJECT
        )

    def shut(self) -> None:
        async def end() -> None:
            await self.engine.close(0)
            await self.timers.close()

        self.runner.run(end())

    def start(self) -> None:
        self.open()
        self.runner.run(self.engine.round())

    @rule(by=users, thing=things, risk=st.sampled_from([RiskClass.REVERSIBLE, RiskClass.DATA_LOSS]))
    def ask(self, by, thing, risk):
        approval = self.requests.ask(self.outside.plan(thing, risk), by)
        assert approval.subject not in self.requested
        self.requested[approval.subject] = (by, self.outside.commit, risk)

    @precondition(lambda self: self.requested)
    @rule(
        data=st.data(),
        clicks=st.lists(
            st.tuples(users, st.sampled_from([Act.APPROVE, Act.APPROVE, Act.DENY, Act.WITHDRAW])),
            min_size=1,
            max_size=4,
        ),
        reason=st.sampled_from(["", "it burns"]),
    )
    def click_at_once(self, data, clicks, reason):
        subject = data.draw(st.sampled_from(sorted(self.requested)))

        async def all_of_them() -> list[Settled | Objection]:
            roles = frozenset({"viewer", "operator", "approver"})
            return await asyncio.gather(
                *(
                    self.requests.click(subject, Click(user, act, roles, reason, typed="unknown"))
                    for user, act in clicks
                )
            )

        before = self.store.approvals.get(subject)
        assert before is not None
        late = self.clock.now() >= before.expires_at
        frozen = self.store.operations.frozen(self.clock.now())
        for (user, act), found in zip(clicks, self.runner.run(all_of_them()), strict=True):
            if isinstance(found, Settled):
                by, commit, _ = self.requested[subject]
                assert not late
                assert (user == by) == (act is Act.WITHDRAW)
                if act is Act.APPROVE:
                    assert commit == self.outside.commit
                    assert not frozen or (before.command == "rollback" and reason)

    @rule(
        thing=things,
        risk=st.sampled_from(RiskClass),
        mood=moods,
        vague=st.booleans(),
        pushed=st.integers(0, 3).map(lambda one: one == 0),
        wait=st.sampled_from([0.0, 1.0, 30.0]),
    )
    def one_after_another(self, thing, risk, mood, vague, pushed, wait):
        """What people mostly do: one asks, the others approve, and the outside has its mood."""
        approval = self.requests.ask(self.outside.plan(thing, risk), "UANA")
        self.requested[approval.subject] = ("UANA", self.outside.commit, risk)
        self.outside.commit += pushed
        self.outside.moods.append(mood)
        self.outside.vague = vague

        async def approve() -> list[Settled | Objection]:
            roles = frozenset({"approver"})
            found = [
                await self.requests.click(approval.subject, Click(u, Act.APPROVE, roles, typed="unknown"))
                for u in ("UBEN", "UCAROL")
            ]
            await self.clock.passes(seconds=wait)
            return found

        settled = [one for one in self.runner.run(approve()) if isinstance(one, Settled)]
        assert not (pushed and settled)

    @rule(
        after=st.integers(0, 24),
        thing=things,
        risk=st.sampled_from([RiskClass.REVERSIBLE, RiskClass.DATA_LOSS]),
        mood=moods,
        vague=st.booleans(),
    )
    def breaks_off_between_any_two(self, after, thing, risk, mood, vague):
        """The same, and it dies somewhere on the way, whatever it was about to write."""
        self.clock.left = after
        try:
            self.one_after_another(thing, risk, mood, vague, pushed=False, wait=30.0)
        except BrokeOff:
            pass
        finally:
            self.clock.left = None
        self.crash_and_start()
        for one in self.store.approvals.recent(10**6):
            asked = ("UANA", self.outside.commit, risk)
            assert self.requested.setdefault(one.subject, asked)[0] == one.requested_by

    @rule(by=users, seconds=st.sampled_from([5.0, 900.0]))
    def freeze(self, by, seconds):
        now = self.clock.now()
        self.store.operations.freeze(by, "hands off", now + timedelta(seconds=seconds), now)

    @rule(by=users)
    def thaw(self, by):
        with suppress(TooLate):
            self.store.operations.thaw(by, self.clock.now())

    @rule(by=st.sampled_from(["bot", "UANA"]), ends=st.booleans())
    def an_incident(self, by, ends):
        """A P0 opens, seen by a detector or declared by Ana; or the one that is open ends."""
        found = self.store.events.open_incidents()
        if found and ends:
            self.store.incidents.resolve(found[0].subject, "bot", self.clock.now())
        elif not found:
            self.store.incidents.open("P0", "down", "k", self.clock.now(), by=by)

    @precondition(lambda self: self.requested)
    @rule(data=st.data(), user=users, reason=st.sampled_from(["", "it burns", "it floods"]))
    def one_acts_alone(self, data, user, reason):
        """Only under a P0 that a detector saw, with a reason that is not older than ten minutes."""
        subject = data.draw(st.sampled_from(sorted(self.requested)))
        now, found = self.clock.now(), self.store.events.open_incidents()
        seen = bool(found) and self.store.events.of(found[0].subject)[0].actor == "bot"
        told = [
            one
            for one in (self.store.events.of(found[0].subject) if found else [])
            if one.kind == "glass.broken" and one.actor == user and now - one.at < timedelta(minutes=10)
        ]
        click = Click(user, Act.APPROVE, frozenset({"viewer", "operator"}), reason, glass=True, typed="unknown")
        settled = self.runner.run(self.requests.click(subject, click))
        if isinstance(settled, Settled):
            assert seen
            assert reason or told
            assert settled.approval.glass == found[0].subject
            (review,) = [one for one in self.store.reviews.open() if one.of == subject]
            assert review.not_by == user

    @precondition(lambda self: self.store.reviews.open())
    @rule(user=users)
    def somebody_signs(self, user):
        review = self.store.reviews.open()[0]
        try:
            self.store.reviews.sign(review, user, self.clock.now(), "looked")
        except TooLate:
            assert user == review.not_by
        else:
            assert user != review.not_by

    @rule(mood=moods)
    def the_outside_will(self, mood):
        self.outside.moods.append(mood)

    @rule(vague=st.booleans())
    def the_outside_can_tell(self, vague):
        self.outside.vague = vague

    @rule()
    def a_commit_is_pushed(self):
        self.outside.commit += 1

    @rule(seconds=st.sampled_from([0.0, 1.0, 5.0, 60.0, 900.0]))
    def time_passes(self, seconds):
        self.runner.run(self.clock.passes(seconds=seconds))

    @rule()
    def timers_fire(self):
        async def turn() -> None:
            await self.timers.round()
            await self.timers.idle()

        self.runner.run(turn())
        assert all(one.expires_at > self.clock.now() for one in self.store.approvals.pending())

    @precondition(lambda self: self.store.operations.holder(PROJECT))
    @rule(by=users)
    def cancel(self, by):
        operation = self.store.operations.holder(PROJECT)
        assert operation is not None
        try:
            self.engine.cancel(operation.subject, by)
        except TooLate:
            assert operation.state == "needs-human" or operation.cancel_by

    @precondition(lambda self: self.store.operations.holder(PROJECT))
    @rule(by=users, says=st.sampled_from(["truth", "ask-again", "give-up"]))
    def a_human_settles(self, by, says):
        """What needs a human; a human who says done or not done has looked."""
        operation = self.store.operations.holder(PROJECT)
        assert operation is not None
        if operation.state != "needs-human":
            return
        if says == "truth":
            open_ = next(one for one in operation.attempts if one.outcome == "unknown")
            says = "done" if self.outside.done[operation.number, open_.name] else "not-done"

        async def settle() -> None:
            self.engine.settle(operation.subject, by, says)
            await asyncio.sleep(0)

        self.runner.run(settle())

    @rule()
    def crash_and_start(self):
        self.shut()  # a cancelled effect writes nothing, as a killed one
        crash(self.store)
        self.start()

    @rule()
    def stop_and_start(self):
        self.shut()
        self.store.close()
        self.start()

    @invariant()
    def no_effect_twice_and_none_unasked_for(self):
        assert max(self.outside.done.values(), default=0) <= 1
        for number, _ in self.outside.done:
            operation = self.store.operations.of(f"operation/{number}")
            approval = self.store.approvals.get(operation.approval)
            assert approval is not None
            assert approval.state == "granted"
            assert approval.operation == operation.subject

    @invariant()
    def two_people_and_one_decision(self):
        assert set(self.requested) == {one.subject for one in self.store.approvals.recent(10**6)}
        for subject, (by, _, risk) in self.requested.items():
            events = self.store.events.of(subject)
            decisions = [one for one in events if one.kind in DECISIONS]
            assert len(decisions) <= 1
            voters = {one.actor for one in events if one.kind == "approval.voted"}
            assert by not in voters
            if decisions and decisions[0].kind == "approval.granted" and decisions[0].data["glass"] is None:
                assert len(voters) == (2 if risk is RiskClass.DATA_LOSS else 1)

    @invariant()
    def one_operation_at_a_time(self):
        assert sum(not one.over for one in self.store.operations.recent(10**6)) <= 1
        pending = [one.thing for one in self.store.approvals.pending()]
        assert len(pending) == len(set(pending))

    def teardown(self) -> None:
        try:
            self._settles()
        finally:
            self.shut()
            assert verify(self.store.db, KEY).ok
            self.store.close()
            self.runner.close()
            shutil.rmtree(self.folder)

    def _settles(self) -> None:
        """Whatever went before: started again, all is settled or needs a human within 30 s, and the rows are true."""
        self.outside.moods.clear()
        self.shut()
        self.store.close()
        self.start()
        self.runner.run(self.clock.passes(seconds=30))
        assert self.store.operations.running() == []
        for operation in self.store.operations.recent(10**6):
            for one in operation.attempts:
                if one.outcome == "done":
                    assert self.outside.done[operation.number, one.name] == 1
            if operation.state == "done":
                assert all(self.outside.done[operation.number, name] == 1 for name in STEPS)
        self.no_effect_twice_and_none_unasked_for()


TestChanges = pytest.mark.slow(Changes.TestCase)
TestChanges.settings = settings(
    max_examples=int(os.environ.get("AIKEYS_EXAMPLES", "30")), stateful_step_count=40, deadline=None
)
