"""Three minutes after a migration the bot says whether it is worse than before, as after a deploy."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.grammar import parse
from bot.migrations.procedure import way_back
from bot.registry import load
from bot.restoring.target import Target, read
from playground.source import SENT_AT
from tests.chat import words
from tests.clocks import Moved
from tests.deploys import WEBHOOK, Deploying, buttons
from tests.running import unwatched
from tests.wait import eventually


@pytest.fixture
def environment(environment, repository):
    return environment | {"AIKEYS_SOURCE": str(repository.path)}


@pytest.fixture
def moved() -> Moved:
    return Moved()


@pytest.fixture
async def bot(settings, moved):
    async with unwatched(settings, moved) as bot:
        yield bot


@pytest.fixture
def deploying(chat, project) -> Deploying:
    project.archive.takes = 0.0
    return Deploying(chat, project)


@pytest.mark.parametrize("worse", [False, True])
async def test_it_is_watched(deploying, bot, moved, project, worse):
    """Where it is worse the way back is named; nothing is asked for by the bot itself: it may cost data."""
    card = await deploying.asks("migrate")
    await deploying.click("ben", card, "Approve")
    await eventually(lambda: bot.store.operations.recent(1) and bot.store.operations.recent(1)[0].state == "done")
    if worse:
        project.state.functions[WEBHOOK].failure = "WORKER_ERROR"
    await moved.passes(minutes=3, seconds=2)

    told = await deploying.card("worse than before*" if worse else "No worse than before")

    assert f"Migrate to {SENT_AT[:14]}" in words(told)
    assert ("nobody has written its way back" in words(told)) is worse
    assert (f"or /aikeys restore {bot.store.operations.recent(1)[0].data['name']} (it loses" in words(told)) is worse
    assert "/aikeys rollback migration" not in words(told), "it would be refused"
    assert not buttons(told)
    assert not bot.store.approvals.pending()


def test_what_is_named_is_what_there_is():
    at = datetime(2026, 11, 25, 21, 34, tzinfo=UTC)
    data = {"files": [{"version": "20261103171500"}], "name": "aikeys-1125-2134", "restore": "pitr"}
    assert way_back(data, written=True, at=at).endswith("/aikeys rollback migration 20261103171500")
    told = way_back(data, written=False, at=at.astimezone(ZoneInfo("America/Lima")))
    asked = parse(told.partition(", or /aikeys ")[2].partition(" (it loses")[0], load()).args.model_dump()
    assert read(asked["to"], at + timedelta(minutes=4), ZoneInfo("Asia/Tokyo")) == Target(at=at), "pasted, anywhere"
    assert "/aikeys restore" not in way_back(data | {"restore": "none"}, written=False, at=at)
