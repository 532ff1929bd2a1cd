"""The memory cannot be written: told past it, in Slack and by mail, and when it is over; nothing is taken meanwhile."""

import pytest

from bot.own.memory import Memory
from bot.views import own as view
from tests.chat import Chat, words
from tests.problems import problems
from tests.running import unwatched
from tests.wait import eventually


@pytest.fixture
async def bot(settings, moved, town):
    async with unwatched(settings, moved) as bot:
        yield bot


async def test_taken_away_and_put_back(bot, town, moved):
    chat, path = Chat(town.slack, moved), bot.store.path
    aside = path.with_name("aside")
    path.rename(aside)
    said = await chat.says("ana", "/aikeys contacts")
    assert said["acked"] is False, "Slack told Ana that it failed, and that is true"
    memory = Memory(bot._answering._ctx, bot.slack, bot._answering.changes.outbox._mails.mailer)
    await memory.round()
    assert not town.mailbox.messages, "one look is none"
    await memory.round()
    card = words(await chat.until("I can write nothing down"))
    assert "was taken away" in card
    assert "aikeys restore" in card
    (mail,) = town.mailbox.messages
    assert "I can write nothing down" in mail.subject + mail.text
    assert bot.holds() == "no row can be written", "no heartbeat"
    await memory.round()
    assert len(town.mailbox.messages) == 1

    aside.rename(path)
    await memory.round()
    await chat.until("I can write again")
    assert bot.store.events.latest("memory.writable") is not None
    await chat.says("ana", "/aikeys contacts")
    await eventually(lambda: any("Whom to ring" in words(one) for one in chat.sees("ana")))


async def test_damaged_pages_stop_all_writing_until_they_are_whole(bot):
    from store.errors import StoreDamaged

    found = ["it is damaged"]

    def check(_path):
        if found:
            raise StoreDamaged(found[0])

    memory = Memory(bot._answering._ctx, bot.slack, None, whole=check)
    await memory.pages()
    assert bot.store.unwritable() == "it is damaged"
    await memory.round()
    assert bot.store.unwritable() == "it is damaged"
    found.clear()
    await memory.round()
    assert bot.store.writable()


def test_the_views_are_in_order(moved):
    assert not problems(view.unwritable("x" * 3000))
    assert not problems(view.writable(moved.now()))
