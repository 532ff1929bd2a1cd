"""The time of day jumps while the bot works: nothing waits for an hour to come again, nothing lasts longer for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.detectors import Blind, Firing
from bot.incidents.deciding import decide
from bot.incidents.tracks import Track, tracked
from bot.own.judging import DETECTORS, DISK
from bot.own.jumps import Jumps
from bot.rotations.hands import Hands
from bot.vault import Box, Value, Vault
from store import copies
from store.letter import Urgency
from store.quiet import Silence
from tests.faults.test_clock import Jumping

NOON = datetime(2026, 7, 4, 12, tzinfo=UTC)
JUMPS = [timedelta(hours=2), -timedelta(hours=2), timedelta(days=400), -timedelta(days=400)]


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_value_is_kept_for_a_quarter_of_an_hour_that_passes(tmp_path, jump):
    clock, hands = Jumping(), Hands()
    vault = Vault(clock, Box(tmp_path))
    vault.keep("approval/1", {}, "U0ANA")
    hands.hold("operation/1", {"A": Value(b"a value")}, clock.monotonic())
    clock.jumped = jump
    assert vault.waiting("approval/1")
    assert hands.values("operation/1", clock.monotonic())
    await clock.passes(minutes=15)
    assert not vault.waiting("approval/1")
    assert not hands.values("operation/1", clock.monotonic())


async def test_what_was_put_off_is_tried_at_once_when_the_clock_is_put_back(store):
    clock, tried = Jumping(), list[datetime]()
    jumps = Jumps(clock, [tried.append])
    for jump in (timedelta(hours=2), timedelta(hours=1), timedelta(minutes=59, seconds=59), timedelta()):
        clock.jumped = jump
        await jumps.round()
        await clock.passes(seconds=1)
    assert len(tried) == 2, "not when it is put on, nor for the second by which a time service slews"


def test_letters_mails_errands_and_timers_that_were_put_off(store):
    store.outbox.write("a", "C0INC", {"text": "P0"}, NOON, urgency=Urgency.P0)
    store.mails.write("m", "lead@aikeys.test", "P0", "now", NOON, under="", urgency=Urgency.P0)
    store.timers.set("tried", "x", NOON - timedelta(hours=3), NOON)
    store.timers.set("waits", "x", NOON + timedelta(hours=1), NOON)
    (timer,) = store.timers.due(NOON)
    store.timers.put_off(timer, NOON + timedelta(seconds=30))
    back = NOON - timedelta(hours=2)
    assert not store.outbox.to_post(back), "it would wait for two hours"
    for hurry in (store.outbox.hurry, store.mails.hurry, store.errands.hurry, store.timers.hurry):
        hurry(back)
    assert [one.key for one in store.outbox.to_post(back)] == ["a"]
    assert [one.key for one in store.mails.to_send(back)] == ["m"]
    assert [one.kind for one in store.timers.due(back)] == ["tried"], "what is due at one is due at one"


@pytest.mark.parametrize("jump", [timedelta(), -timedelta(hours=2), timedelta(hours=2)])
def test_a_second_bad_look_confirms_whatever_the_clock_says(jump):
    """A P0 whose first bad look was an hour that has not come yet would be told in two hours."""
    one = replace(next(one for one in DETECTORS if one.id == DISK), confirm=3, span=20)
    tracks: Any = {}
    found: list[Any] = []
    now = NOON
    for look in range(4):
        decided = decide([one], {DISK: Firing("full", "make room")}, tracks, {}, now)
        found.extend(decided.changes)
        tracks, now = decided.tracks, now + timedelta(seconds=15) + (jump if look == 0 else timedelta())
    assert "Opened" in [type(change).__name__ for change in found]
    back = NOON - timedelta(hours=2)
    assert tracked(Track(blind_since=NOON), Blind("?"), back).blind_since == back


def test_a_silence_does_not_outlast_a_clock_that_was_put_back():
    silence = Silence(1, "incident/1", "disk", "P1", "U0ANA", NOON, NOON + timedelta(hours=1), "on")
    said = [silence.holds("P1", NOON + timedelta(minutes=one)) for one in (-120, -2, 0, 59, 60)]
    assert said == [False, False, True, True, False]


def test_the_newest_copy_is_the_newest_by_its_name(store, tmp_path):
    """A restore goes by it: the copy made before the clock was put back lacks what came since."""
    folder = tmp_path / "copies"
    made = [copies.make(store.path, folder, NOON + timedelta(hours=hours)) for hours in (2, 0, 0)]
    assert copies.copies(folder) == made[::-1]
