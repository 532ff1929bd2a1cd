"""The mailbox takes mail over real SMTP and shows it."""

import asyncio
import json
import smtplib
from email.message import EmailMessage

import httpx
import pytest

from playground.clock import ManualClock
from playground.mailbox import Mailbox


@pytest.fixture
async def mailbox():
    mailbox = Mailbox(ManualClock())
    await mailbox.start()
    yield mailbox
    await mailbox.stop()


def _send(mailbox, message, sender="bot@aikeys.test", to=("lead@aikeys.test",)):
    host, _, port = mailbox.smtp_url.removeprefix("smtp://").partition(":")
    with smtplib.SMTP(host, int(port), timeout=10) as smtp:
        return smtp.send_message(message, sender, list(to))


def _message(subject="P0: database outage", text="Since 03:00 UTC.\n"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "AIKeys <bot@aikeys.test>", "lead@aikeys.test", subject
    message.set_content(text)
    return message


async def test_a_mail_is_kept_as_it_was_sent(mailbox):
    await asyncio.to_thread(_send, mailbox, _message("Für Ana: P0 ✓", "Zeile 1\nZeile 2 – ende\n"))
    async with asyncio.timeout(5):
        (mail,) = await mailbox.wait_for(1)
    assert (mail.sender, mail.recipients) == ("bot@aikeys.test", ("lead@aikeys.test",))
    assert mail.subject == "Für Ana: P0 ✓"
    assert mail.text == "Zeile 1\nZeile 2 – ende\n"
    assert mail.at == ManualClock().now()


async def test_html_beside_text_gives_the_text(mailbox):
    message = _message()
    message.add_alternative("<p>no</p>", subtype="html")
    await asyncio.to_thread(_send, mailbox, message)
    assert mailbox.messages[0].text == "Since 03:00 UTC.\n"


async def test_a_mail_too_large_is_refused(mailbox):
    with pytest.raises(smtplib.SMTPResponseException) as refused:
        await asyncio.to_thread(_send, mailbox, _message(text="x" * 70 + "\n" + ("y" * 70 + "\n") * 20_000))
    assert refused.value.smtp_code == 552
    assert not mailbox.messages


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"no headers at all",
        b"Subject: =?utf-8?q?=ff=fe?=\r\nContent-Type: text/plain; charset=kitchen\r\n\r\n\xff\xfe",
        b"Content-Type: multipart/mixed\r\n\r\nbroken",
        b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!!",
        b"Subject: a\r\n b\x00c\r\n\r\n\x1b[31mred",
    ],
)
async def test_nonsense_is_kept_too(mailbox, raw):
    def send():
        host, _, port = mailbox.smtp_url.removeprefix("smtp://").partition(":")
        with smtplib.SMTP(host, int(port), timeout=10) as smtp:
            smtp.sendmail("a@b.test", ["c@d.test"], raw)

    await asyncio.to_thread(send)
    assert len(mailbox.messages) == 1
    async with httpx.AsyncClient() as client:
        assert (await client.get(mailbox.url)).status_code == 200


async def test_the_page_and_the_json_show_it_escaped(mailbox):
    await asyncio.to_thread(_send, mailbox, _message("<script>alert(1)</script>", "<img src=x onerror=alert(1)>\n"))
    async with httpx.AsyncClient() as client:
        page = (await client.get(mailbox.url)).text
        listed = (await client.get(f"{mailbox.url}messages")).json()
    assert "<script>" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert [(mail["subject"], mail["n"]) for mail in listed] == [("<script>alert(1)</script>", 1)]
    json.dumps(listed)


async def test_stopping_cuts_a_client_that_stays(mailbox):
    host, _, port = mailbox.smtp_url.removeprefix("smtp://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    assert (await reader.readline()).startswith(b"220 ")
    async with asyncio.timeout(5):
        await mailbox.stop()
        assert await reader.read() == b""
    writer.close()


async def test_cleared(mailbox):
    await asyncio.to_thread(_send, mailbox, _message())
    mailbox.clear()
    assert not mailbox.messages
