"""Slack's Web API fails while the bot runs: what is owed is said when it is back, once, and the lines come back."""

from tests.chat import words
from tests.wait import eventually


async def test_the_lines_come_back_after_slack_was_away(chat, town, bot):
    """Every call cut, no socket opened, for longer than the client's own retries last."""
    await town.slack.faults.set("slack_away", True)

    def tried() -> int:
        return len([one for one in town.slack.journal.entries("apps.connections.open") if one["status"] == "cut"])

    await eventually(lambda: tried() >= 8, 20)
    await town.slack.faults.set("slack_away", False)

    await eventually(lambda: bot.sockets.up == 2, 15)
    await chat.says("ana", "/aikeys wasaway")
    assert "wasaway" in words(await chat.until("wasaway"))
