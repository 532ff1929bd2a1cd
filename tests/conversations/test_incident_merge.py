"""`/aikeys incident merge`: what was told twice is one."""

from tests.chat import words


async def test_its_story_is_told_with_the_others(chat, bot):
    rows, now = bot.store.incidents, bot.clock.now()
    rows.open("P0", "Down", "a", now, data={"what": "It is gone."})
    rows.open("P1", "Slow", "b", now, data={"what": "It takes long."})
    await chat.says("ana", "/aikeys incident merge 1 2")
    await chat.until("A P0 is not merged into a P1")
    await chat.says("ana", "/aikeys incident merge 2 1")
    await chat.until("goes on as part of 1")
    assert [one.subject for one in bot.store.events.open_incidents()] == ["incident/1"]
    await chat.until("*Merged* by <@U0ANA> into 1")

    await chat.says("zoe", "/aikeys incident show 1")
    story = words(await chat.until("Slow was opened", "zoe"))
    assert "merged `incident/2` into `incident/1`" in story
    await chat.says("ana", "/aikeys incident merge 2 1")
    await chat.until("They cannot be merged")

    await chat.says("ana", "/aikeys incident reopen 2")
    await chat.until("It is open again")
    assert rows.of("incident/2").merged_into == ""
