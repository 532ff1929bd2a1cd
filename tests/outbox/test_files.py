"""A file is a letter too: in its message's thread, once, whatever Slack does; its content is not kept."""

import pytest

from bot.views.blocks import Message, TextFile
from store.times import to_text

DIFF = TextFile("payments.diff", "What changes in payments", "- old\n+ new\n")
CARD = Message("the card", files=[DIFF])
SHARE = "files.completeUploadExternal"


def files(desk, who="ana", channel="#ops"):
    """(thread, title, preview) of each that *who* sees."""
    return [
        (one.get("thread_ts"), file["title"], file["preview"])
        for one in desk.workspace.messages(channel, who)
        for file in one.get("files") or []
    ]


def rows(desk):
    return [row["body"] for row in desk.store.db.query("SELECT body FROM letters")]


async def test_under_its_message_once_and_not_kept(desk, ops):
    desk.outbox.open()
    desk.outbox.say("head", ops, Message("the headline"))
    desk.outbox.say("card", ops, CARD, under="head")
    await desk.sent()
    desk.outbox.say("card", ops, Message("the card, approved", files=[DIFF]), under="head")
    await desk.sent()
    _, root = desk.outbox.where("head")
    assert files(desk) == [(root, DIFF.title, DIFF.content)]
    assert "+ new" not in "".join(rows(desk))


async def test_in_a_direct_message_under_the_message(desk):
    ben = desk.workspace.state.user("ben").id
    desk.outbox.say("dm", ben, CARD)
    desk.outbox.open()
    await desk.sent()
    channel, ts = desk.outbox.where("dm")
    assert [(thread, title) for thread, title, _ in files(desk, "ben", channel)] == [(ts, DIFF.title)]


@pytest.mark.parametrize("fault", ["slack_away", "slack_5xx"])
async def test_slack_away_delays_it(desk, ops, fault):
    desk.outbox.open()
    desk.outbox.say("head", ops, Message("the headline"))
    await desk.sent()
    await desk.workspace.faults.set(fault, True)
    desk.outbox.say("head", ops, Message("the headline", files=[DIFF]))
    await desk.workspace.until(lambda: desk.store.outbox.get("head/file/payments.diff").why)
    await desk.workspace.faults.clear()
    await desk.sent(within=20)
    assert len(files(desk)) == 1


async def test_shared_without_a_word_is_found(desk, ops):
    await desk.workspace.faults.set("slack_store_then_drop", True, only=SHARE)
    desk.outbox.say("card", ops, CARD)
    desk.outbox.open()
    await desk.workspace.until(
        lambda: (one := desk.store.outbox.get("card/file/payments.diff")).why and one.state == "trying"
    )
    await desk.outbox.close()
    desk.make().open()  # also by the next run
    await desk.workspace.faults.clear()
    await desk.sent()
    assert len(files(desk)) == 1


async def test_may_not_look_says_that_it_may_appear_twice(desk, ops):
    desk.workspace.app.scopes.discard("channels:history")
    await desk.workspace.faults.set("slack_store_then_drop", True, only=SHARE)
    desk.outbox.say("card", ops, CARD)
    desk.outbox.open()
    await desk.workspace.until(lambda: desk.store.outbox.get("card/file/payments.diff").why)
    await desk.workspace.faults.clear()
    await desk.sent()
    assert [text for text in desk.texts() if "this file may appear twice" in text]


async def test_died_before_it_was_shown_is_sent_and_not_looked_for(desk, ops):
    desk.outbox.say("card", ops, CARD)
    desk.outbox.open()
    await desk.workspace.until(lambda: desk.outbox.where("card"))
    await desk.outbox.close()
    desk.store.db.execute(
        "UPDATE letters SET state = 'trying', first_try = ? WHERE key LIKE '%/file/%' AND state = 'waiting'",
        [to_text(desk.clock.now())],
    )
    desk.make().open()
    await desk.sent()
    assert len(files(desk)) == 1


async def test_no_uploads_here_is_a_sentence_in_the_thread(desk, ops):
    await desk.workspace.faults.set("slack_no_files", True)
    desk.outbox.say("card", ops, CARD)
    desk.outbox.open()
    await desk.sent()
    _, root = desk.outbox.where("card")
    said = desk.workspace.messages("#ops", "ana")[-1]
    assert said["thread_ts"] == root
    assert "does not allow file uploads" in said["text"]
    assert "+ new" not in "".join(rows(desk))
