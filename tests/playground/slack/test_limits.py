"""Rate limits, on the workspace's clock."""

import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError


async def limited(call) -> int:
    """The Retry-After of a call that must be refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    response = caught.value.response
    assert (response.status_code, response["error"]) == (429, "ratelimited")
    return int(response.headers["Retry-After"])


async def test_a_burst_and_then_one_a_second_in_each_channel(slack, clock):
    for number in range(5):
        await slack.chat_postMessage(channel="C0OPS", text=str(number))
    assert await limited(slack.chat_postMessage(channel="C0OPS", text="6")) == 1
    await slack.chat_postMessage(channel="C0INC", text="another channel")
    await clock.passes(seconds=1)
    await slack.chat_postMessage(channel="C0OPS", text="6")
    assert await limited(slack.chat_postMessage(channel="C0OPS", text="7")) == 1
    await clock.passes(seconds=10)
    for number in range(5):
        await slack.chat_postMessage(channel="C0OPS", text=str(number))
    await limited(slack.chat_postMessage(channel="C0OPS", text="too many"))


async def test_a_refused_post_is_not_posted(ws, slack):
    for number in range(5):
        await slack.chat_postMessage(channel="C0OPS", text=str(number))
    await limited(slack.chat_postMessage(channel="C0OPS", text="6"))
    assert len(ws.messages("ops", "ana")) == 5


@pytest.mark.parametrize(
    ("method", "args", "tier"),
    [
        ("pins.list", {"channel": "C0OPS"}, 20),
        ("conversations.info", {"channel": "C0OPS"}, 50),
        ("users.info", {"user": "U0ANA"}, 100),
    ],
)
async def test_tiers(ws, slack, clock, method, args, tier):
    ws.app.scopes.add("pins:read")
    for _ in range(tier):
        await slack.api_call(method, http_verb="GET", params=args)
    assert await limited(slack.api_call(method, http_verb="GET", params=args)) == 60
    await clock.passes(seconds=45)
    assert await limited(slack.api_call(method, http_verb="GET", params=args)) == 15
    await slack.auth_test()  # each method has its own count
    await clock.passes(seconds=16)
    await slack.api_call(method, http_verb="GET", params=args)


async def test_the_workspace_has_a_cap(slack, ws, clock):
    channels = [(await slack.conversations_create(name=f"c{number}"))["channel"]["id"] for number in range(20)]
    for _ in range(15):
        for channel in channels:
            await slack.chat_postMessage(channel=channel, text="x")
        await clock.passes(seconds=1)
    await limited(slack.chat_postMessage(channel=channels[0], text="the 301st"))
    ws.limits.off = True
    await slack.chat_postMessage(channel=channels[0], text="measured elsewhere")


async def test_faults_of_calls(ws, slack):
    await ws.faults.set("slack_5xx", True)
    with pytest.raises(SlackApiError) as caught:
        await slack.auth_test()
    assert caught.value.response.status_code == 503
    await ws.faults.set("slack_5xx", False)
    await ws.faults.set("slack_store_then_drop", True)
    with pytest.raises(aiohttp.ClientError):
        await slack.chat_postMessage(channel="C0OPS", text="carried out")
    assert [each["text"] for each in ws.messages("ops", "ana")] == ["carried out"]
    await ws.faults.clear()
    assert not any(each["on"] for each in ws.faults.as_json())
    await slack.auth_test()


async def test_latency_is_two_seconds(ws, slack, clock):
    await ws.faults.set("slack_latency", True)
    calling = asyncio.create_task(slack.auth_test())
    began = clock.monotonic()
    while not calling.done():
        await clock.passes(seconds=0.1)
        await asyncio.sleep(0.005)
    assert (await calling)["ok"]
    assert clock.monotonic() - began >= 2


async def test_a_fault_may_hit_a_share_of_the_calls(ws, http):
    await ws.faults.set("slack_5xx", True, rate=0.3)
    statuses = [(await http.post(ws.api_url + "api.test")).status for _ in range(90)]
    assert 10 <= statuses.count(503) <= 45
    assert statuses.count(200) == 90 - statuses.count(503)
