"""Channels: made, filled, named, closed, read."""

import pytest


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("Inc 1", "invalid_name_specials"),
        ("x" * 81, "invalid_name_maxlength"),
        ("---", "invalid_name_punctuation"),
        ("ops", "name_taken"),
    ],
)
async def test_bad_names(slack, refused, name, error):
    assert (await refused(slack.conversations_create(name=name)))["error"] == error


async def test_a_private_channel_needs_its_own_scope(ws, slack, refused):
    ws.app.scopes.discard("groups:write")
    assert (await refused(slack.conversations_create(name="inc-2", is_private=True)))["needed"] == "groups:write"
    assert (await slack.conversations_create(name="inc-2"))["channel"]["is_member"] is True


@pytest.mark.parametrize(
    ("users", "error"),
    [
        ("U0NOBODY", "user_not_found"),
        ("U0BOT", "cant_invite_self"),
        ("U0SAM", "no_external_invite_permission"),
        ("U0GUS", "user_is_restricted"),
        ("U0ANA,U0ANA2", "user_not_found"),
        ("", "no_user"),
    ],
)
async def test_who_cannot_be_invited(slack, refused, users, error):
    channel = (await slack.conversations_create(name="inc-3"))["channel"]["id"]
    assert (await refused(slack.conversations_invite(channel=channel, users=users)))["error"] == error
    assert (await slack.conversations_members(channel=channel))["members"] == ["U0BOT"]


async def test_invited_twice(slack, refused):
    again = slack.conversations_invite(channel="C0OPS", users="U0ANA")
    assert (await refused(again))["error"] == "already_in_channel"


async def test_topics(ws, slack, refused):
    await slack.conversations_setTopic(channel="C0INC", topic="P0 open")
    assert ws.state.channels["C0INC"].topic == "P0 open"
    assert (await refused(slack.conversations_setTopic(channel="C0INC", topic="x" * 251)))["error"] == "too_long"
    ws.state.channels["C0INC"].members.remove("U0BOT")
    assert (await refused(slack.conversations_setTopic(channel="C0INC", topic="x")))["error"] == "not_in_channel"


async def test_archiving(ws, slack, refused):
    assert (await refused(slack.conversations_archive(channel="C0GEN")))["error"] == "cant_archive_general"
    await slack.conversations_archive(channel="C0INC")
    assert (await refused(slack.conversations_archive(channel="C0INC")))["error"] == "already_archived"
    assert (await refused(slack.conversations_setTopic(channel="C0INC", topic="x")))["error"] == "is_archived"
    await slack.conversations_unarchive(channel="C0INC")
    assert ws.state.channels["C0INC"].is_archived is False


async def test_joining(ws, slack, refused):
    assert (await slack.conversations_join(channel="C0OPS"))["warning"] == "already_in_channel"
    ws.state.channels["C0GEN"].members.remove("U0BOT")
    assert "warning" not in (await slack.conversations_join(channel="C0GEN")).data
    assert (await refused(slack.conversations_join(channel="C0WAR")))["error"] == "channel_not_found"


async def test_pages_of_a_list(slack, refused):
    first = await slack.conversations_list(limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    second = await slack.conversations_list(limit=3, cursor=cursor)
    names = [each["name"] for each in first["channels"] + second["channels"]]
    assert names == ["ops", "incidents", "general", "partners"]
    assert second["response_metadata"]["next_cursor"] == ""
    assert (await refused(slack.conversations_list(cursor="bm9wZQ==")))["error"] == "invalid_cursor"
    assert (await refused(slack.conversations_list(types="secret_channel")))["error"] == "invalid_types"


async def test_history_hides_metadata_and_ephemerals_unless_asked(ws, slack, refused):
    mark = {"event_type": "aikeys_post", "event_payload": {"id": "1"}}
    first = await slack.chat_postMessage(channel="C0OPS", text="one", metadata=mark)
    await slack.chat_postEphemeral(channel="C0OPS", user="U0ANA", text="psst")
    await slack.chat_postMessage(channel="C0OPS", text="reply", thread_ts=first["ts"])
    second = await slack.chat_postMessage(channel="C0OPS", text="two")
    found = (await slack.conversations_history(channel="C0OPS"))["messages"]
    assert [each["text"] for each in found] == ["two", "one"]
    assert "metadata" not in found[1]
    found = (await slack.conversations_history(channel="C0OPS", include_all_metadata=True))["messages"]
    assert found[1]["metadata"] == mark
    later = await slack.conversations_history(channel="C0OPS", oldest=first["ts"])
    assert [each["ts"] for each in later["messages"]] == [second["ts"]]
    both = await slack.conversations_history(channel="C0OPS", oldest=first["ts"], inclusive=True)
    assert len(both["messages"]) == 2
    thread = await slack.conversations_replies(channel="C0OPS", ts=first["ts"])
    assert [each["text"] for each in thread["messages"]] == ["one", "reply"]
    nobody = slack.conversations_replies(channel="C0OPS", ts="1.000001")
    assert (await refused(nobody))["error"] == "thread_not_found"
    bad = slack.conversations_history(channel="C0OPS", oldest="yesterday")
    assert (await refused(bad))["error"] == "invalid_ts_oldest"
    ws.app.scopes.discard("channels:history")
    assert (await refused(slack.conversations_history(channel="C0OPS")))["needed"] == "channels:history"


async def test_people_and_groups(slack, refused):
    sam = (await slack.users_info(user="U0SAM"))["user"]
    assert (sam["is_stranger"], sam["team_id"]) == (True, "T0PARTNER")
    assert (await slack.users_info(user="U0GUS"))["user"]["is_restricted"] is True
    assert (await refused(slack.users_info(user="U0NOBODY")))["error"] == "user_not_found"
    assert (await slack.users_lookupByEmail(email="Ben@example.com"))["user"]["id"] == "U0BEN"
    assert (await refused(slack.users_lookupByEmail(email="x@example.com")))["error"] == "users_not_found"
    assert (await slack.usergroups_users_list(usergroup="S0APPR"))["users"] == ["U0BEN", "U0CY"]
    assert (await refused(slack.usergroups_users_list(usergroup="S0NONE")))["error"] == "no_such_subteam"
    assert (await slack.conversations_open(users="U0ZOE"))["channel"]["id"] == "D0ZOE"


async def test_pins_bookmarks_and_reactions(ws, slack, refused):
    stamp = (await slack.chat_postMessage(channel="C0OPS", text="card"))["ts"]
    await slack.pins_add(channel="C0OPS", timestamp=stamp)
    assert (await refused(slack.pins_add(channel="C0OPS", timestamp=stamp)))["error"] == "already_pinned"
    await slack.pins_remove(channel="C0OPS", timestamp=stamp)
    assert (await refused(slack.pins_remove(channel="C0OPS", timestamp=stamp)))["error"] == "no_pin"
    bad = slack.bookmarks_add(channel_id="C0OPS", title="t", type="link", link="javascript:alert(1)")
    assert (await refused(bad))["error"] == "invalid_link"
    kept = await slack.bookmarks_add(channel_id="C0OPS", title="t", type="link", link="https://example.com")
    assert kept["bookmark"]["id"].startswith("Bk")
    await slack.reactions_add(channel="C0OPS", timestamp=stamp, name="eyes")
    again = slack.reactions_add(channel="C0OPS", timestamp=stamp, name="eyes")
    assert (await refused(again))["error"] == "already_reacted"
    await slack.reactions_remove(channel="C0OPS", timestamp=stamp, name="eyes")
    assert (await refused(slack.reactions_remove(channel="C0OPS", timestamp=stamp, name="eyes")))["error"] == (
        "no_reaction"
    )
    assert (await refused(slack.reactions_add(channel="C0OPS", timestamp="x", name="eyes")))["error"] == "bad_timestamp"
    assert "reactions" not in ws.messages("ops", "ana")[0]


async def test_validating_without_posting(slack, refused):
    assert (await slack.api_call("blocks.validate", json={"blocks": [{"type": "divider"}]}))["ok"]
    bad = await refused(slack.api_call("blocks.validate", json={"blocks": [{"type": "nonsense"}]}))
    assert (bad["error"], bad["errors"][0]["pointer"]) == ("invalid_blocks", "/blocks/0/type")
    assert (await refused(slack.api_call("blocks.validate", json={})))["error"] == "invalid_arguments"
