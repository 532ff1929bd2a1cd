"""What else the card holds, in the channel: each part in detail, the trend with its chart, what is remembered."""

from datetime import timedelta

import pytest

from store.samples import Sample
from tests.chat import words


@pytest.mark.parametrize(
    ("part", "detail"),
    [
        ("database", "connected"),
        ("webhooks", "hour"),
        ("functions", "not probed"),
        ("secrets", "CIRCLE_WEBHOOK_SECRET"),
        ("services", "realtime"),
    ],
)
async def test_a_part_in_detail(chat, part, detail):
    await chat.says("ana", f"/aikeys health {part}")
    card = await chat.until(f"{part.capitalize()} healthy")
    assert detail in words(card)
    assert any(
        element.get("value") == f"health {part}" for block in card["blocks"] for element in block.get("elements", [])
    ), "“Ask again” asks for the same part"


async def test_open_incidents_and_the_last_deploy_come_from_the_timeline(chat, bot):
    now = bot.clock.now()
    incident = {"dedup_key": "db", "severity": "P0", "title": "Payments <!channel> stuck"}
    bot.store.events.append("incident/1", "incident.opened", "bot", incident, now)
    deployed = {"function": "health", "version": 4, "commit": "abc1234", "ok": True}
    bot.store.events.append("deploy/1", "deploy.finished", "U0BEN", deployed, now)

    await chat.says("ana", "/aikeys health")

    card = await chat.until(lambda one: "Last deploy" in words(one))
    text = words(card)
    assert "Open incidents: 1" in text
    assert "stuck" in text
    assert "<!channel>" not in text
    assert "`health` version 4" in text
    assert "<@U0BEN>" in text


async def test_slower_than_the_last_hour_is_said_and_drawn(chat, town, bot):
    """The bot's looks of the last half hour are what now is held against."""
    now = bot.clock.now()
    bot.store.samples.keep(
        [
            Sample(now - timedelta(minutes=minutes), "wallet", part, "ok", latency)
            for minutes in range(2, 30)
            for part, latency in (("", 180.0), ("database", 45.0))
        ]
    )
    await chat.says("ana", "/aikeys health")
    calm = await chat.until("Healthy")
    assert "the last hour" in words(calm)
    assert "data_visualization" not in words(calm)

    await town.slack.faults.set("slow_database", True)
    await chat.says("ana", "/aikeys health")

    card = await chat.until(lambda one: "asked, all done" in words(one) and "slow" in words(one))
    assert "× the last hour's 45 ms" in words(card)
    assert [block for block in card["blocks"] if block["type"] == "data_visualization"]
    assert "slow" in card["text"], "who cannot see the chart reads it"
