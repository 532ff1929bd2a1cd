"""A workspace on loopback, a real client, and a hand on the socket."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground.clock import ManualClock
from playground.slack import AppManifest, Workspace
from playground.slack.app import Shortcut


class Line:
    """One Socket Mode connection held by hand: nothing is acknowledged unless the test says so."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def frame(self) -> dict[str, Any]:
        """The next text frame; raises TimeoutError after 3 s."""
        async with asyncio.timeout(3):
            message = await self.socket.receive()
        assert message.type is aiohttp.WSMsgType.TEXT, message
        found: dict[str, Any] = json.loads(message.data)
        return found

    async def ack(self, envelope: dict[str, Any], payload: Any = None) -> None:
        """Acknowledge, with a payload if there is one."""
        body = {"envelope_id": envelope["envelope_id"]}
        await self.socket.send_json(body if payload is None else body | {"payload": payload})

    async def take(self, payload: Any = None) -> dict[str, Any]:
        """The next envelope, acknowledged."""
        envelope = await self.frame()
        await self.ack(envelope, payload)
        return envelope

    async def closed(self) -> bool:
        """True once the server has closed; raises TimeoutError after 3 s."""
        async with asyncio.timeout(3):
            kind = (await self.socket.receive()).type
        return kind in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def ws(clock) -> AsyncIterator[Workspace]:
    """Its clock stands still unless a test moves it."""
    app = AppManifest(
        shortcuts=[
            Shortcut("Declare incident", "global", "declare_incident"),
            Shortcut("Add to timeline", "message", "add_to_timeline"),
        ],
    )
    workspace = Workspace(clock=clock, app=app)
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def slack(ws, http) -> AsyncWebClient:
    """slack_sdk's client, with no retry of its own."""
    return AsyncWebClient(ws.bot_token, base_url=ws.api_url, session=http, retry_handlers=[])


@pytest.fixture
async def line(ws, http):
    """Opens a connection: `await line()` → Line, its hello already read (`hello=False` leaves it)."""
    lines: list[Line] = []

    async def dial(*, hello: bool = True, more: str = "") -> Line:
        client = AsyncWebClient(base_url=ws.api_url, session=http)
        opened = await client.apps_connections_open(app_token=ws.app_token)
        found = Line(await http.ws_connect(opened["url"] + more))
        lines.append(found)
        if hello:
            assert (await found.frame())["type"] == "hello"
        return found

    yield dial
    for each in lines:
        await each.socket.close()


@pytest.fixture
def refused():
    """`await refused(client.method(…))` → the error's body; fails if the call is let through."""

    async def error(call) -> dict[str, Any]:
        with pytest.raises(SlackApiError) as caught:
            await call
        body: dict[str, Any] = caught.value.response.data
        assert body["ok"] is False
        return body

    return error


@pytest.fixture(autouse=True)
def _quiet_sdk() -> None:
    for name in ("slack_bolt", "slack_sdk"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
