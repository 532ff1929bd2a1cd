"""The Control API over HTTP, as docs/playground.md describes it, and the live updates."""

import asyncio
import json
from typing import Any

import pytest

from playground.slack import Workspace
from playground.switches import Switch


@pytest.fixture
async def post(ws, http):
    async def call(path, **body):
        answer = await http.post(f"{ws.url}/control/{path}", json=body)
        return answer.status, await answer.json()

    return call


@pytest.fixture
async def get(ws, http):
    async def call(path, **query):
        return await (await http.get(f"{ws.url}/control/{path}", params=query)).json()

    return call


async def test_the_state_has_what_the_contract_says(get):
    state = await get("state")
    ana = next(each for each in state["users"] if each["id"] == "U0ANA")
    assert ana.keys() == {"id", "name", "real_name", "tz", "color", "is_bot", "role", "is_restricted", "is_stranger"}
    assert {each["id"]: each["role"] for each in state["users"]} == {
        "U0BOT": "bot",
        "U0ANA": "operator",
        "U0BEN": "approver",
        "U0CY": "approver",
        "U0ZOE": "viewer",
        "U0GUS": "guest",
        "U0SAM": "outsider",
    }
    ops = next(each for each in state["channels"] if each["id"] == "C0OPS")
    assert {"id", "name", "is_im", "is_private", "is_shared", "user", "topic", "members", "bot_member"} <= ops.keys()
    assert state["commands"][0].keys() == {"command", "description", "usage_hint"}
    assert state["shortcuts"][0].keys() == {"name", "type", "callback_id", "description"}
    assert state["faults"][0].keys() == {"name", "group", "label", "hint", "on", "momentary"}
    assert (state["workspace"]["name"], state["sockets"]) == ("AIKeys", 0)


async def test_saying_and_seeing(post, get):
    status, said = await post("say", user="ana", channel="#ops", text="hello")
    assert (status, said["ok"]) == (200, True)
    await post("say", user="ben", channel="ops", text="hi", thread_ts=said["ts"])
    await post("react", user="cy", channel="ops", ts=said["ts"], name="eyes", on=True)
    messages = (await get("messages", channel="#ops", user="zoe"))["messages"]
    assert messages[0]["ephemeral"] is False
    assert messages[0]["reactions"] == [{"name": "eyes", "users": ["U0CY"], "count": 1}]
    assert messages[1]["thread_ts"] == said["ts"]


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("say", {"user": "ana", "channel": "ops"}, "missing"),
        ("say", {"user": ["ana"], "channel": "ops", "text": "x"}, "missing"),
        ("say", {"user": "nobody", "channel": "ops", "text": "x"}, "no_such_user"),
        ("click", {"user": "ana", "action_id": "x"}, "missing"),
        ("click", {"user": "ana", "channel": "ops", "ts": "1.000001", "action_id": "x"}, "no_such_message"),
        ("submit", {"user": "ana", "view_id": "V1", "values": {}}, "no_such_view"),
        ("submit", {"user": "ana", "view_id": "V1", "values": {"a": "b"}}, "bad_values"),
        ("shortcut", {"user": "ana", "callback_id": "none"}, "no_such_shortcut"),
        ("faults", {"name": "earthquake", "on": True}, "no_such_fault"),
    ],
)
async def test_what_is_wrong_is_said(post, path, body, error):
    status, answer = await post(path, **body)
    assert (status, answer["ok"], answer["error"]) == (400, False, error)
    assert answer["message"]


async def test_what_is_not_there(ws, http):
    for path in ("control/nothing", "control/"):
        answer = await http.get(f"{ws.url}/{path}")
        assert (answer.status, (await answer.json())["error"]) == (404, "not_found")
    answer = await http.post(f"{ws.url}/control/say", data="{")
    assert (answer.status, (await answer.json())["error"]) == (400, "not_json")


async def test_a_page_of_another_origin_may_do_nothing(ws, http):
    other = {"Origin": "https://evil.example"}
    assert (await http.get(f"{ws.url}/control/state", headers=other)).status == 403
    assert (await http.get(f"{ws.url}/control/state", headers={"Host": "evil.example"})).status == 421
    own = {"Origin": ws.url}
    assert (await http.get(f"{ws.url}/control/state", headers=own)).status == 200


async def test_the_page_cannot_be_left(ws, http):
    for path in ("/page/%2e%2e/clock.py", "/page/..%2fclock.py", "/page/none.js"):
        assert (await http.get(ws.url + path)).status == 404
    index = await http.get(ws.url + "/")
    assert "default-src 'none'" in index.headers["Content-Security-Policy"]


async def test_switches_of_others_are_shown_and_set(http, clock):
    calls = []

    async def apply(on):
        calls.append(on)

    outage = Switch("database_outage", "wallet", "Database outage", apply=apply)
    ws = Workspace(clock=clock, switches=[outage], links={"mailbox": "http://127.0.0.1:1"})
    await ws.start()
    try:
        for on in (True, True, False):
            answer = await http.post(f"{ws.url}/control/faults", json={"name": "database_outage", "on": on})
            assert answer.status == 200
        assert calls == [True, False]
        state = await (await http.get(f"{ws.url}/control/state")).json()
        assert state["links"] == {"mailbox": "http://127.0.0.1:1"}
        assert [each["group"] for each in state["faults"]][-1] == "wallet"
    finally:
        await ws.stop()


async def test_live_updates_show_each_person_their_own(ws, http, slack):
    async def dial(user, more=""):
        live = await http.ws_connect(f"{ws.url}/control/live?user={user}{more}")
        assert await live.receive_json(timeout=3) == {"type": "hello", "user": user}
        return live

    ana, zoe = await dial("U0ANA"), await dial("U0ZOE")
    await slack.chat_postEphemeral(channel="C0OPS", user="U0ANA", text="psst")
    posted = await slack.chat_postMessage(channel="C0OPS", text="all")
    await slack.chat_update(channel="C0OPS", ts=posted["ts"], text="changed")
    await slack.chat_delete(channel="C0OPS", ts=posted["ts"])
    await ws.say("ana", "ops", "/aikeys")
    await ws.faults.set("slack_latency", True)
    hers = [await ana.receive_json(timeout=3) for _ in range(6)]
    assert [each["type"] for each in hers] == [
        "message",
        "message",
        "message_changed",
        "message_deleted",
        "failed",
        "faults",
    ]
    assert hers[0]["message"]["ephemeral"] is True
    assert hers[4]["text"] == '/aikeys failed with the error "dispatch_failed"'
    others = [await zoe.receive_json(timeout=3) for _ in range(4)]
    assert [each["type"] for each in others] == ["message", "message_changed", "message_deleted", "faults"]
    await ana.close()
    await zoe.close()
    await ws.until(lambda: not ws.backend.feed.listeners)


async def test_live_shows_sockets_channels_and_the_journal(ws, http, line, slack):
    live = await http.ws_connect(f"{ws.url}/control/live?user=ana&journal=1")
    await line()
    await slack.conversations_create(name="inc-9")
    seen: dict[str, Any] = {}
    while not {"sockets", "channel", "journal"} <= seen.keys():
        event = await live.receive_json(timeout=3)
        seen[event["type"]] = event
    assert seen["sockets"]["count"] == 1
    assert seen["channel"]["channel"]["name"] == "inc-9"
    assert seen["journal"]["entry"]["name"]
    await live.close()


async def test_live_needs_a_person(ws, http):
    assert (await http.get(f"{ws.url}/control/live?user=nobody")).status == 400


async def test_the_journal_has_both_ways_and_no_secret(ws, slack, line, get):
    held = await line()
    saying = asyncio.create_task(ws.say("ana", "ops", "/aikeys health"))
    await held.take()
    await saying
    await slack.chat_postMessage(channel="C0OPS", text="hello")
    first = await get("journal", after=0)
    names = [(each["way"], each["kind"], each["name"]) for each in first["entries"]]
    assert ("out", "socket", "slash_commands") in names
    assert ("in", "socket", "ack") in names
    assert ("in", "call", "chat.postMessage") in names
    everything = json.dumps(first)
    for secret in (ws.bot_token, ws.app_token, ws.tokens.verification):
        assert secret not in everything
    handshake = next(each for each in first["entries"] if each["name"] == "handshake")
    assert "ticket=…" in handshake["body"]["ticket"]
    assert (await get("journal", after=first["next"]))["entries"] == []


async def test_until_tells_what_was_there_instead(ws):
    await ws.say("ana", "ops", "the last words")
    with pytest.raises(TimeoutError, match="the last words"):
        await ws.until(lambda: False, timeout=0.05)
