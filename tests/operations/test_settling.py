"""What needs a human, and what becomes of it when one says so."""

from dataclasses import replace

import pytest

from bot.operations.steps import NotDone, Unknown
from store.errors import BadEvent, TooLate
from tests.operations.scripted import BROKE, Scripted, stuck
from tests.store.harness import commits


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
