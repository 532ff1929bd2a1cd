"""`/aikeys incident resolve`: a person says that it is over, and why."""

from tests.chat import words


async def test_over_with_the_reason_in_the_thread(chat):
    await chat.says("ana", '/aikeys incident open "refunds do not go out" P0')
    card = await chat.until("P0 refunds", channel="#incidents")
    await chat.says("ana", '/aikeys incident resolve 1 "pool restarted"')
    over = await chat.until("*Resolved* by <@U0ANA>", channel="#incidents")
    assert over["ts"] == card["ts"]
    await chat.until("pool restarted", channel="#incidents")

    await chat.says("ana", "/aikeys incident resolve 1")
    await chat.until("It is resolved already")


async def test_a_viewer_may_not(chat, bot):
    bot.store.incidents.open("P1", "Slow", "b", bot.clock.now())
    await chat.says("zoe", "/aikeys incident resolve")
    await chat.until("is not for you", "zoe")
    assert bot.store.incidents.of("incident/1").open
    assert "Slow" not in words(chat.sees("zoe")[-1])
