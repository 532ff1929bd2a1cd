"""`/aikeys incident severity`: worse, told where the worse ones are; less bad; and never a way to act alone."""

from tests.chat import words


async def test_made_a_p0_it_is_told_in_the_incident_channel_and_is_nobodys(chat, bot):
    bot.store.incidents.open("P1", "Slow", "performance", bot.clock.now(), data={"what": "slow"})
    incident = bot.store.incidents.of("incident/1")
    with bot.store.transaction():
        bot._answering._ctx.alerts.redraw(incident.subject)
    await chat.until("P1 Slow")
    await chat.clicks("ben", "Acknowledge", "#ops")
    await chat.until("*Acknowledged* by <@U0BEN>")

    await chat.says("ana", '/aikeys incident severity P0 --why "customers write"')

    card = words(await chat.until("P0 Slow", channel="#incidents"))
    assert "Nobody has it yet" in card
    await chat.until("see <#C0INC>")  # the card in the ops channel leads there
    await chat.until("made it a P0: customers write", channel="#incidents")
    # Nobody makes the emergency that lets them act alone.
    requests = bot.changes.requests
    assert requests.incident("U0ANA") is None
    await chat.clicks("ana", "Acknowledge", "#incidents")
    await chat.until("*Acknowledged* by <@U0ANA>", channel="#incidents")
    assert requests.incident("U0ANA") is None, "who made it one has not been seconded"

    await chat.says("ana", "/aikeys incident severity P0")
    await chat.until("It cannot be made a P0: nothing was changed")
    await chat.says("ana", "/aikeys incident severity P1")
    await chat.until("P1 Slow", channel="#incidents")
    assert bot.store.events.open_incidents()[0].severity == "P1"


async def test_a_second_who_has_it_lets_them_act(chat, bot):
    bot.store.incidents.open("P1", "Slow", "performance", bot.clock.now(), data={"what": "slow"})
    await chat.says("ana", "/aikeys incident severity P0")
    await chat.until("P0 Slow", channel="#incidents")
    await chat.clicks("ben", "Acknowledge", "#incidents")
    await chat.until("*Acknowledged* by <@U0BEN>", channel="#incidents")
    assert bot.changes.requests.incident("U0ANA") == "incident/1"
