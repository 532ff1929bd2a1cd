"""The mail lane: durable, at least once, the same mail again, whatever Slack does."""

import signal

import pytest

from bot.clients.mail import Mailer
from bot.post.outbox import Outbox
from bot.views.blocks import Message
from playground.mailbox import Mailbox
from store.letter import Urgency
from tests.store.harness import failing_transaction
from tests.wait import eventually

LEAD = "lead@aikeys.test"


@pytest.fixture
async def mailbox(clock):
    mailbox = Mailbox(clock)
    await mailbox.start()
    yield mailbox
    await mailbox.stop()


@pytest.fixture
def post(desk, mailbox):
    """The desk, with a mail server."""

    def make():
        mailer = Mailer(mailbox.smtp_url)
        desk.outbox = Outbox(desk.store, desk.slack, desk.clock, can_look=True, mailer=mailer)
        return desk.outbox

    desk.make = make
    make()
    return desk


def sent(desk):
    return eventually(lambda: not desk.store.mails.waiting(), 8)


async def test_sent_once_for_its_key_and_forgotten(post, mailbox):
    post.outbox.open()
    assert post.outbox.mail("incident/1/lead", LEAD, "P0", "It burns.\n", urgency=Urgency.P0)
    await sent(post)
    post.outbox.mail("incident/1/lead", LEAD, "P0", "It burns.\n")
    await sent(post)
    assert [one.text for one in mailbox.messages] == ["It burns.\n"]
    assert post.store.mails.get("incident/1/lead").text == ""


async def test_sent_if_and_only_if_it_is_committed(post, mailbox):
    post.outbox.open()
    with failing_transaction(post.store):
        post.outbox.mail("a", LEAD, "never", "x")
    post.outbox.mail("b", LEAD, "yes", "x")
    await sent(post)
    assert [one.subject for one in mailbox.messages] == ["yes"]


async def test_one_that_cannot_be_marked_as_sent_is_not_sent_again(post, mailbox):
    """A full disk for an hour would be a thousand mails."""
    path = post.store.path
    aside = path.with_name("aside")
    post.outbox.mail("a", LEAD, "P0", "It burns.\n")
    handed = mailbox.handle_DATA

    async def takes(*given):
        path.rename(aside)
        return await handed(*given)

    mailbox.handle_DATA = takes
    post.outbox.open()
    await eventually(lambda: mailbox.messages)
    await eventually(lambda: post.store.connection.trouble)
    mailbox.handle_DATA = handed
    aside.rename(path)
    await sent(post)
    assert len(mailbox.messages) == 1


async def test_without_a_mail_server_it_says_so(desk):
    assert not desk.outbox.mail("a", LEAD, "s", "t")
    assert desk.store.mails.get("a") is None


@pytest.mark.parametrize("fault", ["mail_away", "mail_busy", "mail_store_then_drop"])
async def test_a_server_that_fails_delays_it(post, mailbox, fault):
    await mailbox.switches[fault].set(True)
    post.outbox.mail("a", LEAD, "s", "t")
    post.outbox.open()
    await eventually(lambda: post.store.mails.get("a").tries)
    await post.outbox.close()
    await mailbox.switches[fault].set(False)
    post.make().open()  # also by the next run
    await sent(post)
    assert {one.subject for one in mailbox.messages} == {"s"}
    assert len({one.message_id for one in mailbox.messages}) == 1
    assert post.store.mails.get("a").state == "sent"


async def test_refused_for_good_holds_up_nobody(post, mailbox):
    await mailbox.switches["mail_refused"].set(True)
    post.outbox.mail("a", "nobody@aikeys.test", "s", "t")
    post.outbox.open()
    await eventually(lambda: post.store.mails.get("a").state == "failed")
    assert "550" in post.store.mails.get("a").why
    await mailbox.switches["mail_refused"].set(False)
    post.outbox.mail("b", LEAD, "s", "t")
    await sent(post)


async def test_neither_holds_up_the_other(post, mailbox, ops):
    await post.workspace.faults.set("slack_away", True)
    post.outbox.say("a", ops, Message("to Slack"))
    post.outbox.mail("a", LEAD, "while Slack is away", "t")
    post.outbox.open()
    await sent(post)
    await mailbox.switches["mail_away"].set(True)
    post.outbox.mail("b", LEAD, "s", "t")
    await post.workspace.faults.clear()
    await post.sent(within=20)
    assert post.texts() == ["to Slack"]


async def test_p0_first(post):
    for key, urgency in (("a", Urgency.USUAL), ("b", Urgency.P1), ("c", Urgency.P0)):
        post.outbox.mail(key, LEAD, key, "t", urgency=urgency)
    assert [one.key for one in post.store.mails.to_send(post.clock.now())] == ["c", "b", "a"]


@pytest.mark.parametrize("point", ["mail.intent", "mail.effect", "mail.result"])
async def test_killed_at_a_named_point(nursery, tmp_path, path, mailbox, point):
    async def lives(**dies):
        arguments = (str(path), mailbox.smtp_url)
        mortal = await nursery.bears("tests.outbox.mail_program", tmp_path / "out", *arguments, **dies)
        return await mortal.died()

    assert await lives(point=(point, 1)) == -signal.SIGKILL
    assert await lives() == 0
    assert {one.subject for one in mailbox.messages} == {"P0"}
    assert len({one.message_id for one in mailbox.messages}) == 1
    assert len(mailbox.messages) == (2 if point == "mail.effect" else 1)
