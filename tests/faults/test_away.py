"""Slack's Web API fails while the bot runs: what is owed is said when it is back, once, and the lines come back."""

import re

import pytest

from tests.chat import Chat, words
from tests.faults.conftest import outcome
from tests.wait import eventually


def cards(chat):
    """The bot's answers, the private ones apart."""
    return [one for one in shown(chat) if not one["ephemeral"]]


def shown(chat):
    return [one for one in chat.sees("ana") if one.get("bot_id") and "Audit head" not in one["text"]]


def calls(town, method: str) -> int:
    return len(town.slack.journal.entries(method))


async def test_the_lines_come_back_after_slack_was_away(chat, town, bot):
    """Every call is cut and no socket opens, for longer than one call's own retries last."""
    await town.slack.faults.set("slack_away", True)
    await eventually(lambda: calls(town, "apps.connections.open") >= 8, 20)
    await town.slack.faults.set("slack_away", False)

    await eventually(lambda: bot.sockets.up == 2, 15)
    await chat.says("ana", "/aikeys wasaway")
    assert "wasaway" in words(await chat.until("wasaway"))


async def passing(moved, until) -> None:
    """Move the bot's clock on, a second at a time, until it is so."""
    for _ in range(2000):
        if until():
            return
        await moved.passes(seconds=1)
    raise AssertionError("not within 2,000 s of the bot's clock")


class TestOnItsOwnClock:
    @pytest.fixture
    async def chat(self, town, slow) -> Chat:
        chat = Chat(town.slack)
        await chat.says("ana", "/aikeys warmup")  # whom Slack has never told about is refused, not answered late
        await eventually(lambda: outcome(slow) == "refused")
        return chat

    @pytest.mark.parametrize("fault", ["slack_5xx", "slack_429"])
    async def test_the_final_verdict_survives_a_failing_edit(self, chat, slow, moved, town, project, fault):
        """“Asking…” is posted, then Slack fails for minutes: the verdict is in the same message when it is back."""
        async with project.answers("GET", "/secrets$", delay=0.5):
            await chat.says("ana", "/aikeys health")
            await chat.until("Asking 6 services")
            await town.slack.faults.set(fault, True)
            before = calls(town, "chat.update")
            await passing(moved, lambda: calls(town, "chat.update") > before + 8)
        assert outcome(slow) is None, "it is still owed, and a restart would take it up"

        await town.slack.faults.set(fault, False)
        await passing(moved, lambda: "asked, all done" in words(cards(chat)[-1]))

        assert len(cards(chat)) == 1
        await eventually(lambda: outcome(slow) == "answered")

    async def test_a_first_post_that_failed_is_posted_once_when_slack_is_back(self, chat, moved, town):
        await passing(moved, lambda: any("Audit head" in one["text"] for one in chat.sees("ana")))  # not that one
        await town.slack.faults.set("slack_5xx", True)
        before = calls(town, "chat.postMessage")
        await chat.says("ana", "/aikeys health")
        await passing(moved, lambda: calls(town, "chat.postMessage") >= before + 1)
        assert not cards(chat)

        for _ in range(100):  # second by second: the look that was asked for ends in the first of them
            await moved.passes(seconds=1)
        await town.slack.faults.set("slack_5xx", False)
        await passing(moved, lambda: cards(chat))

        assert re.search("Slack did not take this for [0-9]+ min", words(cards(chat)[0]))
        assert len(cards(chat)) == 1

    async def test_a_refusal_waits_too(self, chat, moved, town):
        """A whisper is an answer like any other: ephemerals go by the response_url, and that may fail as well."""
        await town.slack.faults.set("slack_5xx", True)
        before = calls(town, "chat.postEphemeral")
        await chat.says("ana", "@aikeys nonsense")
        await passing(moved, lambda: calls(town, "chat.postEphemeral") >= before + 4)
        await town.slack.faults.set("slack_5xx", False)
        await passing(moved, lambda: any("nonsense" in words(one) for one in shown(chat)))

    async def test_after_a_quarter_of_an_hour_it_is_given_up_and_the_log_has_it(self, chat, slow, moved, town, capsys):
        await town.slack.faults.set("slack_429", True)
        await chat.says("ana", "/aikeys health")
        await passing(moved, lambda: outcome(slow) is not None)
        assert outcome(slow) == "undelivered"
        assert "Not delivered within 15 minutes" in capsys.readouterr().err

    @pytest.mark.parametrize("look", [True, False])
    async def test_done_but_no_answer_does_not_multiply_the_card(self, chat, slow, moved, town, look):
        """Each call is carried out and its answer lost: found by its mark, or posted again once, saying so."""
        if not look:
            object.__setattr__(slow.who, "scopes", slow.who.scopes - {"channels:history", "groups:history"})
        await town.slack.faults.set("slack_store_then_drop", True)
        await chat.says("ana", "/aikeys health")
        before = calls(town, "auth.test") + calls(town, "conversations.history")
        await passing(moved, lambda: calls(town, "auth.test") + calls(town, "conversations.history") > before + 8)
        assert len(cards(chat)) == 1

        await town.slack.faults.set("slack_store_then_drop", False)
        await passing(moved, lambda: outcome(slow) == "answered")

        assert len(cards(chat)) == (1 if look else 2)
        # Whole, whatever the verdict: the clock is moved while the probes run, so one may look slow.
        assert "services asked, all done" in words(cards(chat)[-1])
        assert ("may appear twice" in words(cards(chat)[-1])) is not look
