"""`/aikeys incident note`: into the thread and the timeline."""

from tests.chat import words
from tests.wait import eventually


async def test_it_stands_in_the_thread_and_the_story(chat, bot):
    await chat.says("ana", '/aikeys incident open "refunds do not go out" P0')
    card = await chat.until("P0 refunds", channel="#incidents")

    await chat.says("ana", '/aikeys incident note "pool is full <!channel>"')

    line = await chat.until("pool is full", channel="#incidents")
    assert line["thread_ts"] == card["ts"]
    assert "<!channel>" not in words(line)
    noted = bot.store.incidents.story("incident/1")[-1]
    assert (noted.kind, noted.actor) == ("incident.noted", "U0ANA")
    assert noted.text.startswith("pool is full")


async def test_a_note_is_corrected_by_another_and_nothing_else_is(chat, bot):
    await chat.says("ana", '/aikeys incident open "refunds do not go out" P0')
    await chat.until("P0 refunds", channel="#incidents")
    await chat.says("ana", '/aikeys incident note "cause: the pol"')
    row = (await _noted(bot, 1)).id
    await chat.says("ana", f'/aikeys incident note "cause: the pool" --instead-of {row}')
    assert (await _noted(bot, 2)).data == {"instead_of": row}
    await chat.says("zoe", "/aikeys incident show", "#incidents")
    story = words(await chat.until("refunds do not go out was opened", "zoe", "#incidents"))
    assert f"(instead of row {row}): cause: the pool" in story
    assert "cause: the pol\\n" not in story
    first = next(one for one in bot.store.incidents.story("incident/1") if one.id == row)
    assert first.text == "cause: the pol", "it stays on record"

    await chat.says("ana", '/aikeys incident note "it was not" --instead-of 1')
    await chat.until("Row 1 is no note of incident 1")


async def _noted(bot, times):
    await eventually(lambda: len(bot.store.events.newest("incident.noted", 9)) == times)
    return bot.store.events.newest("incident.noted", 1)[0]
