"""/aikeys logs --follow: what is new comes, once for all who ask the same, and it ends."""

import pytest

from tests.chat import words
from tests.conversations.pages import PATH, switch
from tests.running import unwatched
from tests.wait import eventually

pytestmark = pytest.mark.usefixtures("followed")


def asked(project) -> list[str]:
    return [call.path for call in project.journal.entries if PATH in call.path]


@pytest.fixture
async def bot(settings, moved):
    async with unwatched(settings, moved) as bot:
        yield bot


@pytest.fixture
async def followed(chat):
    await chat.says("ana", "/aikeys logs functions canary --since 10m --follow")
    begun = await chat.until(lambda one: "a look every 10 s" in words(one))
    await chat.slack.underway.ended()  # the bot has heard where it stands
    return begun


async def test_new_lines_come_and_somebody_stops_it(chat, project, bot, moved, followed):
    project.state.say("health", "error", "canary one")
    await moved.passes(seconds=10)
    page = await chat.until("canary one")
    assert page["ts"] == followed["ts"]
    assert "1 error" in words(page)

    await chat.clicks("zoe", "Stop following")
    await chat.until(lambda one: "<@U0ZOE> asked" in words(one) and "a look every" not in words(one))
    await moved.passes(seconds=10)
    await eventually(lambda: bot._answering._followers.count == 0)
    before = len(asked(project))
    await moved.passes(seconds=60)
    assert len(asked(project)) == before


async def test_it_ends_by_itself(chat, town, bot, moved):
    town.slack.limits.off = True  # sixty edits within a second of its clock
    await moved.passes(seconds=601)
    await chat.until("no longer following")
    await eventually(lambda: bot._answering._followers.count == 0)


async def test_two_who_ask_the_same_share_one_look(chat, project, moved):
    await chat.says("ben", "logs functions canary --since 10m --follow", "@ben")
    await chat.until("a look every 10 s", "ben", "@ben")
    project.state.say("health", "info", "canary two")
    before = len(asked(project))
    await moved.passes(seconds=10)
    assert "1 other line" in words(await chat.until("canary two"))
    assert "1 other line" in words(await chat.until("canary two", "ben", "@ben"))
    assert len(asked(project)) == before + 1


async def test_a_look_that_failed_is_said_and_the_next_one_comes(chat, project, moved):
    await switch(project, "logs_failing")
    await moved.passes(seconds=10)
    await chat.until("Backend error!")
    await switch(project, "logs_failing", on=False)
    project.state.say("health", "info", "canary three")
    await moved.passes(seconds=10)
    await chat.until("canary three")


async def test_a_stopping_bot_ends_it_at_once(chat, bot):
    await bot.stop()
    assert "no longer following" in words(chat.sees()[-1])
