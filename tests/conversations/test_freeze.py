"""/aikeys freeze: nothing starts but the ways back."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from tests.chat import words


async def test_frozen_said_and_lifted(chat):
    await chat.says("ana", '/aikeys freeze "the <!channel> incident" --until 2h')
    told = words(await chat.until("Changes are *frozen*"))
    assert "by <@U0ANA>" in told
    assert "&lt;!channel&gt;" in told

    await chat.says("zoe", "/aikeys operations")
    assert "Changes are frozen until" in words(await chat.until("Operations", "zoe"))

    await chat.says("ana", "/aikeys freeze --lift")
    await chat.until("not frozen")
    await chat.says("ana", "/aikeys freeze --lift")
    assert (await chat.until("nothing to lift"))["ephemeral"]


@pytest.mark.parametrize("until", ["yesterday", "400d", "0m", "25:00"])
async def test_an_end_that_cannot_be(chat, until):
    await chat.says("ana", f'/aikeys freeze "why not" --until {until}')
    assert "are not frozen" in words(await chat.until("🚫"))


async def test_an_hour_is_that_of_who_asks(chat):
    """As the answer shows it to her, in Madrid; not in UTC."""
    await chat.says("ana", '/aikeys freeze "a release" --until 18:00')
    (until,) = re.findall(r"frozen\* until <!date\^(\d+)", words(await chat.until("Changes are *frozen*")))
    assert datetime.fromtimestamp(int(until), ZoneInfo("Europe/Madrid")).strftime("%H:%M") == "18:00"


async def test_an_end_without_a_reason_is_not_taken_for_a_question(chat):
    await chat.says("ana", "/aikeys freeze --until 18:00")
    assert "needs a reason" in words(await chat.until("Nothing was frozen"))


async def test_zoe_freezes_nothing(chat):
    await chat.says("zoe", "/aikeys freeze because")
    assert "is not for you" in words(await chat.until("🚫", "zoe"))
