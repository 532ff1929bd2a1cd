"""response_url: five uses in thirty minutes, and what it may do to the original."""

import asyncio

import pytest

BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}
CARD = [{"type": "actions", "elements": [BUTTON]}]


@pytest.fixture
async def from_command(ws, line):
    """The response_url of a slash command that Ana typed in #ops."""
    held = await line()
    saying = asyncio.create_task(ws.say("ana", "ops", "/aikeys"))
    envelope = await held.take()
    await saying
    return envelope["payload"]["response_url"]


@pytest.fixture
async def from_click(ws, line):
    """`await from_click(ts)` → the response_url of Ana's click on that message of #ops."""
    held = await line()

    async def click(ts):
        clicking = asyncio.create_task(ws.click("ana", "ops", ts, "go"))
        envelope = await held.take()
        await clicking
        return envelope["payload"]["response_url"]

    return click


async def test_only_for_the_one_who_asked_unless_it_says_so(ws, http, from_command):
    await http.post(from_command, json={"text": "psst"})
    await http.post(from_command, json={"text": "all", "response_type": "in_channel"})
    assert [(each["text"], each["ephemeral"]) for each in ws.messages("ops", "ana")] == [("psst", True), ("all", False)]
    assert [each["text"] for each in ws.messages("ops", "ben")] == ["all"]


async def test_five_uses(http, from_command):
    answers = [await http.post(from_command, json={"text": str(number)}) for number in range(6)]
    assert [answer.status for answer in answers] == [200, 200, 200, 200, 200, 404]
    assert (await answers[-1].json())["error"] == "used_url"


async def test_thirty_minutes(http, from_command, clock):
    await clock.passes(minutes=29)
    assert (await http.post(from_command, json={"text": "x"})).status == 200
    await clock.passes(minutes=2)
    late = await http.post(from_command, json={"text": "x"})
    assert (late.status, (await late.json())["error"]) == (404, "expired_url")


async def test_nothing_can_be_replaced_from_a_command(ws, http, from_command):
    await http.post(from_command, json={"text": "one"})
    await http.post(from_command, json={"text": "two", "replace_original": True})
    await http.post(from_command, json={"text": "three", "delete_original": True})
    assert [each["text"] for each in ws.messages("ops", "ana")] == ["one", "two", "three"]


async def test_a_click_may_replace_leave_or_delete(ws, slack, http, from_click):
    posted = (await slack.chat_postMessage(channel="C0OPS", text="card", blocks=CARD))["ts"]
    url = await from_click(posted)
    await http.post(url, json={"text": "psst", "replace_original": False})
    assert [each["text"] for each in ws.messages("ops", "ana")] == ["card", "psst"]
    await http.post(url, json={"text": "new", "replace_original": True})
    card = ws.messages("ops", "ben")[0]
    assert (card["text"], "blocks" in card, card["edited"]["user"]) == ("new", False, "U0BOT")
    await http.post(url, json={"delete_original": True})
    assert [each["text"] for each in ws.messages("ops", "ana")] == ["psst"]


async def test_who_does_not_say_loses_the_original(ws, slack, http, from_click):
    posted = (await slack.chat_postMessage(channel="C0OPS", text="card", blocks=CARD))["ts"]
    await http.post(await from_click(posted), json={"text": "oh"})
    assert [each["text"] for each in ws.messages("ops", "ben")] == ["oh"]


async def test_an_ephemeral_card_is_changed_this_way_only(ws, slack, http, from_click):
    posted = await slack.chat_postEphemeral(channel="C0OPS", user="U0ANA", text="card", blocks=CARD)
    url = await from_click(posted["message_ts"])
    await http.post(url, json={"text": "done", "replace_original": True})
    seen = ws.messages("ops", "ana")[0]
    assert (seen["text"], seen["ephemeral"], seen["ts"]) == ("done", True, posted["message_ts"])


@pytest.mark.parametrize(
    ("body", "error"),
    [({}, "no_text"), ({"text": "x", "blocks": [{"type": "nonsense"}]}, "invalid_blocks")],
)
async def test_bad_bodies(ws, http, from_command, body, error):
    answer = await http.post(from_command, json=body)
    assert (answer.status, (await answer.json())["error"]) == (400, error)
    assert ws.messages("ops", "ana") == []


async def test_an_address_nobody_gave_out(ws, http):
    assert (await http.post(f"{ws.url}/actions/guess", json={"text": "x"})).status == 404
