"""`/aikeys incident`: what is wrong now and who has it."""

from tests.chat import words


async def test_none_yet(chat):
    await chat.says("zoe", "/aikeys incident")
    assert "There was none yet" in words(await chat.until("No open incident", "zoe"))


async def test_the_open_ones_stand_first(chat, bot):
    rows, now = bot.store.incidents, bot.clock.now()
    rows.resolve(rows.open("P0", "Old outage", "a", now), "bot", now)
    rows.open("P1", "Slow", "b", now)
    rows.open("P0", "Payments <!channel> stuck", "c", now)

    await chat.says("zoe", "/aikeys incident")

    seen = words(await chat.until("2 open", "zoe"))
    assert seen.index("stuck") < seen.index("Slow") < seen.index("Old outage")
    assert "<!channel>" not in seen
