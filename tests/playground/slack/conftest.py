"""A workspace on loopback, a real client, and a bot of three lines to talk to."""

import logging
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from playground.clock import ManualClock
from playground.slack import AppManifest, Workspace
from playground.slack.app import Shortcut


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
        ]
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
    """slack_sdk's client with no retry of its own."""
    return AsyncWebClient(ws.bot_token, base_url=ws.api_url, session=http, retry_handlers=[])


@pytest.fixture(autouse=True)
def quiet_sdk() -> None:
    logging.getLogger("slack_bolt").setLevel(logging.CRITICAL)
    logging.getLogger("slack_sdk").setLevel(logging.CRITICAL)
