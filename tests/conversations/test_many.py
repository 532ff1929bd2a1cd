"""Many at once, each answered once."""

import asyncio
from collections import Counter

import pytest

from tests.chat import words

# Every tenth of the two hundred; the others are misspelt, so that each answer says whose it is.
ASKED = {3: "contacts", 5: "incident", 7: "health"}
ANSWER = {"contacts": "Technical lead", "incident": "There was none yet", "health": "listed, 2 invoked"}


@pytest.mark.slow
async def test_two_hundred_commands_at_once_are_all_answered_once(chat, town):
    """Each of 200 gets its own answer, whatever was asked; none is acknowledged without one, none twice."""
    town.slack.limits.off = True  # a person's own pace is not the subject
    asked = {number: ASKED.get(number % 10, f"nonsense{number:03d}x") for number in range(200)}

    said = await asyncio.gather(*(chat.says("ana", f"/aikeys {line}") for line in asked.values()))
    assert all(one["acked"] for one in said)

    def answered():
        """How often each was answered: the looks by their words, the misspelt by their own."""
        texts = [words(one) for one in chat.sees("ana") if one.get("bot_id")]
        return {line: sum(ANSWER.get(line, line) in text for text in texts) for line in asked.values()}

    once = Counter(asked.values())
    await town.slack.until(lambda: sum(answered().values()) >= len(asked), timeout=60)
    await town.slack.until(
        lambda: sum(answered().values()) >= len(asked) and answered()["health"] == once["health"], timeout=60
    )
    assert answered() == once


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
