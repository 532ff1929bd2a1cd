"""`/aikeys incident assign`: who leads it, who writes it down."""

from tests.chat import words


async def test_they_stand_on_the_card(chat, bot):
    await chat.says("ana", '/aikeys incident open "refunds do not go out" P0')
    await chat.until("P0 refunds", channel="#incidents")
    await chat.says("ana", "/aikeys incident assign me")
    await chat.until("*Commander* <@U0ANA>", channel="#incidents")
    await chat.says("ana", "/aikeys incident assign @ben scribe")
    await chat.until("*Scribe* <@U0BEN>", channel="#incidents")
    await chat.says("ben", "/aikeys incident assign @cy")
    card = words(await chat.until("*Commander* <@U0CY> · *Scribe* <@U0BEN>", channel="#incidents"))
    assert "P0 refunds" in card
    incident = bot.store.incidents.of("incident/1")
    assert (incident.commander, incident.scribe) == ("U0CY", "U0BEN")

    await chat.until("commander is <@U0CY>, scribe is <@U0BEN>.")

    await chat.says("ana", "/aikeys incident assign somebody")
    await chat.until("I do not know who “somebody” is")
    await chat.says("zoe", "/aikeys incident assign me")
    await chat.until("is not for you", "zoe")
