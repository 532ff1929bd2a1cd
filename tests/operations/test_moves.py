"""Each transition of the engine, to the second on a clock that is moved by hand, and each word that it leaves."""

from dataclasses import replace

import pytest

from bot.errors import Unanswered
from bot.operations.steps import NotDone, Retry, Step, StepFailed
from playground.clock import START
from tests.operations.scripted import BROKE, Scripted
from tests.store.harness import commits


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
        assert world.engine.stoppable(operation) is heeds
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


async def test_two_steps_in_their_order_and_what_the_first_gave_back(store):
    world = Scripted(store)
    world.steps.append(replace(world.steps[0], name="verify"))
    one = await world.carried()
    assert [each.name for each in one.attempts] == ["deploy", "verify"]
    assert one.results["verify"] == {"of": 1, "after": {"deploy": {"of": 1, "after": {}}}}


async def test_what_is_not_json_is_kept_as_words(store):
    world = Scripted(store, [START])
    assert (await world.carried()).results == {"deploy": str(START)}
