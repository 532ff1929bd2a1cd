"""A mailbox: a real SMTP server that keeps what it gets, a page to read it, and JSON for tests."""

import asyncio
import ssl
import warnings
import weakref
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import escape
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult

from bot.clock import Clock, SystemClock
from playground.switches import Switch

_KEPT = 500  # messages
_LARGEST = 1024 * 1024  # bytes of one message; more is refused with 552
_TEXT = 100_000  # characters of one message's text that are kept
_SWITCHES = (
    ("mail_away", "Mail server: away", "every connection breaks off at once"),
    ("mail_busy", "Mail server: busy", "each recipient is refused for now, with 451"),
    ("mail_refused", "Mail server: no such user", "each recipient is refused for good, with 550"),
    ("mail_store_then_drop", "Mail server: taken, but no answer", "the mail is kept, then the connection breaks"),
)
_STYLE = """
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:48rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}li{margin:.5rem 0}ol{list-style:none;padding:0}
summary{cursor:pointer}pre{white-space:pre-wrap;overflow-wrap:anywhere;padding:.75rem;border-left:3px solid}
small{display:block}
"""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True)
class Mail:
    """One message. `sender` and `recipients` are the envelope's: who really sent it, and to whom."""

    n: int
    at: datetime
    sender: str
    recipients: tuple[str, ...]
    subject: str
    text: str
    message_id: str = ""
    in_reply_to: str = ""

    def as_json(self) -> dict[str, Any]:
        """For `GET /messages`."""
        return asdict(self) | {"at": self.at.isoformat()}


class Mailbox:
    """`await start()`, send to `smtp_url`, read `messages` or look at `url`; `await stop()`."""

    def __init__(
        self,
        clock: Clock | None = None,
        host: str = "127.0.0.1",
        smtp_port: int = 0,
        http_port: int = 0,
        *,
        tls: ssl.SSLContext | None = None,
        from_the_start: bool = False,
        user: tuple[str, str] | None = None,
    ) -> None:
        """*tls*: STARTTLS is asked for, or TLS *from_the_start*; *user*: name and password, asked for."""
        self._clock = clock or SystemClock()
        self._host = host
        self._tls, self._from_the_start, self._user = tls, from_the_start, user
        self.switches = {name: Switch(name, "mail", label, hint) for name, label, hint in _SWITCHES}
        self._ports = (smtp_port, http_port)
        self._server: asyncio.Server | None = None
        self._runner: web.AppRunner | None = None
        self._sessions: weakref.WeakSet[Any] = weakref.WeakSet()
        self._arrived = asyncio.Condition()
        self._count = 0
        self.messages: deque[Mail] = deque(maxlen=_KEPT)
        self.smtp_url = ""
        self.url = ""

    async def start(self) -> None:
        """Listen on both ports. Raises OSError for one that is taken."""
        loop = asyncio.get_running_loop()
        # On our own loop: aiosmtpd's Controller would need a thread.
        tls = self._tls if self._from_the_start else None
        self._server = await loop.create_server(self._session, self._host, self._ports[0], ssl=tls)
        self.smtp_url = f"{'smtps' if tls else 'smtp'}://{self._host}:{self._server.sockets[0].getsockname()[1]}"
        app = web.Application()
        app.router.add_get("/", self._page)
        app.router.add_get("/messages", self._json)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._ports[1]).start()
        self.url = f"http://{self._host}:{self._runner.addresses[0][1]}/"

    async def stop(self) -> None:
        """Close both, and every connection."""
        if self._server is not None:
            self._server.close()
            for session in list(self._sessions):
                if session.transport is not None:
                    session.transport.abort()
            await self._server.wait_closed()
            self._server = None
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def clear(self) -> None:
        """Throw all messages away."""
        self.messages.clear()

    async def wait_for(self, count: int) -> list[Mail]:
        """The messages, once there are *count*. Waits for ever: put a time limit around it."""
        async with self._arrived:
            await self._arrived.wait_for(lambda: len(self.messages) >= count)
        return list(self.messages)

    async def handle_RCPT(  # noqa: N802 — aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or not (called by aiosmtpd). The answers are RFC 5321's, 4.2.3."""
        if self.switches["mail_refused"].on:
            return "550 5.1.1 No such user here"
        if self.switches["mail_busy"].on:
            return "451 4.3.0 Try again later"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 — aiosmtpd's name
        """Keep one message (called by aiosmtpd)."""
        message = message_from_bytes(bytes(envelope.content), policy=default)
        self._count += 1
        mail = Mail(
            self._count,
            self._clock.now(),
            str(envelope.mail_from),
            tuple(str(address) for address in envelope.rcpt_tos),
            str(message.get("Subject", ""))[:1000],
            _text(message)[:_TEXT],
            str(message.get("Message-ID", ""))[:200],
            str(message.get("In-Reply-To", ""))[:200],
        )
        async with self._arrived:
            self.messages.append(mail)
            self._arrived.notify_all()
        if self.switches["mail_store_then_drop"].on:
            server.transport.abort()
        return "250 OK"

    def _session(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a password without TLS: on loopback nobody listens
            session = SMTP(
                self,
                data_size_limit=_LARGEST,
                enable_SMTPUTF8=True,
                hostname="mailbox.playground",
                timeout=60,
                tls_context=None if self._from_the_start else self._tls,
                require_starttls=self._tls is not None and not self._from_the_start,
                auth_required=self._user is not None,
                auth_require_tls=self._tls is not None and not self._from_the_start,
                authenticator=self._knows if self._user is not None else None,
            )
        if self.switches["mail_away"].on:
            setattr(session, "connection_made", _hang_up)  # noqa: B010  # mypy allows no other way
        self._sessions.add(session)
        return session

    def _knows(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> Any:
        known = self._user is not None and (given.login, given.password) == tuple(one.encode() for one in self._user)
        return AuthResult(success=known, handled=known)

    async def _json(self, _request: web.Request) -> web.Response:
        return web.json_response([mail.as_json() for mail in self.messages], headers=_HEADERS)

    async def _page(self, _request: web.Request) -> web.Response:
        items = "".join(_item(mail) for mail in reversed(self.messages)) or "<li>No mail yet.</li>"
        text = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>Mailbox – playground</title><style>{_STYLE}</style></head><body><h1>Mailbox</h1>"
            f'<p>Every mail that the playground sent. <a href="/">Look again</a></p><ol>{items}</ol></body></html>'
        )
        return web.Response(text=text, content_type="text/html", headers=_HEADERS)


def _hang_up(transport: Any) -> None:
    transport.abort()


def _text(message: Any) -> str:
    """The plain part, or else whatever text there is."""
    part = message.get_body(("plain", "html")) if isinstance(message, EmailMessage) else None
    if part is None:
        return ""
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError):  # an unknown charset or a broken encoding
        return str(part.get_payload())


def _item(mail: Mail) -> str:
    to = escape(", ".join(mail.recipients))
    return (
        f"<li><details><summary><strong>{escape(mail.subject) or '(no subject)'}</strong>"
        f"<small>{mail.at:%Y-%m-%d %H:%M:%S} UTC, {escape(mail.sender)} to {to}</small></summary>"
        f"<pre>{escape(mail.text)}</pre></details></li>"
    )
