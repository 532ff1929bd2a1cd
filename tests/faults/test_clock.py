"""The time of day jumps: nothing old is done because of it, and nothing stops for a day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.command import Risk
from bot.door import recovery
from bot.door.recovery import Verdict
from bot.incidents.watch import Watch
from bot.memory.anchor import due
from playground.clock import ManualClock

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize("risk", [Risk.CHANGE, Risk.DESTRUCTIVE])
@pytest.mark.parametrize(("age", "done"), [(59, True), (-59, True), (61, False), (-61, False), (-86_400, False)])
def test_what_was_asked_in_the_future_is_not_done(risk, age, done):
    """The clock was put back while the bot was away: the click may be hours old."""
    said = recovery.verdict(risk, resumed=True, acked=True, received_at=NOW - timedelta(seconds=age), now=NOW)
    assert said is (Verdict.ANSWER if done else Verdict.CLICK_AGAIN)


def test_a_head_posted_in_the_future_does_not_stop_the_daily_one():
    assert due(NOW + timedelta(days=365), None, NOW) == "daily"
    assert due(NOW - timedelta(hours=23), None, NOW) is None


class Jumping(ManualClock):
    """A clock whose time of day can be put on or back; what has passed stays true."""

    jumped = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.jumped


@pytest.mark.parametrize("jump", [timedelta(days=400), -timedelta(days=400)])
async def test_readiness_goes_by_what_has_passed(bot, jump):
    """A machine that slept or was set right is not “not ready”, and a watch that hangs is not “ready” for a year."""
    clock = Jumping()
    watch = Watch(replace(bot._answering._ctx, clock=clock), bot._answering.watch._eyes)
    clock.jumped = jump
    assert watch.recent
    await clock.passes(seconds=4 * bot.settings.look_every)
    assert not watch.recent
