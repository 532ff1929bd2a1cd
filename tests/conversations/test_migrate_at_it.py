"""The answer is lost while the database is still at it: nobody calls that failed, and nothing is sent a second time."""

import asyncio
import math

import pytest

from playground.source import SENT_AT
from tests.chat import words
from tests.clocks import Hurried
from tests.migrating import (
    NEXT,
    VERSION,
    approves,
    columns,
    commits,
    deploying,
    environment,
    history,
    project_applies,
    rows,
)
from tests.running import unwatched
from tests.wait import eventually

__all__ = ["deploying", "environment"]
WAITS = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and state = 'active'"


@pytest.fixture
async def bot(settings):
    async with unwatched(settings, Hurried()) as bot:
        yield bot


ALTERS = "set local lock_timeout = 0;\nalter table public.profiles add nick text;\n"
INDEX = "create index concurrently nick on public.profiles (email);\n"


@pytest.mark.parametrize(
    ("text", "mode", "still"),
    [
        pytest.param(ALTERS, "row exclusive", f"still at {NEXT}", id="a transaction"),
        pytest.param(INDEX, "row exclusive", "still at the index public.nick", id="an index that is being built"),
        pytest.param(INDEX, "share update exclusive", "still at the index public.nick", id="one that is not begun yet"),
    ],
)
async def test_still_at_it(deploying, town, project, repository, text, mode, still):
    """Somebody is at the table: the statement waits for them, the gateway does not wait for the statement."""
    await project_applies(project, VERSION, SENT_AT[15:-4])
    commits(repository, {f"{NEXT}_nick.sql": text})
    card = await deploying.asks("migrate")
    async with project.postgres.superuser() as connection, connection.transaction():
        await connection.execute(f"lock table public.profiles in {mode} mode")
        async with project.answers("POST", "/database/query$", drop=True, delay=math.inf, meanwhile=True):
            await approves(deploying, town, card, "ben")
            async with asyncio.timeout(8):
                while not await rows(project, WAITS):  # noqa: ASYNC110  # PostgreSQL tells nobody when it waits
                    await asyncio.sleep(0.01)
        await deploying.headline("Needs a human")
        stuck = await deploying.card(still)

    assert "nothing of it was applied" not in words(stuck)
    assert "not valid" not in words(stuck)
    calls = [one for one in project.journal.entries if one.method == "POST" and one.path.endswith("/database/query")]
    assert len(calls) == 1, "nothing is sent again"
    await deploying.click("ana", stuck, "Ask again")
    assert f"{NEXT} is applied" in words(await deploying.headline(f"{NEXT} is applied"))
    assert [one[0] for one in await history(project)].count(NEXT) == 1


async def test_somebody_else_wrote_its_row(deploying, town, project):
    """The answer is lost, and the history holds the version with other statements: a human says whose it is."""
    card = await deploying.asks("migrate")
    async with project.answers("POST", "/database/query$", drop=True, delay=math.inf) as rule:
        await approves(deploying, town, card, "ben")
        await eventually(lambda: rule.hits)
        await project_applies(project, VERSION, "sneaked")
    await deploying.headline("Needs a human")
    await deploying.card(f"The history holds {VERSION}, but with other statements")
    assert "sent_at" not in await columns(project, "payment_events")
