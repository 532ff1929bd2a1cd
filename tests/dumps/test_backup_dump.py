"""/aikeys backup dump: its steps in the channel, one at a time, and what a restart leaves of it."""

import asyncio
import signal

import pytest

from tests.chat import words
from tests.survival.conftest import Bots


@pytest.fixture
def environment(environment, url, pg_bin, folder, team):
    return environment | {
        "AIKEYS_DUMP_URL": url,
        "AIKEYS_DUMP_KEY": str(team.to_public()),
        "AIKEYS_DUMPS": str(folder),
        "AIKEYS_PG_BIN": str(pg_bin),
    }


async def test_it_is_made_step_by_step_and_counted(chat, folder):
    """A second one meanwhile is refused; nothing of it goes into Slack but figures."""
    await asyncio.gather(*(chat.says(who, "/aikeys backup dump") for who in ("ana", "ben")))
    seen = await chat.until("restored and counted")
    told = words(seen)
    for word in (
        "Look at it",
        "Dump and encrypt",
        "Restore it elsewhere and count",
        "PostgreSQL 18",
        "as many as were",
    ):
        assert word in told
    refused = [one for who in ("ana", "ben") for one in chat.sees(who) if "It was not begun" in words(one)]
    assert len(refused) == 1
    (made,) = folder.iterdir()
    assert not made.name.endswith(".part")
    assert not [one for one in chat.sees("ana") if one.get("files")]
    await chat.says("zoe", "/aikeys backup")
    assert made.name in words(await chat.until("1 dump", "zoe"))


async def test_a_user_that_may_not_see_all_rows_makes_none(chat, project, folder):
    async with project.postgres.superuser() as connection:
        await connection.execute("alter role supabase_read_only_user nobypassrls")
    try:
        await chat.says("ana", "/aikeys backup dump")
        await chat.until("row-level security")
    finally:
        async with project.postgres.superuser() as connection:
            await connection.execute("alter role supabase_read_only_user bypassrls")
    assert not [path for path in folder.iterdir() if not path.name.endswith(".part")]


@pytest.fixture
async def mortal(nursery, town, environment, tmp_path):
    bots = Bots(nursery, town, environment, tmp_path)
    yield bots
    await bots.ends()


async def test_a_restart_before_it_was_counted_makes_it_none(mortal, town, folder):
    """The key that it could be read back with died with the bot. Another dump can be made at once."""
    from tests.chat import Chat

    chat = Chat(town.slack)
    await mortal.starts("step.result", 2)
    asked = asyncio.create_task(chat.says("ana", "/aikeys backup dump"))
    assert await mortal.died() == -signal.SIGKILL
    await asked
    await mortal.starts()
    await chat.until("I was restarted in the middle")
    assert [path.suffix for path in folder.iterdir()] == [".part"]
