"""`/aikeys timeline`: found again by words, in the team's channels."""

import pytest

from tests.chat import words


async def test_found_newest_first_and_escaped(chat, bot):
    rows = bot.store.events
    rows.append("incident/1", "incident.noted", "U0ANA", {}, bot.clock.now(), text="the pool is full <!channel>")
    rows.append("incident/2", "incident.noted", "U0BEN", {}, bot.clock.now(), text="Pool restarted")
    await chat.says("zoe", "/aikeys timeline pool", "#incidents")
    found = words(await chat.until("2 in the timeline", "zoe", "#incidents"))
    assert found.index("Pool restarted") < found.index("the pool is full")
    assert "<!channel>" not in found
    await chat.says("zoe", '/aikeys timeline pool OR "full) NEAR("', "#incidents")
    await chat.until("Nothing in the timeline", "zoe", "#incidents")
    await chat.says("zoe", "/aikeys timeline ***", "#incidents")
    await chat.until("no letter or digit", "zoe", "#incidents")


async def test_elsewhere_it_goes_into_a_direct_message(chat, bot):
    bot.store.events.append("incident/1", "incident.noted", "U0ANA", {}, bot.clock.now(), text="the pool is full")
    await chat.says("zoe", "/aikeys timeline pool", "#general")
    await chat.until("the pool is full", "zoe", "@zoe")


@pytest.mark.parametrize("asked", ["rotate", "rotated", "rotation", "rotating", "ROTATIONS", "rotat", "circle webhook"])
def test_a_word_is_found_in_its_other_forms(store, clock, asked):
    store.events.append("secret/CIRCLE_WEBHOOK_SECRET", "rotation.finished", "U0ANA", {}, clock.now())
    store.events.append("function/health", "deploy.finished", "U0ANA", {"function": "health", "ok": 1}, clock.now())
    assert [one.subject for one in store.story.search(asked.split())] == ["secret/CIRCLE_WEBHOOK_SECRET"]
