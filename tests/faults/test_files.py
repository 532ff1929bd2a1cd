"""A text as a file in the thread of an answer: once, whatever Slack does; and a sentence where it cannot be there."""

import asyncio
import time

import pytest

from bot.views.blocks import Message, TextFile, section
from playground.clock import ManualClock
from tests.chat import words

SHARE = "files.completeUploadExternal"
LINES = TextFile("edge.log", "Log lines of edge", "one\ntwo <!channel>\n" * 300)
ANSWER = Message("600 lines", [section("600 lines")], files=[LINES])


def files(chat, who: str = "ana", channel: str = "#ops"):
    """(the message they hang on, title) of each file that *who* sees."""
    return [(one.get("thread_ts"), file["title"]) for one in chat.sees(who, channel) for file in one.get("files") or []]


async def test_a_file_stands_in_the_thread_once(chat, town, answer):
    await answer.show(Message("asking"))
    await answer.show(ANSWER)
    await answer.show(Message("600 lines, all read", files=[LINES]))
    await answer.finish()
    root = await chat.until("all read")
    assert files(chat, "ben") == [(root["ts"], LINES.title)]
    (file,) = town.slack.backend.files.by_id.values()
    assert file.data == LINES.content.encode()


async def test_asked_in_a_thread_it_stands_there(chat, answering, town):
    said = await chat.says("ana", "look at this")
    answer = answering(thread=said["ts"])
    await answer.show(ANSWER)
    assert files(chat) == [(said["ts"], LINES.title)]


@pytest.mark.parametrize("fault", ["slack_away", "slack_5xx", "slack_store_then_drop"])
async def test_slack_breaks_off_between_the_answer_and_its_file(chat, town, answering, fault):
    moved = ManualClock(town.clock.now())
    answer = answering(clock=moved)
    await answer.show(Message("asking"))
    await answer.show(Message("600 lines"))
    await town.slack.faults.set(fault, True)
    await answer.show(ANSWER)
    assert answer._owed is not None
    await town.slack.faults.clear()
    await _passes(moved, answer.finish())
    assert [title for _, title in files(chat)] == [LINES.title]


async def test_a_file_that_arrived_without_a_word_is_found(chat, town, answering):
    """The last call of three is carried out, and its answer lost."""
    moved = ManualClock(town.clock.now())
    answer = answering(clock=moved)
    await answer.show(Message("600 lines"))
    await town.slack.faults.set("slack_store_then_drop", True, only=SHARE)
    await answer.show(ANSWER)
    assert [title for _, title in files(chat)] == [LINES.title]
    await town.slack.faults.clear()
    await _passes(moved, answer.finish())
    assert [title for _, title in files(chat)] == [LINES.title]


async def test_may_not_look_says_that_it_may_appear_twice(chat, town, answering):
    moved = ManualClock(town.clock.now())
    answer = answering(clock=moved, can_look=False)
    await answer.show(Message("600 lines"))
    await town.slack.faults.set("slack_store_then_drop", True, only=SHARE)
    await answer.show(ANSWER)
    await town.slack.faults.clear()
    await _passes(moved, answer.finish())
    assert len(files(chat)) == 2
    await chat.until("this file may appear twice")


async def test_after_a_restart_it_is_looked_for_first(chat, town, answering):
    before = answering()
    await before.show(ANSWER)
    moved = ManualClock(town.clock.now())
    await _passes(moved, answering(clock=moved, unsure=True, page=before.page).show(ANSWER))
    assert len(files(chat)) == 1


async def test_no_uploads_here_is_a_sentence_under_the_answer(chat, town, answer):
    await town.slack.faults.set("slack_no_files", True)
    await answer.show(ANSWER)
    card = await chat.until("does not allow file uploads")
    assert "600 lines" in words(card)
    assert "*Log lines of edge* belongs here as a file and is missing" in words(card)


async def test_the_scope_is_missing(chat, town, answer):
    town.slack.backend.app.scopes.discard("files:write")
    await answer.show(ANSWER)
    await chat.until("I lack the scope files:write")


async def test_where_the_bot_is_no_member_the_asker_gets_it(chat, town, answer):
    """chat:write.public lets it answer there, and no scope lets it share a file."""
    town.slack.state.channels["C0OPS"].members.remove("U0BOT")
    await answer.show(ANSWER)
    card = await chat.until("went to who asked")
    assert "/invite @aikeys" in words(card)
    assert not files(chat)
    assert [title for _, title in files(chat, channel="@aikeys")] == [LINES.title]


async def test_what_only_the_asker_sees_stays_theirs(chat, answering):
    answer = answering(private=True)
    await answer.show(ANSWER)
    await answer.finish()
    assert not files(chat, "ben")
    assert [title for _, title in files(chat, channel="@aikeys")] == [LINES.title]


async def _passes(moved: ManualClock, doing) -> None:
    """Let *moved* pass until *doing* is done."""
    task = asyncio.create_task(doing)
    until = time.monotonic() + 8
    while not task.done():
        assert time.monotonic() < until
        await moved.passes(seconds=1)
        await asyncio.sleep(0.01)
    await task
