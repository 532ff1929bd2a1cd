"""The bot's calls to Slack against a workspace that is unwell: what is tried again, how often, and what never is."""

import asyncio

import aiohttp
import pytest

from bot.clients.slack import Slack, SlackAway, SlackRefused, SlackUncertain, web_client
from playground.clock import ManualClock
from playground.slack.workspace import Workspace


@pytest.fixture
async def ws(clock):
    workspace = Workspace()
    await workspace.start()
    clock.settles = workspace.underway.ended
    yield workspace
    await workspace.stop()


@pytest.fixture
def clock() -> ManualClock:
    """The bot's; waits between two tries are on it."""
    return ManualClock()


@pytest.fixture
async def slack(ws, clock):
    async with aiohttp.ClientSession() as session:
        yield Slack(web_client(ws.bot_token, ws.api_url, session, clock), session)


def tried(ws, method: str) -> int:
    return len(ws.journal.entries(method))


async def ended(ws, clock, asking, method: str, tries: int) -> None:
    """Let time pass until *asking* has ended, and see that it was tried so often and no more."""
    await ws.until(lambda: tried(ws, method) >= 1)
    while not asking.done():
        await clock.passes(seconds=4)
        await ws.until(lambda: True)
    assert tried(ws, method) == tries


async def test_a_429_is_waited_for_as_long_as_it_says(ws, slack, clock):
    """Retry-After: 3. Nothing was done, so a post may be tried again too."""
    await ws.faults.set("slack_429", True)
    asking = asyncio.create_task(slack.call("chat.postMessage", channel="C0OPS", text="once"))
    await ws.until(lambda: tried(ws, "chat.postMessage") == 1)
    await clock.passes(seconds=2.9)
    assert tried(ws, "chat.postMessage") == 1
    await ws.faults.set("slack_429", False)
    await clock.passes(seconds=0.4)
    assert (await asking)["ok"]
    assert [one["text"] for one in ws.messages("ops", "ana")] == ["once"]


async def test_a_429_that_stays_is_given_up(ws, slack, clock):
    await ws.faults.set("slack_429", True)
    asking = asyncio.create_task(slack.call("chat.postMessage", channel="C0OPS", text="x"))
    await ended(ws, clock, asking, "chat.postMessage", 4)
    with pytest.raises(SlackAway):
        await asking


async def test_a_5xx_is_tried_twice_more_where_that_does_no_harm(ws, slack, clock):
    await ws.faults.set("slack_5xx", True)
    asking = asyncio.create_task(slack.call("users.info", user="U0ANA"))
    await ended(ws, clock, asking, "users.info", 3)
    with pytest.raises(SlackUncertain):
        await asking


@pytest.mark.parametrize("fault", ["slack_5xx", "slack_store_then_drop"])
async def test_a_post_whose_fate_is_unknown_is_not_sent_again(ws, slack, clock, fault):
    """Bots have no idempotency key: whoever asked has to look first."""
    await ws.faults.set(fault, True)
    asking = asyncio.create_task(slack.call("chat.postMessage", channel="C0OPS", text="x"))
    await ended(ws, clock, asking, "chat.postMessage", 1)
    with pytest.raises(SlackUncertain):
        await asking
    assert len(ws.messages("ops", "ana")) <= 1


async def test_a_refusal_is_told_by_slacks_own_code_and_not_tried_again(ws, slack):
    with pytest.raises(SlackRefused) as caught:
        await slack.call("chat.postMessage", channel="C0NOTHING", text="x")
    assert caught.value.code == "channel_not_found"
    assert tried(ws, "chat.postMessage") == 1


async def test_bytes_go_to_slack_alone(ws, slack):
    """The address comes in an answer, and what answers need not be Slack."""
    for url in ("http://127.0.0.1:9/upload", "https://files.slack.com.evil.example/", ""):
        with pytest.raises(SlackRefused, match="address_not_slacks"):
            await slack.hand_over(url, b"the log")
