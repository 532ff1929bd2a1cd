"""Each transition of the engine, to the second on a clock that is moved by hand, and each word that it leaves."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import Unanswered
from bot.operations.engine import Engine
from bot.operations.steps import Done, NotDone, Procedure, Retry, Step, StepFailed, Unknown
from playground.clock import START, ManualClock
from store.errors import BadEvent, TooLate
from store.operations import NewOperation
from tests.operations.work import PROJECT
from tests.store.harness import commits, failing_transaction


class Scripted:
    """One step, `deploy`, whose effect and question do what they are told, one after the other; then all is well."""

    def __init__(self, store, effects=(), answers=(), **more) -> None:
        self.store, self.clock = store, ManualClock()
        self.effects, self.answers = list(effects), list(answers)
        self.times: list[tuple[str, float]] = []
        self.shown: list[str] = []
        self.ended: list[str] = []
        step: dict[str, Any] = {"question": self._question, "settle": 0.0, "timeout": 30.0, "retry": Retry.IF_NOT_DONE}
        self.steps = [Step("deploy", self._effect, **step | more)]
        procedure = Procedure(None, None, lambda _: self.steps, lambda one: self.ended.append(one.state))  # type: ignore[arg-type]  # not asked for here
        self.engine = Engine(store, self.clock, {"deploy": procedure}, lambda one: self.shown.append(one.state))

    async def _play(self, what: str, script: list[object], well: object) -> object:
        self.times.append((what, self.clock.monotonic()))
        found = script.pop(0) if script else well
        if found == "hangs":
            await self.clock.sleep(10**6)
        if isinstance(found, Exception):
            raise found
        return found

    async def _effect(self, run):
        return await self._play(f"effect {run.attempt}", self.effects, {"of": run.data["x"], "after": run.results})

    async def _question(self, run):
        self.asked = (run.attempt, run.begun_at, run.operation.subject)
        return await self._play(f"question {run.attempt}", self.answers, Done({"v": 8}, "it is there"))

    def begun(self):
        names = tuple(one.name for one in self.steps)
        new = NewOperation(PROJECT, "deploy", "Deploy", names, {"x": 1})
        return self.store.operations.start(new, "UANA", self.clock.now())

    async def carried(self, operation=None, seconds=120.0):
        """Carry it out, while so much time passes at most; return what it is then."""
        task = asyncio.ensure_future(self.engine.run(operation or self.begun()))
        await self.clock.passes(seconds=seconds)
        return await asyncio.wait_for(task, 1)


BROKE = Unanswered("It broke off.")


async def test_well_at_once(store):
    world = Scripted(store)
    with commits(store) as made:
        one = await world.carried()
    assert made[2:] == [["step.intent"], ["step.result"], ["operation.finished"]], "each with its card"
    assert (one.state, one.why, one.results) == ("done", "", {"deploy": {"of": 1, "after": {}}})
    assert (world.times, world.shown, world.ended) == ([("effect 1", 0)], ["running", "running", "done"], ["done"])
    assert one.last(0).begun_at == START


async def test_how_long_it_waits_before_it_tries_again(store):
    world = Scripted(store, [BROKE] * 5, [NotDone("no")] * 5, tries=9)
    one = await world.carried()
    effects = [at for what, at in world.times if what.startswith("effect")]
    assert effects == [0, 1, 3, 7, 11, 15], "1, 2, 4 s and no longer"
    assert [each.outcome for each in one.attempts] == ["not-done"] * 5 + ["done"]
    assert {each.detail for each in one.attempts[:5]} == {"no"}


async def test_as_often_as_it_may(store):
    world = Scripted(store, [BROKE] * 9, [NotDone()] * 9, tries=2)
    one = await world.carried()
    assert (one.state, one.why, len(one.attempts)) == ("failed", "“deploy” was not done.", 2)
    assert world.ended == ["failed"]
    never = Scripted(store, [BROKE] * 9, [NotDone("no")] * 9, retry=Retry.NEVER)
    assert len((await never.carried()).attempts) == 1
    assert Step("look", never._effect, retry=Retry.HARMLESS).tries == 3


async def test_it_asks_when_what_the_other_side_was_at_has_come_through(store):
    world = Scripted(store, ["hangs"], settle=7.0, timeout=5.0)
    one = await world.carried()
    assert world.times == [("effect 1", 0), ("question 1", 12)]
    assert world.asked == (1, START, one.subject)
    assert (one.state, one.last(0).detail, one.results) == ("done", "it is there", {"deploy": {"v": 8}})


async def test_a_question_that_nobody_answers(store):
    world = Scripted(store, [BROKE], [Unanswered("Away."), ValueError("?"), "hangs", Unanswered("Still away.")])
    one = await world.carried()
    assert [at for _, at in world.times] == [0, 0, 1, 3, 11], "1, 2, 4 s between, 4 s for one that hangs"
    why = "Whether “deploy” was done could not be found out. Still away."
    assert (one.state, one.why, one.last(0).outcome, one.last(0).detail) == ("needs-human", why, "unknown", why)
    assert world.shown[-1] == "needs-human"
    assert world.ended == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Unanswered("It broke off."), "It broke off."),
        (TimeoutError(), "It took too long."),
        (ValueError("secret"), "Something in me broke; the log has it."),
    ],
)
async def test_what_is_harmless_is_not_asked_about(store, error, said):
    world = Scripted(store, [error], question=None, retry=Retry.HARMLESS)
    one = await world.carried()
    assert [(each.outcome, each.detail) for each in one.attempts] == [("not-done", said), ("done", "")]
    assert [what for what, _ in world.times] == ["effect 1", "effect 2"]


async def test_a_refusal_ends_it(store):
    world = Scripted(store, [StepFailed("It was refused.")])
    one = await world.carried()
    assert (one.state, one.why, one.last(0).outcome) == ("failed", "It was refused.", "failed")
    assert [what for what, _ in world.times] == ["effect 1"]


@pytest.mark.parametrize("retry", [Retry.IF_NOT_DONE, Retry.HARMLESS])
async def test_a_death_in_the_middle(store, retry):
    world = Scripted(store, retry=retry, settle=3.0, **({"question": None} if retry is Retry.HARMLESS else {}))
    operation = world.begun()
    store.operations.intend(operation, 0, world.clock.now())
    one = await world.carried(operation)
    if retry is Retry.HARMLESS:
        assert [each.detail for each in one.attempts] == ["I was stopped in the middle of it.", ""]
        assert world.times == [("effect 2", 1)]
    else:
        assert world.times == [("question 1", 3)]
    assert one.state == "done"


async def test_told_to_stop_before_a_step_that_lets_itself_be_stopped(store):
    for heeds in (True, False):
        world = Scripted(store, cancellable=heeds)
        operation = world.begun()
        assert world.engine.cancel(operation.subject, "UBEN").cancel_by == "UBEN"
        assert world.shown == ["running"]
        one = await world.carried(operation)
        assert (one.state, one.why) == (("cancelled", "Stopped before “deploy”.") if heeds else ("done", ""))
        assert len(world.times) == (not heeds)


async def test_draining_it_begins_nothing_more_and_asks_nobody_anew(store):
    world = Scripted(store)
    operation = world.begun()
    world.engine.draining = True
    world.engine.start(operation)
    one = await world.carried(operation, seconds=1)
    assert (one.state, world.times) == ("running", [])


async def stuck(store):
    world = Scripted(store, [BROKE], [Unknown("It does not say.")])
    with commits(store) as made:
        one = await world.carried()
    looked: list[str] = []  # at its rows and the signed events, which nobody changes in between
    alone = [["operation.started"], looked, ["step.intent"]]  # and the card of each with it
    assert made == [*alone, ["step.result", "operation.stuck"]], "that nobody knows and that a human is needed are one"
    assert one.state == "needs-human"
    return world, one


@pytest.mark.parametrize(
    ("says", "tries"),
    [
        ("done", [("done", "I looked.", "UBEN")]),
        ("not-done", [("not-done", "I looked.", "UBEN"), ("done", "", "bot")]),
        ("ask-again", [("done", "it is there", "bot")]),
    ],
)
async def test_a_human_has_looked(store, says, tries):
    world, one = await stuck(store)
    began = world.clock.monotonic()
    settled = world.engine.settle(one.subject, "UBEN", says, "I looked.")
    assert (settled.state, world.shown[-1]) == ("running", "running")
    await world.clock.passes(seconds=5)
    one = store.operations.of(one.subject)
    assert [(each.outcome, each.detail, each.said_by) for each in one.attempts] == tries
    assert (one.state, world.ended) == ("done", ["done"])
    later = [(what, at - began) for what, at in world.times if at >= began]
    assert later == {"done": [], "not-done": [("effect 2", 1)], "ask-again": [("question 1", 0)]}[says]
    with pytest.raises(TooLate):
        world.engine.settle(one.subject, "UBEN", says)


@pytest.mark.parametrize(("detail", "why"), [("", "Given up by a human."), ("Enough.", "Enough.")])
async def test_a_human_gives_up(store, detail, why):
    world, one = await stuck(store)
    ended = world.engine.settle(one.subject, "UBEN", "give-up", detail)
    assert (ended.state, ended.why, world.ended) == ("failed", why, ["failed"])
    assert store.events.latest("operation.finished").actor == "UBEN"


async def test_who_gives_up_while_somebody_else_has_it_tried_again_is_too_late(store):
    """It would free the project while the effect is under way."""
    world, one = await stuck(store)
    world.effects = ["hangs"]
    world.answers = [NotDone("Nothing is there.")]
    world.engine.settle(one.subject, "UBEN", "ask-again")
    await world.clock.passes(seconds=2)
    assert world.times[-1][0] == "effect 2", "it is under way"
    with pytest.raises(TooLate):
        world.engine.settle(one.subject, "UCAROL", "give-up")
    assert store.operations.of(one.subject).state == "running"
    assert world.ended == []


async def test_what_a_human_cannot_say_changes_nothing(store):
    world, one = await stuck(store)
    with pytest.raises(BadEvent):
        world.engine.settle(one.subject, "UBEN", "perhaps")
    assert store.operations.of(one.subject) == one, "it does not go on half settled"


async def test_asked_again_it_does_not_wait_once_more(store):
    """The time that the other side needs has passed before it was asked first; and it is told once."""
    world = Scripted(store, [BROKE], [Unknown("It does not say."), Unknown("Nor now.")], settle=100.0)
    one = await world.carried(seconds=110)
    assert (one.why, world.times[-1]) == ("It does not say.", ("question 1", 100))
    world.engine.settle(one.subject, "UBEN", "ask-again")
    await world.clock.passes(seconds=1)
    one = store.operations.of(one.subject)
    assert (one.state, one.why, world.times[-1]) == ("needs-human", "Nor now.", ("question 1", 110))
    assert one.last(0).detail == "It does not say."
    assert len(one.attempts) == 1


async def test_started_twice_is_once_and_taken_up_where_nobody_has_it(store):
    world = Scripted(store, ["hangs"], settle=1)
    operation = world.begun()
    world.engine.start(operation)
    world.engine.start(operation)
    await world.engine.round()
    await world.clock.passes(seconds=1)
    assert world.times == [("effect 1", 0)]
    await world.engine.close(0)
    again = Scripted(store)
    await again.engine.round()
    await again.clock.passes(seconds=1)
    assert store.operations.of(operation.subject).state == "done"
    assert again.times == [("question 1", 0)]
    await again.engine.round()
    assert not again.engine._tasks


async def test_another_version_needs_a_human(store):
    for change in ("another command", "another step"):
        world = Scripted(store)
        operation = world.begun()
        if change == "another command":
            world.engine._procedures = {}
        else:
            world.steps = [replace(world.steps[0], name="other")]
        with commits(store) as made:
            one = await world.carried(operation)
        assert (one.state, world.times, made) == ("needs-human", [], [[], ["operation.stuck"]])
        assert one.why == "It was begun by another version of me, whose steps I do not know."
        assert world.shown == ["needs-human"]
        world.engine.settle(one.subject, "UBEN", "give-up")
        assert store.operations.of(one.subject).state == "failed"


async def test_two_steps_in_their_order_and_what_the_first_gave_back(store):
    world = Scripted(store)
    world.steps.append(replace(world.steps[0], name="verify"))
    one = await world.carried()
    assert [each.name for each in one.attempts] == ["deploy", "verify"]
    assert one.results["verify"] == {"of": 1, "after": {"deploy": {"of": 1, "after": {}}}}


async def test_what_is_not_json_is_kept_as_words(store):
    world = Scripted(store, [START])
    assert (await world.carried()).results == {"deploy": str(START)}


async def test_recorded_and_shown_together_or_neither(store):
    """What belongs together is one transaction: when the last of it fails, nothing of it is there."""

    class Full(Exception):
        pass

    def full(_):
        raise Full

    world = Scripted(store)
    operation = world.begun()
    rows = store.operations
    world.engine._procedures = {"deploy": replace(world.engine._procedures["deploy"], finished=full)}
    with pytest.raises(Full):
        world.engine._finish(operation.subject, "failed", "")
    assert rows.of(operation.subject).state == "running"
    with failing_transaction(store):
        world.engine.redraw(operation)
    assert world.shown == ["running"]
    assert rows.of(operation.subject).since == START


async def test_a_card_that_breaks_off_halfway_stops_nothing_and_leaves_no_half(store):
    def half(_):
        store.events.append("card/1", "letter.begun", "bot", {}, START)
        raise ValueError("no such block")

    world = Scripted(store)
    world.engine._show = half
    assert (await world.carried()).state == "done"
    assert store.events.of("card/1") == []


async def test_one_whose_rows_were_edited_does_not_begin_and_it_is_told_once(store):
    world, told = Scripted(store), []
    world.engine.edited = lambda *words: told.append(words)
    operation = world.begun()
    store.db.execute("UPDATE operations SET started_by = 'UEVE'")
    for _ in range(2):
        await world.engine.round()
        await world.clock.passes(seconds=1)
    ((subject, why),) = told
    assert subject == operation.subject
    assert "started_by is UEVE" in why
    assert world.times == []


async def test_cancelled_and_shown_so_in_one_commit(store):
    world = Scripted(store)
    operation = world.begun()
    with commits(store) as made:
        world.engine.cancel(operation.subject, "UANA")
    assert (made, world.shown) == ([["operation.cancel"]], ["running"])
