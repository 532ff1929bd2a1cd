"""Slack at its worst: 30 % limited, 5 % failing, 2 % done without a word, five minutes away, restarts all the while."""

import itertools
from collections import Counter
from functools import partial

import pytest

from bot.views.blocks import Message
from store.letter import Urgency
from tests.outbox.hurried import Hurried
from tests.wait import eventually

WEATHER = (("slack_429", 0.3), ("slack_5xx", 0.05), ("slack_store_then_drop", 0.02))
AWAY = 300.0  # seconds
LETTERS = 120


@pytest.fixture
def clock():
    return Hurried(times=150)


async def test_nothing_is_lost_and_one_copy_is_visible(desk, ops):
    desk.workspace.limits.off = True
    for name, rate in WEATHER:
        await desk.workspace.faults.set(name, True, rate=rate)
    expected = []
    numbers = itertools.count()

    def says(count):
        for _ in range(count):
            number = next(numbers)
            key, thread = f"{number % 5}/{number}", number % 5
            root = f"{thread}/{thread}"
            desk.outbox.say(key, ops, Message(key), under=root if key != root else None)
            expected.append(key)

    def fewer_than(count):
        return desk.store.outbox.waiting() < count

    desk.outbox.open()
    for _ in range(4):  # restarts in the middle of it
        says(LETTERS // 5)
        before = desk.store.outbox.waiting()
        await eventually(partial(fewer_than, max(1, before - 8)), 20)
        await desk.outbox.close()
        desk.make().open()
    await desk.workspace.faults.set("slack_away", True)
    gone = desk.clock.monotonic()
    says(LETTERS // 5)
    await eventually(lambda: desk.clock.monotonic() - gone > AWAY, 20)
    await desk.workspace.faults.set("slack_away", False)
    await desk.sent(within=40)

    seen = desk.texts()
    assert Counter(seen) == Counter(expected), "0 lost, one visible copy of each"
    for thread in range(5):
        own = [text for text in seen if text.startswith(f"{thread}/")]
        assert own == [key for key in expected if key.startswith(f"{thread}/")], "in order within a thread"


async def test_after_an_outage_the_p0_is_first(desk, ops):
    """Written last, behind all the others; which of its calls the weather would hit is left to chance above."""
    desk.workspace.limits.off = True
    desk.outbox.open()
    await desk.workspace.faults.set("slack_away", True)
    gone = desk.clock.monotonic()
    for number in range(LETTERS // 2):
        desk.outbox.say(str(number), ops, Message(str(number)))
    desk.outbox.say("p0", ops, Message("p0"), urgency=Urgency.P0)
    await eventually(lambda: desk.clock.monotonic() - gone > AWAY, 20)
    assert desk.texts() == []
    await desk.workspace.faults.set("slack_away", False)
    await desk.sent(within=40)
    # Three calls were under way when Slack came back, and P0 is looked for before it is sent anew, by two calls more.
    assert "p0" in desk.texts()[: LETTERS // 10], desk.texts()
    assert len(desk.texts()) == LETTERS // 2 + 1
