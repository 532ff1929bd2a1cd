"""Many at once, each answered once."""

import asyncio

from tests.chat import words


async def test_two_hundred_commands_at_once_are_all_answered_once(chat, town):
    """Each of 200 gets its own ephemeral answer; none is acknowledged without one, none twice."""
    town.slack.limits.off = True  # a person's own pace is not the subject

    async def ask(number: int):
        return await chat.says("ana", f"/aikeys nonsense{number:03d}x")

    said = await asyncio.gather(*(ask(number) for number in range(200)))
    assert all(one["acked"] for one in said)

    def answers():
        return [one for one in chat.sees("ana") if one.get("bot_id")]

    await town.slack.until(lambda: len(answers()) >= 200, timeout=20)
    named = [number for number in range(200) for one in answers() if f"nonsense{number:03d}x" in words(one)]
    assert sorted(named) == list(range(200))


async def test_a_redelivered_event_is_answered_once(chat, town):
    """Slack sends an event again when it saw no ack in time: the same event_id is the same question."""
    await chat.says("ana", "@aikeys healht")
    await chat.until("Did you mean")
    first = next(
        entry["body"]
        for entry in town.slack.journal.entries()
        if entry["name"] == "events_api" and entry["way"] == "out"
    )

    await town.slack.sockets.deliver(
        "events_api", first["payload"], accepts=False, retry_attempt=1, retry_reason="timeout"
    )

    await chat.says("ana", "@aikeys hleath")
    await chat.until("hleath")
    assert len([one for one in chat.sees("ana") if "healht" in words(one) and one.get("bot_id")]) == 1
