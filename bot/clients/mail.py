"""Mail by SMTP: one connection a mail, and three words for what became of it.

RFC 5321: 4xx passes by itself, 5xx does not. RFC 8314: TLS from the start (smtps) or STARTTLS, never in the clear.
"""

from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as POLICY
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from bot.clients.address import is_loopback
from bot.errors import Unanswered
from bot.telemetry import metrics
from bot.unseen import seen

if TYPE_CHECKING:
    import aiosmtplib

TIMEOUT = 20.0  # seconds for each answer of the server
SUBJECT = 200  # characters
TEXT = 60_000


class MailRefused(Unanswered):
    """The server understood and said no to this mail: it went nowhere, and never will."""


class MailUncertain(Unanswered, ConnectionError):
    """No usable answer to the whole of it: it may have been taken or not."""


class MailAway(MailUncertain):
    """It was certainly not taken, and that passes: the server is away, busy, or does not let the bot in."""


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail. *key* is what it is, for ever: from it comes the Message-ID, so that a repeat is the same mail.

    *under*: the key of the mail that it continues.
    """

    key: str
    to: str
    subject: str
    text: str = field(repr=False)
    under: str = ""


class Mailer:
    """Sends through the server at *url*: smtp://[user:password@]host[:port] or smtps://."""

    def __init__(self, url: str, sender: str = "") -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._tls = parts.scheme == "smtps"
        self._port = parts.port or (465 if self._tls else 587)  # RFC 8314, RFC 6409
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._sender = sender or (self._user if "@" in self._user else "")

    async def send(self, mail: Mail, at: datetime) -> None:
        """Hand it to the server. Raises MailRefused, MailUncertain, MailAway."""
        try:
            await self._send(mail, at)
        except Unanswered as error:
            metrics.called("mail", "send", type(error).__name__)
            raise
        metrics.called("mail", "send", "ok")

    async def greet(self) -> None:
        """Connect, EHLO, STARTTLS, log in where a user is set, and leave: nothing is sent. Raises MailAway."""
        from aiosmtplib import errors  # noqa: PLC0415  # see _client

        client = self._client()
        try:
            await client.connect()
            await client.quit()
        except (errors.SMTPException, OSError, TimeoutError, ValueError) as error:
            raise MailAway(f"the mail server did not let me begin: {_said(error)}") from error
        finally:
            client.close()

    def _client(self) -> "aiosmtplib.SMTP":
        from aiosmtplib import SMTP  # noqa: PLC0415  # 70 ms and 4 MB, which a bot that sends nothing does without

        return SMTP(
            hostname=self._host,
            port=self._port,
            username=self._user or None,
            password=self._password or None,
            use_tls=self._tls,
            # Elsewhere STARTTLS must succeed: who strips it would read the password, and what is wrong with the wallet.
            start_tls=False if self._tls else None if is_loopback(self._host) else True,
            timeout=TIMEOUT,
            local_hostname="aikeys.invalid",  # RFC 2606; the machine's own name is nobody's business
        )

    async def _send(self, mail: Mail, at: datetime) -> None:
        sender = self._sender or f"aikeys@{mail.to.rpartition('@')[2]}"
        try:
            body = composed(mail, sender, at)
        except ValueError as error:
            raise MailRefused("it is not an address that mail can be sent to") from error
        client = self._client()
        try:
            await self._hand_over(client, sender, mail.to, body)
        finally:
            client.close()

    async def _hand_over(self, client: "aiosmtplib.SMTP", sender: str, to: str, body: bytes) -> None:
        from aiosmtplib import errors  # noqa: PLC0415  # the same

        try:
            await client.connect()
            await client.mail(sender)
        except (errors.SMTPException, OSError, TimeoutError, ValueError) as error:
            # Also a 5xx: a password or a sender that the server does not take is mended in the settings.
            raise MailAway(f"the mail server did not let me begin: {_said(error)}") from error
        try:
            await client.rcpt(to)
        except errors.SMTPResponseException as error:
            raise _refusal(error) from error
        except (errors.SMTPException, OSError, TimeoutError, ValueError) as error:
            raise MailAway(f"the mail server broke off: {_said(error)}") from error
        try:
            await client.data(body)
        except errors.SMTPResponseException as error:
            raise _refusal(error) from error
        except (errors.SMTPException, OSError, TimeoutError) as error:
            raise MailUncertain(f"the mail server broke off before its answer: {_said(error)}") from error


def composed(mail: Mail, sender: str, at: datetime) -> bytes:
    """The mail as it goes over the wire. Raises ValueError for an address that is none."""
    domain = sender.rpartition("@")[2]
    message = EmailMessage(policy=POLICY)
    message["From"], message["To"] = sender, mail.to
    # A line break would be a header of somebody else's.
    message["Subject"] = " ".join(seen(mail.subject).split())[:SUBJECT]
    message["Date"] = format_datetime(at)
    message["Message-ID"] = _id(mail.key, domain)
    if mail.under:
        message["In-Reply-To"] = message["References"] = _id(mail.under, domain)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: out-of-office answers are for people
    message.set_content(seen(mail.text[:TEXT]), cte="quoted-printable")
    return message.as_bytes()


def _id(key: str, domain: str) -> str:
    return f"<{sha256(key.encode()).hexdigest()[:32]}@{domain}>"


def _refusal(error: "aiosmtplib.errors.SMTPResponseException") -> Unanswered:
    said = f"the mail server said {_said(error)}"
    return MailRefused(said) if 500 <= error.code < 600 else MailAway(said)


def _said(error: BaseException) -> str:
    """What the server said, one line, capped: it may be anything, but it never holds what the bot sent."""
    code, message = getattr(error, "code", ""), str(getattr(error, "message", "")) or type(error).__name__
    return " ".join(f"{code} {message}".split())[:200]
