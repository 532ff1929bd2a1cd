"""`/aikeys incident open`: what a person saw before the detectors did."""

from tests.chat import words


async def test_it_stands_in_its_channel_with_what_was_seen(chat):
    await chat.says("ana", '/aikeys incident open "refunds do not go out" P0 --note "three customers wrote"')
    card = await chat.until("P0 refunds do not go out", channel="#incidents")
    assert "three customers wrote" in words(card)
    assert "opened by <@U0ANA>" in words(card)
    await chat.until("Opened.")


async def test_a_viewer_may_not(chat, bot):
    await chat.says("zoe", '/aikeys incident open "refunds do not go out"')
    await chat.until("is not for you", "zoe")
    assert bot.store.incidents.recent() == []


async def test_nobody_opens_the_emergency_that_lets_them_act_alone(chat, bot):
    await chat.says("ana", '/aikeys incident open "refunds do not go out" P0')
    await chat.until("P0 refunds do not go out", channel="#incidents")
    assert bot.changes.requests.incident("U0ANA") is None

    await chat.clicks("ben", "Acknowledge", "#incidents")
    await chat.until("*Acknowledged* by <@U0BEN>", channel="#incidents")
    assert bot.changes.requests.incident("U0ANA") == "incident/1"


async def test_what_is_written_stays_words(chat):
    await chat.says("ana", '/aikeys incident open "<!channel> `x` *bold*" --note "<!here> <@U0BEN>"')
    card = words(await chat.until("opened by", channel="#ops"))
    assert "<!channel>" not in card
    assert "<!here>" not in card


async def test_what_is_named_as_a_secret_gets_into_no_title(chat, bot):
    """The door cuts it before a row is written; what only the shape gives away is hidden behind it."""
    await chat.says("ana", '/aikeys incident open "api_key=4f7e9a21c0 is on a page"')
    await chat.until("That line was not read")
    assert bot.store.incidents.recent() == []
