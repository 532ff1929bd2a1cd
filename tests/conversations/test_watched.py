"""Three minutes after a deploy the bot says whether it is worse than before; the operation has long freed its lock."""

from datetime import UTC, datetime

import pytest

from bot.app import Bot
from bot.deploys.record import history
from bot.deploys.watching import compared, deliveries
from bot.health.answers import Deliveries
from bot.views.deploys import line
from playground.clock import ManualClock
from store.database import open_store
from store.samples import Sample
from tests.chat import words
from tests.deploys import WEBHOOK, buttons
from tests.wait import eventually


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.fixture
def moved(town) -> ManualClock:
    return ManualClock(town.clock.now())


@pytest.fixture
async def bot(settings, moved):
    store = open_store(settings.data / "aikeys.sqlite", audit_key=b"a key for tests, 32 bytes at least")
    bot = Bot(settings, store, moved)
    await bot.start()
    await eventually(lambda: bot.sockets.up == 2)
    yield bot
    await bot.stop()
    store.close()


async def deployed(deploying, bot):
    card = await deploying.asks()
    await deploying.click("ben", card, "Approve")
    await eventually(lambda: bot.store.operations.recent(1) and bot.store.operations.recent(1)[0].state == "done")


async def test_all_is_well(deploying, bot, moved):
    await deployed(deploying, bot)
    assert bot.store.operations.holder(bot.target.ref) is None
    await moved.passes(minutes=3, seconds=2)
    told = await deploying.card("No worse than before")
    assert "refuses an unsigned event" in words(told)
    assert not buttons(told)
    assert "no worse than before" in line(history(bot.store, WEBHOOK)[0])


async def test_worse_offers_the_way_back(deploying, bot, moved, project):
    await deployed(deploying, bot)
    project.state.functions[WEBHOOK].failure = "WORKER_ERROR"
    await moved.passes(minutes=3, seconds=2)
    told = await deploying.card("worse than before*")
    assert [one["text"]["text"] for one in buttons(told)] == ["Roll back"]


def looks(state, *latencies):
    return [Sample(datetime(2026, 11, 23, tzinfo=UTC), "wallet", "", state, one) for one in latencies]


@pytest.mark.parametrize(
    ("before", "after", "worse"),
    [
        (looks("ok", 100.0, 110.0), looks("ok", 120.0), False),
        (looks("ok", 100.0), looks("ok", 250.0), False),  # twice as slow, and still fast
        (looks("ok", 200.0), looks("ok", 900.0), True),
        (looks("ok", 100.0), looks("failed", None), True),
        (looks("failed", None), looks("failed", None), False),  # no worse than it was
        ([], [], False),
    ],
)
def test_after_against_before(before, after, worse):
    assert compared(before, after).worse is worse


@pytest.mark.parametrize(
    ("counted", "worse"),
    [(Deliveries(50, 1, 10, 0), False), (Deliveries(50, 9, 10, 9), True), (Deliveries(0, 0, 0, 0), False)],
)
def test_deliveries_after_against_before(counted, worse):
    assert deliveries(counted).worse is worse
