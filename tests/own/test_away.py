"""After an absence the bot says, once, how long it was and what changed."""

from datetime import timedelta

import pytest

from bot.own.away import EVERY
from tests.chat import Chat, words
from tests.wait import eventually


@pytest.fixture
def chat(town, moved) -> Chat:
    return Chat(town.slack, moved)


@pytest.fixture
def quiet(life):
    """Looks by hand: what a look finds on a clock that jumps is no matter here."""
    life.watching = False
    return life


async def known(life, moved) -> None:
    """The first facts are kept."""
    await moved.passes(seconds=4)
    await eventually(lambda: life.rows("SELECT 1 FROM last_known WHERE facts LIKE '%secrets%'"))


def said(chat):
    return [one for one in chat.sees("ana") if "I was away" in words(one)]


async def test_what_happened_meanwhile_is_said_once(quiet, chat, moved, project, town):
    await quiet.begins()
    await known(quiet, moved)
    for minutes in (5, 6, 40):
        quiet.bot.store.timers.set("test", f"t{minutes}", moved.now() + timedelta(minutes=minutes), moved.now())
    await quiet.ends()
    await moved.passes(minutes=14)
    project.secrets["CIRCLE_API_KEY"] = "another-value"
    await quiet.begins()
    await moved.passes(seconds=4)
    for _ in range(6):
        await moved.passes(seconds=EVERY)
        await town.slack.until(lambda: True)
    card = words(await chat.until("I was away"))
    assert "I was away for 14 min." in card
    assert "2 timers fired late: test × 2." in card
    assert "The secret CIRCLE_API_KEY has another value" in card
    assert "another-value" not in card
    await quiet.ends()
    await quiet.begins()
    await moved.passes(seconds=2 * EVERY)
    assert len(said(chat)) == 1
    assert quiet.rows("SELECT count(*) FROM events WHERE kind = 'bot.returned'") == [(1,)]


async def test_a_restart_is_nobodys_business(quiet, chat, moved):
    await quiet.begins()
    await known(quiet, moved)
    await quiet.ends()
    await moved.passes(seconds=80)
    await quiet.begins()
    await moved.passes(minutes=3)
    assert said(chat) == []


async def test_what_could_not_be_asked_is_said_and_held_against_the_next_time(quiet, chat, moved, town):
    await quiet.begins()
    await known(quiet, moved)
    await quiet.ends()
    await moved.passes(minutes=20)
    await town.slack.faults.set("management_down", True)
    await quiet.begins()
    for _ in range(8):
        await moved.passes(seconds=EVERY)
        await town.slack.until(lambda: True)
    card = words(await chat.until("I was away"))
    assert "the functions, the secrets, the migrations, what the watch sees could not be read" in card
    assert quiet.rows("SELECT count(*) FROM last_known WHERE facts LIKE '%secrets%'") == [(1,)], "those of before stay"
