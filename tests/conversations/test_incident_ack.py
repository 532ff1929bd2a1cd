"""`/aikeys incident ack`: who has it."""

from tests.chat import words


async def test_it_is_yours(chat, bot):
    await chat.says("ana", '/aikeys incident open "refunds do not go out" P0')
    await chat.until("P0 refunds", channel="#incidents")
    await chat.says("ana", "/aikeys incident ack 1")
    await chat.until("*Acknowledged* by <@U0ANA>", channel="#incidents")


async def test_the_second_is_told_that_somebody_has_it(chat):
    await chat.says("ana", '/aikeys incident open "refunds do not go out" P0')
    await chat.until("Opened.")
    await chat.until("P0 refunds", channel="#incidents")
    await chat.clicks("ben", "Acknowledge", "#incidents")
    await chat.until("*Acknowledged* by <@U0BEN>", channel="#incidents")
    await chat.says("ana", "/aikeys incident ack")
    refused = words(await chat.until("acknowledged already"))
    assert ", by <@U0BEN>." in refused
    assert "incident show 1" in refused


async def test_of_which_is_asked_where_several_are_open(chat, bot):
    now = bot.clock.now()
    bot.store.incidents.open("P1", "Slow", "b", now)
    bot.store.incidents.open("P0", "Down", "c", now)
    await chat.says("ana", "/aikeys incident ack")
    assert "2, 1" in words(await chat.until("Which one?"))
    await chat.says("ana", "/aikeys incident ack 99")
    await chat.until("I know no incident 99")


async def test_an_approver_has_it_too(chat, bot):
    """Ben may be the only one awake."""
    bot.store.incidents.open("P0", "Down", "c", bot.clock.now())
    await chat.says("ben", "/aikeys incident ack")
    await chat.until("acknowledged now", "ben")
    assert bot.store.incidents.of("incident/1").acked_by == "U0BEN"


async def test_a_slip_of_the_second_word(chat):
    await chat.says("ana", "/aikeys incident akc")
    await chat.until("Did you mean incident ack?")
    await chat.says("ana", "/aikeys ack")
    await chat.until("Did you mean incident ack?")


async def test_none_is_open(chat):
    await chat.says("ana", "/aikeys incident ack")
    await chat.until("No incident is open")
