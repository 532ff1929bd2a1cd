"""What belongs together is one transaction, and what was edited past the bot does not begin."""

from dataclasses import replace

import pytest

from playground.clock import START
from store.errors import Edited
from tests.operations.scripted import Scripted
from tests.store.harness import commits, failing_transaction


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


def edited(store, sql):
    """One that has begun, and *sql* past the bot; what is told of it."""
    world, told = Scripted(store), []
    world.engine.edited = lambda *words: told.append(words)
    operation = world.begun()
    store.db.execute(sql)
    return world, operation, told


async def test_one_whose_rows_were_edited_does_not_begin_and_it_is_told_once(store):
    world, operation, told = edited(store, "UPDATE operations SET started_by = 'UEVE'")
    for _ in range(2):
        await world.engine.round()
        await world.clock.passes(seconds=1)
    ((subject, why),) = told
    assert subject == operation.subject
    assert "started_by is UEVE" in why
    assert world.times == []


async def test_what_rests_on_no_event_is_told_once_and_no_round_fails_by_it(store):
    world, operation, told = edited(store, "UPDATE operations SET state_id = 99")
    for _ in range(3):
        await world.engine.round()
    ((subject, why),) = told
    assert (subject, operation.subject in why, world.times) == ("An operation", True, [])


async def test_a_last_step_that_is_written_in_as_done_while_the_one_before_is_under_way_ends_nothing(store):
    world = Scripted(store)
    world.steps.append(replace(world.steps[0], name="proof"))
    operation = world.begun()
    step = world.steps[0]

    async def effect(run):
        said = store.events.append("note/1", "noted", "bot", {"result": {}, "detail": ""}, START).id
        sql = "INSERT INTO operation_steps SELECT subject, 1, 1, 'proof', started_at, ?, 'done', started_at, ? "
        store.db.execute(f"{sql} FROM operations", (said, said))
        return {}

    world.steps[0] = replace(step, effect=effect)
    with pytest.raises(Edited, match="operation_steps has a row"):
        await world.carried(operation)
    assert store.operations.of(operation.subject).state == "running"
    assert world.ended == []


async def test_cancelled_and_shown_so_in_one_commit(store):
    world = Scripted(store)
    operation = world.begun()
    with commits(store) as made:
        world.engine.cancel(operation.subject, "UANA")
    assert (made, world.shown) == ([["operation.cancel"]], ["running"])
