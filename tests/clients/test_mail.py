"""Mail by SMTP: what goes over the wire, never in the clear, and what each answer of the server's means."""

import ssl
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from bot.clients.mail import Mail, MailAway, Mailer, MailRefused, MailUncertain, composed
from playground.mailbox import Mailbox
from tests.outbox.hurried import START

MAIL = Mail("incident/7/lead", "lead@aikeys.test", "P0: database outage", "Since 03:00 UTC: “gone”.\n", under="x")


@pytest.fixture
async def mailboxes():
    """Makes mailboxes, closed at the end."""
    made = []

    async def make(**how) -> Mailbox:
        made.append(Mailbox(**how))
        await made[-1].start()
        return made[-1]

    yield make
    for one in made:
        await one.stop()


def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(Path(__file__).parent / "self_signed.pem")
    return context


async def test_it_arrives_and_a_repeat_is_the_same_mail(mailboxes):
    mailbox = await mailboxes()
    mailer = Mailer(mailbox.smtp_url, "aikeys@aikeys.test")
    await mailer.send(MAIL, START)
    await mailer.send(MAIL, START)
    first, second = mailbox.messages
    assert (first.sender, first.recipients, first.subject) == ("aikeys@aikeys.test", (MAIL.to,), MAIL.subject)
    assert first.text == MAIL.text
    assert first.message_id == second.message_id != ""
    assert first.in_reply_to not in ("", first.message_id)


@pytest.mark.parametrize(
    ("url", "sender", "expected"),
    [
        ("smtp://127.0.0.1:{}", "bot@b.test", "bot@b.test"),
        ("smtp://127.0.0.1:{}", "", "aikeys@aikeys.test"),
    ],
)
async def test_who_it_comes_from(mailboxes, url, sender, expected):
    mailbox = await mailboxes()
    await Mailer(url.format(mailbox.smtp_url.rpartition(":")[2]), sender).send(MAIL, START)
    assert mailbox.messages[0].sender == expected


def test_nothing_in_it_becomes_a_header_of_its_own():
    mail = Mail("k", "lead@aikeys.test", "P0\r\nBcc: thief@evil.test\n" + "x" * 900, "a\n.\nQUIT\n")
    parsed = message_from_bytes(composed(mail, "aikeys@aikeys.test", START), policy=default)
    assert parsed["Bcc"] is None
    assert "Bcc: thief@evil.test" in parsed["Subject"]
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed.get_content().splitlines() == ["a", ".", "QUIT"]
    with pytest.raises(ValueError, match="linefeed"):
        composed(Mail("k", "lead@aikeys.test\r\nBcc: a@b", "s", "t"), "aikeys@aikeys.test", START)


@pytest.mark.parametrize(
    ("fault", "error", "kept"),
    [
        ("mail_away", MailAway, 0),
        ("mail_busy", MailAway, 0),
        ("mail_refused", MailRefused, 0),
        ("mail_store_then_drop", MailUncertain, 1),
    ],
)
async def test_what_became_of_it(mailboxes, fault, error, kept):
    mailbox = await mailboxes()
    await mailbox.switches[fault].set(True)
    with pytest.raises(error) as caught:
        await Mailer(mailbox.smtp_url).send(MAIL, START)
    assert type(caught.value) is error
    assert len(mailbox.messages) == kept


async def test_nobody_there(mailboxes):
    mailbox = await mailboxes()
    await mailbox.stop()
    with pytest.raises(MailAway):
        await Mailer(mailbox.smtp_url).send(MAIL, START)


async def test_a_password_of_ours(mailboxes):
    mailbox = await mailboxes(user=("ana@aikeys.test", "p@ss/word"))
    port = mailbox.smtp_url.rpartition(":")[2]
    await Mailer(f"smtp://ana%40aikeys.test:p%40ss%2Fword@127.0.0.1:{port}").send(MAIL, START)
    assert mailbox.messages[0].sender == "ana@aikeys.test"
    with pytest.raises(MailAway) as wrong:  # mended in the settings, so the mail waits
        await Mailer(f"smtp://ana%40aikeys.test:another-secret@127.0.0.1:{port}").send(MAIL, START)
    assert "another-secret" not in str(wrong.value)


@pytest.mark.parametrize("from_the_start", [True, False])
async def test_who_cannot_prove_who_it_is_gets_neither_password_nor_mail(mailboxes, from_the_start):
    mailbox = await mailboxes(tls=tls(), from_the_start=from_the_start)
    with pytest.raises(MailAway):
        await Mailer(mailbox.smtp_url).send(MAIL, START)
    assert not mailbox.messages


async def test_elsewhere_never_in_the_clear(mailboxes):
    """A server that offers no STARTTLS, or whose offer somebody took out. (127.1 is here, but not by its looks.)"""
    mailbox = await mailboxes()
    mailer = Mailer(mailbox.smtp_url.replace("127.0.0.1", "127.1"))
    with pytest.raises(MailAway):
        await mailer.send(MAIL, START)
    assert not mailbox.messages
