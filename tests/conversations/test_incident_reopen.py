"""`/aikeys incident reopen`: called over too soon."""

from tests.chat import words


async def test_it_is_the_same_and_heard_again(chat, bot):
    bot.store.incidents.open("P0", "Down", "database_outage", bot.clock.now(), data={"what": "It is gone."})
    bot.store.incidents.resolve("incident/1", "bot", bot.clock.now())
    await chat.says("ana", '/aikeys incident reopen 1 "refunds fail again"')
    loud = await chat.until(
        lambda one: "It was opened again: refunds fail again" in words(one) and "thread_ts" not in one,
        channel="#incidents",
    )
    assert "Acknowledge" in words(loud)
    assert "It is gone." in words(await chat.until("P0 Down", channel="#incidents"))
    assert bot.store.incidents.of("incident/1").open
    assert bot.changes.requests.incident("U0ANA") is None, "who opens it again makes no emergency to act alone under"

    await chat.says("ana", "/aikeys incident reopen 1")
    await chat.until("It cannot be opened again: nothing was changed")
    await chat.says("zoe", "/aikeys incident reopen 1")
    await chat.until("is not for you", "zoe")
