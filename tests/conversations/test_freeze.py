"""/aikeys freeze: nothing starts but the ways back."""

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


async def test_an_end_without_a_reason_is_not_taken_for_a_question(chat):
    await chat.says("ana", "/aikeys freeze --until 18:00")
    assert "needs a reason" in words(await chat.until("Nothing was frozen"))


async def test_zoe_freezes_nothing(chat):
    await chat.says("zoe", "/aikeys freeze because")
    assert "is not for you" in words(await chat.until("🚫", "zoe"))
