"""The engine, transition by transition, against a server that counts."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clock import SystemClock
from bot.operations.engine import Engine
from bot.operations.steps import Done, Procedure, Retry, Step, Unknown
from store.errors import TooLate
from store.operations import NewOperation
from tests.operations.work import PROJECT, STEPS
from tests.wait import eventually


def states(operation):
    return [(one.name, one.attempt, one.outcome) for one in operation.attempts]


async def test_all_goes_well(engine, begun, outside):
    operation = await engine.run(begun())

    assert (operation.state, operation.over) == ("done", True)
    assert states(operation) == [("look", 1, "done"), ("deploy", 1, "done"), ("verify", 1, "done")]
    assert operation.results["deploy"] == {"count": 1}
    assert set(outside.asked) == {"none/look"}
    seen = [one.last(2).outcome for one in engine.shown if one.last(2)]
    assert seen == [None, "done", "done"], "each step is shown as it begins and as it ends"


@pytest.mark.parametrize("mood", ["fails after", "hangs after"])
async def test_an_effect_that_broke_off_and_is_there(engine, begun, outside, mood):
    outside.mood["deploy"] = [mood]
    operation = await engine.run(begun())
    assert operation.state == "done"
    assert outside.done == {"1/deploy": 1, "1/verify": 1}
    assert operation.last(1).detail == "it is there"
    assert operation.results["deploy"] == {"count": 1}, "the question gives back what the effect would have"


async def test_an_effect_that_broke_off_and_is_not_there_is_done_again(engine, begun, outside):
    outside.mood["deploy"] = ["fails before"]
    operation = await engine.run(begun())
    assert operation.state == "done"
    assert states(operation)[1:3] == [("deploy", 1, "not-done"), ("deploy", 2, "done")]


async def test_but_three_times_at_most(engine, begun, outside):
    outside.mood["deploy"] = ["fails before"] * 9
    operation = await engine.run(begun())
    assert (operation.state, operation.why) == ("failed", "It is not there.")
    assert len([one for one in operation.attempts if one.name == "deploy"]) == 3
    assert not outside.done


async def test_and_never_where_its_class_does_not_allow_it(store, work, begun, outside):
    work.retry = Retry.NEVER
    engine = Engine(store, SystemClock(), {"deploy": work.procedure()}, lambda _: None)
    outside.mood["deploy"] = ["fails before"]
    operation = await engine.run(begun())
    assert operation.state == "failed"
    assert states(operation)[-1] == ("deploy", 1, "not-done")


async def test_a_refusal_is_certain_nobody_is_asked(engine, begun, outside):
    outside.mood["deploy"] = ["refuses"]
    operation = await engine.run(begun())
    assert (operation.state, operation.why) == ("failed", "It was refused.")
    assert set(outside.asked) == {"none/look"}
    assert begun().number == 2, "the project is free again"


@pytest.fixture
async def stuck(engine, begun, outside):
    """An operation whose deploy is there, and nobody could tell."""
    outside.mood["deploy"] = ["fails after"]
    outside.vague = True
    operation = await engine.run(begun())
    assert operation.state == "needs-human"
    assert operation.last(1).outcome == "unknown"
    assert operation.why == "It does not say."
    outside.vague = False
    return operation


@pytest.mark.parametrize(
    ("says", "state", "deploys"), [("done", "done", 1), ("ask-again", "done", 1), ("give-up", "failed", 1)]
)
async def test_a_human_settles_it(engine, store, stuck, outside, says, state, deploys):
    engine.settle(stuck.subject, "UBEN", says, "I have looked.")
    await eventually(lambda: store.operations.of(stuck.subject).over)
    operation = store.operations.of(stuck.subject)
    assert operation.state == state
    assert outside.done["1/deploy"] == deploys
    if says == "done":
        assert (operation.last(1).said_by, operation.last(1).detail) == ("UBEN", "I have looked.")
    with pytest.raises(TooLate):
        engine.settle(stuck.subject, "UCAROL", "give-up")


async def test_what_needs_a_human_holds_the_project_and_cannot_go_on_by_itself(engine, store, stuck, begun):
    with pytest.raises(TooLate):
        begun()
    with pytest.raises(TooLate):
        store.operations.intend(replace(stuck, attempts=()), 1, SystemClock().now())
    await engine.round()
    assert store.operations.of(stuck.subject).state == "needs-human"


async def test_unknown_says_the_question_itself(store, begun):
    """It was answered, and the answer is that it cannot be told."""
    deployed = asyncio.Event()

    async def effect(_):
        deployed.set()
        raise OSError

    async def question(_):
        return Unknown("Version 8 is live, and it is neither ours nor what was there.")

    steps = [Step(name, effect, question, settle=0) for name in STEPS]
    procedure = Procedure(remake=None, begin=None, steps=lambda _: steps)  # type: ignore[arg-type]  # not asked for here
    operation = await Engine(store, SystemClock(), {"deploy": procedure}, lambda _: None).run(begun())
    assert (operation.state, operation.why) == (
        "needs-human",
        "Version 8 is live, and it is neither ours nor what was there.",
    )


async def test_cancelled_between_steps(engine, store, begun, outside):
    outside.mood["deploy"] = ["slow"]
    operation = begun()
    engine.start(operation)
    await eventually(lambda: outside.done)
    engine.cancel(operation.subject, "UBEN")
    with pytest.raises(TooLate):
        engine.cancel(operation.subject, "UCAROL")
    await eventually(lambda: store.operations.of(operation.subject).over)
    operation = store.operations.of(operation.subject)
    assert (operation.state, operation.cancel_by) == ("cancelled", "UBEN")
    assert outside.done == {"1/deploy": 1}, "the step under way is finished, the next not begun"
    with pytest.raises(TooLate):
        engine.cancel(operation.subject, "UBEN")


async def test_told_to_stop_it_leaves_the_rest_for_the_next_start(engine, store, work, begun, outside):
    outside.mood["deploy"] = ["slow"]
    operation = begun()
    engine.start(operation)
    await eventually(lambda: outside.done)
    await engine.close(5)
    operation = store.operations.of(operation.subject)
    assert (operation.state, operation.last(1).outcome, operation.last(2)) == ("running", "done", None)

    again = Engine(store, SystemClock(), {"deploy": work.procedure()}, lambda _: None)
    await again.round()
    await again.round()
    await eventually(lambda: store.operations.of(operation.subject).state == "done")
    assert outside.done == {"1/deploy": 1, "1/verify": 1}


async def test_begun_by_another_version_a_human_is_needed(store, begun):
    engine = Engine(store, SystemClock(), {}, lambda _: None)
    operation = await engine.run(begun())
    assert operation.state == "needs-human"
    assert "another version" in operation.why


async def test_a_card_that_cannot_be_drawn_stops_nothing(store, work, begun, outside):
    def broken(_):
        raise ValueError

    operation = await Engine(store, SystemClock(), {"deploy": work.procedure()}, broken).run(begun())
    assert operation.state == "done"


async def test_what_is_recorded_at_the_end_is_in_the_same_transaction(store, work, begun):
    noted = []

    def finished(operation):
        noted.append((operation.state, store.connection.in_transaction))
        store.timers.set("verdict", operation.subject, SystemClock().now(), SystemClock().now())

    procedure = replace(work.procedure(), finished=finished)
    await Engine(store, SystemClock(), {"deploy": procedure}, lambda _: None).run(begun())
    assert noted == [("done", True)]
    assert [one.kind for one in store.timers.waiting()] == ["verdict"]


async def test_an_effect_needs_a_question():
    async def effect(_):
        return None

    async def question(_):
        return Done()

    with pytest.raises(ValueError, match="no question"):
        Step("deploy", effect)
    Step("look", effect, retry=Retry.HARMLESS)
    Step("deploy", effect, question)


def test_one_operation_at_a_time_per_project(store, begun):
    first = begun()
    with pytest.raises(TooLate):
        begun()
    assert begun(project="another").number == 2
    assert store.operations.holder(PROJECT).subject == first.subject
    store.operations.finish(first, "failed", "it broke", SystemClock().now())
    with pytest.raises(TooLate):
        store.operations.finish(first, "done", "", SystemClock().now())
    assert begun().number == 3


def test_a_freeze_stops_all_but_the_ways_back(store, begun):
    now = SystemClock().now()
    store.operations.freeze("UANA", "board meeting", now + timedelta(hours=1), now)
    with pytest.raises(TooLate):
        begun()
    assert begun(passes_freeze=True).number == 1
    assert store.operations.frozen(now).reason == "board meeting"
    assert store.operations.frozen(now + timedelta(hours=1)) is None
    store.operations.thaw("UBEN", now)
    with pytest.raises(TooLate):
        store.operations.thaw("UBEN", now)
    assert begun(project="another").number == 2


def test_no_intent_beside_an_intent_and_no_result_without_one(store, begun):
    operation, now = begun(), SystemClock().now()
    with pytest.raises(TooLate):
        store.operations.result(operation, 0, 1, "done", now)
    assert store.operations.intend(operation, 0, now) == 1
    with pytest.raises(TooLate):
        store.operations.intend(operation, 0, now)
    with pytest.raises(TooLate):
        store.operations.intend(operation, 1, now)
    store.operations.result(operation, 0, 1, "done", now)
    with pytest.raises(TooLate):
        store.operations.result(operation, 0, 1, "failed", now)
    with pytest.raises(TooLate):
        store.operations.intend(store.operations.of(operation.subject), 0, now)


def test_a_new_operation_keeps_what_its_steps_are_built_from(store):
    new = NewOperation(PROJECT, "deploy", "Deploy", ("a",), {"files": {"x": 1}}, {"channel": "C1"}, "approval/1")
    kept = store.operations.start(new, "UANA", SystemClock().now())
    assert (kept.data, kept.where, kept.approval, kept.words) == (new.data, new.where, "approval/1", "is running")


def test_bodies_are_kept_by_hash(store):
    now = SystemClock().now()
    assert store.bodies.keep(b"abc", now) == store.bodies.keep(b"abc", now)
    assert store.bodies.get(store.bodies.keep(b"\x00\xff", now)) == b"\x00\xff"
    assert store.bodies.get("0" * 64) is None
