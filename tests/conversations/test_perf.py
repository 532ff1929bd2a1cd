"""Now against last week, asked in the channel."""

from datetime import timedelta

from store.samples import Sample
from tests.chat import whole, words


async def test_a_viewer_sees_functions_and_what_is_not_known(chat):
    await chat.says("zoe", "/aikeys perf")
    card = await chat.until(whole("Nothing got slower than last week, as far as that is known"), who="zoe")
    assert "`payments-circle-webhook`" in words(card)
    assert "last week" in words(card)
    assert "Unindexed foreign keys" in words(card)
    assert "totals since its last reset" in words(card)


async def test_a_database_that_got_slower_is_said_and_drawn(chat, bot):
    now = bot.clock.now()
    bot.store.samples.keep(
        [
            Sample(now - timedelta(hours=hours), "wallet", part, "ok", latency * (4 if hours < 20 else 1))
            for hours in range(1, 190, 3)
            for part, latency in (("", 180.0), ("database", 45.0))
        ]
    )
    bot.store.samples.roll_up(now)
    await chat.says("ana", "/aikeys perf")
    card = await chat.until(whole("Slower than last week: the wallet's answer and the database's answer"))
    assert "180 ms, last week 45 ms: 4.0× as long" in words(card)
    assert len([one for one in card["blocks"] if one["type"] == "data_visualization"]) == 2


async def test_logs_that_are_not_to_be_had_hide_nothing_else(chat, town):
    await town.slack.faults.set("logs_unpaid", True)
    await chat.says("ana", "/aikeys perf")
    card = await chat.until(whole("allowance is used up (402)"))
    assert "Unindexed foreign keys" in words(card)
