"""Posting, updating, deleting: what Slack lets through and what it answers otherwise."""

import pytest


def section(text):
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


async def test_a_post_is_seen_and_echoed(ws, slack):
    answer = await slack.chat_postMessage(
        channel="#ops", text="hello", metadata={"event_type": "n", "event_payload": {}}
    )
    assert answer["channel"] == "C0OPS"
    assert answer["message"]["bot_id"] == "B0BOT"
    assert answer["message"]["metadata"]["event_type"] == "n"
    assert [each["ts"] for each in ws.messages("ops", "zoe")] == [answer["ts"]]


@pytest.mark.parametrize(
    ("channel", "error"),
    [("C0NONE", "channel_not_found"), ("C0WAR", "channel_not_found"), ("", "invalid_arguments")],
)
async def test_where_nothing_can_be_posted(slack, refused, channel, error):
    assert (await refused(slack.chat_postMessage(channel=channel, text="x")))["error"] == error


async def test_a_public_channel_needs_membership_or_the_scope(ws, slack, refused):
    ws.state.channels["C0GEN"].members.remove("U0BOT")
    assert (await slack.chat_postMessage(channel="C0GEN", text="x"))["ok"]
    ws.app.scopes.discard("chat:write.public")
    assert (await refused(slack.chat_postMessage(channel="C0GEN", text="x")))["error"] == "not_in_channel"


async def test_archived_and_restricted_channels(ws, slack, refused):
    room = ws.state.channels["C0OPS"]
    parent = (await slack.chat_postMessage(channel="C0OPS", text="parent"))["ts"]
    room.restriction = "restricted_action_read_only_channel"
    assert (await refused(slack.chat_postMessage(channel="C0OPS", text="x")))["error"] == room.restriction
    room.restriction = "restricted_action_thread_only_channel"
    assert (await refused(slack.chat_postMessage(channel="C0OPS", text="x")))["error"] == room.restriction
    assert (await slack.chat_postMessage(channel="C0OPS", text="x", thread_ts=parent))["ok"]
    room.restriction = "restricted_action_non_threadable_channel"
    assert (await refused(slack.chat_postMessage(channel="C0OPS", text="x", thread_ts=parent)))["error"] == (
        room.restriction
    )
    room.restriction, room.is_archived = None, True
    assert (await refused(slack.chat_postMessage(channel="C0OPS", text="x")))["error"] == "is_archived"
    assert (await refused(slack.chat_update(channel="C0OPS", ts=parent, text="x")))["error"] == "is_inactive"


async def test_a_users_id_is_the_dm(ws, slack):
    answer = await slack.chat_postMessage(channel="U0ZOE", text="psst")
    assert answer["channel"] == "D0ZOE"
    assert ws.messages("@zoe", "zoe")[0]["text"] == "psst"


async def test_texts_too_short_and_too_long(ws, slack, refused):
    assert (await refused(slack.api_call("chat.postMessage", json={"channel": "C0OPS", "text": "  "})))[
        "error"
    ] == "no_text"
    long = await slack.chat_postMessage(channel="C0OPS", text="x" * 40_001)
    assert long["response_metadata"]["warnings"] == ["message_truncated"]
    assert len(ws.messages("ops", "ana")[0]["text"]) == 40_000
    assert (await refused(slack.chat_update(channel="C0OPS", ts=long["ts"], text="x" * 4001)))[
        "error"
    ] == "msg_too_long"


async def test_bad_blocks_are_pointed_at(slack, refused):
    blocks = [section("x"), {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    answer = await refused(slack.chat_postMessage(channel="C0OPS", text="x", blocks=blocks))
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][0]["pointer"] == "/blocks/1/text/text"
    message = answer["response_metadata"]["messages"][0]
    assert message.startswith("[ERROR] ")
    assert message.endswith("[json-pointer:/blocks/1/text/text]")
    assert (await refused(slack.chat_postMessage(channel="C0OPS", text="x", blocks="{")))[
        "error"
    ] == "invalid_blocks_format"
    assert (await refused(slack.chat_postMessage(channel="C0OPS", text="x", blocks='"x"')))[
        "error"
    ] == "invalid_blocks_format"


async def test_attachments_are_checked_too(slack, refused):
    bad = [{"color": "#a30200", "blocks": [{"type": "nonsense"}]}]
    assert (await refused(slack.chat_postMessage(channel="C0OPS", text="x", attachments=bad)))[
        "error"
    ] == "invalid_attachments"
    many = [{"text": "x", "fallback": "x"}] * 101
    assert (await refused(slack.chat_postMessage(channel="C0OPS", text="x", attachments=many)))[
        "error"
    ] == "too_many_attachments"


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ("[]", "invalid_metadata_format"),
        ({"event_type": "a"}, "invalid_metadata_schema"),
        ({"event_type": "a b", "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "a", "event_payload": {"x": "y" * 20_000}}, "metadata_too_large"),
    ],
)
async def test_bad_metadata(slack, refused, metadata, error):
    assert (await refused(slack.chat_postMessage(channel="C0OPS", text="x", metadata=metadata)))["error"] == error


async def test_replies_hang_on_parents_only(ws, slack, refused):
    parent = (await slack.chat_postMessage(channel="C0OPS", text="parent"))["ts"]
    reply = await slack.chat_postMessage(channel="C0OPS", text="reply", thread_ts=parent)
    assert reply["message"]["thread_ts"] == parent
    seen = ws.messages("ops", "ana")[0]
    assert (seen["reply_count"], seen["latest_reply"], seen["reply_users"]) == (1, reply["ts"], ["U0BOT"])
    again = slack.chat_postMessage(channel="C0OPS", text="x", thread_ts=reply["ts"])
    assert (await refused(again))["error"] == "cannot_reply_to_message"
    shapeless = await refused(slack.chat_postMessage(channel="C0OPS", text="x", thread_ts="0"))
    assert shapeless["error"] == "invalid_thread_ts"


async def test_a_reply_to_a_message_that_is_gone_lands_in_the_channel(slack):
    parent = (await slack.chat_postMessage(channel="C0OPS", text="parent"))["ts"]
    await slack.chat_delete(channel="C0OPS", ts=parent)
    answer = await slack.chat_postMessage(channel="C0OPS", text="late", thread_ts=parent)
    assert "thread_ts" not in answer["message"]


async def test_an_update_keeps_what_it_does_not_name(ws, slack):
    posted = await slack.chat_postMessage(
        channel="C0OPS",
        text="one",
        blocks=[section("one")],
        attachments=[{"text": "a", "fallback": "a"}],
        metadata={"event_type": "a", "event_payload": {}},
    )
    await slack.chat_update(channel="C0OPS", ts=posted["ts"], text="two")
    seen = ws.messages("ops", "ana")[0]
    assert (seen["text"], seen["blocks"][0]["text"]["text"], seen["edited"]["user"]) == ("two", "one", "U0BOT")
    assert seen["attachments"]
    assert seen["metadata"]
    await slack.chat_update(channel="C0OPS", ts=posted["ts"], text="three", blocks=[], attachments=[], metadata={})
    seen = ws.messages("ops", "ana")[0]
    assert not {"blocks", "attachments", "metadata"} & seen.keys()


async def test_only_the_bots_own_messages_can_be_changed(ws, slack, refused):
    hers = (await ws.say("ana", "ops", "mine"))["ts"]
    assert (await refused(slack.chat_update(channel="C0OPS", ts=hers, text="x")))["error"] == "cant_update_message"
    assert (await refused(slack.chat_delete(channel="C0OPS", ts=hers)))["error"] == "cant_delete_message"
    nobody = slack.chat_update(channel="C0OPS", ts="1.000001", text="x")
    assert (await refused(nobody))["error"] == "message_not_found"


async def test_an_ephemeral_message_is_for_one_and_cannot_be_updated(ws, slack, refused):
    answer = await slack.chat_postEphemeral(channel="C0OPS", user="U0ANA", text="psst")
    assert ws.messages("ops", "ana")[0]["ephemeral"] is True
    assert ws.messages("ops", "ben") == []
    late = slack.chat_update(channel="C0OPS", ts=answer["message_ts"], text="x")
    assert (await refused(late))["error"] == "message_not_found"
    outside = slack.chat_postEphemeral(channel="C0OPS", user="U0SAM", text="psst")
    assert (await refused(outside))["error"] == "user_not_in_channel"


async def test_a_deleted_parent_leaves_a_tombstone(ws, slack):
    parent = (await slack.chat_postMessage(channel="C0OPS", text="parent"))["ts"]
    await slack.chat_postMessage(channel="C0OPS", text="reply", thread_ts=parent)
    await slack.chat_delete(channel="C0OPS", ts=parent)
    seen = ws.messages("ops", "ana")[0]
    assert (seen["subtype"], seen["text"]) == ("tombstone", "This message was deleted.")


async def test_permalinks(slack, refused):
    parent = (await slack.chat_postMessage(channel="C0OPS", text="parent"))["ts"]
    reply = (await slack.chat_postMessage(channel="C0OPS", text="reply", thread_ts=parent))["ts"]
    link = (await slack.chat_getPermalink(channel="C0OPS", message_ts=parent))["permalink"]
    assert link.endswith(f"/archives/C0OPS/p{parent.replace('.', '')}")
    assert f"thread_ts={parent}" in (await slack.chat_getPermalink(channel="C0OPS", message_ts=reply))["permalink"]
    nobody = slack.chat_getPermalink(channel="C0OPS", message_ts="1.000001")
    assert (await refused(nobody))["error"] == "message_not_found"


async def test_names_become_mentions_only_where_it_was_asked_for(ws, slack):
    await slack.chat_postMessage(channel="C0OPS", text="hi @ben @here")
    await slack.chat_postMessage(channel="C0OPS", text="hi @ben @here", link_names=True)
    assert [each["text"] for each in ws.messages("ops", "ana")] == ["hi @ben @here", "hi <@U0BEN> <!here>"]
