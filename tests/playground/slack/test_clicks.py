"""Clicks and shortcuts: what the app gets."""

import asyncio

import pytest

from playground.slack import ControlError


def button(action="go", value="1", **more):
    return {"type": "button", "action_id": action, "value": value, "text": {"type": "plain_text", "text": "Go"}} | more


def option(value):
    return {"text": {"type": "plain_text", "text": value.upper()}, "value": value}


@pytest.fixture
async def held(line):
    return await line()


async def pressed(held, work):
    running = asyncio.create_task(work)
    envelope = await held.take()
    assert (await running)["acked"] is True
    assert envelope["accepts_response_payload"] is False
    return envelope["payload"]


async def test_a_button_on_a_message(ws, slack, held):
    actions = {"type": "actions", "block_id": "b", "elements": [button()]}
    mark = {"event_type": "card", "event_payload": {"id": "7"}}
    posted = await slack.chat_postMessage(channel="C0OPS", text="card", blocks=[actions], metadata=mark)
    payload = await pressed(held, ws.click("ben", "ops", posted["ts"], "go"))
    assert payload["type"] == "block_actions"
    assert payload["user"] == {"id": "U0BEN", "username": "ben", "name": "ben", "team_id": "T0AIKEYS"}
    assert payload["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": "C0OPS",
        "is_ephemeral": False,
    }
    assert payload["channel"] == {"id": "C0OPS", "name": "ops"}
    assert payload["message"]["metadata"] == mark
    action = payload["actions"][0]
    assert (action["action_id"], action["block_id"], action["value"], action["type"]) == ("go", "b", "1", "button")
    assert payload["response_url"].startswith(ws.url)


async def test_ids_that_the_app_left_out_are_given(ws, slack, held):
    blocks = [{"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "Go"}}]}]
    posted = await slack.chat_postMessage(channel="C0OPS", text="card", blocks=blocks)
    shown = ws.messages("ops", "ana")[0]["blocks"][0]
    assert shown["block_id"]
    payload = await pressed(held, ws.click("ana", "ops", posted["ts"], shown["elements"][0]["action_id"]))
    assert payload["actions"][0]["block_id"] == shown["block_id"]


async def test_which_of_several_with_one_action_id(ws, slack, held):
    blocks = [
        {"type": "actions", "block_id": "one", "elements": [button(value="1")]},
        {"type": "actions", "block_id": "two", "elements": [button(value="2")]},
    ]
    posted = await slack.chat_postMessage(channel="C0OPS", text="card", blocks=blocks)
    by_block = await pressed(held, ws.click("ana", "ops", posted["ts"], "go", block_id="two"))
    by_value = await pressed(held, ws.click("ana", "ops", posted["ts"], "go", value="2"))
    assert by_block["actions"][0]["value"] == by_value["actions"][0]["value"] == "2"


async def test_a_button_inside_a_container_is_found(ws, slack, held):
    inner = {"type": "actions", "elements": [button()]}
    container = {"type": "container", "title": {"type": "plain_text", "text": "T"}, "child_blocks": [inner]}
    posted = await slack.chat_postMessage(channel="C0OPS", text="card", blocks=[container])
    payload = await pressed(held, ws.click("ana", "ops", posted["ts"], "go"))
    assert payload["actions"][0]["action_id"] == "go"


async def test_selects_keep_what_was_picked(ws, slack, held):
    select = {
        "type": "static_select",
        "action_id": "part",
        "placeholder": {"type": "plain_text", "text": "Part"},
        "options": [option("auth"), option("db")],
        "initial_option": option("auth"),
    }
    blocks = [{"type": "actions", "block_id": "b", "elements": [select, button()]}]
    posted = await slack.chat_postMessage(channel="C0OPS", text="card", blocks=blocks)
    first = await pressed(held, ws.click("ana", "ops", posted["ts"], "go"))
    assert first["state"]["values"]["b"]["part"]["selected_option"]["value"] == "auth"
    picked = await pressed(held, ws.click("ana", "ops", posted["ts"], "part", selected="db"))
    assert picked["actions"][0]["selected_option"] == option("db")
    after = await pressed(held, ws.click("ana", "ops", posted["ts"], "go"))
    assert after["state"]["values"]["b"]["part"]["selected_option"]["value"] == "db"
    other = await pressed(held, ws.click("ben", "ops", posted["ts"], "go"))
    assert other["state"]["values"]["b"]["part"]["selected_option"]["value"] == "auth"
    with pytest.raises(ControlError) as caught:
        await ws.click("ana", "ops", posted["ts"], "part", selected="moon")
    assert caught.value.code == "no_such_option"


async def test_an_ephemeral_message_is_not_in_the_payload(ws, slack, held):
    actions = {"type": "actions", "elements": [button()]}
    posted = await slack.chat_postEphemeral(channel="C0OPS", user="U0ANA", text="psst", blocks=[actions])
    payload = await pressed(held, ws.click("ana", "ops", posted["message_ts"], "go"))
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload
    with pytest.raises(ControlError) as caught:
        await ws.click("ben", "ops", posted["message_ts"], "go")
    assert caught.value.code == "no_such_message"


async def test_a_click_that_nobody_acknowledges(ws, slack, held, clock):
    posted = await slack.chat_postMessage(
        channel="C0OPS", text="card", blocks=[{"type": "actions", "elements": [button()]}]
    )
    running = asyncio.create_task(ws.click("ana", "ops", posted["ts"], "go"))
    await held.frame()
    await clock.passes(seconds=3)
    assert (await running)["acked"] is False
    assert ws.failures[-1]["channel"] == "C0OPS"
    await clock.passes(minutes=10)
    assert len(ws.journal.entries("interactive")) == 1


async def test_a_missing_action_names_those_there_are(ws, slack):
    posted = await slack.chat_postMessage(
        channel="C0OPS", text="card", blocks=[{"type": "actions", "elements": [button()]}]
    )
    with pytest.raises(ControlError, match="there are: go"):
        await ws.click("ana", "ops", posted["ts"], "stop")


async def test_a_click_in_a_home_has_no_channel(ws, slack, held):
    view = {"type": "home", "blocks": [{"type": "actions", "elements": [button()]}]}
    home = (await slack.views_publish(user_id="U0ANA", view=view))["view"]
    payload = await pressed(held, ws.click("ana", view_id=home["id"], action_id="go"))
    assert payload["container"] == {"type": "view", "view_id": home["id"]}
    assert payload["view"]["id"] == home["id"]
    assert not {"channel", "message", "response_url"} & payload.keys()


async def test_a_shortcut_on_a_message(ws, held):
    stamp = (await ws.say("zoe", "ops", "it began here"))["ts"]
    payload = await pressed(held, ws.shortcut("ana", "add_to_timeline", "ops", stamp))
    assert (payload["type"], payload["message_ts"], payload["message"]["text"]) == (
        "message_action",
        stamp,
        "it began here",
    )
    with pytest.raises(ControlError) as caught:
        await ws.shortcut("ana", "add_to_timeline")
    assert caught.value.code == "no_such_shortcut"


async def test_a_global_shortcut_has_no_channel(ws, held):
    payload = await pressed(held, ws.shortcut("ana", "declare_incident"))
    assert (payload["type"], payload["callback_id"]) == ("shortcut", "declare_incident")
    assert "channel" not in payload
    assert "response_url" not in payload
