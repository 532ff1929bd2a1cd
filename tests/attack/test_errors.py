"""A server that says a secret back, a page that breaks, a doctor who looks: no error of ours repeats it."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.clients.circle import Circle
from bot.clients.errors import Failure
from bot.clients.heartbeat import Heartbeat
from bot.clients.mail import Mail, Mailer
from bot.clients.slack import Slack, web_client
from bot.clients.supabase import Duty, Supabase
from bot.clients.wallet import Wallet
from bot.clock import SystemClock
from bot.doctor.examining import examine
from bot.errors import AikeysError, Unanswered
from bot.settings import read
from bot.telemetry import metrics
from bot.telemetry.http import HttpPort
from bot.views import refusals

TOKEN = "sbp_" + "c0ffee" * 6 + "0000"
KEY = "LIVE_API_KEY:0123456789abcdef:fedcba9876543210"
SLACK = "xoxb-1234567890-abcdefghijkl"
PATH = "0c1e7f2a-a-path-that-is-a-secret"
REF = "abcdefghijklmnopqrst"
MAIL = Mail("k", "lead@aikeys.test", "s", "t")


class Echo:
    """Answers every request with all that was in it: in the status line, in headers, in the body."""

    status = 400

    async def answer(self, request: web.Request) -> web.Response:
        heard = f"{request.headers.get('Authorization')} {request.path_qs} {(await request.text())[:500]}"
        said = {
            "message": heard,
            "error": heard,
            "error_description": heard,
            "code": heard,
            "ok": False,
            "needed": heard,
        }
        return web.json_response(
            said, status=self.status, reason=heard[:80].replace("\n", " "), headers={"X-Echo": heard[:200]}
        )


@pytest.fixture
async def echo():
    echo, app = Echo(), web.Application()
    app.router.add_route("*", "/{any:.*}", echo.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    echo.url = "http://{}:{}".format(*runner.addresses[0])  # type: ignore[attr-defined]  # where it stands
    yield echo
    await runner.cleanup()


def shown(error: BaseException) -> str:
    """All that people or the log may get to see of it."""
    card = repr(refusals.failed(error)) if isinstance(error, AikeysError) else ""
    return f"{error} {error!r} {error.args} {card}"


@pytest.mark.parametrize("status", [400, 403, 429, 500])
async def test_what_a_server_says_back_is_not_said_on(echo, status):
    """Every client of ours, asked by every status: the token, the key and the secret path stay here."""
    echo.status = status
    clock = SystemClock()
    supabase = Supabase(echo.url, TOKEN, REF, clock, {Duty.SECRETS: TOKEN})
    circle, beat = Circle(f"{echo.url}/v1/configuration", clock), Heartbeat(f"{echo.url}/{PATH}", clock)
    wallet = Wallet(echo.url, clock, REF, TOKEN.encode())
    calls: dict[str, Any] = {
        "functions": supabase.functions, "project": supabase.project, "query": lambda: supabase.query("select 1"),
        "circle": lambda: circle.knows(KEY), "beat": beat.beat, "wallet": wallet.health,
        "set": lambda: supabase.set_secrets({"CIRCLE_API_KEY": KEY}),
    }  # fmt: skip
    said = {}
    for name, call in calls.items():
        try:
            said[name] = repr(await call())
        except (Failure, Unanswered) as error:
            said[name] = shown(error)
    for client in (supabase, circle, beat, wallet):
        await client.close()
    assert {name for name, one in said.items() for secret in (TOKEN, KEY, PATH) if secret in one} == set()


@pytest.mark.parametrize("status", [200, 400, 500])
async def test_nor_what_slack_says_back(echo, status):
    echo.status = status
    async with aiohttp.ClientSession() as session:
        slack = Slack(web_client(SLACK, f"{echo.url}/", session, SystemClock()), session)
        with pytest.raises(Unanswered) as caught:
            await slack.call("chat.postMessage", channel="C0OPS", text="x")
    assert SLACK not in shown(caught.value)


async def test_nor_what_a_mail_server_says_back():
    """It quotes the AUTH line: the password stands there in base64."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 echo ESMTP\r\n")
        while line := await reader.readline():
            if line.upper().startswith(b"EHLO"):
                writer.write(b"250-echo\r\n250 AUTH PLAIN LOGIN\r\n")
            else:
                writer.write(b"535 5.7.8 you said " + line.strip()[:200] + b"\r\n")
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    mailer = Mailer(f"smtp://ana:hunter2hunter2@{host}:{port}", "bot@aikeys.test")
    with pytest.raises(AikeysError) as caught:
        await mailer.send(MAIL, SystemClock().now())
    server.close()
    assert "hunter2" not in shown(caught.value)
    assert "AGFuYQBodW50ZXIyaHVudGVyMg" not in shown(caught.value), "in base64 it is the same password"


class Breaks:
    """A part of the bot that breaks while it is asked, with a secret in its error."""

    def sockets_up(self) -> int:
        raise RuntimeError(f"could not ask with {TOKEN}")

    def database_writable(self) -> bool:
        return True

    def looked_recently(self) -> bool:
        return True

    def open_incidents(self) -> dict[str, int]:
        return {}


async def test_a_page_that_breaks_says_nothing_of_why(capsys):
    port = HttpPort(("127.0.0.1", 0), Breaks())
    await port.open()
    async with aiohttp.ClientSession() as session:
        for path in ("readyz", "metrics"):
            async with session.get(f"{port.address}/{path}?debug=1&x={TOKEN}") as response:
                text = await response.text()
                assert response.status == 500
                assert "Traceback" not in text
                assert TOKEN not in text
                assert "could not ask" not in text
    await port.close()
    assert TOKEN not in capsys.readouterr().err


def test_no_label_of_a_figure_comes_from_outside():
    """A label is kept for ever and shown to whoever may scrape: none holds what a stranger, or a secret, could fill."""
    text = metrics.figures().exposition().decode()
    labels = {
        line.partition("{")[2].partition("}")[0]
        for line in text.splitlines()
        if "{" in line and not line.startswith("#")
    }
    assert labels
    for label in labels:
        for value in (pair.partition("=")[2].strip('"') for pair in label.split(",")):
            assert len(value) <= 60, label
            assert not any(mark in value for mark in ("xox", "sbp_", "@", "://")), label


async def test_the_doctor_repeats_no_secret(environment, echo, town):
    """Each address says back what it is asked with; what is wrong is said by name."""
    for status in (401, 500):
        echo.status = status
        changed = {
            "SUPABASE_API_URL": echo.url, "SUPABASE_STATUS_URL": echo.url,
            "AIKEYS_CIRCLE_CHECK_URL": f"{echo.url}/v1/x",
            "AIKEYS_FUNCTIONS_URL": echo.url, "AIKEYS_HEARTBEAT_URL": f"{echo.url}/{PATH}",
            "SLACK_API_URL": f"{echo.url}/",
            "AIKEYS_ALERTS_TOKEN": "an-alert-token-0123456789", "AIKEYS_AUDIT_KEY": "canary-audit-key-5f1b0c7e9d2a4386",
        }  # fmt: skip
        settings = read(environment | changed)
        said = json.dumps([[one.what, one.said, one.do] for one in await examine(settings, SystemClock())])
        found = [secret[:6] for secret in settings.secrets if secret in said]
        assert found == []
        assert PATH not in said
