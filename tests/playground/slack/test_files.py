"""Uploads, from the address to the preview."""

import pytest


async def test_a_file_in_a_thread(ws, slack, http):
    parent = (await slack.chat_postMessage(channel="C0OPS", text="logs"))["ts"]
    text = "first line\n" + "ä" * 5000
    await slack.files_upload_v2(
        filename="logs.txt", content=text, title="Logs", channel="C0OPS", thread_ts=parent, initial_comment="all of it"
    )
    message = ws.messages("ops", "ana")[1]
    file = message["files"][0]
    assert (message["text"], message["thread_ts"]) == ("all of it", parent)
    assert (file["name"], file["title"], file["mimetype"], file["size"]) == (
        "logs.txt",
        "Logs",
        "text/plain",
        len(text.encode()),
    )
    assert file["preview"] == text[:2000]
    served = await http.get(file["url"])
    assert await served.text() == text
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in served.headers["Content-Security-Policy"]


async def test_a_page_is_not_served_as_a_page(slack, http, ws):
    await slack.files_upload_v2(filename="evil.html", content="<script>alert(1)</script>", channel="C0OPS")
    served = await http.get(ws.messages("ops", "ana")[0]["files"][0]["url"])
    assert served.content_type == "text/plain"


async def test_an_address_takes_the_announced_bytes_once(slack, http, refused):
    opened = await slack.files_getUploadURLExternal(filename="a.txt", length=3)
    assert (await http.post(opened["upload_url"], data=b"four")).status == 400
    assert (await http.post(opened["upload_url"], data=b"abc")).status == 404
    unsent = slack.files_completeUploadExternal(files=[{"id": opened["file_id"]}], channel_id="C0OPS")
    assert (await refused(unsent))["error"] == "file_not_found"


@pytest.mark.parametrize(("channel", "error"), [("C0WAR", "channel_not_found"), ("C0GEN", "not_in_channel")])
async def test_where_a_file_cannot_go(ws, slack, http, refused, channel, error):
    ws.state.channels["C0GEN"].members.remove("U0BOT")
    opened = await slack.files_getUploadURLExternal(filename="a.txt", length=3)
    await http.post(opened["upload_url"], data=b"abc")
    sharing = slack.files_completeUploadExternal(files=[{"id": opened["file_id"]}], channel_id=channel)
    assert (await refused(sharing))["error"] == error


async def test_a_file_is_shared_once(slack, http, refused):
    opened = await slack.files_getUploadURLExternal(filename="a.txt", length=3)
    await http.post(opened["upload_url"], data=b"abc")
    await slack.files_completeUploadExternal(files=[{"id": opened["file_id"]}], channel_id="C0OPS")
    again = slack.files_completeUploadExternal(files=[{"id": opened["file_id"]}], channel_id="C0OPS")
    assert (await refused(again))["error"] == "file_not_found"


async def test_nothing_and_too_much(slack, refused):
    assert (await refused(slack.files_getUploadURLExternal(filename="a", length=0)))["error"] == "missing_argument"
    huge = slack.files_getUploadURLExternal(filename="a", length=10**9)
    assert (await refused(huge))["error"] == "file_upload_size_restricted"
