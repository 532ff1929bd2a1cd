"""`/aikeys incident note`: into the thread and the timeline."""

from tests.chat import words


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
