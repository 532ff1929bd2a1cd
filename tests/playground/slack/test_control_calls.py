"""Each call of the Control API that does something, over HTTP, with an app on the other end of a real socket."""

import asyncio

import pytest

FIELD = {
    "type": "input",
    "block_id": "why",
    "label": {"type": "plain_text", "text": "Why"},
    "element": {"type": "plain_text_input", "action_id": "text"},
}
BUTTON = {
    "type": "actions",
    "block_id": "b",
    "elements": [{"type": "button", "action_id": "go", "value": "7", "text": {"type": "plain_text", "text": "Go"}}],
}
MODAL = {
    "type": "modal",
    "callback_id": "reason",
    "notify_on_close": True,
    "title": {"type": "plain_text", "text": "Reason"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [FIELD, BUTTON],
}


@pytest.fixture
async def does(ws, http, line):
    """POSTs a call while the app takes the envelope that comes of it: (what came back, the envelope's payload)."""
    held = await line()

    async def does(path, ack=None, **body):
        asking = asyncio.create_task(http.post(f"{ws.url}/control/{path}", json=body))
        envelope = await held.take(ack)
        answer = await asking
        assert answer.status == 200
        return await answer.json(), envelope["payload"]

    return does


@pytest.fixture
async def sees(ws, http):
    async def sees(path, **query):
        answer = await http.get(f"{ws.url}/control/{path}", params=query)
        assert answer.status == 200
        return await answer.json()

    return sees


@pytest.fixture
async def modal(slack, does):
    """Ana's modal, opened by a shortcut."""
    _, payload = await does("shortcut", user="ana", callback_id="declare_incident")
    opened = await slack.views_open(trigger_id=payload["trigger_id"], view=MODAL)
    return opened["view"]["id"]


async def test_say_a_command(does):
    said, payload = await does("say", user="ana", channel="#ops", text="/aikeys health database")
    assert (said["ok"], said["acked"]) == (True, True)
    assert (payload["command"], payload["text"], payload["user_id"]) == ("/aikeys", "health database", "U0ANA")


async def test_say_in_a_thread(does, slack, sees):
    root = await slack.chat_postMessage(channel="C0OPS", text="root")
    said, payload = await does("say", user="ana", channel="#ops", text="@aikeys health", thread_ts=root["ts"])
    assert payload["event"]["thread_ts"] == root["ts"]
    (reply,) = [
        one for one in (await sees("messages", channel="#ops", user="ben"))["messages"] if one["ts"] == said["ts"]
    ]
    assert reply["thread_ts"] == root["ts"]


async def test_click_on_a_message(does, slack):
    card = await slack.chat_postMessage(channel="C0OPS", text="card", blocks=[BUTTON])
    back, payload = await does("click", user="ben", channel="#ops", ts=card["ts"], action_id="go")
    assert (back["acked"], payload["user"]["id"], payload["actions"][0]["value"]) == (True, "U0BEN", "7")


async def test_click_in_a_modal_brings_what_stands_in_it(does, modal):
    values = {"why": {"text": "typed"}}
    back, payload = await does("click", user="ana", view_id=modal, action_id="go", values=values)
    assert back["acked"]
    assert payload["view"]["state"]["values"]["why"]["text"]["value"] == "typed"


async def test_views_submit_and_what_the_app_refuses(does, modal, sees):
    assert [one["id"] for one in (await sees("views", user="ana"))["modals"]] == [modal]
    values = {"why": {"text": "x"}}
    errors = {"response_action": "errors", "errors": {"why": "Say more."}}
    back, _ = await does("submit", errors, user="ana", view_id=modal, values=values)
    assert (back["ok"], back["response_action"], back["errors"]) == (True, "errors", {"why": "Say more."})
    back, payload = await does("submit", user="ana", view_id=modal, values=values)
    assert back == {"ok": True}
    assert payload["view"]["state"]["values"]["why"]["text"]["value"] == "x"
    assert (await sees("views", user="ana"))["modals"] == []


async def test_close(does, modal, sees):
    back, payload = await does("close", user="ana", view_id=modal)
    assert (back["ok"], payload["type"]) == (True, "view_closed")
    assert (await sees("views", user="ana"))["modals"] == []


async def test_a_message_shortcut(does, slack):
    card = await slack.chat_postMessage(channel="C0OPS", text="card")
    back, payload = await does("shortcut", user="ana", callback_id="add_to_timeline", channel="#ops", ts=card["ts"])
    assert (back["ok"], payload["message"]["ts"]) == (True, card["ts"])


async def test_home(does, slack, sees):
    back, payload = await does("home", user="zoe")
    assert (back["ok"], payload["event"]["type"], payload["event"]["user"]) == (True, "app_home_opened", "U0ZOE")
    await slack.views_publish(user_id="U0ZOE", view={"type": "home", "blocks": [{"type": "divider"}]})
    assert (await sees("views", user="zoe"))["home"]["blocks"][0]["type"] == "divider"


async def test_react(ws, http, slack, sees):
    card = await slack.chat_postMessage(channel="C0OPS", text="card")
    for on, left in ((True, [{"name": "eyes", "users": ["U0CY"], "count": 1}]), (False, [])):
        body = {"user": "cy", "channel": "ops", "ts": card["ts"], "name": "eyes", "on": on}
        assert (await http.post(f"{ws.url}/control/react", json=body)).status == 200
        seen = (await sees("messages", channel="ops", user="ana"))["messages"][0]
        assert seen.get("reactions", []) == left


async def test_every_slack_switch_goes_on_and_off(ws, http, sees):
    """Those that are push buttons go off by themselves; a share of calls is kept within 0 and 1."""

    async def put(name, on, **more):
        answer = await http.post(f"{ws.url}/control/faults", json={"name": name, "on": on} | more)
        assert answer.status == 200
        return {one["name"]: one["on"] for one in (await answer.json())["faults"]}

    for fault in (await sees("faults"))["faults"]:
        assert (await put(fault["name"], True))[fault["name"]] is not fault["momentary"]
        assert (await put(fault["name"], False))[fault["name"]] is False
    wrong = await http.post(f"{ws.url}/control/faults", json={"name": "slack_5xx", "on": True, "rate": 2})
    assert (wrong.status, (await wrong.json())["error"]) == (400, "bad_rate")
