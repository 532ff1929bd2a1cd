"""A workspace alone, the bot's own client to it, and a clock for what is remembered."""

import aiohttp
import pytest

from bot.clients.slack import Slack, web_client
from bot.clock import SystemClock
from bot.rights.roles import Roles
from bot.settings import read
from playground.clock import ManualClock
from playground.slack.workspace import Workspace

NEEDED = {
    "SLACK_BOT_TOKEN": "xoxb-1234567890",
    "SLACK_APP_TOKEN": "xapp-1-1234567890",
    "SUPABASE_ACCESS_TOKEN": "sbp_" + "0" * 40,
    "SUPABASE_PROJECT_REF": "a" * 20,
}


@pytest.fixture
def told():
    """Settings with what a test adds."""

    def told(**more: str):
        return read(NEEDED | more)

    return told


@pytest.fixture
async def workspace():
    workspace = Workspace()
    await workspace.start()
    yield workspace
    await workspace.stop()


@pytest.fixture
def clock():
    return ManualClock()


@pytest.fixture
async def roles(workspace, clock, told):
    """Makes a `Roles` for the settings a test needs. Retries wait on the machine's clock, memory on the manual one."""
    async with aiohttp.ClientSession() as session:
        client = web_client(workspace.bot_token, workspace.api_url, session, SystemClock())

        def roles(**settings: str) -> Roles:
            return Roles(told(**settings), Slack(client, session), clock, "T0AIKEYS")

        yield roles


@pytest.fixture
def calls(workspace):
    """How often a method was called."""

    def calls(method: str) -> int:
        return len(workspace.journal.entries(method))

    return calls
