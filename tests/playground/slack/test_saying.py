"""Typing: messages, mentions, slash commands and what becomes of them."""

import asyncio

import pytest

from playground.slack import ControlError
from playground.slack.app import Command


async def answered(ws, line, *said, payload=None):
    """Say it; the held line acknowledges. Returns the envelope and what the composer got back."""
    saying = asyncio.create_task(ws.say(*said))
    envelope = await line.take(payload)
    return envelope, await saying


async def test_a_command_arrives_as_slack_sends_it(ws, line):
    held = await line()
    envelope, back = await answered(ws, held, "ana", "#ops", "/aikeys health  database ")
    payload = envelope["payload"]
    assert back == {"ok": True, "acked": True}
    assert envelope["type"] == "slash_commands"
    assert envelope["accepts_response_payload"] is True
    assert not {"retry_attempt", "retry_reason"} & envelope.keys()
    assert (payload["command"], payload["text"]) == ("/aikeys", "health  database")
    assert (payload["channel_id"], payload["channel_name"]) == ("C0OPS", "ops")
    assert (payload["user_id"], payload["user_name"]) == ("U0ANA", "ana")
    assert payload["is_enterprise_install"] == "false"
    assert payload["response_url"].startswith(ws.url)
    assert ws.messages("ops", "ana") == []


async def test_payloads_name_no_private_channel(ws, line):
    held = await line()
    for channel, name in (("war-room", "privategroup"), ("@aikeys", "directmessage")):
        envelope, _ = await answered(ws, held, "ana", channel, "/aikeys")
        assert envelope["payload"]["channel_name"] == name


async def test_nobody_answers_for_three_seconds(ws, line, clock):
    held = await line()
    saying = asyncio.create_task(ws.say("ana", "ops", "/aikeys health"))
    envelope = await held.frame()
    await clock.passes(seconds=2.9)
    assert not saying.done()
    await clock.passes(seconds=0.2)
    assert await saying == {
        "ok": True,
        "acked": False,
        "failed": "/aikeys failed because the app did not respond",
    }
    assert ws.failures[-1]["user"] == "U0ANA"
    await held.ack(envelope, {"text": "late"})
    await ws.until(lambda: [e for e in ws.journal.entries("ack") if e["status"] == "ignored: late or unknown"])
    assert ws.messages("ops", "ana") == []


async def test_a_command_is_never_sent_again(ws, line, clock):
    held = await line()
    saying = asyncio.create_task(ws.say("ana", "ops", "/aikeys health"))
    await held.frame()
    await clock.passes(minutes=10)
    await saying
    assert len(ws.journal.entries("slash_commands")) == 1


async def test_nothing_connected(ws):
    said = await ws.say("ana", "ops", "/aikeys health")
    assert said["failed"] == '/aikeys failed with the error "dispatch_failed"'


async def test_no_commands_in_threads(ws, line):
    await line()
    parent = (await ws.say("ana", "ops", "look"))["ts"]
    said = await ws.say("ana", "ops", "/aikeys health", parent)
    assert said["failed"] == "/aikeys is not supported in threads. Sorry!"
    assert ws.journal.entries("slash_commands") == []


async def test_an_unknown_command(ws):
    assert (await ws.say("ana", "ops", "/deploy now"))["failed"].startswith("/deploy is not a valid command.")


async def test_the_acks_payload_is_a_message_for_one(ws, line):
    held = await line()
    await answered(ws, held, "ana", "ops", "/aikeys", payload={"text": "only you"})
    await answered(ws, held, "ana", "ops", "/aikeys", payload={"text": "all", "response_type": "in_channel"})
    assert [(each["text"], each["ephemeral"]) for each in ws.messages("ops", "ana")] == [
        ("only you", True),
        ("all", False),
    ]
    assert [each["text"] for each in ws.messages("ops", "ben")] == ["all"]


async def test_a_bad_payload_in_the_ack_fails_the_command(ws, line):
    held = await line()
    _, back = await answered(ws, held, "ana", "ops", "/aikeys", payload={"blocks": [{"type": "nonsense"}]})
    assert back["failed"] == '/aikeys failed with the error "invalid_blocks"'


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("deploy @ana", "deploy <@U0ANA|ana>"),
        ("in #ops, please", "in <#C0OPS|ops>, please"),
        ("see https://example.com/a?b=1&c=2.", "see <https://example.com/a?b=1&amp;c=2>."),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("<@U0BEN>", "&lt;@U0BEN&gt;"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("@nobody #nowhere a@example.com", "@nobody #nowhere a@example.com"),
        ("ask @approvers", "ask <!subteam^S0APPR|@approvers>"),
    ],
)
async def test_what_is_escaped(ws, line, typed, text):
    held = await line()
    envelope, _ = await answered(ws, held, "ana", "ops", f"/aikeys {typed}")
    assert envelope["payload"]["text"] == text


async def test_without_should_escape_names_stay_as_typed(ws, line):
    ws.app.commands = [Command("/plain", should_escape=False)]
    held = await line()
    envelope, _ = await answered(ws, held, "ana", "ops", "/plain @ana #ops https://example.com <b>")
    assert envelope["payload"]["text"] == "@ana #ops https://example.com &lt;b&gt;"


async def test_a_message_in_a_channel_and_in_a_thread(ws):
    parent = await ws.say("zoe", "general", "hi @ben & co in #ops")
    await ws.say("ben", "general", "hi", parent["ts"])
    seen = ws.messages("general", "cy")
    assert seen[0]["text"] == "hi <@U0BEN> &amp; co in <#C0OPS|ops>"
    assert seen[0]["reply_count"] == 1
    assert seen[1]["thread_ts"] == parent["ts"]


@pytest.mark.parametrize(
    ("user", "channel", "text", "error"),
    [
        ("nobody", "ops", "x", "no_such_user"),
        ("aikeys", "ops", "x", "no_such_user"),
        ("zoe", "war-room", "x", "no_such_channel"),
        ("gus", "incidents", "x", "no_such_channel"),
        ("sam", "ops", "x", "no_such_channel"),
        ("ana", "nowhere", "x", "no_such_channel"),
        ("ana", "D0BEN", "x", "no_such_channel"),
        ("ana", "ops", "  ", "no_text"),
        ("ana", "ops", "x" * 12_001, "too_long"),
    ],
)
async def test_what_cannot_be_said(ws, user, channel, text, error):
    with pytest.raises(ControlError) as caught:
        await ws.say(user, channel, text)
    assert caught.value.code == error


async def test_every_way_to_name_a_dm(ws):
    for name in ("@ana", "D0ANA", "U0ANA", "@aikeys"):
        await ws.say("ana", name, name)
    assert len(ws.messages("D0ANA", "ana")) == 4


async def test_an_outsiders_message_names_its_team(ws, slack):
    await ws.say("sam", "partners", "hello")
    found = await slack.conversations_history(channel="C0EXT")
    assert found["messages"][0]["user_team"] == "T0PARTNER"
